import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Value } from 'typebox/value'
import type { Config } from '../../../config.ts'
import { StartRefused } from '../../../start-refused.ts'
import { forgetStarts } from '../continuity.ts'
import { databaseName, keyFolders, Manifest, manifestName } from './backup.ts'
import { readTar, storeFile } from './tar.ts'

/** The file is no backup, or not whole; nothing was changed. */
export class BackupBroken extends StartRefused {
  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`${file} cannot be restored: ${reason}. Nothing was changed; try another backup.`, options)
    this.name = 'BackupBroken'
  }
}

export type Restored = {
  manifest: Manifest
  /** Folder to which the data that was there before has been moved; undefined when there was none. */
  replaced: string | undefined
}

/**
 * Unpacks a backup beside the data, checks every byte of it, and only then puts it in place; what
 * was there is moved to `backups/replaced-…`. The next start mints a new generation. The caller holds
 * the folder's lock. Throws `BackupBroken` before anything has changed.
 *
 * @param check told the folder with the unpacked data and when it was copied (ms UTC); throws to refuse it
 */
export async function restoreSqlite(
  config: Pick<Config, 'DATA_DIR'>,
  file: string,
  now: number,
  check: (folder: string, createdAt: number) => Promise<unknown> = async () => undefined,
): Promise<Restored> {
  const folder = config.DATA_DIR
  const incoming = join(folder, 'restoring')
  rmSync(incoming, { recursive: true, force: true })
  mkdirSync(incoming, { recursive: true, mode: 0o700 })
  try {
    const manifest = await unpack(file, incoming)
    await check(incoming, manifest.createdAt)
    // First of all, so that however this ends, the next start knows that the data may be another.
    forgetStarts(folder)
    const parts = readdirSync(incoming)
    const replaced = moveAside(folder, parts, now)
    for (const part of parts) renameSync(join(incoming, part), join(folder, part))
    return { manifest, replaced }
  } finally {
    rmSync(incoming, { recursive: true, force: true })
  }
}

async function unpack(file: string, into: string): Promise<Manifest> {
  let manifest: Manifest | undefined
  const found = new Map<string, string>()
  try {
    await pipeline(createReadStream(file), createGunzip(), (source: AsyncIterable<Buffer>) =>
      readTar(source, async (name, _bytes, content) => {
        if (manifest === undefined) manifest = await readManifest(name, content)
        else found.set(name, await storeHashed(content, placeOf(name, into)))
      }),
    )
  } catch (cause) {
    throw new BackupBroken(file, 'it is no backup of Nexus or was cut short', { cause })
  }
  const wrong = manifest?.files.find((one) => found.get(one.name) !== one.sha256)
  if (!manifest) throw new BackupBroken(file, 'it is empty')
  if (wrong) throw new BackupBroken(file, `its part ${wrong.name} is damaged or missing`)
  return manifest
}

async function readManifest(name: string, content: Readable): Promise<Manifest> {
  const manifest: unknown = JSON.parse((await buffer(content)).toString())
  if (name !== manifestName || !Value.Check(Manifest, manifest)) throw new Error('no manifest')
  return manifest
}

/** Names come from the archive: only those that a backup has, never a path of theirs. */
function placeOf(name: string, into: string): string {
  if (name === databaseName) return join(into, databaseName)
  const folder = keyFolders.find((one) => name === `${one}/${basename(name)}`)
  if (!folder) throw new Error(`unexpected ${name}`)
  mkdirSync(join(into, folder), { recursive: true, mode: 0o700 })
  return join(into, folder, basename(name))
}

async function storeHashed(content: Readable, path: string): Promise<string> {
  const hash = createHash('sha256')
  content.on('data', (chunk: Buffer) => hash.update(chunk))
  await storeFile(content, path)
  return hash.digest('hex')
}

function moveAside(folder: string, parts: readonly string[], now: number): string | undefined {
  const names = [...parts, `${databaseName}-wal`, `${databaseName}-shm`]
  const old = names.filter((name) => existsSync(join(folder, name)))
  if (old.length === 0) return undefined
  const replaced = join(folder, 'backups', `replaced-${new Date(now).toISOString().replace(/[:.]/g, '-')}`)
  mkdirSync(replaced, { recursive: true, mode: 0o700 })
  for (const name of old) renameSync(join(folder, name), join(replaced, name))
  return replaced
}
