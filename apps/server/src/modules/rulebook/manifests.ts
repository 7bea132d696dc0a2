import { sign } from 'node:crypto'
import { Problem, type RulebookManifest } from '@nexus/contract'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/database.ts'
import { chainPlace } from './make-rows.ts'
import { checksumOf } from './publish-rulebook.ts'
import { type Chunk, chunksOfPlace, findVersion, newestVersion, type Version } from './sql.ts'

/** What a store sees of versions; answers are kept, since versions never change. */
export type Manifests = {
  /** The newest version as a store sees it. Throws Problem `rulebook/none`. */
  newest(storeId: string): Promise<RulebookManifest>
  /** The checksum that tills of a store know a version by; undefined for an unknown version. */
  checksum(storeId: string, version: number): Promise<string | undefined>
}

/** Views that are kept in memory, a few KB each. */
const keptMax = 1000

type View = { version: Version; chunks: Chunk[]; checksum: string; signature: string | undefined }

/** Remembers views of one server. */
export function openManifests({ database, secrets }: Pick<Context, 'database' | 'secrets'>): Manifests {
  const kept = new Map<string, View>()
  const db = database.read

  async function view(storeId: string, version: Version): Promise<View> {
    const key = `${version.version} ${storeId}`
    const known = kept.get(key)
    if (known) return known
    const chunks = await chunksOfView(db, storeId, version.version)
    const checksum = checksumOf(version.version, version.headHash, chunks)
    const made: View = { version, chunks, checksum, signature: undefined }
    if (kept.size >= keptMax) kept.delete(kept.keys().next().value ?? '')
    kept.set(key, made)
    return made
  }

  return {
    async newest(storeId) {
      const version = await newestVersion(db)
      if (!version) {
        throw new Problem(
          'rulebook/none',
          'Headquarters has not published a rulebook yet. Publish one in the back office; the till asks again by itself.',
        )
      }
      const found = await view(storeId, version)
      // Only the newest version is handed out, so only that needs a signature.
      found.signature ??= sign('sha256', Buffer.from(found.checksum), {
        key: secrets.hq.privateKey,
        dsaEncoding: 'ieee-p1363',
      }).toString('base64url')
      return {
        version: version.version,
        checksum: found.checksum,
        signature: found.signature,
        headHash: version.headHash.toString('base64url'),
        chunks: found.chunks.flatMap(({ chunk, hash, rows, bytes }) =>
          hash === null ? [] : [{ index: chunk, hash: hash.toString('base64url'), rows, bytes }],
        ),
      }
    },

    async checksum(storeId, number) {
      const known = kept.get(`${number} ${storeId}`)
      if (known) return known.checksum
      const version = await findVersion(db, number)
      return version && (await view(storeId, version)).checksum
    },
  }
}

/** The chain's chunks, with the store's own in place of them. */
async function chunksOfView(db: Db, storeId: string, version: number): Promise<Chunk[]> {
  const chunks = new Map((await chunksOfPlace(db, chainPlace, version)).map((chunk) => [chunk.chunk, chunk]))
  for (const own of await chunksOfPlace(db, storeId, version)) {
    if (own.hash !== null) chunks.set(own.chunk, own)
  }
  return [...chunks.values()].sort((one, other) => one.chunk - other.chunk)
}
