/** Files of this build, a name that changes with any of them, and what people call it; the build puts them before this script. */
declare const PRECACHE: readonly { url: string; integrity: string }[]
declare const VERSION: string
declare const RELEASE: string
declare const self: ServiceWorkerGlobalScope

/**
 * Which version of the app this device runs. Browsers change service workers when they like, e.g. when the
 * last window closes over an open cart; the app changes only when a person says so (JRN-16a). So the two are
 * parted: any worker serves the version that is chosen here, from the cache of that version.
 */
type Choice = {
  version: string
  /** It stays whole until the chosen one has opened the journal (F53). */
  before: string | null
  /** ms since 1970; null once the chosen version has opened the journal. */
  chosenAt: number | null
  /** Versions that did not start here; never chosen again. */
  refused: string[]
}

const PREFIX = 'nexus-till-'
const CHOICES = 'nexus-choice'
const APP = new URL(self.registration.scope).pathname
/** A version that has not opened the journal by then does not work on this device. */
const START_WITHIN_MS = 30_000

self.addEventListener('install', (event) => {
  event.waitUntil(precache().then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(takeCharge())
})

self.addEventListener('message', (event) => {
  const { data, ports } = event
  switch (data.kind) {
    case 'ask':
      return event.waitUntil(standing().then((answer) => ports[0]?.postMessage(answer)))
    case 'take-over':
      return event.waitUntil(takeOver())
    case 'started':
      return event.waitUntil(prove(data.script))
    case 'failed':
      return event.waitUntil(goBack(data.script))
  }
})

self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== self.location.origin) return
  // Every page of the app is the one page; the rest of the origin (API, back office) is not ours.
  if (pathname.startsWith(APP)) event.respondWith(answerOf(event.request, pathname))
})

/** The hash is checked by the browser: a server in mid-deployment cannot mix two versions. */
async function precache(): Promise<void> {
  const cache = await caches.open(PREFIX + VERSION)
  await Promise.all(
    PRECACHE.map(async ({ url, integrity }) => {
      const response = await fetch(url, { integrity, cache: 'no-cache' })
      if (!response.ok) throw new Error(`${url} answered ${response.status}`)
      await cache.put(url, response)
    }),
  )
  // The first version of all runs at once: there is no other.
  if ((await readChoice()) === undefined)
    await choose({ version: VERSION, before: null, chosenAt: null, refused: [] })
}

async function takeCharge(): Promise<void> {
  await dropUnneeded(await choice())
  await self.clients.claim()
}

/** Caches of versions that neither run, nor wait, nor may be needed to go back. */
async function dropUnneeded({ version, before }: Choice): Promise<void> {
  const needed = [version, before, VERSION].map((each) => PREFIX + each)
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith(PREFIX) && !needed.includes(name))
  await Promise.all(old.map((name) => caches.delete(name)))
}

async function answerOf(request: Request, pathname: string): Promise<Response> {
  if (request.mode === 'navigate') {
    const page = await fileOf((await decided()).version, APP)
    return page ?? fetch(request)
  }
  // The names of assets tell their content: a window of the version before still finds its own.
  const found = (await fileOf((await choice()).version, pathname)) ?? (await caches.match(pathname))
  return found ?? fetch(request)
}

async function fileOf(version: string, url: string): Promise<Response | undefined> {
  return (await caches.open(PREFIX + version)).match(url)
}

// The choice

async function readChoice(): Promise<Choice | undefined> {
  return (await (await caches.open(CHOICES)).match(APP))?.json()
}

/** Without a choice (its cache was cleared) the newest version is it. */
async function choice(): Promise<Choice> {
  return (await readChoice()) ?? { version: VERSION, before: null, chosenAt: null, refused: [] }
}

async function choose(next: Choice): Promise<void> {
  await (await caches.open(CHOICES)).put(APP, new Response(JSON.stringify(next)))
}

/** The choice, after giving up a version that should have started by now. */
async function decided(): Promise<Choice> {
  const now = await choice()
  if (now.chosenAt === null || isWithin(now.chosenAt)) return now
  return back(now)
}

function isWithin(chosenAt: number): boolean {
  const ms = Date.now() - chosenAt
  return ms >= 0 && ms < START_WITHIN_MS
}

/** What the page is told: the release that waits, and the one that did not start here. */
async function standing(): Promise<{ ready: string | null; refused: string | null }> {
  const { version, refused } = await choice()
  if (version === VERSION) return { ready: null, refused: null }
  return refused.includes(VERSION) ? { ready: null, refused: RELEASE } : { ready: RELEASE, refused: null }
}

/** A person asked for the new version. Every window runs it from now on. */
async function takeOver(): Promise<void> {
  const { version, refused } = await choice()
  if (version === VERSION || refused.includes(VERSION)) return
  await choose({ version: VERSION, before: version, chosenAt: Date.now(), refused })
  await reloadAll()
  await new Promise((resolve) => setTimeout(resolve, START_WITHIN_MS))
  const now = await choice()
  if (now.version !== VERSION || now.chosenAt === null) return
  await back(now)
  await reloadAll()
}

/** The chosen version has opened the journal: only now the one before may go. */
async function prove(script: string): Promise<void> {
  const now = await choice()
  if (now.chosenAt === null || !(await isOf(now, script))) return
  const proved = { ...now, before: null, chosenAt: null }
  await choose(proved)
  await dropUnneeded(proved)
}

/** A page of the chosen version failed while it started: nobody waits for the time to run out. */
async function goBack(script: string): Promise<void> {
  const now = await choice()
  if (now.chosenAt === null || !(await isOf(now, script))) return
  await back(now)
  await reloadAll()
}

/** Chooses the version before again, which works. */
async function back(now: Choice): Promise<Choice> {
  if (now.before === null) return now
  const refused = [...now.refused, now.version]
  const next = { version: now.before, before: null, chosenAt: null, refused }
  await choose(next)
  return next
}

/** A page that came from elsewhere (its cache was cleared, the server has a newer one) speaks for no version. */
async function isOf({ version }: Choice, script: string): Promise<boolean> {
  return (await fileOf(version, new URL(script).pathname)) !== undefined
}

/** Also windows whose scripts do not run, which no message would reach. A frozen one follows when it wakes. */
async function reloadAll(): Promise<void> {
  for (const client of await self.clients.matchAll({ type: 'window' })) {
    client.navigate(client.url).catch(() => undefined)
  }
}

export {}
