import { type PriceListBody, type PriceListRow, Problem } from '@nexus/contract'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/database.ts'
import { selectStores } from '../stores/index.ts'
import { insertNext } from './add-price-list.ts'
import { tidyText } from './check-product.ts'
import { type Author, changing } from './save-products.ts'
import { allPriceLists } from './sql.ts'

/**
 * Adds a price list (PRC-4). Safe to repeat: the name names it, and the same content again answers what is
 * stored. Tills know it with the next published rulebook.
 *
 * Throws Problem `price-list/name-taken`, and `request/invalid` for a place that does not exist and for a list
 * that differs from the others about GST: one bill has one of both (PRC-4d).
 */
export async function createPriceList(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  given: PriceListBody,
  author: Omit<Author, 'at'>,
): Promise<PriceListRow> {
  const tier = given.tier === null ? null : tidyText(given.tier)
  const list = { ...given, name: tidyText(given.name), tier: tier === '' ? null : tier }
  return await database.write(
    async (tx) =>
      await changing(tx, async () => {
        const lists = await allPriceLists(tx)
        const named = lists.find(({ name }) => name.toLowerCase() === list.name.toLowerCase())
        if (named && saysTheSame(named, list)) return named
        if (named) throw nameTaken(named)
        const errors = await faultsOf(tx, list, lists)
        if (errors[0]) throw new Problem('request/invalid', errors[0].message, {}, errors)
        return await insertNext(tx, list, { ...author, at: clock.now() })
      }),
  )
}

/** Another list has the name, in any case. */
export function nameTaken({ id, name }: PriceListRow): Problem {
  return new Problem('price-list/name-taken', `There is a price list ${name} already. Choose another name.`, {
    priceListId: id,
  })
}

async function faultsOf(
  db: Db,
  list: PriceListBody,
  lists: readonly PriceListRow[],
): Promise<{ field: string; message: string }[]> {
  const errors: { field: string; message: string }[] = []
  if (list.name === '') errors.push({ field: 'name', message: 'The list has no name. Fill it in.' })
  const stores = list.scope === 'chain' ? [] : await selectStores(db)
  const isPlace =
    list.scope === 'chain'
      ? list.scopeId === ''
      : stores.some((store) => (list.scope === 'store' ? store.id : store.regionId) === list.scopeId)
  if (!isPlace || (list.scope !== 'chain' && list.scopeId === '')) {
    const messages = {
      chain: 'A list of the chain names no place. Leave it empty.',
      region: 'No store is in this region. Choose another one.',
      store: 'There is no such store. Choose one of the list of stores.',
    }
    errors.push({ field: 'scopeId', message: messages[list.scope] })
  }
  const [first] = lists
  if (first && first.inclusive !== list.inclusive) {
    const message = `The prices of ${first.name} are ${first.inclusive ? 'with' : 'without'} GST, and one bill has one of both. Make this list alike.`
    errors.push({ field: 'inclusive', message })
  }
  return errors
}

function saysTheSame(stored: PriceListRow, { scope, scopeId, tier, inclusive }: PriceListBody): boolean {
  return (
    stored.scope === scope &&
    stored.scopeId === scopeId &&
    stored.tier === tier &&
    stored.inclusive === inclusive
  )
}
