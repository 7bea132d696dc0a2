import { call, createOffer, listCouponCodes, publishOffer, putCouponBatch } from '@nexus/contract'
import { inventChain } from '@nexus/seed'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scan } from '../browser-device/scanner.ts'
import { type Device, missingBrowser, openDevice } from '../support/browser.ts'
import { cartRows, enrol, openShift, paidNumber, signIn, waitUntilAtHq } from '../support/counter.ts'
import { type Chain, makeChain } from '../support/nexus.ts'
import { officeClient } from '../support/office.ts'
import { faultsOf } from '../support/screens.ts'

const missing = missingBrowser()
const options = { seed: 7, stores: 1, registersPerStore: 1, products: 200, staff: 8 }
const { stores, staff, products } = inventChain(options)
const [store] = stores
const person = (role: string) => staff.find((one) => one.role === role && one.storeId === store?.id)
const cashier = person('cashier')
const [admin] = staff
const manager = person('store-manager')
/** Goods of one batch, sold without a question, dearest first. */
const shelf = (category: string) =>
  products
    .filter((one) => one.category === category && one.batches.length === 1)
    .toSorted((one, other) => other.priceMinor - one.priceMinor)
const [lip] = shelf('Lips')
const [perfume, otherPerfume] = shelf('Fragrance')

describe.skipIf(missing)(`offers at the till ${missing ?? ''}`, () => {
  let chain: Chain
  let till: Device
  let series: number

  beforeAll(async () => {
    chain = await makeChain()
    await chain.seed(options, 1)
    await chain.start()
    series = await publishSeries()
    till = await openDevice()
    const { page } = till
    const code = (await chain.nexus('enrol-code', store?.code ?? '', '1')).split('\n')[0] ?? ''
    await enrol(page, chain.url, code)
    await signIn(page, cashier?.name ?? '', cashier?.pin ?? '')
    await openShift(page)
  })
  afterAll(async () => {
    await till?.close()
    await chain?.dispose()
  })

  const office = () => officeClient(chain.url, admin?.login ?? '', admin?.password ?? '')

  async function publishSeries(): Promise<number> {
    const client = await office()
    const definition = {
      name: 'Thank you: ₹50 off',
      effect: 'coupon',
      code: { kind: 'series', prefix: 'THX', length: 12 },
      selector: { everything: true },
      off: { amountMinor: 5000 },
      priority: 0,
      from: 0,
    }
    const { row } = await call(client, createOffer, { body: { definition } })
    await call(client, publishOffer, { params: { offerId: row.id } })
    await call(client, putCouponBatch, {
      params: { batchId: '0190a1b2-0000-7000-8000-00000000c0de' },
      body: { offerId: row.id, name: 'Letters', count: 3, expiresAt: null },
    })
    return row.id
  }
  async function codesOfSeries() {
    const client = await office()
    const { rows } = await call(client, listCouponCodes, { query: { offer: series } })
    return rows
  }

  const look = async (page: Page, name: string, shown: Locator) => {
    await shown.first().waitFor()
    expect.soft(await faultsOf(page, `till-${name}`)).toEqual([])
  }
  const price = async (page: Page) => (await page.locator('.to-pay output').textContent()) ?? ''

  test('[PRC-8e] a tap on a nudge brings the offer, and the line says why it costs what it costs', async () => {
    const { page } = till
    await scan(page, lip?.barcode ?? '')
    const nudge = page.getByRole('button', { name: /^Add 1 more/ })
    await look(page, 'nudge', nudge)
    await nudge.first().click()
    await cartRows(page).filter({ hasText: 'Any 2 from Lips: 15% off' }).waitFor()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await look(page, 'why', dialog.getByText(/Any 2 from Lips: 15% off.* on 2 units takes off/))
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /हिन्दी/ }).click()
    await look(page, 'offers-hindi', page.getByText('कुल देय', { exact: true }))
    await page.getByRole('button', { name: /English/ }).click()
  })

  test('[PRC-8b] a coupon by scan or by hand stands beside the totals, and leaves with a tap', async () => {
    const { page } = till
    const before = await price(page)
    await scan(page, 'naya10')
    const coupons = page.getByRole('list', { name: 'Coupons on the bill' })
    await look(page, 'coupon', coupons.getByText('NAYA10'))
    await page.getByRole('button', { name: 'Take coupon NAYA10 off the bill' }).click()
    await coupons.waitFor({ state: 'detached' })
    expect(await price(page)).toBe(before)
    await page.getByRole('button', { name: 'Coupon', exact: true }).click()
    await look(page, 'coupon-dialog', page.getByLabel('Code on the coupon'))
    await page.getByLabel('Code on the coupon').pressSequentially('NAYA1O', { delay: 90 })
    await page.keyboard.press('Enter')
    await page.getByText(/No coupon has the code NAYA1O/).waitFor()
  })

  test('[PRC-6k] a reached gift is chosen from a list and stands as a line of its own', async () => {
    const { page } = till
    for (const one of [perfume, otherPerfume, perfume]) await scan(page, one?.barcode ?? '')
    await page.getByRole('button', { name: /^Gift: choose 1 of 4/ }).click()
    const dialog = page.getByRole('dialog')
    await look(page, 'gift', dialog.getByText(/worth/))
    await dialog.locator('.options button').first().click()
    await cartRows(page).filter({ hasText: 'Fragrance from ₹999: a gift for ₹1' }).waitFor()
  })

  test('[PRC-14c] a discount above the role is allowed by a manager, by keyboard alone', async () => {
    const { page } = till
    const { keyboard } = page
    const before = await price(page)
    await keyboard.press('F7')
    await look(page, 'by-hand', page.getByLabel('Percent off'))
    await page.getByLabel('Percent off').pressSequentially('20', { delay: 90 })
    await keyboard.press('Enter')
    await page.getByText('Choose a reason.').waitFor()
    await page.getByLabel('Damaged pack').focus()
    await keyboard.press('Space')
    await keyboard.press('Enter')
    await look(page, 'approval', page.getByText(/Your role gives up to 10%/))
    await page.getByRole('button', { name: manager?.name ?? '' }).focus()
    await keyboard.press('Enter')
    const pin = page.getByLabel(`PIN of ${manager?.name}`)
    await look(page, 'approval-pin', pin)
    await pin.focus()
    await keyboard.type(manager?.pin ?? '', { delay: 120 })
    await keyboard.press('Enter')
    await page.getByRole('button', { name: 'Take the discount back' }).waitFor()
    expect(await price(page)).not.toBe(before)
    await look(page, 'discounted', cartRows(page))
  })

  test('the bill that is paid names its offers and discounts on paper', async () => {
    const { page } = till
    await page.keyboard.press('F8')
    await page.getByRole('region', { name: 'Payment' }).waitFor()
    await page.keyboard.press('Enter')
    await paidNumber(page)
    await page.getByRole('button', { name: 'Show the bill' }).click()
    const paper = page.getByRole('region', { name: 'The bill as printed' })
    await paper.getByText('Any 2 from Lips: 15% off').first().waitFor()
    await look(page, 'paper', paper.getByText('Special discount').first())
  })

  test('[PRC-11b] a code that this register reserved is redeemed once, with headquarters away', async () => {
    const { page } = till
    await expect.poll(async () => (await codesOfSeries()).length, { timeout: 30_000 }).toBe(3)
    const [code = ''] = (await codesOfSeries()).map((row) => row.code)
    await page
      .getByRole('button', { name: /✕|Close/ })
      .first()
      .click()
    await scan(page, lip?.barcode ?? '')
    await scan(page, code)
    const told = page.getByRole('list', { name: 'Coupons on the bill' })
    await told.getByText('−₹50.00').waitFor()
    await chain.kill()
    await page.getByRole('button', { name: `Take coupon ${code} off the bill` }).click()
    await told.waitFor({ state: 'detached' })
    await scan(page, code)
    await told.getByText('−₹50.00').waitFor()
    await page.keyboard.press('F8')
    await page.getByRole('region', { name: 'Payment' }).waitFor()
    await page.keyboard.press('Enter')
    await paidNumber(page)

    await scan(page, lip?.barcode ?? '')
    await scan(page, code)
    await told.getByText('used already').waitFor()
    await page.getByRole('button', { name: `Take coupon ${code} off the bill` }).click()
    await scan(page, `THX${'A'.repeat(9)}`)
    await page.getByText(/cannot be checked without headquarters/).waitFor()
    await chain.start()
    await waitUntilAtHq(page)
    await expect
      .poll(async () => (await codesOfSeries()).find((row) => row.code === code)?.state, { timeout: 30_000 })
      .toBe('redeemed')
  })
})
