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
  let waiting: ServiceWorker | null = null
  let registration: ServiceWorkerRegistration | undefined
  const listeners = new Set<() => void>()

  function setWaiting(worker: ServiceWorker | null): void {
    // The first install of all has nobody to take over from.
    waiting = navigator.serviceWorker.controller ? worker : null
    for (const listener of listeners) listener()
  }

  async function register(): Promise<void> {
    registration = await navigator.serviceWorker.register(`${import.meta.env.BASE_URL}sw.js`, {
      updateViaCache: 'none',
    })
    setWaiting(registration.waiting)
    registration.addEventListener('updatefound', () => {
      const installing = registration?.installing
      installing?.addEventListener('statechange', () => {
        if (installing.state === 'installed') setWaiting(registration?.waiting ?? null)
      })
    })
  }

  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    register().catch(() => undefined) // Offline at the very first start: the next start registers.
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
      if (!waiting) return
      navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
      waiting.postMessage('take-over')
    },
  }
}
