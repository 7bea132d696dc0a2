import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { findInstallationFact, setInstallationFact } from './sql.ts'

/** File beside the database that says how often it has been started. */
const fileOf = (dataDir: string) => join(dataDir, 'starts')

/**
 * Counts this start, in the database and beside it. Where the two disagree, somebody has put another
 * copy of the database here, so `onReplaced` says so to the tills, in the transaction of the count
 * (JRN-9). Crashes at any point lead at worst to saying so twice, which is harmless. SQLite only: who
 * restores a MySQL database runs `nexus restore --mark`. Answers whether the data was replaced.
 */
export async function countStart(
  { config, database }: Pick<Context, 'config' | 'database'>,
  onReplaced: (tx: Tx) => Promise<unknown>,
): Promise<boolean> {
  if (database.dialect !== 'sqlite') return false
  const stored = await findInstallationFact(database.read, 'starts')
  const known = stored === undefined ? 0 : Number(stored)
  const replaced = stored !== undefined && !countsIn(config.DATA_DIR).includes(known)
  // Both counts are right until the transaction has committed.
  if (!replaced) writeCounts(config.DATA_DIR, [known, known + 1])
  await database.write(async (tx) => {
    if (replaced) await onReplaced(tx)
    await setInstallationFact(tx, 'starts', String(known + 1))
  })
  writeCounts(config.DATA_DIR, [known + 1])
  return replaced
}

/** Makes the next start treat the data as replaced. */
export function forgetStarts(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true })
}

function countsIn(dataDir: string): number[] {
  try {
    return readFileSync(fileOf(dataDir), 'utf8').split(' ').map(Number)
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error
    return []
  }
}

function writeCounts(dataDir: string, counts: readonly number[]): void {
  const file = fileOf(dataDir)
  writeFileSync(`${file}.new`, counts.join(' '), { flush: true })
  renameSync(`${file}.new`, file)
}
