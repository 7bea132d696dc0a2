import { type PriceListRow, Problem } from '@nexus/contract'
import type { Context } from '../../context.ts'
import { recordAudit } from '../audit/index.ts'
import { tidyText } from './check-product.ts'
import { nameTaken } from './create-price-list.ts'
import { type Author, changing } from './save-products.ts'
import { allPriceLists, updatePriceListName } from './sql.ts'

/**
 * Gives a price list another name. What it is for never changes, so that an old version of the rulebook shows
 * each store the same rows for ever. Safe to repeat.
 *
 * Throws Problem `price-list/not-found`, `price-list/name-taken`.
 */
export async function renamePriceList(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  priceListId: number,
  given: string,
  author: Omit<Author, 'at'>,
): Promise<PriceListRow> {
  const name = tidyText(given)
  return await database.write(
    async (tx) =>
      await changing(tx, async () => {
        const lists = await allPriceLists(tx)
        const before = lists.find(({ id }) => id === priceListId)
        if (!before) {
          throw new Problem(
            'price-list/not-found',
            'There is no such price list. Choose one from the list.',
            {
              priceListId,
            },
          )
        }
        const other = lists.find((list) => list !== before && list.name.toLowerCase() === name.toLowerCase())
        if (other) throw nameTaken(other)
        if (name === '') {
          const message = 'The list has no name. Fill it in.'
          throw new Problem('request/invalid', message, {}, [{ field: 'name', message }])
        }
        const after = { ...before, name }
        if (name === before.name) return before
        await updatePriceListName(tx, priceListId, name)
        await recordAudit(tx, {
          ...author,
          at: clock.now(),
          subject: 'price-list',
          subjectId: String(priceListId),
          label: name,
          before,
          after,
        })
        return after
      }),
  )
}
