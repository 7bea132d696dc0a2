import { Problem, type Product, type ProductBody } from '@nexus/contract'
import type { Context } from '../../context.ts'
import { tidyProduct } from './check-product.ts'
import { productOf } from './queries.ts'
import { knownReferences, refuseFaults, refuseTaken } from './refuse-faults.ts'
import { type Author, changing, isSameProduct, saveProducts } from './save-products.ts'
import { productsById, productsOfSkus } from './sql.ts'

/**
 * Adds a product. Safe to repeat: the SKU names it, and the same content again answers what is stored.
 *
 * Throws Problem `product/sku-taken` when the SKU belongs to other content, and the problems of
 * `refuseFaults` and `refuseTaken`.
 */
export async function createProduct(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  given: ProductBody,
  author: Omit<Author, 'at'>,
): Promise<Product> {
  const at = clock.now()
  const body = tidyProduct(given)
  return await database.write(
    async (tx) =>
      await changing(tx, async (numbers) => {
        const takenBy = (await productsOfSkus(tx, [body.sku])).get(body.sku.toLowerCase())
        if (takenBy !== undefined) {
          const stored = (await productsById(tx, [takenBy])).get(takenBy)
          if (stored && isSameProduct(stored, withBatchIds(body, stored.batches))) return productOf(stored)
          throw new Problem(
            'product/sku-taken',
            `${stored?.names.en ?? 'Another product'} has the SKU ${body.sku}. Choose another SKU, or open that product and change it.`,
            { productId: takenBy },
            [{ field: 'sku', message: 'Another product has this SKU.' }],
          )
        }
        refuseFaults(body, undefined, await knownReferences(tx), at)
        await refuseTaken(tx, body, undefined)
        const [stored] = await saveProducts(tx, numbers, { ...author, at }, [{ before: undefined, body }])
        if (!stored) throw new Error('one product was saved')
        return productOf(stored)
      }),
  )
}

/** A re-sent product still has 0 for its new batches; the stored one has their numbers. */
function withBatchIds(body: ProductBody, stored: ProductBody['batches']): ProductBody {
  return {
    ...body,
    batches: body.batches.map((batch, index) => ({ ...batch, id: batch.id || (stored[index]?.id ?? 0) })),
  }
}
