import {
  ENGINE,
  engines,
  indexRulebook,
  type Offer,
  type PricingContext,
  price,
  type Rulebook,
} from '@nexus/domain'
import { type Case, everyEffectCase, pricingCase } from '@nexus/domain/testing'
import { type BillDocument, decodeEntry, documentDraftOf, type Entry, encodeEntry } from '@nexus/sync'
import { ChainWriter } from '@nexus/sync/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { saleCheck } from './check-sale.ts'

/** The check over one published rulebook that every store sees alike. */
function checkOver(rulebook: Rulebook) {
  const manifests = {
    newest: () => Promise.reject(new Error('a check looks at the version that is named')),
    checksum: async () => rulebook.checksum,
  }
  return saleCheck({ find: async () => rulebook }, manifests)
}

/** The sale of a case, as a server reads it from its bytes. */
function soldOf({ data, cart, context }: Case, engine = ENGINE): { rulebook: Rulebook; sale: Entry<'sale'> } {
  const rulebook = indexRulebook(data)
  const priced = engines[engine]?.(cart, rulebook, context)
  if (priced === undefined) throw new Error(`engine ${engine} is kept for ever`)
  const draft = documentDraftOf({ priced, cart, rulebook, context, language: 'en' })
  const document = { ...draft, number: 'KOR2AI26-000001', issueDate: '2026-11-22' }
  const { entry } = new ChainWriter().sell()
  const template = entry as Entry<'sale'> // as: sell writes sales
  const tenders = template.body.tenders.map((one) => ({ ...one, amountMinor: document.totalMinor }))
  const bytes = encodeEntry({
    ...template,
    engine,
    rulebook: { version: data.version, checksum: data.checksum },
    body: { ...template.body, documents: [document], tenders },
  })
  const decoded = decodeEntry(bytes)
  if (decoded.kind !== 'ok' || decoded.entry.type !== 'sale') throw new Error(`it is ${decoded.kind}`)
  return { rulebook, sale: { ...decoded.entry, store: context.storeId } }
}

function altered(sale: Entry<'sale'>, change: (document: BillDocument) => BillDocument): Entry<'sale'> {
  return { ...sale, body: { ...sale.body, documents: sale.body.documents.map(change) } }
}

const cases = everyEffectCase.filter(({ cart }) => cart.lines.length > 0)

test('[PRC-9a, JRN-5b] a sale of any cart of any effects is right to the paisa on the server', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      const { rulebook, sale } = soldOf(one)
      expect(await checkOver(rulebook)(sale)).toEqual([])
    }),
    { numRuns: 500 },
  )
})

test('[PRC-9a, JRN-16b, F38] a sale of engine 1 is checked by engine 1, whatever is in force', async () => {
  const plain = pricingCase.filter(({ cart }) => cart.lines.length > 0)
  await fc.assert(
    fc.asyncProperty(plain, async (one) => {
      const { rulebook, sale } = soldOf(one, 1)
      expect(await checkOver(rulebook)(sale)).toEqual([])
    }),
    { numRuns: 300 },
  )
})

const lineFigures = [
  'unitMinor',
  'grossMinor',
  'discountMinor',
  'paidMinor',
  'manualMinor',
  'pointsMinor',
  'rateBp',
  'taxableMinor',
  'cgstMinor',
  'igstMinor',
  'roundOffMinor',
  'rupeeMinor',
] as const
const documentFigures = [
  'mrpTotalMinor',
  'grossMinor',
  'discountMinor',
  'taxableMinor',
  'cgstMinor',
  'igstMinor',
  'roundOffMinor',
  'rupeeMinor',
  'totalMinor',
] as const

test('[PRC-9c] a paisa more in any figure of any sale is found', async () => {
  await fc.assert(
    fc.asyncProperty(
      cases,
      fc.constantFrom(...lineFigures),
      fc.constantFrom(...documentFigures),
      fc.nat(),
      async (one, ofLine, ofDocument, pick) => {
        const { rulebook, sale } = soldOf(one)
        const check = checkOver(rulebook)
        const wrongLine = altered(sale, (document) => {
          const at = pick % document.lines.length
          const lines = document.lines.map((line, index) =>
            index === at ? { ...line, [ofLine]: (line[ofLine] ?? 0) + 1 } : line,
          )
          return { ...document, lines }
        })
        expect(await check(wrongLine)).toMatchObject([{ kind: 'price/differs', params: { figure: ofLine } }])
        const wrong = altered(sale, (document) => ({ ...document, [ofDocument]: document[ofDocument] + 1 }))
        expect((await check(wrong))[0]).toMatchObject({
          kind: 'total/differs',
          params: { figure: ofDocument },
        })
      },
    ),
    { numRuns: 300 },
  )
})

test('[PRC-9c] an amount, an offer or a code of any step that differs is found', async () => {
  const isStepped = ({ data, cart, context }: Case) =>
    price(cart, indexRulebook(data), context).lines.some(({ steps }) =>
      steps.some(({ kind }) => kind === 'offer' || kind === 'coupon'),
    )
  await fc.assert(
    fc.asyncProperty(
      cases.filter(isStepped),
      fc.constantFrom('amountMinor', 'id', 'code'),
      async (one, what) => {
        const { rulebook, sale } = soldOf(one)
        let isAltered = false
        const wrong = altered(sale, (document) => ({
          ...document,
          lines: document.lines.map((line) => {
            const [first, ...rest] = line.offers
            if (first === undefined || isAltered) return line
            isAltered = true
            const changed =
              what === 'code' ? { ...first, code: 'OTHER' } : { ...first, [what]: first[what] + 1 }
            return { ...line, offers: [changed, ...rest] }
          }),
        }))
        expect(await checkOver(rulebook)(wrong)).toMatchObject([
          { kind: 'price/differs', params: { figure: 'offers' } },
        ])
      },
    ),
    { numRuns: 200 },
  )
})

const common = {
  name: 'Offer',
  from: 0,
  priority: 0,
  combinable: true,
  selector: { everything: true as const },
}
const off = { percentBp: 1000 }
const offers: Offer[] = [
  { ...common, id: 1, effect: 'unit-off', off, audience: { kind: 'staff' } },
  { ...common, id: 2, effect: 'unit-off', off, audience: { kind: 'first-purchase' } },
  { ...common, id: 3, effect: 'unit-off', off, audience: { kind: 'tier', tiers: ['gold'] } },
  { ...common, id: 4, effect: 'unit-off', off, limits: { perCustomer: 3 } },
  {
    ...common,
    id: 5,
    effect: 'coupon',
    code: { kind: 'series', prefix: 'MON', length: 8 },
    off: { amountMinor: 100 },
  },
  { ...common, id: 6, effect: 'gift', fromMinor: 1000, gifts: [2], unitMinor: 100 },
]
const product = (id: number, unitMinor: number) => ({
  id,
  sku: `SKU-${id}`,
  names: { en: `Product ${id}` },
  brandId: 1,
  categoryId: 1,
  hsn: '3401',
  uqc: 'NOS',
  taxClassId: 'gst-18',
  barcodes: [],
  batches: [{ id: id * 10, batchNo: 'A', mrpMinor: unitMinor / 2 }],
  prices: [
    { list: 1, unitMinor, from: 0 },
    { list: 2, unitMinor: 8000, from: 0 },
    { list: 2, unitMinor: 700, from: 2_000_000_000_000 },
  ],
})
const data = {
  version: 1,
  checksum: 'any',
  rupeeRounding: false,
  taxClasses: [{ id: 'gst-18', name: '18%', rates: [{ from: 0, kind: 'taxable' as const, rateBp: 1800 }] }],
  priceLists: [
    { id: 1, name: 'Chain', scope: 'chain' as const, scopeId: '', inclusive: true },
    { id: 2, name: 'South', scope: 'region' as const, scopeId: 'south', inclusive: true },
  ],
  products: [product(1, 20_000), product(2, 5000), { ...product(3, 9000), batches: [] }],
  offers,
}
const context: PricingContext = {
  pricedAt: 1_795_321_800_000,
  storeId: '00000000-0000-7000-8000-000000000002',
  regionId: 'south',
  storeState: '29',
  placeOfSupply: '29',
  tier: 'gold',
  isStaff: true,
  isFirstPurchase: true,
  uses: { 4: { customer: 1 } },
  couponStates: { MON12345: 'usable' },
}
const cart: Case['cart'] = {
  lines: [
    { uid: 'a', productId: 1, quantityMilli: 3000, batchId: 10 },
    { uid: 'b', productId: 3, quantityMilli: 1000, manual: { percentBp: 500 } },
    { uid: 'c', productId: 2, quantityMilli: 1000, giftOf: 6 },
  ],
  coupons: ['mon12345'],
  manual: { amountMinor: 200 },
  pointsMinor: 300,
}

type Change = (document: BillDocument) => BillDocument
const pricing =
  (change: Partial<BillDocument['pricing']>): Change =>
  (document) => ({ ...document, pricing: { ...document.pricing, ...change } })
const without =
  (member: keyof BillDocument['pricing']): Change =>
  (document) => {
    const { [member]: _, ...rest } = document.pricing
    return { ...document, pricing: rest as BillDocument['pricing'] } // as: only optional members are taken out
  }
const onLine =
  (uid: string, change: Partial<BillDocument['lines'][number]>): Change =>
  (document) => ({
    ...document,
    lines: document.lines.map((line) => (line.uid === uid ? { ...line, ...change } : line)),
  })
const given = { reason: 'goodwill', approval: null }

const inputs: [what: string, change: Change][] = [
  ['instant', pricing({ pricedAt: 2_000_000_000_000 })],
  ['region', pricing({ region: 'north' })],
  ['place of supply', pricing({ placeOfSupply: '27' })],
  ['tier', pricing({ tier: null })],
  ['staff', without('isStaff')],
  ['first purchase', without('isFirstPurchase')],
  ['uses', without('uses')],
  ['other uses', pricing({ uses: [{ offer: 4, customer: 2 }] })],
  ['coupon', without('coupons')],
  ['coupon’s state', pricing({ coupons: [{ code: 'MON12345', state: 'used' }] })],
  ['coupon’s unknown state', pricing({ coupons: [{ code: 'MON12345' }] })],
  ['discount of the bill', without('manual')],
  ['other discount of the bill', pricing({ manual: { percentBp: 100, ...given } })],
  ['points', pricing({ pointsMinor: 301 })],
  ['product', onLine('b', { product: 2 })],
  ['quantity', onLine('a', { quantityMilli: 2000 })],
  ['batch', onLine('a', { batch: 99 })],
  ['gift', onLine('c', { giftOf: 1 })],
  ['discount of a line', onLine('b', { manual: { percentBp: 600, ...given } })],
  ['price by hand', onLine('a', { manual: { unitMinor: 1, ...given } })],
]

test.each(inputs)(
  '[PRC-9c] a sale that was priced by another %s than it names is found',
  async (_, change) => {
    const { rulebook, sale } = soldOf({ data, cart, context })
    const check = checkOver(rulebook)
    expect(await check(sale)).toEqual([])
    expect(await check(altered(sale, change))).not.toEqual([])
  },
)
