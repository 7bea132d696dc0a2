import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeProduct, publish } from '../../apps/till/src/rulebook/testing.ts'
import { missingBrowser } from '../support/browser.ts'
import { cartRows, enrol, openShift, sellForCash, signIn } from '../support/counter.ts'
import { buildTillInto, openTill, type Till } from './device.ts'
import { isChain, people, readChain } from './hop.ts'
import { scan } from './scanner.ts'

const missing = missingBrowser()
const products = Array.from({ length: 5 }, (_, at) => makeProduct(at + 1))
const codes = products.map(({ barcodes }) => barcodes[0] ?? '')
const [asha] = people

/** The real till in a real browser, built in several versions that one server has in turn. */
describe.skipIf(missing)(`updates ${missing ?? ''}`, () => {
  /** What the server serves at the moment. */
  let folder: string
  let builds: string
  beforeAll(() => {
    builds = mkdtempSync(join(tmpdir(), 'nexus-till-builds-'))
  })
  afterAll(() => rmSync(builds, { recursive: true, force: true }))
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nexus-till-versions-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const built = new Map<string, Promise<void>>()
  /** Each version is built once; the server has nothing of the one before. */
  async function serve(name: string, fault: 'throws' | 'silent' | '' = ''): Promise<void> {
    const build = join(builds, `${name}${fault}`)
    const ready = built.get(build) ?? buildTillInto(build, name, fault)
    built.set(build, ready)
    await ready
    rmSync(folder, { recursive: true, force: true })
    cpSync(build, folder, { recursive: true })
  }

  /** A till of version 1 that is enrolled, with its rulebook, and starts without its hop. */
  async function tillOne(): Promise<Till> {
    await serve('till-1.0.0')
    const till = await openTill(folder)
    till.hop.published = await publish(1, products)
    await enrol(till.page, till.hop.url, 'KOR-1234')
    await till.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    return till
  }

  const comeIn = (page: Page) => signIn(page, asha?.name ?? '', asha?.pin ?? '')
  const mayScan = (page: Page) => page.getByText(/5 products ready/).waitFor()
  /** The server has another version now; the device fetches it. */
  async function release(page: Page, name: string, fault: 'throws' | 'silent' | '' = ''): Promise<void> {
    await serve(name, fault)
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready
      const controlled = new Promise((resolve) =>
        navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
      )
      await registration.update()
      await controlled
    })
  }
  const script = (page: Page) => page.evaluate(() => document.querySelector('script')?.src ?? '')
  const panelButton = (page: Page) => page.locator('button.status')
  const startButton = (page: Page) => page.getByRole('button', { name: 'Start the new version' })
  const versionsKept = (page: Page) =>
    page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('nexus-till-')).length)
  /** The one epoch's entries at the hop, once nothing waits. */
  async function chain(till: Till, page: Page) {
    await page.getByRole('button', { name: /All bills at HQ/ }).waitFor({ timeout: 90_000 })
    const [epoch = ''] = till.hop.entries.keys()
    expect(await isChain(till.hop, epoch)).toBe(true)
    return readChain(till.hop, epoch)
  }

  test('[JRN-16a, F52] over an open bill nothing new takes over, whatever is closed or reloaded; then at a click', async () => {
    await using till = await tillOne()
    let { page } = till
    await comeIn(page)
    await openShift(page)
    await mayScan(page)
    await sellForCash(page, codes.slice(0, 2))
    await scan(page, codes[2] ?? '')
    await cartRows(page).nth(0).waitFor()
    const first = await script(page)

    await release(page, 'till-2.0.0')
    await panelButton(page).click()
    await startButton(page).click()
    await page.getByText('A bill is open. Take payment or void it first.').waitFor()
    await page.reload()
    await comeIn(page)
    await cartRows(page).nth(0).waitFor()
    expect(await script(page)).toBe(first)
    // A browser that is closed lets go of every old worker; the open bill must not feel it, online or not.
    await till.hop.stop()
    page = await till.crashAndReopen()
    await page.goto(`${till.hop.url}/till/`)
    await comeIn(page)
    await cartRows(page).nth(0).waitFor()
    expect(await script(page)).toBe(first)
    await page.getByRole('button', { name: /English/ }).waitFor()
    // Words, workers and all else of version 1 are here, though the server has them no more.
    await page.getByRole('button', { name: /हिन्दी/ }).click()
    await page.getByText('कुल देय', { exact: true }).waitFor()
    await page.getByRole('button', { name: /English/ }).click()
    await till.hop.start()
    await sellForCash(page, [])

    await panelButton(page).click()
    await Promise.all([page.waitForEvent('load'), startButton(page).click()])
    await comeIn(page)
    await mayScan(page)
    expect(await script(page)).not.toBe(first)
    await sellForCash(page, codes.slice(3, 4))

    const entries = await chain(till, page)
    const sales = entries.filter(({ type }) => type === 'sale')
    expect(sales.map(({ app }) => app)).toEqual(['till-1.0.0', 'till-1.0.0', 'till-2.0.0'])
    const numbers = sales.flatMap((entry) => (entry.type === 'sale' ? entry.body.documents : []))
    expect(numbers.map(({ number }) => number.slice(-6))).toEqual(['000001', '000002', '000003'])
    const updates = entries.filter(({ type }) => type === 'app-updated').map(({ body }) => body)
    expect(updates).toMatchObject([{ to: 'till-1.0.0' }, { from: 'till-1.0.0', to: 'till-2.0.0' }])
    // Version 2 opened the journal, so nothing of version 1 is left to go back into.
    await expect.poll(() => versionsKept(page)).toBe(1)
  })

  test('[JRN-16c] a minimum version never keeps a shift closed; once it is on the device it is asked for', async () => {
    await using till = await tillOne()
    const { page } = till
    till.hop.minimumApp = 'till-2.0.0'
    await page.reload()
    await comeIn(page)
    await openShift(page)
    await mayScan(page)
    await sellForCash(page, codes.slice(0, 1))
    await page.getByRole('button', { name: asha?.name ?? '' }).click()
    await page.getByRole('button', { name: 'Count and close the shift' }).click()
    await page.getByLabel('Cash in the drawer, all of it').fill('0')
    await page.getByRole('button', { name: /^Compare/ }).click()
    await page.getByLabel('Reason for the difference').fill('test')
    await page.getByRole('button', { name: 'Close the shift and sign out' }).click()
    const told = (await chain(till, page)).filter(({ type }) => type === 'incident')
    expect(told.map(({ body }) => body)).toMatchObject([
      { kind: 'app-below-minimum', params: { minimum: 'till-2.0.0', app: 'till-1.0.0' } },
    ])

    await release(page, 'till-2.0.0')
    await comeIn(page)
    await page.getByText(/^Headquarters asks for version till-2.0.0, and it is on this device/).waitFor()
    await page.getByRole('button', { name: /^Open the shift/ }).click()
    await page.getByText('Start the new version first.').waitFor()
    await Promise.all([page.waitForEvent('load'), startButton(page).click()])
    await comeIn(page)
    await openShift(page)
    await mayScan(page)
    await sellForCash(page, codes.slice(1, 2))
    const opened = (await chain(till, page)).filter(({ type }) => type === 'shift-opened')
    expect(opened.map(({ app }) => app)).toEqual(['till-1.0.0', 'till-2.0.0'])
    expect((await chain(till, page)).filter(({ type }) => type === 'incident')).toHaveLength(1)
  })

  for (const fault of ['throws', 'silent'] as const) {
    test(`[JRN-16d, F53] a version that ${fault === 'throws' ? 'fails' : 'hangs'} at its start is left for the one that works, and people are told`, async () => {
      await using till = await tillOne()
      const { page } = till
      await comeIn(page)
      await openShift(page)
      await mayScan(page)
      await sellForCash(page, codes.slice(0, 1))
      const first = await script(page)

      await release(page, 'till-2.0.0', fault)
      await panelButton(page).click()
      await Promise.all([page.waitForEvent('load'), startButton(page).click()])
      await signInSlowly(page)
      expect(await script(page)).toBe(first)
      await mayScan(page)
      await sellForCash(page, codes.slice(1, 2))
      await panelButton(page).click()
      await page.getByText(/^The new version till-2.0.0 does not start on this device/).waitFor()
      expect(await startButton(page).count()).toBe(0)
      await page.keyboard.press('Escape')
      const told = (await chain(till, page)).filter(({ type }) => type === 'incident')
      expect(told.map(({ body }) => body)).toMatchObject([
        { kind: 'update-refused', params: { release: 'till-2.0.0' } },
      ])

      // The mended one is another version; the refused one stands in nobody's way.
      await release(page, 'till-2.0.1')
      await panelButton(page).click()
      await Promise.all([page.waitForEvent('load'), startButton(page).click()])
      await comeIn(page)
      await mayScan(page)
      await sellForCash(page, codes.slice(2, 3))
      const sales = (await chain(till, page)).filter(({ type }) => type === 'sale')
      expect(sales.map(({ app }) => app)).toEqual(['till-1.0.0', 'till-1.0.0', 'till-2.0.1'])
    })
  }

  /** A silent version is given half a minute. */
  async function signInSlowly(page: Page): Promise<void> {
    await page.getByRole('heading', { name: 'Who is at the till?' }).waitFor({ timeout: 60_000 })
    await comeIn(page)
  }
})
