import { readFileSync } from 'node:fs'
import {
  type ClientOptions,
  call,
  listAudit,
  listBills,
  listProducts,
  publishRulebook,
} from '@nexus/contract'
import { formatRupees, isGtin } from '@nexus/domain'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Device, missingBrowser, openDevice } from '../support/browser.ts'
import { enrol, openShift, sellForCash, signIn, waitUntilAtHq } from '../support/counter.ts'
import { type Chain, makeChain, ownerPassword, ownerPin } from '../support/nexus.ts'
import { officeClient, signInToOffice } from '../support/office.ts'

const missing = missingBrowser()
const file = 'tests/fixtures/catalogue-sample.csv'
const mapping = 'docs/examples/catalogue-sample.map.json'
/** Rows of the file, and what a person reads in them. */
const goods = [
  {
    row: '"Hand Wash - Naturals, Black Orchid & Milk",Bath & Hand Wash,Hand Wash & Sanitizers,Palmolive,89.1,99',
    brand: 'Palmolive',
    name: 'Hand Wash - Naturals, Black Orchid & Milk',
    price: '89.10',
    mrp: '99.00',
  },
  {
    row: '"Bodywash - 3-In-1, Orange Blossom",Bath & Hand Wash,Shower Gel & Body Wash,Aroma Magic ,335.75,395',
    brand: 'Aroma Magic',
    name: 'Bodywash - 3-In-1, Orange Blossom',
    price: '335.75',
    mrp: '395.00',
  },
  {
    row: "Deodorant Spray - Women Romance,Fragrances & Deos,Women's Deodorants,Rasasi,284.05,299",
    brand: 'Rasasi',
    name: 'Deodorant Spray - Women Romance',
    price: '284.05',
    mrp: '299.00',
  },
] as const
/** 89.10 + 335.75 + 284.05 = 708.90, to the rupee. */
const toPayMinor = 70_900

describe.skipIf(missing)(`the real catalogue sample ${missing ?? ''}`, () => {
  let chain: Chain
  let client: ClientOptions
  let office: Device
  let till: Device
  const codes: string[] = []

  beforeAll(async () => {
    chain = await makeChain()
    await chain.beginShop()
    await chain.start()
    client = await officeClient(chain.url, 'owner', ownerPassword)
    office = await openDevice()
    till = await openDevice()
  })
  afterAll(async () => {
    await till?.close()
    await office?.close()
    await chain?.dispose()
  })

  const importSample = async (): Promise<unknown> =>
    JSON.parse(await chain.nexus('import', 'products', file, '--map', mapping, '--json'))

  test('its 2,500 rows make 2,340 products; repeated and contradictory rows are told apart', async () => {
    const rows = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8').split(/\r?\n/)
    expect(goods.filter(({ row }) => !rows.includes(row))).toEqual([])
    expect(await importSample()).toEqual({
      rowsTotal: 2500,
      rowsRead: 2500,
      rowsCreated: 2340,
      rowsChanged: 0,
      rowsSame: 18,
      rowsBad: 142,
    })
    const version = await call(client, publishRulebook, { body: { note: 'the sample' } })
    expect(version).toMatchObject({ version: 1, products: 2340 })
  })

  test('labels show name, MRP, price and the internal code of products without a barcode', async () => {
    const { page } = office
    await signInToOffice(page, chain.url, 'owner', ownerPassword)
    await page.goto(`${chain.url}/office/labels`)
    for (const { name } of goods) await chooseForLabel(page, name)
    const preview = page.getByRole('region', { name: 'Preview' })
    for (const { brand, name, mrp, price } of goods) {
      const label = preview.locator('.label').filter({ hasText: name })
      const text = words(await label.innerText())
      const code = /\d{13}/.exec(text)?.[0] ?? ''
      expect(text).toBe(`${brand} ${name} ${code} MRP ₹${mrp} incl. of all taxes Price ₹${price}/NOS`)
      expect([code.slice(0, 2), isGtin(code)]).toEqual(['29', true])
      codes.push(code)
    }
    expect(new Set(codes).size).toBe(goods.length)
    await page.getByRole('button', { name: 'Print 3 labels' }).waitFor()
  })

  test('the till sells them by the codes of their labels, under the names and prices of the file', async () => {
    const { page } = till
    const [code = ''] = (await chain.nexus('enrol-code', 'KOR', '1')).split('\n')
    await enrol(page, chain.url, code)
    await signIn(page, 'Asha Owner', ownerPin)
    await openShift(page)
    await page.getByText(/2,340 products ready/).waitFor()
    const number = await sellForCash(page, codes)
    expect(number).toMatch(/I\d\d-000001$/)
    await page.getByRole('button', { name: 'Show the bill' }).click()
    const paper = page.getByRole('region', { name: 'The bill as printed' }).getByRole('article')
    const printed = words(await paper.innerText())
    for (const { name, price, mrp } of goods) {
      expect(printed).toContain(`${name} GST 18% · MRP ${mrp} 1 NOS × ${price} ${price}`)
    }
    expect(printed).toContain('3 lines')
    expect(printed).toContain(`Total ${formatRupees(toPayMinor)}`)
    await page.getByRole('button', { name: 'Close' }).click()
    await waitUntilAtHq(page)
    const bills = await call(client, listBills, { query: {} })
    expect(bills.rows).toMatchObject([{ number, lines: 3, totalMinor: toPayMinor, discrepancies: 0 }])
  })

  test('imported again, the same file changes nothing', async () => {
    const standing = async () => ({
      products: (await call(client, listProducts, { query: { pageSize: 1 } })).total,
      audited: (await call(client, listAudit, { query: { pageSize: 1 } })).rows,
    })
    const before = await standing()
    expect(await importSample()).toEqual({
      rowsTotal: 2500,
      rowsRead: 2500,
      rowsCreated: 0,
      rowsChanged: 0,
      rowsSame: 2358,
      rowsBad: 142,
    })
    expect(await standing()).toEqual(before)
    const version = await call(client, publishRulebook, { body: { note: 'again' } })
    expect(version).toMatchObject({ version: 1, products: 2340 })
  })
})

/** Finds a product by its name on the page of labels and takes it. */
async function chooseForLabel(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: /^Add a product/ }).fill(name)
  await page.getByRole('option', { name }).click()
  await page.getByRole('table', { name: 'Chosen products' }).getByText(name).waitFor()
}

const words = (text: string) => text.replace(/\s+/g, ' ').trim()
