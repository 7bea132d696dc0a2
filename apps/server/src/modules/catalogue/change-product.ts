import { Problem, type Product, type ProductBody } from '@nexus/contract'
import type { Context } from '../../context.ts'
import { tidyProduct } from './check-product.ts'
import { productOf } from './queries.ts'
import { knownReferences, refuseFaults, refuseTaken } from './refuse-faults.ts'
import { type Author, changing, isSameProduct, saveProducts } from './save-products.ts'
import { productsById } from './sql.ts'

/**
 * Changes a product that the caller saw at `revision`. What it already is changes nothing and writes
 * nothing.
 *
 * Throws Problem `product/not-found`, `product/changed-meanwhile`, and the problems of `refuseFaults`
 * and `refuseTaken`.
 */
export async function changeProduct(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  productId: number,
  given: ProductBody & { revision: number },
  author: Omit<Author, 'at'>,
): Promise<Product> {
  const at = clock.now()
  const body = tidyProduct(given)
  return await database.write(
    async (tx) =>
      await changing(tx, async (numbers) => {
        const before = (await productsById(tx, [productId])).get(productId)
        if (!before) {
          throw new Problem('product/not-found', 'There is no such product. Go back to the list.', {
            productId,
          })
        }
        if (isSameProduct(before, body)) return productOf(before)
        if (before.revision !== given.revision) {
          throw new Problem(
            'product/changed-meanwhile',
            'Somebody else changed this product while you had it open. Load it again and repeat your change.',
            { productId, revision: before.revision },
          )
        }
        refuseFaults(body, before, await knownReferences(tx), at)
        await refuseTaken(tx, body, before)
        const [stored] = await saveProducts(tx, numbers, { ...author, at }, [{ before, body }])
        if (!stored) throw new Error('one product was saved')
        return productOf(stored)
      }),
  )
}
