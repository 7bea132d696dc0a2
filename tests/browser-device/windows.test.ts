import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { missingBrowser } from '../support/browser.ts'
import { openBareBrowser } from './bare-browser.ts'
import {
  billNumbers,
  buildPage,
  enrolled,
  isReady,
  openTill,
  sell,
  statusWhere,
  type Till,
} from './device.ts'
import { type Hop, isChain, makeHop, readChain } from './hop.ts'

const missing = missingBrowser()
let built: Awaited<ReturnType<typeof buildPage>>
beforeAll(async () => {
  if (!missing) built = await buildPage()
})
afterAll(() => built?.remove())
const inBrowser = test.skipIf(missing !== undefined)

const cdp = (till: Till, page: Page) => till.context.newCDPSession(page)
const salesAt = (hop: Hop) =>
  [...hop.entries.keys()].flatMap((epoch) =>
    readChain(hop, epoch).flatMap((entry) => (entry.type === 'sale' ? entry.body.documents : [])),
  )

inBrowser(
  '[JRN-6b, JRN-6c, F55] a frozen window is taken over; thawed, it writes nothing more and says whose the register is',
  async () => {
    await using till = await openTill(built.folder)
    const frozen = await enrolled(till)
    await sell(frozen)
    const session = await cdp(till, frozen)
    // A sale is under way in it when it freezes, and again as soon as it wakes.
    await frozen.evaluate(() => {
      const outcomes: string[] = []
      Object.assign(window, { outcomes })
      const again = () =>
        window.till.sell().then(
          (number) => {
            outcomes.push(number)
            setTimeout(again, 20)
          },
          (cause: unknown) => outcomes.push(String(cause)),
        )
      void again()
    })
    await session.send('Page.setWebLifecycleState', { state: 'frozen' })
    const second = await till.context.newPage()
    await second.goto(`${till.hop.url}/till/`)
    await statusWhere(second, ({ state }) => state === 'read-only', 'read-only')
    await second.evaluate(() => window.till.journal.takeOver())
    await statusWhere(second, isReady, 'owner')
    const mine = [await sell(second), await sell(second)]

    await session.send('Page.setWebLifecycleState', { state: 'active' })
    await statusWhere(frozen, ({ state }) => state === 'read-only', 'read-only')
    const outcomes = await frozen.evaluate(() => (window as unknown as { outcomes: string[] }).outcomes) // as: put there above
    expect(outcomes.at(-1)).toMatch(/Another window owns/)
    mine.push(await sell(second))
    const kept = await billNumbers(second)
    expect(new Set(kept).size).toBe(kept.length)
    // What the frozen one acknowledged stands, nothing of it after the take-over.
    for (const number of [...outcomes.slice(0, -1), ...mine]) expect(kept).toContain(number)
    expect(kept.slice(-3)).toEqual(mine)
    await statusWhere(second, ({ waiting }) => waiting.entries === 0, 'pushed')
    for (const epoch of till.hop.entries.keys()) expect(await isChain(till.hop, epoch)).toBe(true)
    expect(salesAt(till.hop).map(({ number }) => number)).toEqual(kept)
  },
)

inBrowser(
  '[JRN-6a, JRN-6c, F55] an owner that nobody told writes nothing once a higher fence stands in the database',
  async () => {
    await using till = await openTill(built.folder)
    const page = await enrolled(till)
    const number = await sell(page)
    const other = await till.context.newPage()
    await other.goto(`${till.hop.url}/till/?idle`)
    await other.evaluate(
      () =>
        new Promise((resolve, reject) => {
          indexedDB.open('nexus-journal').onsuccess = ({ target }) => {
            const db = (target as IDBOpenDBRequest).result // as: the event's own request
            const tx = db.transaction('state', 'readwrite')
            const head = tx.objectStore('state').get('head')
            head.onsuccess = () =>
              tx.objectStore('state').put({ ...head.result, fence: head.result.fence + 1 }, 'head')
            tx.oncomplete = () => resolve(db.close())
            tx.onabort = reject
          }
        }),
    )
    await expect(sell(page)).rejects.toThrow(/Another window owns/)
    await statusWhere(page, ({ state }) => state === 'read-only', 'read-only')
    await page.reload()
    await statusWhere(page, isReady, 'owner again')
    expect(await billNumbers(page)).toEqual([number])
  },
)

inBrowser(
  '[JRN-8k, F34] a hidden, throttled window sends what it has within 90 s of the hop’s return',
  async () => {
    const hop = makeHop(built.folder)
    await hop.start()
    const browser = await openBareBrowser()
    try {
      const till = await browser.open(`${hop.url}/till/`)
      await till.until(`window.till?.journal.getStatus().state === 'not-enrolled'`)
      await till.evaluate(`window.till.journal.enrol('KOR-1234')`)
      await till.until(`window.till.journal.getStatus().waiting.entries === 0`)
      await hop.stop()
      const sell = () => till.evaluate<string>(`window.till.sell()`)
      const numbers = [await sell(), await sell()]
      // In front of it, as another program's window is.
      await browser.open('about:blank')
      expect(await till.evaluate(`document.visibilityState`)).toBe('hidden')
      const ticks = await till.evaluate<number>(`new Promise((resolve) => {
        let ticks = 0
        setInterval(() => ticks++, 10)
        setTimeout(() => resolve(ticks), 5000)
      })`)
      // So few that a page's own timers could not be relied on.
      expect(ticks).toBeLessThan(20)
      // Long enough for the back-off to grow, and for the browser to slow the page down further.
      await new Promise((resolve) => setTimeout(resolve, 60_000))
      const back = Date.now()
      await hop.start()
      while (salesAt(hop).length < numbers.length) {
        expect(Date.now() - back, 'ms since the hop is back').toBeLessThan(90_000)
        await new Promise((resolve) => setTimeout(resolve, 250))
      }
      expect(salesAt(hop).map(({ number }) => number)).toEqual(numbers)
      expect(await till.evaluate(`document.visibilityState`)).toBe('hidden')
    } finally {
      await browser.close()
      await hop.stop()
    }
  },
)
