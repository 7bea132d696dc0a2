export { addPriceList, chainListOf } from './add-price-list.ts'
export { addProducts } from './add-products.ts'
export { changeProduct } from './change-product.ts'
export { openBadRowsFile } from './import/bad-rows-file.ts'
export { openChangesFile } from './import/changes-file.ts'
export { importFigures } from './import/import-figures.ts'
export { type ImportCounts, type ImportOptions, importProducts } from './import/import-products.ts'
export { openRows } from './import/read-rows.ts'
export { putTaxClass } from './put-tax-class.ts'
export { getProductById, searchProductIds, taxClasses } from './queries.ts'
export { catalogueRoutes } from './routes.ts'
export type { Author } from './save-products.ts'
export {
  allNames,
  allPriceLists,
  allTaxClasses,
  countChangedSince,
  holdChanges,
  lastChangeNo,
  type ProductKind,
  productKinds,
  productNames,
  productsById,
  productsChangedSince,
  type StoredProduct,
} from './sql.ts'
