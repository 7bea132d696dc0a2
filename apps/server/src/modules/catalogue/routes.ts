import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import {
  checkImport,
  createPriceList as createPriceListEndpoint,
  createProduct as createProductEndpoint,
  exportProducts,
  getImport,
  getLabels,
  getProduct,
  type ImportMapping,
  importBadRows,
  importChanges,
  listFacets,
  listImports,
  listPriceLists,
  listProducts,
  listTaxClasses,
  Problem,
  type ProductRow,
  putProduct,
  putTaxClass as putTaxClassEndpoint,
  renamePriceList as renamePriceListEndpoint,
  runImport,
  uploadImport,
} from '@nexus/contract'
import { formatPlain } from '@nexus/domain'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { csvLine, csvStart } from '../../http/csv.ts'
import { requireStore, type StaffCaller, serve } from '../../http/serve.ts'
import { findStore } from '../stores/index.ts'
import { changeProduct } from './change-product.ts'
import { createPriceList } from './create-price-list.ts'
import { createProduct } from './create-product.ts'
import { openImports } from './import/run-import.ts'
import { putTaxClass } from './put-tax-class.ts'
import {
  facets,
  getProductById,
  labelsOf,
  type ProductQuery,
  productPage,
  productRows,
  taxClasses,
} from './queries.ts'
import { renamePriceList } from './rename-price-list.ts'
import { allPriceLists } from './sql.ts'

/** HTTP face of the catalogue. */
export function catalogueRoutes(context: Context): (app: FastifyInstance) => void {
  const { database, clock } = context
  const db = database.read
  return (app) => {
    const imports = openImports(context)
    app.addHook('preClose', async () => await imports.stop())

    serve(app, listProducts, async ({ query }) => await productPage(db, query, clock.now()))
    serve(app, exportProducts, async ({ query, reply }) => {
      reply.header('content-disposition', 'attachment; filename="products.csv"')
      return Readable.from(csvOf(context, query))
    })
    serve(app, listFacets, async () => await facets(db))
    serve(app, getProduct, async ({ params }) => await getProductById(db, params.productId))
    serve(
      app,
      createProductEndpoint,
      async ({ body, caller }) => await createProduct(context, body, authorOf(caller)),
    )
    serve(
      app,
      putProduct,
      async ({ params, body, caller }) =>
        await changeProduct(context, params.productId, body, authorOf(caller)),
    )
    serve(app, listTaxClasses, async () => ({ taxClasses: await taxClasses(db) }))
    serve(
      app,
      putTaxClassEndpoint,
      async ({ params, body, caller }) =>
        await putTaxClass(context, { id: params.taxClassId, ...body }, authorOf(caller)),
    )
    serve(app, listPriceLists, async () => ({ priceLists: await allPriceLists(db) }))
    serve(
      app,
      createPriceListEndpoint,
      async ({ body, caller }) => await createPriceList(context, body, authorOf(caller)),
    )
    serve(
      app,
      renamePriceListEndpoint,
      async ({ params, body, caller }) =>
        await renamePriceList(context, params.priceListId, body.name, authorOf(caller)),
    )
    serve(app, getLabels, async ({ body }) => {
      const store = body.storeId === undefined ? undefined : await findStore(db, body.storeId)
      return { labels: await labelsOf(db, body.productIds, store, clock.now()) }
    })

    serve(app, listImports, async () => ({ imports: await imports.latest() }))
    serve(app, uploadImport, async ({ params, caller, request }) => {
      const file = await request.file()
      if (!file) throw new Problem('import/unreadable', 'No file came with the request. Choose a CSV file.')
      return await imports.upload(params.importId, file.filename, file.file, caller.name)
    })
    serve(
      app,
      checkImport,
      async ({ params, body, caller }) =>
        await imports.start(params.importId, mappingFor(caller, body), 'checking', importAuthor(caller)),
    )
    serve(
      app,
      runImport,
      async ({ params, body, caller }) =>
        await imports.start(params.importId, mappingFor(caller, body), 'running', importAuthor(caller)),
    )
    serve(app, getImport, async ({ params }) => await imports.find(params.importId))
    serve(app, importBadRows, async ({ params, reply }) => {
      const path = await imports.badRows(params.importId)
      if (path === undefined) {
        throw new Problem('import/not-found', 'This import was not checked yet. Check it first.')
      }
      reply.header('content-disposition', 'attachment; filename="bad-rows.csv"')
      return createReadStream(path)
    })
    serve(app, importChanges, async ({ params, reply }) => {
      const path = await imports.changes(params.importId)
      if (path === undefined) {
        throw new Problem(
          'import/not-found',
          'This import has no file of changes. Check prices or MRPs first.',
        )
      }
      reply.header('content-disposition', 'attachment; filename="changes.csv"')
      return createReadStream(path)
    })
  }
}

function authorOf(caller: StaffCaller) {
  return { by: caller.staffId, how: 'back-office' }
}

/** Stock is opened only in stores that the person works for, prices are changed only by who may. */
function mappingFor(caller: StaffCaller, mapping: ImportMapping): ImportMapping {
  if ((mapping.kind ?? 'products') !== 'products' && !caller.permissions.has('prices.write')) {
    throw new Problem('session/not-allowed', 'Your role does not change prices. Ask who may.')
  }
  if (mapping.openingStockStore !== undefined) requireStore(caller, mapping.openingStockStore)
  return mapping
}

function importAuthor(caller: StaffCaller) {
  return { by: caller.staffId, how: 'import' }
}

const columns = [
  'id',
  'sku',
  'name',
  'brand',
  'category',
  'hsn',
  'tax class',
  'barcode',
  'mrp',
  'price',
  'active',
  'batches',
  'changed at',
]

async function* csvOf({ database, clock }: Context, query: ProductQuery): AsyncGenerator<string> {
  yield csvStart + csvLine(columns)
  for await (const rows of productRows(database.read, query, clock.now())) {
    yield rows.map((row) => csvLine(cellsOf(row))).join('')
  }
}

function cellsOf(row: ProductRow) {
  return [
    row.id,
    row.sku,
    row.name,
    row.brand,
    row.category,
    row.hsn,
    row.taxClassId,
    row.barcode,
    row.mrpMinor === null ? null : formatPlain(row.mrpMinor),
    row.priceMinor === null ? null : formatPlain(row.priceMinor),
    row.active,
    row.batches,
    new Date(row.changedAt).toISOString(),
  ]
}
