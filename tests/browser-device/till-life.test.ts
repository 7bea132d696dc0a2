import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeEntry, fromBase64Url, toBase64Url } from '@nexus/sync'
import { readJournalFile } from '@nexus/sync/testing'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeProduct, publish } from '../../apps/till/src/rulebook/testing.ts'
import { missingBrowser } from '../support/browser.ts'
import { cartRows, enrol, openShift, paidNumber, sellForCash, signIn } from '../support/counter.ts'
import { faultsOf } from '../support/screens.ts'
import { buildTillInto, openTill, type Till } from './device.ts'
import { people, readChain } from './hop.ts'
import { scan } from './scanner.ts'

const missing = missingBrowser()
const products = Array.from({ length: 5 }, (_, at) => makeProduct(at + 1))
const codes = products.map(({ barcodes }) => barcodes[0] ?? '')
const [asha, bala] = people

/** The real till, screens and all, with a hop in memory: what happens to a till besides selling. */
describe.skipIf(missing)(`a till's life ${missing ?? ''}`, () => {
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nexus-till-life-'))
    await buildTillInto(folder, 'till-1.0.0')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const comeIn = (page: Page) => signIn(page, asha?.name ?? '', asha?.pin ?? '')
  const panel = (page: Page) => page.locator('button.status')
  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })

  async function selling(): Promise<{ till: Till; page: Page }> {
    const till = await openTill(folder)
    till.hop.published = await publish(1, products)
    const { page } = till
    await enrol(page, till.hop.url, 'KOR-1234')
    await comeIn(page)
    await openShift(page)
    await page.getByText(/5 products ready/).waitFor()
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    return { till, page }
  }
  /** Bytes of the entries, base64url, in the file that a click saves. */
  async function savedFile(page: Page): Promise<string[]> {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      button(page, 'Save the journal as a file').click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^nexus-journal-.*\.jsonl$/)
    const file = await readJournalFile(readFileSync(await download.path(), 'utf8').split('\n'))
    return file.epochs.flatMap(({ entries }) => entries.map(({ bytes }) => toBase64Url(bytes)))
  }
  const typesOf = (bytes: readonly string[]) =>
    bytes.map((each) => decodeEntry(fromBase64Url(each)).outline.type)

  test('[JRN-12a, F07] offline, the queue shows each bill that is only here, since when and why; leaving says it', async () => {
    const { till, page } = await selling()
    await using _ = till
    await page.getByRole('button', { name: /All bills at HQ/ }).waitFor()
    await till.hop.stop()
    const numbers = [await sellForCash(page, codes.slice(0, 1)), await sellForCash(page, codes.slice(1, 3))]
    await panel(page).click()
    // This hop keeps no second place: what it received counts, and the till says it so.
    await page.getByText('Not yet at HQ').waitFor()
    await button(page, 'Show what waits').click()
    const queue = page.getByRole('dialog')
    for (const number of numbers) await queue.getByText(number).waitFor()
    await queue.getByText(/^2 bills, ₹.* wait\. They are kept here/).waitFor()
    await queue.getByText(/^The server is not reached\..*Next try in/).waitFor({ timeout: 60_000 })
    expect(await faultsOf(page, 'till-queue')).toEqual([])
    const file = await savedFile(page)
    expect(typesOf(file).filter((type) => type === 'sale')).toHaveLength(2)

    await till.hop.start()
    await queue.getByRole('button', { name: 'Send now' }).press('Enter')
    await queue.getByText('Nothing waits: the server has every bill of this till.').waitFor()
    await page.keyboard.press('Escape')

    await till.hop.stop()
    await sellForCash(page, codes.slice(3, 4))
    await button(page, asha?.name ?? '').click()
    await button(page, 'Sign out').click()
    await page
      .getByRole('dialog')
      .getByText(/^1 entry of this till is not yet at headquarters/)
      .waitFor()
    await page.keyboard.press('Escape')
    await button(page, asha?.name ?? '').click()
    await button(page, 'Count and close the shift').click()
    await page
      .getByRole('dialog')
      .getByText(/^1 entry of this till is not yet at headquarters/)
      .waitFor()
  })

  test('[JRN-12b, F07] the register leaves a device with nothing only here, or with a manager’s word and a file', async () => {
    const { till, page } = await selling()
    await using _ = till
    await till.hop.stop()
    await sellForCash(page, codes.slice(0, 1))
    await panel(page).click()
    await button(page, 'Take the register off this device').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/entries of this till are not yet at headquarters|entry of this till is/).waitFor()
    expect(await dialog.getByRole('button', { name: 'Take it off now' }).count()).toBe(0)
    expect(await dialog.getByRole('button', { name: asha?.name ?? '' }).count()).toBe(0)
    await dialog.getByRole('button', { name: bala?.name ?? '' }).click()
    expect(await faultsOf(page, 'till-remove')).toEqual([])
    await dialog.getByLabel(`PIN of ${bala?.name}`).fill(bala?.pin ?? '')
    await dialog.getByRole('button', { name: /^Allow it/ }).click()
    await dialog.getByText('Say why it cannot wait.').waitFor()
    await dialog.getByLabel('Why it cannot wait').fill('Screen broken')
    await dialog.getByLabel(`PIN of ${bala?.name}`).fill(bala?.pin ?? '')
    await dialog.getByRole('button', { name: /^Allow it/ }).click()
    await dialog.getByText(/^Allowed\. Now save the journal/).waitFor()
    expect(await dialog.getByRole('button', { name: 'Take it off now' }).count()).toBe(0)
    const file = await savedFile(page)
    const last = decodeEntry(fromBase64Url(file.at(-1) ?? ''))
    expect(last.kind === 'ok' && last.entry).toMatchObject({
      type: 'approval',
      body: { action: 'remove-register', by: bala?.id, how: 'pin', reason: 'Screen broken' },
    })
    expect(typesOf(file)).toContain('sale')
    await dialog.getByRole('button', { name: 'Take it off now' }).click()
    await page.getByRole('heading', { name: 'Make this device a till' }).waitFor()

    // The same device, another code: it begins a life of its own.
    till.hop.codes.add('KOR-5678')
    await till.hop.start()
    await enrol(page, till.hop.url, 'KOR-5678')
    await comeIn(page)
    await openShift(page)
    await page.getByText(/5 products ready/).waitFor()
    expect(await sellForCash(page, codes.slice(0, 1))).toContain('-000001')
    await page.getByRole('button', { name: /All bills at HQ/ }).waitFor()
    await panel(page).click()
    await button(page, 'Take the register off this device').click()
    await dialog.getByText(/^Headquarters has every entry of this register/).waitFor()
    await dialog.getByRole('button', { name: 'Take it off now' }).click()
    await page.getByRole('heading', { name: 'Make this device a till' }).waitFor()
  })

  test('[JRN-21b, JRN-21c] an old device that is told so finishes its bill, sends all of it and stops', async () => {
    const { till, page } = await selling()
    await using _ = till
    await page.getByRole('button', { name: /All bills at HQ/ }).waitFor()
    const [epoch = ''] = till.hop.entries.keys()
    await till.hop.stop()
    await sellForCash(page, codes.slice(0, 1))
    await scan(page, codes[1] ?? '')
    await cartRows(page).nth(0).waitFor()
    till.hop.closed.push(epoch)
    await till.hop.start()
    await page.getByRole('button', { name: /^.*Handed over to another device/ }).waitFor({ timeout: 90_000 })
    await till.hop.stop()
    await page.keyboard.press('F8')
    await page.getByRole('region', { name: 'Payment' }).waitFor()
    await page.keyboard.press('Enter')
    const number = await paidNumber(page)
    await scan(page, codes[2] ?? '')
    await page.getByRole('heading', { name: 'This device is no till any more' }).waitFor()
    await page.getByText(/still to be sent\. Leave this device switched on/).waitFor()
    expect(await faultsOf(page, 'till-retired')).toEqual([])
    const file = await savedFile(page)

    await till.hop.start()
    await page.getByText(/^✓ Everything was sent\./).waitFor({ timeout: 90_000 })
    const sales = readChain(till.hop, epoch).flatMap((entry) =>
      entry.type === 'sale' ? entry.body.documents : [],
    )
    expect(sales.at(-1)?.number).toBe(number)
    expect(till.hop.entries.get(epoch)?.map(toBase64Url).slice(0, file.length)).toEqual(file)
    const asked = till.hop.asked.filter((each) => each.startsWith('POST')).length
    await new Promise((resolve) => setTimeout(resolve, 40_000))
    expect(till.hop.asked.filter((each) => each.startsWith('POST')).length).toBe(asked)
    // Nor does it come back to life.
    await page.reload()
    await page.getByRole('heading', { name: 'This device is no till any more' }).waitFor()
  })

  test('[JRN-12c, JRN-6d] the file can be saved from a window that does not own the register and from a till that cannot start', async () => {
    const { till, page } = await selling()
    await using _ = till
    await sellForCash(page, codes.slice(0, 1))
    await page.getByRole('button', { name: /All bills at HQ/ }).waitFor()
    const sent = () => [...till.hop.entries.values()].flatMap((entries) => entries.map(toBase64Url))
    const second = await till.context.newPage()
    await second.goto(`${till.hop.url}/till/`)
    await second.getByRole('heading', { name: 'This register is open in another window' }).waitFor()
    expect(await savedFile(second)).toEqual(sent())
    await second.close()

    // Its worker is gone from the device and the server: nothing of the journal's own program runs.
    await page.evaluate(async () => {
      const names = (await caches.keys()).filter((name) => name.startsWith('nexus-till-'))
      for (const name of names) {
        const cache = await caches.open(name)
        for (const { url } of await cache.keys()) if (url.includes('journal-worker')) await cache.delete(url)
      }
    })
    till.hop.hidden.push('journal-worker')
    await (await till.context.newCDPSession(page)).send('Network.clearBrowserCache')
    await page.reload()
    await page.getByRole('heading', { name: 'The bills on this device cannot be opened' }).waitFor()
    expect(await faultsOf(page, 'till-failed')).toEqual([])
    expect(await savedFile(page)).toEqual(sent())
  })

  test('[JRN-1k, F11] a full disk refuses Pay before money is taken, and lets it go on when room is back', async () => {
    const { till, page } = await selling()
    await using _ = till
    await scan(page, codes[0] ?? '')
    await cartRows(page).nth(0).waitFor()
    const session = await till.context.newCDPSession(page)
    const origin = new URL(till.hop.url).origin
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 })
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await button(page, /No room for another bill on this device/).waitFor()
    await page.keyboard.press('F8')
    await page.getByText(/^This device has no room to save another bill\. Take no money yet/).waitFor()
    expect(await page.getByRole('region', { name: 'Payment' }).count()).toBe(0)
    await panel(page).click()
    expect(await faultsOf(page, 'till-no-room')).toEqual([])
    await page.keyboard.press('Escape')
    await session.send('Storage.overrideQuotaForOrigin', { origin })
    await button(page, /No room for another bill/).waitFor({ state: 'detached' })
    await sellForCash(page, [])
  })
})
