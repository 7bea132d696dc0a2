import { call, getBill, listBills } from '@nexus/contract'
import { inventChain } from '@nexus/seed'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scan } from '../browser-device/scanner.ts'
import { type Device, missingBrowser, openDevice } from '../support/browser.ts'
import { cartRows, enrol, openShift, sellForCash, signIn, waitUntilAtHq } from '../support/counter.ts'
import { type Chain, makeChain } from '../support/nexus.ts'
import { officeClient } from '../support/office.ts'
import { faultsOf } from '../support/screens.ts'

const missing = missingBrowser()
const options = { seed: 7, stores: 2, registersPerStore: 1, products: 60, staff: 10 }
const { stores, staff, products } = inventChain(options)
const [admin] = staff
/** Goods that are sold without a question about their batch. */
const codes = products.filter(({ batches }) => batches.length === 1).map(({ barcode }) => barcode)
const [lip = '', soap = ''] = codes

describe.skipIf(missing)(`goods come back ${missing ?? ''}`, () => {
  let chain: Chain
  let till: Device
  let otherTill: Device
  let number = ''

  beforeAll(async () => {
    chain = await makeChain()
    await chain.seed(options)
    await chain.start()
    till = await openDevice()
    otherTill = await openDevice({ size: 'phone', touch: true })
  })
  afterAll(async () => {
    await till?.close()
    await otherTill?.close()
    await chain?.dispose()
  })

  async function beginDay(page: Page, store: (typeof stores)[number] | undefined): Promise<void> {
    const code = (await chain.nexus('enrol-code', store?.code ?? '', '1')).split('\n')[0] ?? ''
    const cashier = staff.find(({ role, storeId }) => role === 'cashier' && storeId === store?.id)
    await enrol(page, chain.url, code)
    await signIn(page, cashier?.name ?? '', cashier?.pin ?? '')
    await openShift(page)
  }
  const dialog = (page: Page) => page.getByRole('dialog')
  const sum = async (page: Page) => (await page.locator('.to-pay .sum').textContent()) ?? ''
  async function givenBack(page: Page): Promise<string> {
    const status = page.getByRole('status').filter({ hasText: 'Given back' })
    await status.waitFor()
    return (await status.textContent()) ?? ''
  }
  async function find(page: Page): Promise<void> {
    await page.keyboard.press('F6')
    await page.keyboard.type(number, { delay: 80 })
    await page.keyboard.press('Enter')
  }

  test('a bill of three pieces and one is made', async () => {
    await beginDay(till.page, stores[0])
    await beginDay(otherTill.page, stores[1])
    number = await sellForCash(till.page, [lip, lip, lip, soap])
    await waitUntilAtHq(till.page)
  })

  test('[RET-1a] by keys alone one piece is exchanged for another article, and the difference is paid once', async () => {
    const { page } = till
    await page.keyboard.press('F6')
    await dialog(page).waitFor()
    expect.soft(await faultsOf(page, 'till-return-find')).toEqual([])
    await page.keyboard.type(number, { delay: 80 })
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: `Return from ${number}` }).waitFor()
    await page.keyboard.press('+')
    await dialog(page).getByRole('button', { name: 'Add to the cart' }).waitFor()
    expect.soft(await faultsOf(page, 'till-return-pick')).toEqual([])
    await page.keyboard.press('Enter')
    await dialog(page).waitFor({ state: 'detached' })
    expect(await cartRows(page).count()).toBe(1)
    await page.getByText('To give back').waitFor()
    expect.soft(await faultsOf(page, 'till-return-cart')).toEqual([])
    await scan(page, soap)
    await scan(page, soap)
    await cartRows(page).nth(1).waitFor()
    const due = await sum(page)
    await page.keyboard.press('F8')
    await page.getByRole('region', { name: 'Payment' }).waitFor()
    expect.soft(await faultsOf(page, 'till-return-pay')).toEqual([])
    await page.keyboard.press('Enter')
    const status = page.getByRole('status').filter({ hasText: /Paid|Given back/ })
    await status.waitFor()
    expect(await status.textContent()).toContain(due)
    await waitUntilAtHq(page)
  })

  test('[RET-2i] the till of another store sees what came back, and takes the next piece by touch', async () => {
    const { page } = otherTill
    await page.getByRole('button', { name: /^Return/ }).tap()
    await page.getByLabel(/^Number of the bill/).fill(number)
    await page.getByRole('button', { name: /^Find the bill/ }).tap()
    await page.getByText('1 came back before').waitFor()
    await page
      .getByRole('button', { name: /^One more of/ })
      .first()
      .tap()
    await page
      .getByRole('combobox', { name: /^Condition of/ })
      .first()
      .selectOption('Tester')
    await page.getByLabel('Why does it come back?').selectOption('Skin reaction')
    await page.getByRole('button', { name: /^Add to the cart/ }).tap()
    await page.getByText('To give back').waitFor()
    const due = await sum(page)
    await page.getByRole('button', { name: /^Give back( F8)?$/ }).tap()
    await page.getByRole('button', { name: /^Give back ₹/ }).tap()
    expect(await givenBack(page)).toContain(due)
    await waitUntilAtHq(page)
  })

  test('[RET-2i] offline, the till that made the bill takes the rest of what it knows', async () => {
    const { page } = till
    await chain.kill()
    await find(page)
    await page.getByText('1 came back before').waitFor()
    await page.getByRole('button', { name: /^Everything comes back/ }).click()
    await page.getByRole('button', { name: /^Add to the cart/ }).click()
    await page.getByText('To give back').waitFor()
    await page.keyboard.press('F8')
    await page.getByRole('button', { name: /^Give back ₹/ }).waitFor()
    expect.soft(await faultsOf(page, 'till-return-refund')).toEqual([])
    await page.keyboard.press('Enter')
    await givenBack(page)
    await page.keyboard.press('F6')
    await page.keyboard.type('ZZZ9AI26-000001', { delay: 80 })
    await page.keyboard.press('Enter')
    await dialog(page)
      .getByText(/headquarters does not answer/)
      .waitFor()
    await page.keyboard.press('Escape')
  })

  test('[RET-1b] the books hold a credit note for each return, linked to the bill, without a discrepancy', async () => {
    await chain.start()
    await waitUntilAtHq(till.page)
    const client = await officeClient(chain.url, admin?.login ?? '', admin?.password ?? '')
    const { rows } = await call(client, listBills, { query: {} })
    expect(rows.map(({ kind }) => kind).toSorted()).toEqual(['C', 'C', 'C', 'I', 'I'])
    expect(rows.map(({ discrepancies }) => discrepancies)).toEqual([0, 0, 0, 0, 0])
    const note = rows.find(({ kind }) => kind === 'C')
    const bill = await call(client, getBill, { params: { identity: note?.identity ?? '', document: 0 } })
    expect(JSON.stringify(bill)).toContain(number)
  })
})
