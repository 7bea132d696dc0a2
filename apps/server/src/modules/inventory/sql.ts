import { CompiledQuery, sql } from 'kysely'
import type { Db, Tx } from '../../db/database.ts'
import { inList, insertRows, mergeRows } from '../../db/rows.ts'
import { writeLater } from '../../db/send-later.ts'
import type { StockBalanceTable, StockCardTable, StockMoveTable } from './tables.ts'

/** Appends moves and notes their slots for the worker. */
export async function insertMoves(tx: Tx, moves: readonly StockMoveTable[]): Promise<void> {
  if (moves.length === 0) return
  await insertRows(tx, 'stock_move', moves)
  const slots = new Map(
    moves.map((move) => [
      `${move.store_no}/${move.epoch_no}/${move.seq}`,
      { store_no: move.store_no, epoch_no: move.epoch_no, seq: move.seq },
    ]),
  )
  await insertRows(tx, 'stock_unfolded', [...slots.values()])
}

/** A move as it is folded. */
export type Move = StockCardTable & { quantity_milli: number }

const moveColumns = 'm.store_no, m.product, m.at, m.epoch_no, m.seq, m.line, m.quantity_milli'

/** Moves of the next sales and returns that wait to be folded, at most `slotsMax` slots in the order of their key. */
export async function unfoldedMoves(tx: Tx, slotsMax: number): Promise<Move[]> {
  const { rows } = await tx.executeQuery<Move>(
    CompiledQuery.raw(
      `SELECT ${moveColumns} FROM (SELECT store_no, epoch_no, seq FROM stock_unfolded WHERE epoch_no > 0
       ORDER BY store_no, epoch_no, seq LIMIT ?) AS u
       JOIN stock_move AS m ON m.store_no = u.store_no AND m.epoch_no = u.epoch_no AND m.seq = u.seq`,
      [slotsMax],
    ),
  )
  return rows
}

/** Moves of the next opening that waits to be folded; a store's opening has thousands. */
export async function unfoldedOpening(tx: Tx): Promise<Move[]> {
  const { rows } = await tx.executeQuery<Move>(
    CompiledQuery.raw(
      `SELECT ${moveColumns} FROM (SELECT store_no, epoch_no, seq FROM stock_unfolded WHERE epoch_no = 0
       ORDER BY store_no, epoch_no, seq LIMIT 1) AS u
       JOIN stock_move AS m ON m.store_no = u.store_no AND m.epoch_no = u.epoch_no AND m.seq = u.seq`,
      [],
    ),
  )
  return rows
}

/** Enters moves into the cards of their products; give them in the order of the key. */
export async function insertCards(tx: Tx, rows: readonly StockCardTable[]): Promise<void> {
  await insertRows(tx, 'stock_card', rows)
}

export async function deleteUnfolded(
  tx: Tx,
  epoch: { storeNo: number; epochNo: number },
  seqs: readonly number[],
): Promise<void> {
  const list = inList(seqs)
  await tx.executeQuery(
    writeLater(`DELETE FROM stock_unfolded WHERE store_no = ? AND epoch_no = ? AND seq IN ${list.text}`, [
      epoch.storeNo,
      epoch.epochNo,
      ...list.parameters,
    ]),
  )
}

/** Adds to balances, each of which stands once in `rows`; give them in the order of the key. */
export async function addToBalances(tx: Tx, rows: readonly StockBalanceTable[]): Promise<void> {
  await mergeRows(tx, 'stock_balance', ['store_no', 'product'], rows, ({ given, greatest }) => [
    `is_negative=(quantity_milli+${given('quantity_milli')}<0)`,
    `changed_at=${greatest('changed_at', given('changed_at'))}`,
    `quantity_milli=quantity_milli+${given('quantity_milli')}`,
  ])
}

/** Empties all that sales and folding derive, and notes every opening as not folded. */
export async function clearDerived(tx: Tx): Promise<void> {
  await tx.deleteFrom('stock_move').where('epoch_no', '>', 0).execute()
  await tx.deleteFrom('stock_unfolded').execute()
  await tx.deleteFrom('stock_balance').execute()
  await tx.deleteFrom('stock_card').execute()
  await tx
    .insertInto('stock_unfolded')
    .columns(['store_no', 'epoch_no', 'seq'])
    .expression((from) =>
      from.selectFrom('stock_opening').select(['store_no', sql<number>`0`.as('epoch_no'), 'opening_no']),
    )
    .execute()
}

export async function findOpening(
  db: Db,
  id: string,
): Promise<{ storeNo: number; fingerprint: Buffer } | undefined> {
  const row = await db.selectFrom('stock_opening').selectAll().where('id', '=', id).executeTakeFirst()
  return row && { storeNo: row.store_no, fingerprint: Buffer.from(row.fingerprint) }
}

/**
 * Adds an opening under the store's next number and answers that number. An opening added at the same
 * time makes the second one fail with a duplicate key: `writeRacing`.
 */
export async function insertOpening(
  tx: Tx,
  opening: { storeNo: number; id: string; fingerprint: Buffer; at: number; by: string | null },
): Promise<number> {
  const { last } = await tx
    .selectFrom('stock_opening')
    .select(({ fn }) => fn.max('opening_no').as('last'))
    .where('store_no', '=', opening.storeNo)
    .executeTakeFirstOrThrow()
  const openingNo = Number(last ?? 0) + 1
  await tx
    .insertInto('stock_opening')
    .values({
      store_no: opening.storeNo,
      opening_no: openingNo,
      id: opening.id,
      fingerprint: opening.fingerprint,
      at: opening.at,
      by_id: opening.by,
    })
    .execute()
  return openingNo
}

export type BalanceFilter = {
  /** undefined: all */
  storeNos: readonly number[] | undefined
  products?: readonly number[] | undefined
  negative?: boolean | undefined
}

function matchingBalances(db: Db, filter: BalanceFilter) {
  let query = db.selectFrom('stock_balance')
  if (filter.storeNos) query = query.where('store_no', 'in', [...filter.storeNos])
  if (filter.products) query = query.where('product', 'in', [...filter.products])
  if (filter.negative !== undefined) {
    query = query.where('is_negative', '=', filter.negative ? 1 : 0)
  }
  return query
}

/** How many balances match, counting no further than `max`. */
export async function countBalances(db: Db, filter: BalanceFilter, max: number): Promise<number> {
  const row = await db
    .selectFrom(matchingBalances(db, filter).select('product').limit(max).as('found'))
    .select(({ fn }) => fn.countAll<number | string>().as('total'))
    .executeTakeFirstOrThrow()
  return Number(row.total)
}

/** Balances by store and product. */
export async function balancesPage(
  db: Db,
  filter: BalanceFilter,
  page: { offset: number; limit: number },
): Promise<StockBalanceTable[]> {
  return await matchingBalances(db, filter)
    .selectAll()
    .orderBy('store_no')
    .orderBy('product')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
}

/** How many moves stand on the card of a product in a store, counting no further than `max`. */
export async function countMoves(db: Db, storeNo: number, product: number, max: number): Promise<number> {
  const card = db
    .selectFrom('stock_card')
    .select('seq')
    .where('store_no', '=', storeNo)
    .where('product', '=', product)
    .limit(max)
  const row = await db
    .selectFrom(card.as('found'))
    .select(({ fn }) => fn.countAll<number | string>().as('total'))
    .executeTakeFirstOrThrow()
  return Number(row.total)
}

/** Card of a product in a store, newest first. */
export async function movesPage(
  db: Db,
  storeNo: number,
  product: number,
  page: { offset: number; limit: number },
): Promise<StockMoveTable[]> {
  const card = db
    .selectFrom('stock_card')
    .selectAll()
    .where('store_no', '=', storeNo)
    .where('product', '=', product)
    .orderBy('at', 'desc')
    .orderBy('epoch_no', 'desc')
    .orderBy('seq', 'desc')
    .orderBy('line', 'desc')
    .limit(page.limit)
    .offset(page.offset)
  return await db
    .selectFrom(card.as('card'))
    .innerJoin('stock_move as move', (on) =>
      on
        .onRef('move.store_no', '=', 'card.store_no')
        .onRef('move.epoch_no', '=', 'card.epoch_no')
        .onRef('move.seq', '=', 'card.seq')
        .onRef('move.line', '=', 'card.line'),
    )
    .selectAll('move')
    .orderBy('card.at', 'desc')
    .orderBy('card.epoch_no', 'desc')
    .orderBy('card.seq', 'desc')
    .orderBy('card.line', 'desc')
    .execute()
}

/** What the entries of a span of slots moved, by product. */
export async function moveSums(
  db: Db,
  span: { storeNo: number; epochNo: number; fromSeq: number; toSeq: number },
): Promise<{ product: number; quantityMilli: number }[]> {
  const rows = await db
    .selectFrom('stock_move')
    .select(({ fn }) => ['product', fn.sum<number | string>('quantity_milli').as('quantityMilli')])
    .where('store_no', '=', span.storeNo)
    .where('epoch_no', '=', span.epochNo)
    .where('seq', '>=', span.fromSeq)
    .where('seq', '<=', span.toSeq)
    .groupBy('product')
    .execute()
  return rows.map((row) => ({ product: row.product, quantityMilli: Number(row.quantityMilli) }))
}
