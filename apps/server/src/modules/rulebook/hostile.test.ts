import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  CartFile,
  CartFormat,
  offerFormats,
  PricingContextFormat,
  Problem,
  priceCart,
  type RulebookFormat,
  RulebookFormat as rulebookSchema,
} from '@nexus/contract'
import type { PricedCart, PricingContext } from '@nexus/domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { faultsOf } from '../../http/validation.ts'
import { fromSchema } from '../../testing/from-schema.ts'
import { hostileEdits } from '../../testing/hostile-edits.ts'
import { openShop } from '../../testing/index.ts'
import { addPriceList, addProducts, putTaxClass } from '../catalogue/index.ts'
import { putStore } from '../stores/index.ts'
import { faultsOfOffers } from './offer-faults.ts'
import { priceInWords } from './price-in-words.ts'
import { priceOrRefuse } from './price-or-refuse.ts'
import { publishRulebook } from './publish-rulebook.ts'
import { readRulebookFile } from './rulebook-file.ts'
import { soap, village } from './testing/world.ts'

const examples = fileURLToPath(new URL('../../../../../docs/examples/', import.meta.url))
const read = (name: string) => JSON.parse(readFileSync(`${examples}${name}`, 'utf8'))
const place = { storeId: 's', regionId: 'r', storeState: '29', placeOfSupply: '29' }

// as: these values are made from the very schemas.
const products = fromSchema(rulebookSchema.properties.products) as fc.Arbitrary<RulebookFormat['products']>
const taxClasses = fromSchema(rulebookSchema.properties.taxClasses) as fc.Arbitrary<
  RulebookFormat['taxClasses']
>
const priceLists = fromSchema(rulebookSchema.properties.priceLists) as fc.Arbitrary<
  RulebookFormat['priceLists']
>
const carts = fromSchema(CartFormat) as fc.Arbitrary<CartFormat>
const contexts = fromSchema(PricingContextFormat) as fc.Arbitrary<Partial<PricingContext>>
const offers = fc.array(fc.oneof(...Object.values(offerFormats).map(fromSchema)), { maxLength: 6 })
const amount = fc.constantFrom(0, 1, 99, 100, 4999, 10_000, 10_000_000_000_000)

/**
 * Rulebooks of anything that the format accepts, with every product on sale at an odd price and without what is
 * refused before a cart is looked at.
 */
const rulebook = fc
  .record({
    products,
    taxClasses,
    priceLists,
    offers,
    rupeeRounding: fc.boolean(),
    unitsMinor: fc.array(amount, { minLength: 4, maxLength: 4 }),
  })
  .map(({ unitsMinor, ...data }): RulebookFormat => {
    const inclusive = data.priceLists[0]?.inclusive === true
    const lists = data.priceLists.map((list, index) => ({ ...list, id: index + 2, inclusive }))
    const chain = { id: 1, name: 'Chain', scope: 'chain', scopeId: '', inclusive } as const
    const classes = data.taxClasses.map(({ name, rates: [first, ...later] }, index) => ({
      id: `t${index}`,
      name,
      rates: [{ kind: 'nil', rateBp: 0, ...first, from: 0 } as const, ...later]
        .toSorted((one, other) => one.from - other.from)
        .filter((rate, at, all) => rate.from !== all[at - 1]?.from),
    }))
    const sold = unitsMinor.map((unitMinor, index) => {
      const own = data.products[index] ?? soapOf(index)
      const prices = own.prices.map((price, at) => ({ ...price, list: (at % lists.length) + 2 }))
      return {
        ...own,
        id: index + 1,
        uqc: index === 3 ? 'GMS' : 'NOS',
        taxClassId: `t${index % classes.length}`,
        prices: [...prices, { list: 1, unitMinor, from: 0 }],
      }
    })
    const named = {
      products: new Set(sold.map(({ id }) => id)),
      brands: new Set(sold.map(({ brandId }) => brandId)),
      categories: new Set(sold.map(({ categoryId }) => categoryId)),
    }
    const numbered = data.offers.map((offer, index) => ({ ...(offer as object), id: index + 1 }))
    const faulty = new Set(faultsOfOffers(numbered, named, 0).map(({ field }) => Number(field.split('/')[1])))
    return {
      rupeeRounding: data.rupeeRounding,
      products: sold,
      taxClasses: classes,
      priceLists: [chain, ...lists],
      offers: numbered.filter(({ id }) => !faulty.has(id)),
    }
  })

function soapOf(index: number): RulebookFormat['products'][number] {
  const names = { en: `Soap ${index}` }
  const common = { brandId: 1, categoryId: 1, hsn: '3401', uqc: 'NOS', taxClassId: 't0' }
  return { id: 1, sku: 'S', names, ...common, barcodes: [], batches: [], prices: [] }
}

/** Carts of anything that the format accepts, mostly of goods that there are in numbers that can be sold. */
const cart = fc.tuple(carts, fc.integer({ min: 0, max: 3 })).map(([one, wild]): CartFormat => {
  if (wild === 0) return one
  const lines = one.lines.map(({ batchId: _, ...line }, index) => ({
    ...line,
    uid: `${index}${line.uid}`.slice(0, 64),
    productId: 1 + (line.productId % 4),
    quantityMilli: (1 + (line.quantityMilli % 7)) * 1000,
  }))
  return { ...one, lines }
})

/** Every amount of a priced cart is a whole number, nothing is paid twice, no line is below zero. */
function checkFigures(priced: PricedCart): void {
  const whole = (value: unknown): void => {
    if (typeof value === 'number') expect(Number.isSafeInteger(value)).toBe(true)
    else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) whole(one)
  }
  whole(priced)
  let paidMinor = 0
  for (const line of priced.lines) {
    expect(line.paidMinor).toBeGreaterThanOrEqual(0)
    paidMinor += line.paidMinor
  }
  expect(paidMinor).toBe(priced.toPayMinor)
}

test('[PRC-1a] whatever the formats accept is priced to the paisa or refused at its line, never a crash', () => {
  let priced = 0
  fc.assert(
    fc.property(rulebook, cart, contexts, (book, given, { pricedAt = 5, ...circumstances }) => {
      const { file, faults } = readRulebookFile(book)
      expect(faults).toEqual([])
      if (!file) throw new Error('a rulebook without faults can be used')
      try {
        const answer = priceOrRefuse(given, file.rulebook, { ...circumstances, ...place, pricedAt })
        checkFigures(answer)
        for (const row of priceInWords(answer, file.rulebook))
          expect(row).not.toMatch(/undefined|NaN|\[object/)
        if (given.lines.length > 0) priced++
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        expect(error.errors[0]?.field).toMatch(/^cart\.lines\.\d+$/)
      }
    }),
    { numRuns: 1000 },
  )
  // A law about refusals alone would say little.
  expect(priced).toBeGreaterThan(300)
})

test('a rulebook with anything anywhere is read, or each fault is named with its place and a sentence', () => {
  const good = read('rulebook.json')
  const cartFile = read('cart-by-hand.json') as CartFile
  let used = 0
  fc.assert(
    fc.property(hostileEdits(good), ({ text }) => {
      const { file, faults } = readRulebookFile(JSON.parse(text))
      for (const { field, message } of faults) {
        expect(field.length).toBeGreaterThan(0)
        expect(field.length).toBeLessThan(300)
        expect(message).toMatch(/^[\s\S]{5,600}\.$/)
      }
      if (!file) {
        expect(faults.length).toBeGreaterThan(0)
        return
      }
      used++
      try {
        checkFigures(
          priceOrRefuse(cartFile.cart, file.rulebook, { ...cartFile.context, ...place, pricedAt: 5 }),
        )
      } catch (error) {
        if (!(error instanceof Problem)) throw error
      }
    }),
    { numRuns: 2000 },
  )
  expect(used).toBeGreaterThan(20)
})

test('POST /v1/price answers anything with a price or with a problem that names the field', async () => {
  await using shop = await openShop()
  const { context } = shop
  await putStore(context, { by: null, how: 'test' }, village, {
    code: 'VIL',
    name: 'Village',
    gstin: '29AABCC1234D1Z7',
    state: '29',
    regionId: 'south',
    address: '1 Main Road',
    city: 'Town',
    pin: '560001',
    phone: '',
    language: 'en',
    cutOver: '04:00',
    active: true,
  })
  const author = { by: null, how: 'test' }
  const rates = [{ from: 0, kind: 'taxable' as const, rateBp: 1800 }]
  await putTaxClass(context, { id: 'GST18', name: 'GST 18%', rates }, author)
  const list = { name: 'Chain', scope: 'chain', scopeId: '', tier: null, inclusive: true } as const
  await addPriceList(context, list, author)
  await addProducts(context, Array(10).fill(soap()), author)
  await publishRulebook(context, { note: '', by: null })

  const file = read('cart-by-hand.json') as CartFile
  const body = { ...file, context: { ...file.context, storeId: village }, rulebookVersion: 1 }
  const statuses = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(hostileEdits(body), async ({ path, text }) => {
      const answer = await shop.fetch(priceCart.path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: text,
      })
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      const content = await answer.json()
      if (answer.status === 200) {
        expect(content.priced.toPayMinor).toBeGreaterThanOrEqual(0)
        return
      }
      expect([400, 403, 404, 413]).toContain(answer.status)
      expect(content.detail).toMatch(/^[\s\S]{5,}\.$/)
      if (content.code === 'request/invalid' && content.errors) {
        // Of a body that is nothing at all there is no field to name.
        if (path !== '') for (const { field } of content.errors) expect(field).not.toBe('')
        for (const { message } of content.errors) expect(message).toMatch(/\.$/)
      }
    }),
    { numRuns: 600 },
  )
  expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([])
  expect(statuses.get(200)).toBeGreaterThan(10)
  expect(({} as { isStaff?: boolean }).isStaff).toBeUndefined()
})

test('instants and months beyond the calendar are refused, where the engine would find no date', () => {
  const book = read('rulebook.json') as RulebookFormat
  const [product] = book.products
  if (!product) throw new Error('the documented rulebook has products')
  const withMonth = (month: string): RulebookFormat => ({
    ...book,
    products: [{ ...product, batches: [{ id: 1, batchNo: '', expiry: { kind: 'expiry', month } }] }],
    offers: [],
  })
  expect(readRulebookFile(withMonth('2999-12')).faults).toEqual([])
  for (const month of ['0000-01', '0999-12', '3000-01', '2027-13', '10000-01']) {
    expect(readRulebookFile(withMonth(month)).faults).toMatchObject([
      { field: 'products/0/batches/0/expiry/month' },
    ])
  }
  const cartAt = (pricedAt: number) => faultsOf(CartFile, { cart: { lines: [] }, context: { pricedAt } })
  expect(cartAt(Date.UTC(9000, 0, 1))).toEqual([])
  expect(cartAt(Date.UTC(9000, 0, 1) + 1)).toMatchObject([{ field: 'context.pricedAt' }])
})
