import type { StorageRoom } from '../types.ts'

const MIB = 1024 * 1024
/** Two days of a busy till: 3,000 bills of some 4 KiB, in two copies, with what the databases need beside them. */
const LOW_BYTES = 32 * MIB
/** A database that makes room needs some itself; below this nothing that takes money is begun. */
const NONE_BYTES = MIB
const PROBE = 'nexus-room'

/**
 * How much this device may still keep: `low` is less than two days of sales, `none` means that the next bill
 * might not be saved. Asked by growing an empty file and letting it go: browsers round what they estimate, by
 * gigabytes, so that nobody is known by it. A browser without such files is asked for its estimate.
 */
export async function measureRoom(): Promise<StorageRoom> {
  const room = await probe().catch(() => undefined)
  if (room !== undefined) return room
  const { quota, usage } = await navigator.storage.estimate()
  if (quota === undefined || usage === undefined) return 'fine'
  return quota - usage < NONE_BYTES ? 'none' : quota - usage < LOW_BYTES ? 'low' : 'fine'
}

/** Rejects where the file cannot be opened, e.g. while another worker of this window's past still holds it. */
async function probe(): Promise<StorageRoom> {
  const root = await navigator.storage.getDirectory()
  const file = await (await root.getFileHandle(PROBE, { create: true })).createSyncAccessHandle()
  const fits = (bytes: number) => {
    try {
      file.truncate(bytes)
      return true
    } catch {
      return false
    }
  }
  try {
    return fits(LOW_BYTES) ? 'fine' : fits(NONE_BYTES) ? 'low' : 'none'
  } finally {
    fits(0)
    file.close()
  }
}

/**
 * Gives the rulebook's room to the journal (JRN-2e): every row that this window needs is in memory, and the
 * rest comes again when there is room. The database stays, for a window that has it open.
 */
export async function dropRulebook(): Promise<void> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open('nexus-cache')
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error)
    // There was none: nothing to drop, and none is made.
    opening.onupgradeneeded = () => opening.transaction?.abort()
  })
  try {
    const stores = [...db.objectStoreNames]
    if (stores.length === 0) return
    await new Promise<void>((resolve, reject) => {
      const tx = db.transaction(stores, 'readwrite')
      for (const store of stores) tx.objectStore(store).clear()
      tx.oncomplete = () => resolve()
      tx.onabort = () => reject(tx.error)
    })
  } finally {
    db.close()
  }
}
