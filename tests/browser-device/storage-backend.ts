import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Engines that Chromium keeps IndexedDB in, and how it is told to take one for new stores: LevelDB is its own choice. */
export const backends = [
  { name: 'leveldb', flags: [] },
  { name: 'sqlite', flags: ['--enable-features=IdbSqliteOnDiskRollout:stage/UseSqliteForNewStores'] },
] as const

const SQLITE_MAGIC = 'SQLite format 3\u0000'

/** Engines whose files lie in the profile's IndexedDB folder, by what the files are. */
export async function storesIn(profile: string): Promise<string[]> {
  const folder = join(profile, 'Default', 'IndexedDB')
  const found = new Set<string>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    if (entry.parentPath.endsWith('.indexeddb.leveldb')) found.add('leveldb')
    else if ((await beginningOf(join(entry.parentPath, entry.name))) === SQLITE_MAGIC) found.add('sqlite')
  }
  return [...found]
}

async function beginningOf(path: string): Promise<string> {
  const file = await open(path)
  try {
    const bytes = Buffer.alloc(SQLITE_MAGIC.length)
    await file.read(bytes, 0, bytes.length, 0)
    return bytes.toString('latin1')
  } finally {
    await file.close()
  }
}
