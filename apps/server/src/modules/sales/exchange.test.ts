import { randomUUIDv7 } from 'node:crypto'
import {
  type Cart,
  creditNoteOf,
  exchangeOf,
  indexRulebook,
  type PricingContext,
  price,
  quantitiesReturned,
  type RulebookProduct,
} from '@nexus/domain'
import { type BillDocument, type BodyOf, type DocumentDraft, documentDraftOf } from '@nexus/sync'
import { expect, test } from 'vitest'
import { forEachDialect } from '../../testing/index.ts'
import { foldStock, stockProjector } from '../inventory/index.ts'
import { shiftProjector } from '../shifts/index.ts'
import { storeId } from '../stores/testing/world.ts'
import { salesProjector } from './index.ts'
import { openShopWithTills } from './testing/shop-with-tills.ts'
import { todayOf } from './today/queries.ts'

const product = (id: number, name: string, unitMinor: number): RulebookProduct => ({
  id,
  sku: `SKU-${id}`,
  names: { en: name },
  brandId: 1,
  categoryId: 1,
  hsn: '340111',
  uqc: 'NOS',
  taxClassId: 'gst-18',
  barcodes: [],
  batches: [],
  prices: [{ list: 1, unitMinor, from: 0 }],
})
const rulebook = indexRulebook({
  version: 1,
  checksum: 'corner-shop',
  rupeeRounding: true,
  taxClasses: [{ id: 'gst-18', name: 'GST 18%', rates: [{ from: 0, kind: 'taxable', rateBp: 1800 }] }],
  priceLists: [{ id: 1, name: 'Chain', scope: 'chain', scopeId: '', inclusive: true }],
  offers: [],
  products: [product(1, 'Soap', 3350), product(2, 'Cream', 9960)],
})

forEachDialect((dialect) => {
  test('[RET-1a, RET-1b, RET-2d] an exchange and a last return leave takings, stock, shift and tax right', async () => {
    const database = await dialect.open()
    const projectors = [salesProjector, stockProjector, shiftProjector]
    const shop = await openShopWithTills(database, { projectors })
    const { till } = shop
    till.shift = randomUUIDv7()
    const context: PricingContext = {
      pricedAt: till.at,
      storeId,
      regionId: 'south',
      storeState: '29',
      placeOfSupply: '29',
    }
    const sold = (cart: Cart) =>
      documentDraftOf({ priced: price(cart, rulebook, context), cart, rulebook, context, language: 'en' })
    const numbered = (draft: DocumentDraft): BillDocument => ({
      ...draft,
      number: till.nextNumber(draft.kind),
      issueDate: '2026-11-22',
    })
    const settle = (back: BillDocument | undefined, bill: BillDocument | undefined) => {
      const cart = randomUUIDv7()
      const documents = [back, bill].filter((document) => document !== undefined)
      const cash = { kind: 'cash', reference: null, attempt: null, ...exchangeOf(back, bill) } as const
      const body: BodyOf<'sale'> = {
        documents,
        tenders: [cash],
        changeMinor: 0,
        recalledFrom: null,
        root: cart,
        language: 'en',
        personalHash: null,
      }
      return till.append('sale', body, { cart })
    }

    // Three soaps at 33.50 are 100.50, to pay 101.00.
    const bill = numbered(sold({ lines: [{ uid: 'l1', productId: 1, quantityMilli: 3000 }] }))
    const original = { ...bill, identity: settle(undefined, bill).hash }
    expect(bill.totalMinor).toBe(10_100)
    // One comes back for a cream: 33.67 was paid for it, 33.00 goes back, 100.00 are to pay.
    const one = { uid: 'r1', of: 'l1', quantityMilli: 1000 }
    const first = numbered(creditNoteOf(original, new Map(), [one], context))
    const cream = numbered(sold({ lines: [{ uid: 'l1', productId: 2, quantityMilli: 1000 }] }))
    expect([first.totalMinor, cream.totalMinor]).toEqual([3300, 10_000])
    settle(first, cream)
    // The other two come back for money: what is left of the 101.00.
    const rest = { uid: 'r1', of: 'l1', quantityMilli: 2000 }
    const second = numbered(creditNoteOf(original, quantitiesReturned(original, [first]), [rest], context))
    expect(second.totalMinor).toBe(6800)
    settle(second, undefined)
    await shop.push(till)

    const db = database.read
    expect(await db.selectFrom('journal_quarantine').selectAll().execute()).toEqual([])
    const today = await todayOf(db, { storeIds: undefined }, { day: '2026-11-22' }, shop.bench.clock.now())
    const creamTaxMinor = 2 * cream.cgstMinor
    expect(today.figures).toMatchObject({
      bills: 2,
      soldMinor: 10_000,
      units: 1,
      discountMinor: 0,
      taxMinor: creamTaxMinor,
    })
    expect(today.tenders).toMatchObject([{ kind: 'cash', amountMinor: 10_000 }])
    expect(till.totals).toMatchObject({
      sales: 3,
      documents: 4,
      soldMinor: 20_100,
      returnedMinor: 10_100,
      returnedTaxMinor: 2 * bill.cgstMinor,
    })

    while ((await database.write((tx) => foldStock(tx))) > 0);
    const moves = await db.selectFrom('stock_move').selectAll().orderBy('seq').orderBy('line').execute()
    expect(moves.map((move) => [move.product, move.kind, move.quantity_milli])).toEqual([
      [1, 'sale', -3000],
      [1, 'return', 1000],
      [2, 'sale', -1000],
      [1, 'return', 2000],
    ])
    const balances = await db.selectFrom('stock_balance').selectAll().orderBy('product').execute()
    expect(balances.map((row) => [row.product, row.quantity_milli])).toEqual([
      [1, 0],
      [2, -1000],
    ])

    const [sums] = await db.selectFrom('shift_sum').selectAll().execute()
    expect(sums).toMatchObject({
      bills: 2,
      sold_minor: 20_100,
      returned_minor: 10_100,
      cash_sales_minor: 10_100 + 6700,
      cash_refunds_minor: 6800,
    })
  })
})
