import { randomBytes } from 'node:crypto'
import { toBase64Url } from '@nexus/sync'
import type { Database, Db, Tx } from '../../db/database.ts'
import { isDuplicateKey } from '../../db/errors.ts'
import { findGeneration, insertGeneration } from './sql.ts'

/** Which life of the data is in force; base64url of 16 bytes. Throws before the first start. */
export async function readGeneration(db: Db): Promise<string> {
  const found = await findGeneration(db)
  if (found === undefined) throw new Error('The journal has no generation yet: it is opened first.')
  return toBase64Url(found.generation)
}

/** The generation in force, minted at the first start. */
export async function firstGeneration(database: Database, now: number): Promise<string> {
  if ((await findGeneration(database.read)) === undefined) {
    const first = { no: 1, generation: randomBytes(16), startedAt: now, reason: 'first-start' } as const
    try {
      await database.write((tx) => insertGeneration(tx, first))
    } catch (error) {
      // Another server of this chain started at the same moment and was first.
      if (!isDuplicateKey(error)) throw error
    }
  }
  return await readGeneration(database.read)
}

/**
 * Says that the data was restored or replaced (JRN-9): every till then rewinds and sends again what it
 * keeps. Run once after the data is in place and before a server starts over it. Answers the new
 * generation, base64url.
 */
export async function startNewGeneration(tx: Tx, now: number): Promise<string> {
  const last = await findGeneration(tx)
  const generation = randomBytes(16)
  await insertGeneration(tx, { no: (last?.no ?? 0) + 1, generation, startedAt: now, reason: 'restored' })
  return toBase64Url(generation)
}
