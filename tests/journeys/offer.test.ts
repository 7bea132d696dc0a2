import {
  call,
  getBill,
  getOfferTakeUp,
  listBills,
  listOffers,
  listProducts,
  listStockMoves,
} from '@nexus/contract'
import { formatRupees, localDate, shareOf } from '@nexus/domain'
import { inventChain } from '@nexus/seed'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scan } from '../browser-device/scanner.ts'
import { type Device, missingBrowser, openDevice } from '../support/browser.ts'
import { cartRows, enrol, openShift, sellForCash, signIn, waitUntilAtHq } from '../support/counter.ts'
import { type Chain, makeChain } from '../support/nexus.ts'
import { officeClient, signInToOffice } from '../support/office.ts'

const missing = missingBrowser()
const options = { seed: 11, stores: 1, registersPerStore: 1, products: 120, staff: 8 }
const { stores, staff, products } = inventChain(options)
const [admin] = staff
const [store] = stores
const cashier = staff.find(({ role, storeId }) => role === 'cashier' && storeId === store?.id)
/** Of one batch, in no offer of the seeded chain, and two of it are no big basket. */
const goods = products
  .filter(
    ({ category, batches, priceMinor }) => category === 'Face' && batches.length === 1 && priceMinor < 60_000,
  )
  .toSorted((one, other) => other.priceMinor - one.priceMinor)[0]
const offerName = 'Two of a kind: 25% off'

describe.skipIf(missing)(`an offer, from the desk to the books ${missing ?? ''}`, () => {
  let chain: Chain
  let till: Device
  let office: Device
  let offerId = 0
  const unitMinor = goods?.priceMinor ?? 0
  const pairMinor = 2 * (unitMinor - shareOf(unitMinor, 2500))

  beforeAll(async () => {
    chain = await makeChain()
    await chain.seed(options, 2)
    await chain.start()
    till = await openDevice()
    office = await openDevice()
  })
  afterAll(async () => {
    await till?.close()
    await office?.close()
    await chain?.dispose()
  })

  const client = () => officeClient(chain.url, admin?.login ?? '', admin?.password ?? '')

  test('a till signs on, and its line drops', async () => {
    const { page, context } = till
    const code = (await chain.nexus('enrol-code', store?.code ?? '', '1')).split('\n')[0] ?? ''
    await enrol(page, chain.url, code)
    await signIn(page, cashier?.name ?? '', cashier?.pin ?? '')
    await openShift(page)
    await waitUntilAtHq(page)
    await context.setOffline(true)
  })

  test('an offer is made at the desk, and its effect on a cart stands beside the form', async () => {
    const { page } = office
    await signInToOffice(page, chain.url, admin?.login ?? '', admin?.password ?? '')
    await page.goto(`${chain.url}/office/offers`)
    await page.getByRole('link', { name: 'New offer' }).first().click()
    await page.getByLabel('Name on the bill').fill(offerName)
    await pick('Products', goods?.sku ?? '')
    await page.getByLabel('Percentage off').fill('25')
    await page.getByLabel('Once so many are on the bill').fill('2')
    // The desk proposes tomorrow.
    await page.getByLabel('First day').first().fill(localDate(Date.now()))
    await pick('Add a product', goods?.sku ?? '')
    await page.getByRole('button', { name: /^One more of/ }).click()
    const saves = `The customer saves ${formatRupees(2 * unitMinor - pairMinor)}.`
    await page.getByText(saves).waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Kept as a draft. Tills know nothing of it yet.').waitFor()
    offerId = Number(page.url().split('/').at(-1))
  })

  test('[PRC-10a, PRC-10b] the draft runs over past bills, and every given discount comes out again', async () => {
    const { page } = office
    await page.getByRole('button', { name: 'Start the replay' }).click()
    await page
      .getByText(/The live rules first gave every discount of [\d,]+ bills again, to the paisa/)
      .waitFor()
    await page.getByText(/of [\d,]+ bills would change/).waitFor()
  })

  test('it is published; the till that is away sells on without it', async () => {
    const { page } = office
    await page.getByRole('button', { name: 'Publish the offer' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Publish the offer' }).click()
    await page
      .getByText(/Version \d+ is published/)
      .first()
      .waitFor()
    await page.goto(`${chain.url}/office/rulebook`)
    await page.getByText(/0 of 1 tills hold version/).waitFor()
    await sellForCash(till.page, [goods?.barcode ?? '', goods?.barcode ?? ''])
    const paid = till.page.getByRole('status').filter({ hasText: 'Paid' })
    expect(await paid.textContent()).toContain(formatRupees(2 * unitMinor))
  })

  test('back on the line it has the offer, sells under it, and says why', async () => {
    const { page, context } = till
    await context.setOffline(false)
    await waitUntilAtHq(page)
    await office.page.getByText(/All 1 tills hold version/).waitFor({ timeout: 180_000 })
    await scan(page, goods?.barcode ?? '')
    await page.getByRole('button', { name: /^Add 1 more/ }).waitFor()
    await scan(page, goods?.barcode ?? '')
    await cartRows(page).filter({ hasText: offerName }).waitFor()
    await page.keyboard.press('Enter')
    await page
      .getByRole('dialog')
      .getByText(new RegExp(`${offerName}.* on 2 units`))
      .waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('F8')
    await page.getByRole('region', { name: 'Payment' }).waitFor()
    await page.keyboard.press('Enter')
    const paid = page.getByRole('status').filter({ hasText: 'Paid' })
    await paid.waitFor()
    expect(await paid.textContent()).toContain(formatRupees(pairMinor))
  })

  test('[RET-2a] one of the two comes back for its share of what was paid', async () => {
    const { page } = till
    const [bill] = await soldUnderOffer()
    await page.keyboard.press('F6')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/^Number of the bill/).fill(bill?.number ?? '')
    await page.keyboard.press('Enter')
    await dialog.getByRole('button', { name: /^One more of .* comes back/ }).click()
    await dialog.getByLabel('Why does it come back?').selectOption({ index: 1 })
    await dialog.getByLabel(/^Condition of/).selectOption({ index: 1 })
    await dialog.getByRole('button', { name: /^Add to the cart/ }).click()
    await page.keyboard.press('F8')
    await page.getByRole('button', { name: /^Give back/ }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /C26-\d{6}/ })
      .first()
      .waitFor()
    await waitUntilAtHq(page)
  })

  test('the books agree: bill, credit note, offer, stock, and nothing differs', async () => {
    const asked = await client()
    const [bill] = await soldUnderOffer()
    const { rows } = await call(asked, listBills, { query: { pageSize: 5 } })
    const note = rows.find(({ kind }) => kind === 'C')
    // To the rupee, and never above what was paid (RET-2b).
    const refundMinor = Math.floor(pairMinor / 200) * 100
    expect([bill?.totalMinor, note?.totalMinor]).toEqual([pairMinor, refundMinor])
    for (const one of rows.slice(0, 3)) expect(one.discrepancies).toBe(0)
    const sheet = await call(asked, getBill, { params: { identity: note?.identity ?? '', document: 0 } })
    expect(sheet.content).toMatchObject({
      lines: [{ quantityMilli: 1000, paidMinor: pairMinor / 2 }],
    })
    const givenMinor = 2 * unitMinor - pairMinor
    expect(await call(asked, getOfferTakeUp, { params: { offerId } })).toMatchObject({
      bills: 1,
      givenMinor: givenMinor / 2,
    })
    const found = await call(asked, listProducts, { query: { q: goods?.sku ?? '' } })
    const query = {
      store: bill?.storeId ?? '',
      product: found.rows.find(({ sku }) => sku === goods?.sku)?.id ?? 0,
      pageSize: 3,
    }
    // Stock follows the bills within moments.
    const moves = async () => (await call(asked, listStockMoves, { query })).rows
    await expect
      .poll(async () => (await moves()).map(({ quantityMilli }) => quantityMilli), { timeout: 20_000 })
      .toEqual([1000, -2000, -2000])
    const offers = await call(asked, listOffers, { query: { q: offerName } })
    expect(offers.rows).toMatchObject([{ id: offerId, status: 'live' }])
    const { page } = office
    await page.goto(`${chain.url}/office/bills`)
    await page
      .getByText(bill?.number ?? '')
      .first()
      .click()
    await page.getByText(offerName).first().waitFor()
  })

  /** Chooses the first hit of a search box. */
  async function pick(label: string, text: string): Promise<void> {
    const { page } = office
    const box = page
      .getByRole('combobox', { name: label })
      .or(page.getByLabel(label, { exact: true }))
      .first()
    await box.click()
    await box.fill(text)
    await page
      .getByRole('option', { name: new RegExp(text) })
      .first()
      .click()
  }

  async function soldUnderOffer() {
    const { rows } = await call(await client(), listBills, { query: { pageSize: 5 } })
    return rows.filter(({ kind, totalMinor }) => kind === 'I' && totalMinor === pairMinor)
  }
})
