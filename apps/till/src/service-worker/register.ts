/// <reference path="../vite-env.d.ts" />
/** Follows new versions of the app. A new one waits until it is asked to take over (JRN-16). */
export type AppUpdates = {
  /** A newer version is on this device and waits. */
  isReady(): boolean
  subscribe(listener: () => void): () => void
  /** Looks for a newer version now; resolves when it is installed or there is none. Never rejects. */
  check(): Promise<void>
  /** Lets the new version take over and reloads the page: only at a click or shift opening, with no open cart. */
  takeOver(): void
}

/** Registers the service worker. Call once, from `main.tsx`. Does nothing where there is none (tests, plain HTTP). */
export function followAppUpdates(): AppUpdates {
  const listeners = new Set<() => void>()
  let waiting: ServiceWorker | null = null
  let registration: ServiceWorkerRegistration | undefined

  function setWaiting(worker: ServiceWorker | null): void {
    waiting = worker
    for (const listener of listeners) listener()
  }

  async function register(workers: ServiceWorkerContainer): Promise<void> {
    let controlled = workers.controller !== null
    // Every window reloads, also those that did not ask: an old page must not run on a new cache.
    workers.addEventListener('controllerchange', () => {
      if (controlled) location.reload()
      controlled = true
    })
    registration = await workers.register(`${import.meta.env.BASE_URL}sw.js`, { updateViaCache: 'none' })
    setWaiting(registration.waiting)
    registration.addEventListener('updatefound', () => {
      const installing = registration?.installing
      installing?.addEventListener('statechange', () => {
        // The first install of all has nobody to take over from.
        if (installing.state === 'installed' && workers.controller) setWaiting(installing)
      })
    })
  }

  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    register(navigator.serviceWorker).catch(() => undefined) // Offline at the first start: the next one registers.
  }

  return {
    isReady: () => waiting !== null,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async check() {
      await registration?.update().catch(() => undefined)
    },
    takeOver() {
      waiting?.postMessage('take-over')
    },
  }
}
