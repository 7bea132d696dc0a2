import { Problem, type ProductBody } from '@nexus/contract'
import type { Context } from '../../context.ts'
import { faultsOf, tidyProduct } from './check-product.ts'
import { knownReferences } from './refuse-faults.ts'
import { type Author, changing, saveProducts } from './save-products.ts'

/** Products in one transaction: sales get their turn in between. */
const portion = 500

/**
 * Adds many new products, for seeds: ids rise in the order given. The caller knows that SKUs and
 * barcodes are free; an empty SKU is given. Not safe to repeat.
 *
 * Throws Problem of the first product that may not be stored; what came before its portion stays.
 */
export async function addProducts(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  products: readonly ProductBody[],
  author: Omit<Author, 'at'>,
): Promise<number[]> {
  const known = await knownReferences(database.read)
  const ids: number[] = []
  for (let from = 0; from < products.length; from += portion) {
    const at = clock.now()
    const bodies = products.slice(from, from + portion).map(tidyProduct)
    for (const body of bodies) {
      const [fault] = faultsOf(body, undefined, known, at)
      if (fault) throw new Problem(fault.code, `${body.names.en}: ${fault.reason} ${fault.remedy}`)
    }
    const stored = await database.write(
      async (tx) =>
        await changing(
          tx,
          async (numbers) =>
            await saveProducts(
              tx,
              numbers,
              { ...author, at },
              bodies.map((body) => ({ before: undefined, body })),
            ),
        ),
    )
    for (const product of stored) ids.push(product.id)
  }
  return ids
}
