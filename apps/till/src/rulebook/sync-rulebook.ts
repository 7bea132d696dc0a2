import { Problem, type RulebookHead, type RulebookManifest } from '@nexus/contract'
import { fromUtf8 } from '@nexus/sync'
import type { KeptVersion, RulebookCache } from './cache-db.ts'
import { applyDelta, type Delta, hashOf, isWhole, partsOf } from './manifest.ts'
import { buildPacked, type Chunk, PACK_FORM } from './packed.ts'

/** HQ or a store server, as far as the rulebook goes. Rejects with `Problem` or while offline. */
export type RulebookServer = {
  /** @param holds the version that this till sells by, which headquarters likes to know */
  manifest(holds: number | undefined): Promise<RulebookManifest>
  part(hash: string): Promise<Uint8Array>
  delta(from: number, to: number): Promise<Delta>
}

export type Progress = { done: number; total: number }
/** Why a sync gave up; the old version sells on. */
export class RulebookFault extends Error {
  readonly code: 'bad-checksum' | 'bad-hash'
  constructor(code: RulebookFault['code'], message: string) {
    super(message)
    this.code = code
  }
}

const PARALLEL = 4

/**
 * Brings the server's newest version here, whole and verified, and makes it the current one. true when
 * something changed. Repeating it is cheap; after a failure what had arrived is not fetched again.
 */
export async function syncRulebook(
  cache: RulebookCache,
  server: RulebookServer,
  onProgress: (progress: Progress) => void,
): Promise<boolean> {
  const current = await cache.current()
  const manifest = await server.manifest(current?.manifest.version)
  if (current?.manifest.checksum === manifest.checksum && current.packed.form === PACK_FORM) return false
  if (!(await isWhole(manifest))) throw new RulebookFault('bad-checksum', 'the manifest is not what it says')

  const kept = await cache.keptParts()
  if (current) await applyServerDelta(cache, server, current.manifest, manifest, kept)
  await fetchMissing(cache, server, manifest, kept, onProgress)
  await cache.swap({ manifest, packed: await packVersion(cache, manifest) })
  // The version is here whatever becomes of this news; the next sync tells it again.
  await server.manifest(manifest.version).catch(() => undefined)
  return true
}

/** Gets one part again, e.g. after its bytes on this device turned out damaged. */
export async function refetchPart(cache: RulebookCache, server: RulebookServer, hash: string): Promise<void> {
  await cache.putPart(hash, await verifiedPart(server, hash))
}

/** Changed rows instead of changed chunks: 50 new prices cost 20 KB, not 20 MB. Whatever fails is fetched whole. */
async function applyServerDelta(
  cache: RulebookCache,
  server: RulebookServer,
  from: RulebookManifest,
  to: RulebookManifest,
  kept: Set<string>,
): Promise<void> {
  const changed = to.chunks.filter(({ hash }) => !kept.has(hash))
  if (changed.length === 0 || from.version >= to.version) return
  let delta: Delta
  try {
    delta = await server.delta(from.version, to.version)
  } catch (cause) {
    // The server no longer keeps the old version: its chunks are all that is left to ask for.
    if (cause instanceof Problem && cause.code === 'rulebook/version-unknown') return
    throw cause
  }
  for (const { index, hash } of changed) {
    const oldHash = from.chunks.find((chunk) => chunk.index === index)?.hash
    const bytes = applyDelta(index, oldHash ? await cache.getPart(oldHash) : undefined, delta)
    if ((await hashOf(bytes)) !== hash) continue
    await cache.putPart(hash, bytes)
    kept.add(hash)
  }
}

async function fetchMissing(
  cache: RulebookCache,
  server: RulebookServer,
  manifest: RulebookManifest,
  kept: ReadonlySet<string>,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const bytesOf = new Map(manifest.chunks.map(({ hash, bytes }) => [hash, bytes]))
  const missing = partsOf(manifest).filter((hash) => !kept.has(hash))
  const total = missing.reduce((sum, hash) => sum + (bytesOf.get(hash) ?? 0), 0)
  let done = 0
  const queue = missing.values()
  async function work(): Promise<void> {
    for (const hash of queue) {
      await cache.putPart(hash, await verifiedPart(server, hash))
      done += bytesOf.get(hash) ?? 0
      onProgress({ done, total })
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: PARALLEL }, work))
  // The other lanes went on: what they brought need not be fetched again.
  for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason
}

/** A part that arrived damaged is asked for once more: mostly it was the way, not the source. */
async function verifiedPart(server: RulebookServer, hash: string): Promise<Uint8Array> {
  for (let attempt = 1; attempt <= 2; attempt++) {
    const bytes = await server.part(hash)
    if ((await hashOf(bytes)) === hash) return bytes
  }
  throw new RulebookFault('bad-hash', `part ${hash} arrived damaged twice`)
}

/** Indexes a version whose parts are all here. */
async function packVersion(cache: RulebookCache, manifest: RulebookManifest): Promise<KeptVersion['packed']> {
  async function* chunks(): AsyncGenerator<Chunk> {
    for (const { index, hash } of manifest.chunks) yield { index, bytes: await keptPart(cache, hash) }
  }
  const head = readHead(await keptPart(cache, manifest.headHash))
  return buildPacked(head, chunks())
}

async function keptPart(cache: RulebookCache, hash: string): Promise<Uint8Array> {
  const bytes = await cache.getPart(hash)
  if (bytes && (await hashOf(bytes)) === hash) return bytes
  throw new RulebookFault('bad-hash', `part ${hash} is damaged on this device`)
}

/** Head of a version whose hash was verified. */
export function readHead(bytes: Uint8Array): RulebookHead {
  return JSON.parse(fromUtf8(bytes)) as RulebookHead // as: the hash makes these HQ's bytes
}
