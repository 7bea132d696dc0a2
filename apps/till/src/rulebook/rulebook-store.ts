import type { StorageRoom } from '../journal/index.ts'
import type { FromRulebookWorker, ToRulebookWorker } from './bridge.ts'
import { openRulebookCache, type RulebookCache } from './cache-db.ts'
import { type OpenedCatalogue, openCatalogue } from './catalogue.ts'
import { hashOf } from './manifest.ts'
import { PACK_FORM } from './packed.ts'
import { readHead } from './sync-rulebook.ts'
import type { Catalogue, RulebookState, RulebookStore } from './types.ts'

export type RulebookOptions = {
  /** Token of this device; `refresh` when the last one was refused. Rejects while offline. */
  deviceToken(refresh: boolean): Promise<string>
  /** What this device has room for: the journal's need comes first (JRN-2e). */
  room(): StorageRoom
}

/** Two minutes, spread: thousands of tills must not ask in the same second. */
const SYNC_EVERY_MS = 120_000
/** A till that comes back asks soon: an offer may have begun. Spread, since a whole chain may come back at once. */
const BACK_ONLINE_MS = 5000
/** The first sync lets the till start first. */
const FIRST_SYNC_MS = 1500
/** Loading all chunks ahead must not be felt: one, then a pause. */
const WARM_PAUSE_MS = 20

/** Opens what this device holds. Returns at once; the state tells when a version can be sold from. */
export function openRulebook({ deviceToken, room }: RulebookOptions): RulebookStore {
  const listeners = new Set<() => void>()
  const cache = openRulebookCache()
  const ask = openWorker((progress) => set({ progress }))
  let catalogue: Catalogue | undefined
  let syncing: Promise<void> | undefined
  let state: RulebookState = {
    phase: 'starting',
    syncing: false,
    progress: null,
    problem: null,
    version: null,
  }

  function set(change: Partial<RulebookState>): void {
    state = { ...state, ...change }
    for (const listener of listeners) listener()
  }

  /** Asks the worker; once more with a fresh token when the server did not know this one. */
  async function askServer(work: (token: string) => ToRulebookWorker): Promise<string | null> {
    for (const refresh of [false, true]) {
      const token = await deviceToken(refresh).catch(() => undefined)
      if (token === undefined) return 'offline'
      const answer = await ask(work(token))
      if (answer.kind === 'done') return null
      if (answer.code !== 'device/token-expired') return answer.code
    }
    return 'device/token-expired'
  }

  async function open(): Promise<void> {
    const kept = await (await cache).current()
    if (kept && kept.packed.form === PACK_FORM && kept.manifest.checksum !== catalogue?.checksum) {
      const { manifest, packed } = kept
      const hashes = new Map(manifest.chunks.map(({ index, hash }) => [index, hash]))
      const head = readHead(await part(manifest.headHash))
      const opened = openCatalogue({
        version: manifest.version,
        checksum: manifest.checksum,
        head,
        packed,
        loadChunk: (index) => part(hashes.get(index) ?? ''),
      })
      catalogue = opened.catalogue
      void warm(opened, [...hashes.keys()], () => catalogue === opened.catalogue && room() === 'fine')
    }
    set({ phase: catalogue ? 'ready' : 'empty', version: catalogue?.version ?? null })
  }

  /** Verified bytes of a part. One that is damaged or gone on this device is fetched again. */
  async function part(hash: string): Promise<Uint8Array> {
    const kept = await readPart(await cache, hash)
    if (kept) return kept
    const problem = await askServer((token) => ({ kind: 'refetch', token, hash }))
    const again = await readPart(await cache, hash)
    if (again) return again
    throw new Error(`a part of the rulebook is damaged and could not be fetched: ${problem}`)
  }

  async function sync(): Promise<void> {
    set({ syncing: true })
    const problem = (await hasRoom()) ? await askServer((token) => ({ kind: 'sync', token })) : 'no-room'
    // Another window may have brought a version even when this one's request failed.
    await open().catch(() => undefined)
    set({ syncing: false, progress: null, problem })
  }

  /** Changes are small; a whole rulebook that was dropped for want of room waits until there is plenty. */
  async function hasRoom(): Promise<boolean> {
    if (room() !== 'low') return room() === 'fine'
    return (await (await cache).current().catch(() => undefined)) !== undefined
  }

  function syncOnce(): Promise<void> {
    syncing ??= sync().finally(() => {
      syncing = undefined
    })
    return syncing
  }

  function syncLater(): void {
    setTimeout(() => void syncOnce().then(syncLater), SYNC_EVERY_MS * (0.75 + Math.random() / 2))
  }

  addEventListener('online', () => setTimeout(() => void syncOnce(), Math.random() * BACK_ONLINE_MS))
  void open()
    .catch(() => set({ phase: 'empty' })) // A cache that cannot be opened is an empty one: it comes again.
    .then(() => setTimeout(() => void syncOnce().then(syncLater), FIRST_SYNC_MS))

  return {
    getState: () => state,
    current: () => catalogue,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    sync: syncOnce,
  }
}

async function readPart(cache: RulebookCache, hash: string): Promise<Uint8Array | undefined> {
  const bytes = await cache.getPart(hash)
  return bytes && (await hashOf(bytes)) === hash ? bytes : undefined
}

/** Loads chunk after chunk while nobody is waiting, so that later scans need no storage at all. */
async function warm(
  { load }: OpenedCatalogue,
  indexes: readonly number[],
  isWanted: () => boolean,
): Promise<void> {
  for (const index of indexes) {
    await new Promise((resolve) => setTimeout(resolve, WARM_PAUSE_MS))
    if (!isWanted()) return
    // A chunk that does not come now is asked for again when a product of it is scanned.
    await load(index).catch(() => undefined)
  }
}

type Answer = Extract<FromRulebookWorker, { kind: 'done' | 'failed' }>

/** The worker that fetches and indexes. Requests are answered in the order in which they were made. */
function openWorker(
  onProgress: (progress: RulebookState['progress']) => void,
): (work: ToRulebookWorker) => Promise<Answer> {
  let worker: Worker | undefined
  const waiting: ((answer: Answer) => void)[] = []

  function start(): Worker {
    const started = new Worker(new URL('./worker/rulebook-worker.ts', import.meta.url), {
      type: 'module',
      name: 'rulebook',
    })
    started.addEventListener('message', ({ data }: MessageEvent<FromRulebookWorker>) => {
      if (data.kind === 'progress') onProgress(data.progress)
      else waiting.shift()?.(data)
    })
    started.addEventListener('error', () => {
      for (const answer of waiting.splice(0)) answer({ kind: 'failed', code: 'failed' })
      worker = undefined
    })
    return started
  }

  return (work) =>
    new Promise((resolve) => {
      // Started when first needed: a start that only sells does not pay for it.
      worker ??= start()
      waiting.push(resolve)
      worker.postMessage(work)
    })
}
