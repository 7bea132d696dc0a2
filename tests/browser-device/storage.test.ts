import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeProduct, publish } from '../../apps/till/src/rulebook/testing.ts'
import { missingBrowser } from '../support/browser.ts'
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
import { isChain, readChain } from './hop.ts'

const missing = missingBrowser()
let built: Awaited<ReturnType<typeof buildPage>>
beforeAll(async () => {
  if (!missing) built = await buildPage()
})
afterAll(() => built?.remove())
const inBrowser = test.skipIf(missing !== undefined)

/** Says how much the origin may keep, as the browser does when the disk fills up; undefined gives all back. */
async function limitTo(till: Till, page: Page, quotaSize: number | undefined): Promise<void> {
  const session = await till.context.newCDPSession(page)
  const origin = new URL(till.hop.url).origin
  await session.send('Storage.overrideQuotaForOrigin', {
    origin,
    ...(quotaSize !== undefined && { quotaSize }),
  })
}
const usage = async (page: Page) => (await page.evaluate(() => navigator.storage.estimate())).usage ?? 0
const incidents = (till: Till) =>
  [...till.hop.entries.keys()].flatMap((epoch) =>
    readChain(till.hop, epoch).flatMap((entry) => (entry.type === 'incident' ? [entry.body] : [])),
  )

inBrowser(
  '[JRN-1g, F11] a disk that fills up: one copy goes on loudly, then sales are refused; all is whole when room is back',
  async () => {
    await using till = await openTill(built.folder)
    const page = await enrolled(till)
    const numbers = [await sell(page)]
    await limitTo(till, page, 1000)
    await page.evaluate(() => window.till.journal.nudge())
    // Known before anything fails.
    await statusWhere(page, ({ storage }) => storage.room === 'none', 'warned')

    // What the browser had set aside for the files is used up; the other copy completes each sale.
    const oneCopy = new Set<string>()
    let refusal: unknown
    const giveUpAt = Date.now() + 120_000
    while (refusal === undefined && Date.now() < giveUpAt) {
      const sold = await sell(page).catch((cause: unknown) => ({ cause }))
      if (typeof sold === 'string') numbers.push(sold)
      else refusal = sold.cause
      const { failedCopy } = (await page.evaluate(() => window.till.journal.getStatus())).storage
      if (failedCopy !== null && refusal === undefined) oneCopy.add(failedCopy)
    }
    expect(String(refusal)).toContain('Neither copy of the journal took the entry')
    expect(oneCopy.size).toBe(1)
    expect(await billNumbers(page)).toEqual(numbers)

    await limitTo(till, page, undefined)
    await statusWhere(page, ({ storage }) => storage.room === 'fine' && storage.failedCopy === null, 'mended')
    numbers.push(await sell(page))
    expect(new Set(numbers).size).toBe(numbers.length)
    await statusWhere(page, ({ waiting }) => waiting.entries === 0, 'pushed')
    const [epoch = ''] = till.hop.entries.keys()
    expect(await isChain(till.hop, epoch)).toBe(true)
    const sales = readChain(till.hop, epoch).flatMap((entry) =>
      entry.type === 'sale' ? entry.body.documents : [],
    )
    expect(sales.map(({ number }) => number)).toEqual(numbers)
    expect(incidents(till)).toContainEqual(expect.objectContaining({ kind: 'copy-failed' }))
    expect(incidents(till)).toContainEqual(
      expect.objectContaining({ kind: 'storage-low', params: expect.objectContaining({ room: 'none' }) }),
    )

    // The copy that failed has everything: it rebuilds the till alone.
    await page.goto(`${till.hop.url}/till/?idle`)
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          indexedDB.deleteDatabase('nexus-journal').onsuccess = resolve
        }),
    )
    await page.goto(`${till.hop.url}/till/`)
    await statusWhere(page, isReady, 'ready')
    expect(await billNumbers(page)).toEqual(numbers)
  },
)

inBrowser(
  '[JRN-2e] the rulebook makes room for the journal, and comes again when there is plenty',
  async () => {
    await using till = await openTill(built.folder)
    till.hop.published = await publish(
      1,
      Array.from({ length: 12_000 }, (_, at) => makeProduct(at + 1)),
    )
    const page = await enrolled(till)
    await page.evaluate(() => window.till.rulebook.sync())
    const kept = () =>
      page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            indexedDB.open('nexus-cache').onsuccess = ({ target }) => {
              const db = (target as IDBOpenDBRequest).result // as: the event's own request
              const count = db.transaction('parts').objectStore('parts').count()
              count.onsuccess = () => {
                db.close()
                resolve(count.result)
              }
            }
          }),
      )
    expect(await kept()).toBeGreaterThan(3)
    // Chunks go into memory one after another.
    await new Promise((resolve) => setTimeout(resolve, 3000))
    const quota = await usage(page)
    await limitTo(till, page, quota)
    await page.evaluate(() => window.till.journal.nudge())
    await expect.poll(kept).toBe(0)
    await statusWhere(page, ({ storage }) => storage.room === 'low', 'only low')
    await sell(page)
    // Prices of everything are in memory still, and nothing fetches them into the journal's room.
    await page.evaluate(() => window.till.rulebook.sync())
    expect(await page.evaluate(() => window.till.rulebook.getState())).toMatchObject({
      phase: 'ready',
      version: 1,
      problem: 'no-room',
    })
    expect(await kept()).toBe(0)

    await limitTo(till, page, undefined)
    await page.evaluate(() => window.till.journal.nudge())
    await statusWhere(page, ({ storage }) => storage.room === 'fine', 'room again')
    await page.evaluate(() => window.till.rulebook.sync())
    expect(await kept()).toBeGreaterThan(3)
  },
)
