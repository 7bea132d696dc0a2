import { type Static, Type } from 'typebox'
import { Day, Id, Instant, listQuery, Milli, Minor, Names, Nullable, Page, ProductId } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { monthPattern } from '../format-parts.ts'

export const BatchBody = Type.Object({
  id: Type.Integer({ minimum: 0, description: '0 for a new batch; the server numbers it' }),
  batchNo: Type.String({ maxLength: 40 }),
  mrpMinor: Nullable(Minor),
  revisedMrpMinor: Nullable(Minor),
  expiryKind: Nullable(Type.Union([Type.Literal('use-before'), Type.Literal('expiry')])),
  expiryMonth: Nullable(Type.String({ pattern: monthPattern })),
})
export const PriceBody = Type.Object({
  listId: Type.Integer({ minimum: 1 }),
  unitMinor: Minor,
  from: Instant,
  until: Nullable(Instant),
})

export const ProductBody = Type.Object({
  sku: Type.String({ minLength: 1, maxLength: 40, pattern: '^[A-Za-z0-9][A-Za-z0-9._/-]*$' }),
  names: Names,
  brand: Type.String({ maxLength: 120 }),
  category: Type.String({ maxLength: 120 }),
  hsn: Type.String({ pattern: '^([0-9]{4}|[0-9]{6}|[0-9]{8})?$' }),
  uqc: Type.String({ pattern: '^[A-Z]{2,5}$' }),
  /** Empty: not classified yet, so it cannot be sold (TAX-1). */
  taxClassId: Type.String({ maxLength: 20 }),
  active: Type.Boolean(),
  barcodes: Type.Array(Type.String({ minLength: 1, maxLength: 48 }), { maxItems: 20 }),
  batches: Type.Array(BatchBody, { maxItems: 200 }),
  prices: Type.Array(PriceBody, { maxItems: 200 }),
})
export type ProductBody = Static<typeof ProductBody>
export const Product = Type.Object({
  id: ProductId,
  ...ProductBody.properties,
  /** Internal EAN-13 that is this product's for ever; scans even when no other code exists. */
  internalCode: Type.String(),
  /** Rises with each change; hand it back in `revision` to change what you saw. */
  revision: Type.Integer(),
  changedAt: Instant,
})
export type Product = Static<typeof Product>

export const ProductRow = Type.Object({
  id: ProductId,
  sku: Type.String(),
  name: Type.String(),
  brand: Type.String(),
  category: Type.String(),
  hsn: Type.String(),
  taxClassId: Type.String(),
  barcode: Type.String(),
  mrpMinor: Nullable(Minor),
  priceMinor: Nullable(Minor),
  active: Type.Boolean(),
  batches: Type.Integer(),
  changedAt: Instant,
})
export type ProductRow = Static<typeof ProductRow>

export const listProducts = endpoint({
  method: 'GET',
  path: '/v1/products',
  tag: 'catalogue',
  allow: 'products.read',
  summary: 'Products, by filter, sort and page. `q` matches name, SKU, barcode.',
  query: Type.Object({
    ...listQuery,
    brand: Type.Optional(Type.String()),
    category: Type.Optional(Type.String()),
    taxClass: Type.Optional(Type.String()),
    active: Type.Optional(Type.Boolean()),
    unclassified: Type.Optional(Type.Boolean()),
  }),
  answer: Page(ProductRow),
})
export const exportProducts = endpoint({
  method: 'GET',
  path: '/v1/products.csv',
  tag: 'catalogue',
  allow: 'products.read',
  summary: 'The same rows as the list, all pages, as CSV.',
  query: listProducts.query,
  produces: 'text/csv',
})
export const getProduct = endpoint({
  method: 'GET',
  path: '/v1/products/:productId',
  tag: 'catalogue',
  allow: 'products.read',
  summary: 'One product.',
  params: Type.Object({ productId: ProductId }),
  answer: Product,
})
export const createProduct = endpoint({
  method: 'POST',
  path: '/v1/products',
  tag: 'catalogue',
  allow: 'products.write',
  summary: 'Add a product; its SKU names it, so a re-send of the same content is harmless.',
  body: ProductBody,
  answer: Product,
})
export const putProduct = endpoint({
  method: 'PUT',
  path: '/v1/products/:productId',
  tag: 'catalogue',
  allow: 'products.write',
  summary: 'Change a product that the caller saw at `revision`.',
  params: Type.Object({ productId: ProductId }),
  body: Type.Object({ ...ProductBody.properties, revision: Type.Integer() }),
  answer: Product,
})

export const TaxClassBody = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 120 }),
  rates: Type.Array(
    Type.Object({
      from: Instant,
      kind: Type.Union([
        Type.Literal('taxable'),
        Type.Literal('nil'),
        Type.Literal('exempt'),
        Type.Literal('non-gst'),
      ]),
      rateBp: Type.Integer({ minimum: 0, maximum: 10000 }),
    }),
    { minItems: 1 },
  ),
})
export const TaxClassRow = Type.Object({
  id: Type.String(),
  ...TaxClassBody.properties,
  products: Type.Integer(),
})
export type TaxClassRow = Static<typeof TaxClassRow>
export const listTaxClasses = endpoint({
  method: 'GET',
  path: '/v1/tax-classes',
  tag: 'catalogue',
  allow: 'products.read',
  summary: 'Tax classes with their rates by date.',
  answer: Type.Object({ taxClasses: Type.Array(TaxClassRow) }),
})
export const putTaxClass = endpoint({
  method: 'PUT',
  path: '/v1/tax-classes/:taxClassId',
  tag: 'catalogue',
  allow: 'products.write',
  summary: 'Create or change a tax class.',
  params: Type.Object({ taxClassId: Type.String({ pattern: '^[A-Z0-9][A-Z0-9-]{1,19}$' }) }),
  body: TaxClassBody,
  answer: TaxClassRow,
})

export const PriceListRow = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  scope: Type.Union([Type.Literal('store'), Type.Literal('region'), Type.Literal('chain')]),
  scopeId: Type.String(),
  tier: Nullable(Type.String()),
  inclusive: Type.Boolean(),
})
export type PriceListRow = Static<typeof PriceListRow>
export const listPriceLists = endpoint({
  method: 'GET',
  path: '/v1/price-lists',
  tag: 'rulebook',
  allow: 'products.read',
  summary: 'Price lists.',
  answer: Type.Object({ priceLists: Type.Array(PriceListRow) }),
})
export const PriceListBody = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 80 }),
  scope: PriceListRow.properties.scope,
  scopeId: Type.String({ maxLength: 64, description: 'store or region; empty for the chain' }),
  tier: Nullable(Type.String({ minLength: 1, maxLength: 40 })),
  inclusive: Type.Boolean(),
})
export type PriceListBody = Static<typeof PriceListBody>
export const createPriceList = endpoint({
  method: 'POST',
  path: '/v1/price-lists',
  tag: 'rulebook',
  allow: 'prices.write',
  summary: 'Add a price list; its name names it, so a re-send of the same content is harmless.',
  body: PriceListBody,
  answer: PriceListRow,
})
export const renamePriceList = endpoint({
  method: 'PUT',
  path: '/v1/price-lists/:priceListId/name',
  tag: 'rulebook',
  allow: 'prices.write',
  summary: 'Give a price list another name. What it is for never changes.',
  params: Type.Object({ priceListId: ProductId }),
  body: Type.Object({ name: PriceListBody.properties.name }),
  answer: PriceListRow,
})
export const listFacets = endpoint({
  method: 'GET',
  path: '/v1/products/facets',
  tag: 'catalogue',
  allow: 'products.read',
  summary: 'Brands and categories in use, for filters.',
  answer: Type.Object({ brands: Type.Array(Type.String()), categories: Type.Array(Type.String()) }),
})

/** One label to print. */
export const Label = Type.Object({
  productId: ProductId,
  name: Type.String(),
  brand: Type.String(),
  sku: Type.String(),
  barcode: Type.String(),
  mrpMinor: Nullable(Minor),
  priceMinor: Nullable(Minor),
  uqc: Type.String(),
  batchNo: Nullable(Type.String()),
})
export type Label = Static<typeof Label>
export const getLabels = endpoint({
  method: 'POST',
  path: '/v1/labels',
  tag: 'catalogue',
  allow: 'products.read',
  summary:
    'Texts and codes for labels of the given products; products without a barcode get their internal code.',
  body: Type.Object({
    productIds: Type.Array(ProductId, { minItems: 1, maxItems: 500 }),
    storeId: Type.Optional(Id),
  }),
  answer: Type.Object({ labels: Type.Array(Label) }),
})

/** Where each field of a product comes from. `column` reads the file, `value` is the same for all rows. */
const Source = Type.Union([
  Type.Object({ column: Type.String({ minLength: 1 }) }),
  Type.Object({ value: Type.String() }),
])
const productFields = [
  'sku',
  'name',
  'nameHi',
  'brand',
  'category',
  'hsn',
  'uqc',
  'taxClass',
  'barcode',
  'price',
  'mrp',
  'batchNo',
  'expiryMonth',
  'openingStock',
] as const
/** Every field that some kind of file can fill. */
export const importFields = [...productFields, 'list', 'from', 'until', 'revisedMrp'] as const
export type ImportField = (typeof importFields)[number]
/** What a file can hold, and which fields each kind of file fills. */
export const importFieldsOf = {
  products: productFields,
  prices: ['sku', 'barcode', 'list', 'price', 'from', 'until'],
  mrp: ['sku', 'barcode', 'batchNo', 'mrp', 'revisedMrp'],
} as const satisfies Record<string, readonly ImportField[]>
export type ImportKind = keyof typeof importFieldsOf
export const ImportMapping = Type.Object({
  /** What the file holds; products where it is left out. */
  kind: Type.Optional(Type.Union([Type.Literal('products'), Type.Literal('prices'), Type.Literal('mrp')])),
  /**
   * Of products: columns whose values together name a row. Rows with the same key are the same product, also
   * in a later import. Prices and MRPs name products by SKU or barcode and have no key.
   */
  key: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 5 })),
  fields: Type.Partial(
    Type.Object(
      Object.fromEntries(importFields.map((field) => [field, Source])) as Record<ImportField, typeof Source>,
    ),
  ),
  /** How amounts are written. */
  amounts: Type.Optional(Type.Union([Type.Literal('rupees'), Type.Literal('paise')])),
  /** Store that opening stock goes to. */
  openingStockStore: Type.Optional(Id),
})
export type ImportMapping = Static<typeof ImportMapping>
export const BadRow = Type.Object({
  line: Type.Integer(),
  field: Type.String(),
  reason: Type.String(),
  remedy: Type.String(),
  value: Type.String(),
})
export type BadRow = Static<typeof BadRow>
/** What one row of a file of prices or MRPs changes; null stands for none. */
export const ImportChange = Type.Union([
  Type.Object({
    kind: Type.Literal('price'),
    line: Type.Integer(),
    sku: Type.String(),
    name: Type.String(),
    list: Type.String(),
    /** 0: since ever. */
    from: Instant,
    until: Nullable(Instant),
    /** What would count at `from` without this row. */
    beforeMinor: Nullable(Minor),
    afterMinor: Minor,
    /** With GST, where the list is without: what is held against the MRP. */
    withTaxMinor: Minor,
    /** The highest MRP of the product's batches. */
    mrpMinor: Nullable(Minor),
  }),
  Type.Object({
    kind: Type.Literal('mrp'),
    line: Type.Integer(),
    sku: Type.String(),
    name: Type.String(),
    batchNo: Type.String(),
    isNewBatch: Type.Boolean(),
    beforeMinor: Nullable(Minor),
    afterMinor: Nullable(Minor),
    revisedBeforeMinor: Nullable(Minor),
    revisedAfterMinor: Nullable(Minor),
  }),
])
export type ImportChange = Static<typeof ImportChange>
export const ImportState = Type.Object({
  id: Id,
  fileName: Type.String(),
  state: Type.Union([
    Type.Literal('uploaded'),
    Type.Literal('checking'),
    Type.Literal('checked'),
    Type.Literal('running'),
    Type.Literal('done'),
    Type.Literal('failed'),
  ]),
  columns: Type.Array(Type.String()),
  sample: Type.Array(Type.Array(Type.String())),
  mapping: Nullable(ImportMapping),
  dryRun: Type.Boolean(),
  rowsTotal: Nullable(Type.Integer()),
  rowsRead: Type.Integer(),
  rowsCreated: Type.Integer(),
  rowsChanged: Type.Integer(),
  rowsSame: Type.Integer(),
  rowsBad: Type.Integer(),
  /** The first of the bad rows; the file has them all. */
  badRows: Type.Array(BadRow),
  /** The first of the changes of prices or MRPs; their file has them all. */
  changes: Type.Array(ImportChange),
  message: Nullable(Type.String()),
  by: Nullable(Type.String()),
  createdAt: Instant,
  finishedAt: Nullable(Instant),
})
export type ImportState = Static<typeof ImportState>
const ImportParams = Type.Object({ importId: Id })
export const listImports = endpoint({
  method: 'GET',
  path: '/v1/imports',
  tag: 'catalogue',
  allow: 'products.write',
  summary: 'The latest imports.',
  answer: Type.Object({ imports: Type.Array(ImportState) }),
})
export const uploadImport = endpoint({
  method: 'PUT',
  path: '/v1/imports/:importId/file',
  tag: 'catalogue',
  allow: 'products.write',
  summary: 'Upload a CSV file; the answer shows its columns and first rows.',
  params: ImportParams,
  body: Type.Unknown(),
  consumes: 'multipart/form-data',
  answer: ImportState,
})
export const checkImport = endpoint({
  method: 'PUT',
  path: '/v1/imports/:importId/check',
  tag: 'catalogue',
  allow: 'products.write',
  summary: 'Start a dry run with a mapping: nothing is written.',
  params: ImportParams,
  body: ImportMapping,
  answer: ImportState,
})
export const runImport = endpoint({
  method: 'PUT',
  path: '/v1/imports/:importId/run',
  tag: 'catalogue',
  allow: 'products.write',
  summary: 'Start the import with a mapping.',
  params: ImportParams,
  body: ImportMapping,
  answer: ImportState,
})
export const getImport = endpoint({
  method: 'GET',
  path: '/v1/imports/:importId',
  tag: 'catalogue',
  allow: 'products.write',
  summary: 'Progress and result.',
  params: ImportParams,
  answer: ImportState,
})
export const importBadRows = endpoint({
  method: 'GET',
  path: '/v1/imports/:importId/bad-rows.csv',
  tag: 'catalogue',
  allow: 'products.write',
  summary: 'Every bad row as it was, with line, field, reason and remedy, to correct and import again.',
  params: ImportParams,
  produces: 'text/csv',
})
export const importChanges = endpoint({
  method: 'GET',
  path: '/v1/imports/:importId/changes.csv',
  tag: 'catalogue',
  allow: 'products.write',
  summary:
    'Every change of prices or MRPs, from what to what. Imported with the former figures, it takes the changes back.',
  params: ImportParams,
  produces: 'text/csv',
})

export const AuditRow = Type.Object({
  id: Type.Integer(),
  at: Instant,
  /** Name of the person; null for a program. */
  by: Nullable(Type.String()),
  byId: Nullable(Id),
  how: Type.String(),
  subject: Type.String(),
  subjectId: Type.String(),
  label: Type.String(),
  before: Nullable(Type.Unknown()),
  after: Nullable(Type.Unknown()),
})
export type AuditRow = Static<typeof AuditRow>
export const listAudit = endpoint({
  method: 'GET',
  path: '/v1/audit',
  tag: 'catalogue',
  allow: 'audit.read',
  summary: 'Who changed which master data, when, from what to what. Newest first.',
  query: Type.Object({
    ...listQuery,
    subject: Type.Optional(Type.String()),
    subjectId: Type.Optional(Type.String()),
    by: Type.Optional(Id),
    from: Type.Optional(Day),
    until: Type.Optional(Day),
  }),
  answer: Page(AuditRow),
})

export const StockRow = Type.Object({
  storeId: Id,
  productId: ProductId,
  sku: Type.String(),
  name: Type.String(),
  quantityMilli: Milli,
  changedAt: Instant,
})
export const listStock = endpoint({
  method: 'GET',
  path: '/v1/stock',
  tag: 'inventory',
  allow: 'stock.read',
  summary: 'Balances by store and product.',
  query: Type.Object({
    ...listQuery,
    store: Type.Optional(Id),
    product: Type.Optional(ProductId),
    negative: Type.Optional(Type.Boolean()),
  }),
  answer: Page(StockRow),
})
export const StockMoveRow = Type.Object({
  id: Type.String(),
  storeId: Id,
  productId: ProductId,
  batchId: Nullable(Type.Integer()),
  quantityMilli: Milli,
  kind: Type.String(),
  at: Instant,
  billNumber: Nullable(Type.String()),
})
export const listStockMoves = endpoint({
  method: 'GET',
  path: '/v1/stock/moves',
  tag: 'inventory',
  allow: 'stock.read',
  summary: 'Every move behind a balance, newest first.',
  query: Type.Object({ ...listQuery, store: Id, product: ProductId }),
  answer: Page(StockMoveRow),
})
export const putOpeningStock = endpoint({
  method: 'PUT',
  path: '/v1/stock/openings/:openingId',
  tag: 'inventory',
  allow: 'stock.write',
  summary: 'Record opening stock; the caller makes the id.',
  params: Type.Object({ openingId: Id }),
  body: Type.Object({
    storeId: Id,
    lines: Type.Array(
      Type.Object({
        productId: ProductId,
        batchId: Nullable(Type.Integer()),
        quantityMilli: Type.Integer({ minimum: 0 }),
      }),
      { minItems: 1, maxItems: 5000 },
    ),
  }),
  answer: Type.Object({ outcome: Type.Union([Type.Literal('recorded'), Type.Literal('known')]) }),
})
