import { stat } from 'node:fs/promises'
import type { Config } from '../../../config.ts'
import type { Context } from '../../../context.ts'
import type { Db } from '../../../db/database.ts'
import type { ArchiveFiles } from './files.ts'
import { type ArchiveHeader, readLines } from './lines.ts'
import { selectDataFolder } from './sql.ts'

/**
 * Whether the archive is a second place (JRN-9b). `none`: no folder is set. `same-disk`: one disk that
 * dies would take both. `foreign`: the folder holds another chain's archive. `unreachable`: it cannot be
 * read or written. Only `good` makes anything durable.
 */
export type Domain = 'none' | 'same-disk' | 'foreign' | 'unreachable' | 'good'

/** Looks at the folder and at where the database lies; nothing is taken on trust. */
export async function domainOf(
  { config, database, secrets }: Pick<Context, 'config' | 'database' | 'secrets'>,
  files: ArchiveFiles | undefined,
): Promise<Domain> {
  if (files === undefined) return 'none'
  try {
    const device = await files.device()
    if (device === (await databaseDevice(config, database.read))) return 'same-disk'
    const header = await newestHeader(files)
    return header !== undefined && header.enrolmentKeyId !== secrets.enrolment.keyId ? 'foreign' : 'good'
  } catch {
    // Whatever is wrong with a disk or a share: nothing that needs it counts until it answers.
    return 'unreachable'
  }
}

/** Device of the database's files; undefined where they lie on another machine. */
async function databaseDevice(
  config: Pick<Config, 'DATA_DIR' | 'DATABASE_URL'>,
  db: Db,
): Promise<number | undefined> {
  if (!config.DATABASE_URL) return (await stat(config.DATA_DIR)).dev
  const { hostname } = new URL(config.DATABASE_URL)
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return undefined
  // In a container of its own the folder is not here, and its disk is not ours to compare.
  return await stat(await selectDataFolder(db)).then(
    ({ dev }) => dev,
    () => undefined,
  )
}

/** Header of the newest file that has one. */
async function newestHeader(files: ArchiveFiles): Promise<ArchiveHeader | undefined> {
  for (const { no, content } of (await files.list()).toReversed()) {
    const [line] = readLines(await files.read(no, content, 0, 1024))
    if (line?.kind === 'nexus-archive') return line
  }
  return undefined
}
