import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeProduct, publish } from '../../apps/till/src/rulebook/testing.ts'
import { missingBrowser } from '../support/browser.ts'
import {
  buildInto,
  buildPage,
  call,
  enrolled,
  isReady,
  openTill,
  sell,
  statusWhere,
  type Till,
} from './device.ts'
import { scan, typeFast } from './scanner.ts'

const missing = missingBrowser()
let built: Awaited<ReturnType<typeof buildPage>>
beforeAll(async () => {
  if (!missing) built = await buildPage()
})
afterAll(() => built?.remove())
const inBrowser = test.skipIf(missing !== undefined)

/** Waits until the service worker of the page controls it: from then on it starts without the hop. */
const controlled = (page: Page) =>
  page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 20_000 })

const products = Array.from({ length: 3500 }, (_, at) => makeProduct(at + 1))

/** An enrolled till that has brought its rulebook. */
async function stocked(till: Till): Promise<Page> {
  till.hop.published = await publish(1, products)
  const page = await enrolled(till)
  await page.evaluate(() => window.till.rulebook.sync())
  expect(await page.evaluate(() => window.till.rulebook.getState())).toMatchObject({
    phase: 'ready',
    version: 1,
  })
  return page
}

/** Price of the product that bears a code; the problem where it cannot be had. */
const priceOf = (page: Page, code: string) =>
  page.evaluate(async (asked) => {
    const catalogue = window.till.rulebook.current()
    const [id = 0] = catalogue?.findByCode(asked) ?? []
    try {
      await catalogue?.ensure([id])
      return catalogue?.product(id)?.prices[0]?.unitMinor
    } catch (cause) {
      return String(cause)
    }
  }, code)

const rulebookReady = (page: Page) =>
  page.waitForFunction(() => window.till.rulebook.getState().phase === 'ready', undefined, {
    timeout: 20_000,
  })

inBrowser('the till starts, reloads and sells without its hop; what it sold arrives later', async () => {
  await using till = await openTill(built.folder)
  const page = await stocked(till)
  await controlled(page)
  await till.hop.stop()
  await page.reload()
  await statusWhere(page, isReady, 'ready')
  await rulebookReady(page)
  const code = products[2999]?.barcodes[0] ?? ''
  expect(await priceOf(page, code)).toBe(products[2999]?.prices[0]?.unitMinor)
  await sell(page)
  const again = await till.crashAndReopen()
  await again.goto(`${till.hop.url}/till/anything?page=1`)
  await statusWhere(again, isReady, 'ready')
  await sell(again)
  await till.hop.start()
  await again.evaluate(() => window.till.journal.nudge())
  await statusWhere(again, ({ waiting, hop }) => waiting.entries === 0 && hop.reachable, 'pushed')
})

inBrowser(
  '[JRN-16] a new version waits until it is asked to take over, then every window runs it',
  async () => {
    const mine = await buildPage('till-1')
    await using till = await openTill(mine.folder)
    const page = await enrolled(till)
    await controlled(page)
    const other = await till.context.newPage()
    await other.goto(`${till.hop.url}/till/`)
    await controlled(other)
    const script = () => page.evaluate(() => document.querySelector('script')?.src ?? '')
    const before = await script()

    await buildInto(mine.folder, 'till-2')
    await page.evaluate(() => window.till.updates.check())
    await page.waitForFunction(() => window.till.updates.isReady())
    // The old files are gone from the server, and still a reload runs the old version whole.
    await page.reload()
    await statusWhere(page, isReady, 'ready')
    expect(await sell(page)).toBe('KOR1AB26-000001')
    await page.waitForFunction(() => window.till.updates.isReady())

    const reloads = Promise.all([page.waitForEvent('load'), other.waitForEvent('load')])
    await page.evaluate(() => window.till.updates.takeOver())
    await reloads
    await page.waitForFunction(() => window.till !== undefined)
    const releases = await workerBuilds(page)
    expect(before).not.toBe('')
    expect(releases).toContain('till-2')
    mine.remove()
  },
)

/** Releases that the journal worker's script names. */
async function workerBuilds(page: Page): Promise<string> {
  const giveUpAt = Date.now() + 20_000
  for (;;) {
    const url = page
      .workers()
      .find((worker) => worker.url().includes('journal-worker'))
      ?.url()
    if (url) return page.evaluate(async (address) => (await fetch(address)).text(), url)
    if (Date.now() > giveUpAt) throw new Error('the page never started its journal')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

inBrowser(
  'a chunk that was damaged on the device is fetched again when a product of it is scanned',
  async () => {
    await using till = await openTill(built.folder)
    const page = await stocked(till)
    const hash = till.hop.published?.manifest.chunks[2]?.hash ?? ''
    const damage = () =>
      page.evaluate(async (key) => {
        const db = await new Promise<IDBDatabase>((resolve) => {
          const request = indexedDB.open('nexus-cache')
          request.onsuccess = () => resolve(request.result)
        })
        await new Promise((resolve) => {
          const tx = db.transaction('parts', 'readwrite')
          tx.objectStore('parts').put(
            new TextEncoder().encode('[{"id":2001,"prices":[{"unitMinor":1}]}]'),
            key,
          )
          tx.oncomplete = resolve
        })
        db.close()
      }, hash)
    const code = products[2499]?.barcodes[0] ?? ''
    const price = products[2499]?.prices[0]?.unitMinor

    await page.goto(`${till.hop.url}/till/?idle`)
    await damage()
    await page.goto(`${till.hop.url}/till/`)
    await rulebookReady(page)
    await statusWhere(page, ({ hop }) => hop.reachable, 'greeted')
    expect(await priceOf(page, code)).toBe(price)

    // Without the hop there is no price to be had, and none is made up.
    await controlled(page)
    await page.goto(`${till.hop.url}/till/?idle`)
    await damage()
    await till.hop.stop()
    await page.goto(`${till.hop.url}/till/`)
    await rulebookReady(page)
    expect(await priceOf(page, code)).toContain('could not be fetched')
    expect(await priceOf(page, products[0]?.barcodes[0] ?? '')).toBe(products[0]?.prices[0]?.unitMinor)
  },
)

inBrowser('a till sells on by the old version while the new one arrives, then by the new one', async () => {
  await using till = await openTill(built.folder)
  const page = await stocked(till)
  const code = products[41]?.barcodes[0] ?? ''
  const next = await publish(
    2,
    products.map((product) => (product.id === 42 ? makeProduct(42, 99_900) : product)),
  )
  const [changed = ''] = [...next.parts.keys()].filter((hash) => !till.hop.published?.parts.has(hash))
  const bytes = next.parts.get(changed) ?? new Uint8Array()
  till.hop.published = next
  next.parts.set(changed, new TextEncoder().encode('[]'))
  await page.evaluate(() => window.till.rulebook.sync())
  expect(await page.evaluate(() => window.till.rulebook.getState())).toMatchObject({
    version: 1,
    problem: 'bad-hash',
  })
  expect(await priceOf(page, code)).toBe(products[41]?.prices[0]?.unitMinor)

  next.parts.set(changed, bytes)
  await page.evaluate(() => window.till.rulebook.sync())
  expect(await page.evaluate(() => window.till.rulebook.getState())).toMatchObject({
    version: 2,
    problem: null,
  })
  expect(await priceOf(page, code)).toBe(99_900)
})

inBrowser('[JRN-2e, F18] the rulebook may be lost at any time: bills stay, and it comes again', async () => {
  await using till = await openTill(built.folder)
  const page = await stocked(till)
  await sell(page)
  await page.goto(`${till.hop.url}/till/?idle`)
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        indexedDB.deleteDatabase('nexus-cache').onsuccess = resolve
      }),
  )
  await page.goto(`${till.hop.url}/till/`)
  await statusWhere(page, ({ hop }) => hop.reachable, 'greeted')
  expect((await call(page, ({ journal }) => journal.lastBills(5))).length).toBe(1)
  await page.evaluate(() => window.till.rulebook.sync())
  await rulebookReady(page)
  expect(await priceOf(page, products[0]?.barcodes[0] ?? '')).toBe(products[0]?.prices[0]?.unitMinor)
})

inBrowser('a scan is heard wherever the focus is, and leaves the field as it was', async () => {
  await using till = await openTill(built.folder)
  const { page } = till
  await page.goto(`${till.hop.url}/till/`)
  await page.evaluate(() => {
    const fields = ['search', 'amount', 'other'].map((id) => {
      const field = document.createElement(id === 'other' ? 'button' : 'input')
      field.id = id
      field.addEventListener('click', () => field.toggleAttribute('pressed'))
      return field
    })
    document.body.append(...fields)
  })
  const value = (id: string) => page.inputValue(`#${id}`)

  await scan(page, '8901234567890')
  await page.focus('#amount')
  await page.keyboard.type('500', { delay: 120 })
  await scan(page, '96385074')
  await page.focus('#other')
  await scan(page, 'LIP-0004')
  await page.focus('#search')
  await page.keyboard.type('3*', { delay: 120 })
  await scan(page, '036000291452')
  await page.keyboard.type('lip', { delay: 120 })

  expect(await page.evaluate(() => window.till.scans)).toEqual([
    { text: '8901234567890', before: '' },
    { text: '96385074', before: '500' },
    { text: 'LIP-0004', before: '' },
    { text: '036000291452', before: '3*' },
  ])
  expect([await value('amount'), await value('search')]).toEqual(['500', '3*lip'])
  expect(await page.getAttribute('#other', 'pressed')).toBeNull()
})

inBrowser(
  'keys as fast as a scanner’s that become no scan reach their field, where the caret was',
  async () => {
    await using till = await openTill(built.folder)
    const { page } = till
    await page.goto(`${till.hop.url}/till/`)
    await page.evaluate(() => {
      const box = document.createElement('input')
      box.id = 'search'
      document.body.append(box)
      box.value = 'ab'
      box.focus()
      box.setSelectionRange(1, 1)
    })
    const value = () => page.inputValue('#search')

    await typeFast(page, [...'lipstick'])
    await expect.poll(value).toBe('alipstickb')
    await typeFast(page, [...'rouge', 'Backspace'])
    expect(await value()).toBe('alipstickrougb')
    expect(await page.evaluate(() => window.till.scans)).toEqual([])
  },
)
