/** Files of this build and a name that changes with any of them; the build puts both before this script. */
declare const PRECACHE: readonly { url: string; integrity: string }[]
declare const VERSION: string
declare const self: ServiceWorkerGlobalScope

const PREFIX = 'nexus-till-'
const CACHE = PREFIX + VERSION
const APP = new URL(self.registration.scope).pathname
const urls = new Set(PRECACHE.map(({ url }) => url))

self.addEventListener('install', (event) => {
  event.waitUntil(precache())
})

self.addEventListener('activate', (event) => {
  event.waitUntil(takeCharge())
})

// A new version waits until a person clicks or opens a shift (JRN-16); nothing else skips the wait.
self.addEventListener('message', ({ data }) => {
  if (data === 'take-over') void self.skipWaiting()
})

self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== self.location.origin) return
  // Every page of the app is the one page; the rest of the origin (API, back office) is not ours.
  const url = event.request.mode === 'navigate' && pathname.startsWith(APP) ? APP : pathname
  if (urls.has(url)) event.respondWith(fromCache(url, event.request))
})

/** The hash is checked by the browser: a server in mid-deployment cannot mix two versions. */
async function precache(): Promise<void> {
  const cache = await caches.open(CACHE)
  await Promise.all(
    PRECACHE.map(async ({ url, integrity }) => {
      const response = await fetch(url, { integrity, cache: 'no-cache' })
      if (!response.ok) throw new Error(`${url} answered ${response.status}`)
      await cache.put(url, response)
    }),
  )
}

async function takeCharge(): Promise<void> {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE)
  await Promise.all(old.map((name) => caches.delete(name)))
  await self.clients.claim()
}

async function fromCache(url: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE)
  return (await cache.match(url)) ?? fetch(request)
}

export {}
