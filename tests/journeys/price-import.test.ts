import {
  type ClientOptions,
  call,
  createProduct,
  getProduct,
  listProducts,
  priceCart,
  publishRulebook,
  putTaxClass,
} from '@nexus/contract'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Device, missingBrowser, openDevice } from '../support/browser.ts'
import { type Chain, makeChain, ownerPassword } from '../support/nexus.ts'
import { officeClient, signInToOffice } from '../support/office.ts'
import { faultsOf } from '../support/screens.ts'

const missing = missingBrowser()

describe.skipIf(missing)(`prices by file ${missing ?? ''}`, () => {
  let chain: Chain
  let client: ClientOptions
  let office: Device

  beforeAll(async () => {
    chain = await makeChain()
    await chain.beginShop()
    await chain.start()
    client = await officeClient(chain.url, 'owner', ownerPassword)
    await call(client, putTaxClass, {
      params: { taxClassId: 'GST18' },
      body: { name: 'GST 18%', rates: [{ from: 0, kind: 'taxable', rateBp: 1800 }] },
    })
    office = await openDevice()
    await signInToOffice(office.page, chain.url, 'owner', ownerPassword)
  })
  afterAll(async () => {
    await office?.close()
    await chain?.dispose()
  })

  test('a list for members is made, and prices for it are checked, run and sold by', async () => {
    const { page } = office
    await page.goto(`${chain.url}/office/price-lists`)
    await makeList(page, 'Selling price', '')
    await makeList(page, 'Members', 'member')
    expect.soft(await faultsOf(page, 'office-price-lists')).toEqual([])
    const batch = {
      id: 0,
      batchNo: 'B1',
      mrpMinor: 50_000,
      revisedMrpMinor: null,
      expiryKind: null,
      expiryMonth: null,
    }
    const common = { brand: '', category: '', hsn: '33049990', uqc: 'NOS', taxClassId: 'GST18', active: true }
    const prices = [{ listId: 1, unitMinor: 45_000, from: 0, until: null }]
    for (const sku of ['LIP-1', 'LIP-2']) {
      const body = {
        ...common,
        sku,
        names: { en: `Lipstick ${sku}` },
        barcodes: [],
        batches: [batch],
        prices,
      }
      await call(client, createProduct, { body })
    }

    await page.goto(`${chain.url}/office/imports`)
    const content =
      'SKU,List,Selling Price\nLIP-1,Members,399\nLIP-2,Members,501\nLIP-2,,"4,29.50"\nLIP-2,,440\n'
    await page.getByLabel('CSV file').setInputFiles({
      name: 'festive prices.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(content),
    })
    await page.getByText('Each row names a product by its SKU or barcode.', { exact: false }).waitFor()
    expect(await page.getByRole('radio', { name: 'Prices' }).isChecked()).toBe(true)
    await page.getByRole('button', { name: 'Check without writing' }).click()
    const result = page.getByRole('region', { name: 'What would happen' })
    const change = result.getByRole('table', { name: 'What changes' }).getByRole('row').nth(1)
    expect(words(await change.innerText())).toMatch(/LIP-1 Lipstick LIP-1 Members .* – ₹399\.00 ₹101\.00$/)
    const bad = result.getByRole('table', { name: 'Bad rows' })
    expect(words(await bad.innerText())).toContain(
      'The price is ₹501.00 and the MRP ₹500.00; the law forbids more.',
    )
    expect(words(await bad.innerText())).toContain('The commas of this amount are in no usual place.')
    expect.soft(await faultsOf(page, 'office-import-prices')).toEqual([])

    await page.getByRole('button', { name: 'Run the import' }).click()
    await page.getByRole('region', { name: 'What happened' }).waitFor()
    const { rows } = await call(client, listProducts, { query: { sort: 'id' } })
    const pricesOf = async (index: number) =>
      (await call(client, getProduct, { params: { productId: rows[index]?.id ?? 0 } })).prices.map(
        ({ listId, unitMinor }) => [listId, unitMinor],
      )
    expect([await pricesOf(0), await pricesOf(1)]).toEqual([
      [
        [1, 45_000],
        [2, 39_900],
      ],
      [
        [1, 45_000],
        [1, 44_000],
      ],
    ])

    await call(client, publishRulebook, { body: { note: 'festive' } })
    const paidBy = async (tier?: string) => {
      const cart = { lines: rows.map(({ id }, at) => ({ uid: `${at}`, productId: id, quantityMilli: 1000 })) }
      const answer = await call(client, priceCart, { body: { cart, context: tier ? { tier } : {} } })
      return answer.priced.lines.map(({ paidMinor }) => paidMinor)
    }
    expect([await paidBy(), await paidBy('member')]).toEqual([
      [45_000, 44_000],
      [39_900, 44_000],
    ])
  })
})

async function makeList(page: Page, name: string, tier: string): Promise<void> {
  await page.getByRole('button', { name: 'New price list' }).click()
  const dialog = page.getByRole('dialog', { name: 'New price list' })
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Customer tier').fill(tier)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('table', { name: 'Price lists' }).getByText(name, { exact: true }).waitFor()
}

const words = (text: string) => text.replace(/\s+/g, ' ').trim()
