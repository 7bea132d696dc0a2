/// <reference path="../vite-env.d.ts" />
/** Follows new versions of the app. A new one waits until it is asked to take over (JRN-16). */
export type AppUpdates = {
  /** A newer version is whole on this device and waits. */
  isReady(): boolean
  /** Release of the version that waits; null where none does. */
  readyRelease(): string | null
  /** Release of a newer version that did not start on this device; the one before it runs on. */
  refusedRelease(): string | null
  subscribe(listener: () => void): () => void
  /** Looks for a newer version now; resolves when it is installed or there is none. Never rejects. */
  check(): Promise<void>
  /**
   * Lets the new version take over and reloads every window: only at a click or shift opening, with no open
   * cart. A version that does not open the journal within half a minute is left again for the one before.
   */
  takeOver(): void
  /** This version has opened the journal: it works, and the one before it may go (F53). Safe to repeat. */
  started(): void
}

type Standing = { ready: string | null; refused: string | null }
type ToServiceWorker =
  | { kind: 'ask' | 'take-over' }
  /** `script`: the page's own, by which the worker knows the version that speaks. */
  | { kind: 'started' | 'failed'; script: string }

/** Tills stay open for days: a new version is looked for at this pace, besides at every start. */
const CHECK_EVERY_MS = 30 * 60_000

let isStarted = false

function tell(message: ToServiceWorker, ports: Transferable[] = []): void {
  navigator.serviceWorker?.controller?.postMessage(message, ports)
}

/** Reports a fault of the first moments, so that a version that cannot start is left at once. First import of the page. */
export function guardStart(): void {
  addEventListener('error', () => {
    if (!isStarted) tell({ kind: 'failed', script: import.meta.url })
  })
}

/** Registers the service worker. Call once, from `main.tsx`. Does nothing where there is none (tests, plain HTTP). */
export function followAppUpdates(): AppUpdates {
  const listeners = new Set<() => void>()
  let standing: Standing = { ready: null, refused: null }
  let registration: ServiceWorkerRegistration | undefined

  function ask(): void {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }: MessageEvent<Standing>) => {
      standing = data
      for (const listener of listeners) listener()
      port1.close()
    }
    tell({ kind: 'ask' }, [port2])
  }

  async function check(): Promise<void> {
    await registration?.update().catch(() => undefined)
    const installing = registration?.installing
    if (!installing) return
    await new Promise<void>((resolve) => {
      installing.addEventListener('statechange', () => {
        if (installing.state === 'activated' || installing.state === 'redundant') resolve()
      })
    })
  }

  async function register(workers: ServiceWorkerContainer): Promise<void> {
    // Another worker is not another version of the page; which one runs it says when asked.
    workers.addEventListener('controllerchange', ask)
    ask()
    registration = await workers.register(`${import.meta.env.BASE_URL}sw.js`, { updateViaCache: 'none' })
    setInterval(() => void check(), CHECK_EVERY_MS)
  }

  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    register(navigator.serviceWorker).catch(() => undefined) // Offline at the first start: the next one registers.
  }

  return {
    isReady: () => standing.ready !== null,
    readyRelease: () => standing.ready,
    refusedRelease: () => standing.refused,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    check,
    takeOver: () => tell({ kind: 'take-over' }),
    started() {
      isStarted = true
      tell({ kind: 'started', script: import.meta.url })
    },
  }
}
