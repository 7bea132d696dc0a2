import { randomUUIDv7 } from 'node:crypto'
import { balancesAfter, type StockMove, stockKey } from '@nexus/domain'
import type { Entry } from '@nexus/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Database } from '../../db/database.ts'
import { forEachDialect } from '../../testing/index.ts'
import type { Fact } from '../journal/projector.ts'
import { putStore } from '../stores/index.ts'
import { contextOn, setUpStore, storeBody, storeId } from '../stores/testing/world.ts'
import { foldStock, recordOpening, stockProjector } from './index.ts'
import { type StockNames, stockMovesPage, stockPage } from './queries.ts'

const otherStore = '01890000-0000-7000-8000-000000000002'
const author = { by: null, how: 'test' }
const names: StockNames = {
  productsByIds: async (_, ids) => new Map(ids.map((id) => [id, { sku: `S${id}`, name: `Product ${id}` }])),
  searchProducts: async (_, q) => (q === 'kajal' ? [2, 3] : []),
  billNumbers: async (_, __, slots) =>
    new Map(slots.map(({ epochNo, seq }) => [`${epochNo}/${seq}`, `KOR${epochNo}AI26-${seq}`])),
}
const everything = { storeIds: undefined }

type Line = { product: number; quantityMilli: number }
type Sale = { storeNo: number; epochNo: number; kind: string; lines: Line[] }

/** Sales as facts, in order; seqs count in each epoch, as the journal's do. */
function factsOf(sales: readonly Sale[]): Fact[] {
  const seqs = new Map<string, number>()
  return sales.map((sale, index) => {
    const epoch = `${sale.storeNo}/${sale.epochNo}`
    const seq = (seqs.get(epoch) ?? 0) + 1
    seqs.set(epoch, seq)
    const lines = sale.lines.map((line) => ({ ...line, batch: null }))
    // What the projector reads of an entry.
    const entry = { type: 'sale', at: 1000 + index, body: { documents: [{ kind: sale.kind, lines }] } }
    return {
      storeNo: sale.storeNo,
      registerNo: sale.epochNo,
      epochNo: sale.epochNo,
      seq,
      identity: Buffer.alloc(32, index),
      entry: entry as unknown as Entry,
      receivedAt: 5000,
    }
  })
}

async function foldAll(database: Database): Promise<void> {
  while ((await database.write((tx) => foldStock(tx))) > 0);
}

async function tablesOf(database: Database) {
  const db = database.read
  return {
    moves: await db
      .selectFrom('stock_move')
      .selectAll()
      .orderBy('store_no')
      .orderBy('epoch_no')
      .orderBy('seq')
      .orderBy('line')
      .execute(),
    balances: await db
      .selectFrom('stock_balance')
      .selectAll()
      .orderBy('store_no')
      .orderBy('product')
      .execute(),
    cards: await db
      .selectFrom('stock_card')
      .selectAll()
      .orderBy('store_no')
      .orderBy('product')
      .orderBy('at')
      .orderBy('epoch_no')
      .orderBy('seq')
      .orderBy('line')
      .execute(),
    unfolded: await db.selectFrom('stock_unfolded').selectAll().execute(),
  }
}

const saleArbitrary: fc.Arbitrary<Sale> = fc.record({
  storeNo: fc.integer({ min: 1, max: 2 }),
  epochNo: fc.integer({ min: 1, max: 3 }),
  kind: fc.constantFrom('I', 'I', 'I', 'B', 'P', 'C', 'R', 'G'),
  lines: fc.array(
    fc.record({ product: fc.integer({ min: 1, max: 5 }), quantityMilli: fc.integer({ min: 1, max: 5000 }) }),
    { minLength: 1, maxLength: 4 },
  ),
})

forEachDialect((dialect) => {
  test('[I4] balances equal the fold over the ledger, in whatever groups they come', async () => {
    const database = await dialect.open()
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(saleArbitrary, { maxLength: 6 }), { maxLength: 4 }),
        async (groups) => {
          await database.write((tx) => stockProjector.clear(tx))
          const facts = factsOf(groups.flat())
          const expected: (StockMove & { storeNo: number })[] = []
          for (const group of groups) {
            const part = facts.splice(0, group.length)
            await database.write((tx) => stockProjector.apply(tx, part))
            await database.write((tx) => foldStock(tx, 3))
            for (const { storeNo, kind, lines } of group) {
              const sign = { I: -1, B: -1, P: -1, C: 1, R: 1 }[kind] ?? 0
              for (const line of lines) {
                if (sign !== 0) {
                  expected.push({
                    storeNo,
                    productId: line.product,
                    quantityMilli: sign * line.quantityMilli,
                  })
                }
              }
            }
          }
          await foldAll(database)
          const { balances, cards, moves, unfolded } = await tablesOf(database)
          expect(unfolded).toEqual([])
          expect(moves).toHaveLength(expected.length)
          expect(cards).toHaveLength(expected.length)
          for (const storeNo of [1, 2]) {
            const folded = balancesAfter(expected.filter((move) => move.storeNo === storeNo))
            const stored = balances
              .filter((row) => row.store_no === storeNo)
              .map((row) => [stockKey(row.product), row.quantity_milli] as const)
            expect(new Map(stored)).toEqual(folded)
          }
        },
      ),
      { numRuns: 25 },
    )
  })

  test('[I4] a rebuild from the same entries, one by one, gives the same rows', async () => {
    const context = contextOn(await dialect.open())
    const { database } = context
    await setUpStore(context)
    const opening = { storeId, lines: [{ productId: 1, batchId: 7, quantityMilli: 40_000 }] }
    await recordOpening(context, author, randomUUIDv7(), opening)
    const facts = factsOf([
      {
        storeNo: 1,
        epochNo: 1,
        kind: 'I',
        lines: [
          { product: 1, quantityMilli: 1000 },
          { product: 2, quantityMilli: 250 },
        ],
      },
      { storeNo: 1, epochNo: 2, kind: 'I', lines: [{ product: 1, quantityMilli: 2000 }] },
      { storeNo: 1, epochNo: 1, kind: 'C', lines: [{ product: 2, quantityMilli: 250 }] },
    ])
    await database.write((tx) => stockProjector.apply(tx, facts))
    await foldAll(database)
    const live = await tablesOf(database)
    expect(live.balances.map((row) => [row.product, row.quantity_milli])).toEqual([
      [1, 37_000],
      [2, 0],
    ])
    await database.write((tx) => stockProjector.clear(tx))
    for (const fact of facts.toReversed()) await database.write((tx) => stockProjector.apply(tx, [fact]))
    await foldAll(database)
    expect(await tablesOf(database)).toEqual(live)
  })

  test('a sale leaves balances alone until the worker folds it', async () => {
    const database = await dialect.open()
    const [fact] = factsOf([
      { storeNo: 1, epochNo: 1, kind: 'I', lines: [{ product: 1, quantityMilli: 1000 }] },
    ])
    await database.write((tx) => stockProjector.apply(tx, fact ? [fact] : []))
    expect((await tablesOf(database)).balances).toEqual([])
    await foldAll(database)
    expect((await tablesOf(database)).balances).toMatchObject([{ quantity_milli: -1000, changed_at: 1000 }])
  })

  test('opening stock is recorded once, however often and however many at once', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const id = randomUUIDv7()
    const opening = {
      storeId,
      lines: [
        { productId: 1, batchId: null, quantityMilli: 12_000 },
        { productId: 2, batchId: 4, quantityMilli: 0 },
        { productId: 3, batchId: 4, quantityMilli: 500 },
      ],
    }
    const outcomes = await Promise.all([1, 2, 3].map(() => recordOpening(context, author, id, opening)))
    expect(outcomes.sort()).toEqual(['known', 'known', 'recorded'])
    await Promise.all([1, 2, 3].map(() => recordOpening(context, author, randomUUIDv7(), opening)))
    await foldAll(context.database)
    const { balances, moves } = await tablesOf(context.database)
    expect(balances.map((row) => [row.product, row.quantity_milli])).toEqual([
      [1, 48_000],
      [3, 2000],
    ])
    expect(moves.map((move) => move.seq)).toEqual([1, 1, 2, 2, 3, 3, 4, 4])
    await expect(
      recordOpening(context, author, id, { ...opening, lines: opening.lines.slice(1) }),
    ).rejects.toMatchObject({ code: 'stock/opening-reused' })
    await expect(
      recordOpening(context, author, randomUUIDv7(), { ...opening, storeId: otherStore }),
    ).rejects.toMatchObject({ code: 'store/not-found' })
  })

  test('a round of folding takes one opening, and the next goes on', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const lines = Array.from({ length: 12_000 }, (_, n) => ({
      productId: n + 1,
      batchId: null,
      quantityMilli: 1000,
    }))
    for (let n = 0; n < 3; n++) await recordOpening(context, author, randomUUIDv7(), { storeId, lines })
    for (let n = 0; n < 3; n++) expect(await context.database.write((tx) => foldStock(tx))).toBe(1)
    expect(await context.database.write((tx) => foldStock(tx))).toBe(0)
    const sum = await context.database.read
      .selectFrom('stock_balance')
      .select(({ fn }) => [fn.countAll<number>().as('rows'), fn.sum<number>('quantity_milli').as('quantity')])
      .executeTakeFirstOrThrow()
    expect([Number(sum.rows), Number(sum.quantity)]).toEqual([12_000, 36_000_000])
  })

  test('balances are listed by store, product, search and sign, for the caller’s stores', async () => {
    const context = contextOn(await dialect.open())
    const db = context.database.read
    await setUpStore(context)
    await putStore(context, author, otherStore, storeBody({ code: 'IND' }))
    await context.database.write((tx) =>
      stockProjector.apply(
        tx,
        factsOf([
          { storeNo: 1, epochNo: 1, kind: 'C', lines: [{ product: 1, quantityMilli: 9000 }] },
          { storeNo: 1, epochNo: 1, kind: 'I', lines: [{ product: 2, quantityMilli: 1000 }] },
          { storeNo: 2, epochNo: 2, kind: 'I', lines: [{ product: 3, quantityMilli: 4000 }] },
        ]),
      ),
    )
    await foldAll(context.database)
    const shown = async (query: Parameters<typeof stockPage>[3], storeIds?: string[]) =>
      (await stockPage(db, names, { storeIds }, query)).rows.map((row) => `${row.sku}:${row.quantityMilli}`)
    expect(await shown({})).toEqual(['S1:9000', 'S2:-1000', 'S3:-4000'])
    expect(await shown({ store: storeId })).toEqual(['S1:9000', 'S2:-1000'])
    expect(await shown({ negative: true })).toEqual(['S2:-1000', 'S3:-4000'])
    expect(await shown({ negative: false })).toEqual(['S1:9000'])
    expect(await shown({ product: 3 })).toEqual(['S3:-4000'])
    expect(await shown({ q: 'kajal' })).toEqual(['S2:-1000', 'S3:-4000'])
    expect(await shown({ q: 'nothing' })).toEqual([])
    expect(await shown({}, [otherStore])).toEqual(['S3:-4000'])
    expect(await shown({ store: storeId }, [otherStore])).toEqual([])
    expect(await stockPage(db, names, everything, { page: 2, pageSize: 2 })).toMatchObject({
      total: 3,
      totalIsExact: true,
      rows: [{ storeId: otherStore, name: 'Product 3' }],
    })
  })

  test('a stock card tells every move behind a balance, newest first, with its bill', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    await recordOpening(context, author, randomUUIDv7(), {
      storeId,
      lines: [{ productId: 1, batchId: 7, quantityMilli: 5000 }],
    })
    await context.database.write((tx) =>
      stockProjector.apply(
        tx,
        factsOf([
          { storeNo: 1, epochNo: 1, kind: 'I', lines: [{ product: 1, quantityMilli: 1000 }] },
          { storeNo: 1, epochNo: 1, kind: 'I', lines: [{ product: 2, quantityMilli: 1000 }] },
          { storeNo: 1, epochNo: 1, kind: 'C', lines: [{ product: 1, quantityMilli: 500 }] },
        ]),
      ),
    )
    await foldAll(context.database)
    const card = await stockMovesPage(context.database.read, names, { store: storeId, product: 1 })
    expect(card.total).toBe(3)
    expect(card.rows.map((row) => [row.kind, row.quantityMilli, row.batchId, row.billNumber])).toEqual([
      ['opening', 5000, 7, null],
      ['return', 500, null, 'KOR1AI26-3'],
      ['sale', -1000, null, 'KOR1AI26-1'],
    ])
    await expect(
      stockMovesPage(context.database.read, names, { store: otherStore, product: 1 }),
    ).rejects.toMatchObject({ code: 'store/not-found' })
  })
})
