import { listStock, listStockMoves, Problem, putOpeningStock } from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { requireStore, serve } from '../../http/serve.ts'
import { type StockNames, stockMovesPage, stockPage } from './queries.ts'
import { recordOpening } from './record-opening.ts'

/** HTTP face of the inventory module; names of products and bills are handed in. */
export function inventoryRoutes(context: Context, names: StockNames): (app: FastifyInstance) => void {
  const db = context.database.read
  return (app) => {
    serve(app, listStock, async ({ caller, query }) => await stockPage(db, names, caller, query))
    serve(app, listStockMoves, async ({ caller, query }) => {
      requireStore(caller, query.store)
      return await stockMovesPage(db, names, query)
    })
    serve(app, putOpeningStock, async ({ caller, params, body }) => {
      requireStore(caller, body.storeId)
      await requireProducts(
        names,
        body.lines.map((line) => line.productId),
      )
      const author = { by: caller.staffId, how: 'back-office' }
      return { outcome: await recordOpening(context, author, params.openingId, body) }
    })
  }

  async function requireProducts({ productsByIds }: StockNames, ids: readonly number[]): Promise<void> {
    const known = await productsByIds(db, [...new Set(ids)])
    const unknown = ids.find((id) => !known.has(id))
    if (unknown !== undefined) {
      throw new Problem(
        'product/not-found',
        `There is no product ${unknown}. Choose products from the catalogue.`,
        { productId: unknown },
      )
    }
  }
}
