import { createHash } from 'node:crypto'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type Static, Type } from 'typebox'
import type { Config } from '../../../config.ts'
import { sqlitePath } from '../../../db/open.ts'
import { type TarEntry, writeTar } from './tar.ts'

/** First file of a backup: what it holds, with a SHA-256 for every other file. */
export const Manifest = Type.Object({
  format: Type.Literal('nexus-backup-1'),
  createdAt: Type.Integer({ description: 'ms since 1970 UTC' }),
  /** Number of the last migration. */
  migration: Type.Integer(),
  files: Type.Array(Type.Object({ name: Type.String(), bytes: Type.Integer(), sha256: Type.String() })),
})
export type Manifest = Static<typeof Manifest>
export const manifestName = 'manifest.json'
export const databaseName = 'nexus.db'

/**
 * Writes database, generated secrets and certificates into one file, a gzipped tar that only this user may read.
 * The copy is one moment of the database, also while the server runs and sells. The file appears
 * under its name when it is whole and on disk, replacing an older one of that name.
 */
export async function backupSqlite(
  config: Pick<Config, 'DATA_DIR'>,
  file: string,
  now: number,
): Promise<Manifest> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const copy = `${file}.db-part`
  const part = `${file}.part`
  rmSync(copy, { force: true })
  try {
    const migration = copyDatabase(sqlitePath(config.DATA_DIR), copy)
    const entries: TarEntry[] = [
      ...keyFiles(config.DATA_DIR),
      { name: databaseName, path: copy, bytes: statSync(copy).size },
    ]
    const files = await Promise.all(
      entries.map(async (entry) => ({ name: entry.name, bytes: entry.bytes, sha256: await sha256Of(entry) })),
    )
    const manifest: Manifest = { format: 'nexus-backup-1', createdAt: now, migration, files }
    const content = Buffer.from(JSON.stringify(manifest, null, 2))
    await pipeline(
      writeTar([{ name: manifestName, content, bytes: content.length }, ...entries]),
      // Level 1: a third of the size at a tenth of the time of level 9.
      createGzip({ level: 1 }),
      createWriteStream(part, { mode: 0o600, flush: true }),
    )
    renameSync(part, file)
    return manifest
  } finally {
    rmSync(copy, { force: true })
    rmSync(part, { force: true })
  }
}

/** Copies one moment of a database that may be in use; answers its last migration. */
function copyDatabase(from: string, to: string): number {
  const database = new DatabaseSync(from, { readOnly: true, timeout: 5000 })
  try {
    database.prepare('VACUUM INTO ?').run(to)
  } finally {
    database.close()
  }
  const copied = new DatabaseSync(to, { readOnly: true })
  try {
    const row = copied.prepare('SELECT MAX(number) AS number FROM schema_migration').get()
    return Number(row?.number ?? 0)
  } finally {
    copied.close()
  }
}

/** Folders of a data folder that belong to the database: without them it cannot be used, or not by the same tills. */
export const keyFolders = ['secrets', 'tls'] as const

function keyFiles(dataDir: string): TarEntry[] {
  return keyFolders.flatMap((folder) => {
    const path = join(dataDir, folder)
    if (!existsSync(path)) return []
    return readdirSync(path)
      .sort()
      .map((name) => {
        const content = readFileSync(join(path, name))
        return { name: `${folder}/${name}`, content, bytes: content.length }
      })
  })
}

async function sha256Of(entry: TarEntry): Promise<string> {
  const hash = createHash('sha256')
  if ('content' in entry) hash.update(entry.content)
  else await pipeline(createReadStream(entry.path), hash)
  return hash.digest('hex')
}
