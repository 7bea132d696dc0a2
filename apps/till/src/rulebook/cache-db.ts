import type { RulebookManifest } from '@nexus/contract'
import { type DBSchema, openDB } from 'idb'
import { partsOf } from './manifest.ts'
import type { Packed } from './packed.ts'

/** A version that is whole on this device, with its index. */
export type KeptVersion = { manifest: RulebookManifest; packed: Packed }

/** What is kept of the rulebook on this device; disposable, for it all comes again from the server. */
export type RulebookCache = {
  /** The version to sell from; undefined before the first. */
  current(): Promise<KeptVersion | undefined>
  /** Bytes of a head or chunk by their hash, unverified. */
  getPart(hash: string): Promise<Uint8Array | undefined>
  putPart(hash: string, bytes: Uint8Array): Promise<void>
  /** Which parts are there. */
  keptParts(): Promise<Set<string>>
  /**
   * Makes a whole version the current one, all at once. The one before it stays, for a cart that is
   * open on it; parts that neither needs go.
   */
  swap(next: KeptVersion): Promise<void>
}

interface CacheSchema extends DBSchema {
  /** Bytes of heads and chunks by their hash. */
  parts: { key: string; value: Uint8Array }
  versions: { key: 'current' | 'previous'; value: KeptVersion }
}

/** Opens the disposable database. It is never the journal's (JRN-2). */
export async function openRulebookCache(name = 'nexus-cache'): Promise<RulebookCache> {
  const db = await openDB<CacheSchema>(name, 1, {
    upgrade(database) {
      database.createObjectStore('parts')
      database.createObjectStore('versions')
    },
  })
  return {
    current: () => db.get('versions', 'current'),
    getPart: (hash) => db.get('parts', hash),
    putPart: async (hash, bytes) => void (await db.put('parts', bytes, hash)),
    keptParts: async () => new Set(await db.getAllKeys('parts')),
    async swap(next) {
      const tx = db.transaction(['parts', 'versions'], 'readwrite')
      const versions = tx.objectStore('versions')
      const parts = tx.objectStore('parts')
      const current = await versions.get('current')
      const isAgain = current?.manifest.checksum === next.manifest.checksum
      const previous = isAgain ? await versions.get('previous') : current
      if (previous) await versions.put(previous, 'previous')
      await versions.put(next, 'current')
      const needed = new Set([next, previous].flatMap((kept) => (kept ? partsOf(kept.manifest) : [])))
      for (const key of await parts.getAllKeys()) if (!needed.has(key)) await parts.delete(key)
      await tx.done
    },
  }
}
