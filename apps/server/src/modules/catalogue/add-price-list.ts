import type { PriceListRow } from '@nexus/contract'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { recordAudit } from '../audit/index.ts'
import { type Author, changing } from './save-products.ts'
import { allPriceLists, insertPriceList } from './sql.ts'

/** Adds a price list and gives it the next id. What it is for never changes afterwards (PRC-4). */
export async function addPriceList(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  list: Omit<PriceListRow, 'id'>,
  author: Omit<Author, 'at'>,
): Promise<PriceListRow> {
  return await database.write(
    async (tx) => await changing(tx, async () => await insertNext(tx, list, { ...author, at: clock.now() })),
  )
}

/**
 * Id of the chain's own list, for everybody, with GST inside: where prices go that name no list. Made
 * when there is none. Call it inside a change.
 */
export async function ensureChainList(tx: Tx, author: Author): Promise<number> {
  const found = chainListOf(await allPriceLists(tx))
  if (found) return found.id
  const list = { name: 'Selling price', scope: 'chain', scopeId: '', tier: null, inclusive: true } as const
  return (await insertNext(tx, list, author)).id
}

/** The list that `ensureChainList` answers; undefined while there is none. */
export function chainListOf(lists: readonly PriceListRow[]): PriceListRow | undefined {
  return lists.find((list) => list.scope === 'chain' && list.tier === null)
}

/** Adds a list under the next id. Call it inside a change. */
export async function insertNext(
  tx: Tx,
  list: Omit<PriceListRow, 'id'>,
  author: Author,
): Promise<PriceListRow> {
  const after = { id: Math.max(0, ...(await allPriceLists(tx)).map((known) => known.id)) + 1, ...list }
  await insertPriceList(tx, after)
  await recordAudit(tx, {
    ...author,
    subject: 'price-list',
    subjectId: String(after.id),
    label: after.name,
    before: null,
    after,
  })
  return after
}
