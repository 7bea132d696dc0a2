import { createHash, hash, randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Config } from '../../config.ts'

/** Answers of headquarters on disk, for when it does not answer. Losing them costs asking again. */
export type Copies = {
  /** The value kept under a name; undefined: none, or not readable. */
  get<T>(name: string): Promise<T | undefined>
  put(name: string, value: unknown): Promise<void>
  /** Bytes with this SHA-256 (base64url), compressed; undefined: none, or damaged. */
  part(hash: string): Promise<{ bytes: Buffer; gzip: Buffer } | undefined>
  putPart(bytes: Uint8Array): Promise<void>
  /** Hashes of the parts that are here. */
  parts(): Promise<Set<string>>
  dropPart(hash: string): Promise<void>
}

export function openCopies({ DATA_DIR }: Pick<Config, 'DATA_DIR'>): Copies {
  const folder = join(DATA_DIR, 'copies')
  mkdirSync(join(folder, 'parts'), { recursive: true, mode: 0o700 })
  const fileOf = (name: string) =>
    join(folder, `${createHash('sha256').update(name).digest('base64url')}.json`)
  const partOf = (one: string) => join(folder, 'parts', `${one}.gz`)
  /** Whole or not at all. */
  const write = async (file: string, content: string | Buffer) => {
    const half = `${file}.${randomUUID()}`
    await writeFile(half, content, { mode: 0o600 })
    await rename(half, file)
  }
  return {
    async get(name) {
      try {
        return JSON.parse(await readFile(fileOf(name), 'utf8'))
      } catch {
        // Not there, or torn by a power cut: as good as none.
        return undefined
      }
    },
    put: (name, value) => write(fileOf(name), JSON.stringify(value)),
    async part(wanted) {
      try {
        const gzip = await readFile(partOf(wanted))
        const bytes = gunzipSync(gzip)
        return hashOf(bytes) === wanted ? { bytes, gzip } : undefined
      } catch {
        return undefined
      }
    },
    putPart: (bytes) => write(partOf(hashOf(bytes)), gzipSync(bytes)),
    async parts() {
      const names = await readdir(join(folder, 'parts'))
      return new Set(names.flatMap((name) => (name.endsWith('.gz') ? [name.slice(0, -3)] : [])))
    },
    dropPart: (one) => rm(partOf(one), { force: true }),
  }
}

export function hashOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64url')
}
