export type CatalogueCounterTable = {
  id: number
  change_no: number
  product_no: number
  batch_no: number
  brand_no: number
  category_no: number
}
/** Brands and categories. */
export type NameTable = { id: number; name: string; name_key: string }
export type TaxClassTable = { id: string; name: string }
export type TaxRateTable = {
  tax_class_id: string
  from_at: number
  kind: 'taxable' | 'nil' | 'exempt' | 'non-gst'
  rate_bp: number
}
export type PriceListTable = {
  id: number
  name: string
  scope: 'store' | 'region' | 'chain'
  scope_id: string
  tier: string | null
  inclusive: number
}
export type ProductTable = {
  id: number
  sku: string
  name: string
  names_json: string
  brand_id: number
  brand: string
  category_id: number
  category: string
  hsn: string
  uqc: string
  tax_class_id: string
  active: number
  revision: number
  change_no: number
  changed_at: number
  search: string
}
export type ProductBarcodeTable = {
  product_id: number
  position: number
  code: string
  active_code: string | null
}
export type ProductBatchTable = {
  product_id: number
  id: number
  batch_no: string
  mrp_minor: number | null
  revised_mrp_minor: number | null
  expiry_kind: 'use-before' | 'expiry' | null
  expiry_month: string | null
}
export type ProductPriceTable = {
  product_id: number
  list_id: number
  from_at: number
  until_at: number | null
  unit_minor: number
}
export type ProductWordTable = { word: string; product_id: number }
export type ProductKeyTable = { key_hash: Uint8Array; product_id: number }
export type ImportRunTable = {
  id: string
  file_name: string
  state: 'uploaded' | 'checking' | 'checked' | 'running' | 'done' | 'failed'
  columns_json: string
  sample_json: string
  mapping_json: string | null
  dry_run: number
  rows_total: number | null
  rows_read: number
  rows_created: number
  rows_changed: number
  rows_same: number
  rows_bad: number
  bad_rows_json: string
  changes_json: string | null
  message: string | null
  by_name: string | null
  created_at: number
  beat_at: number
  finished_at: number | null
}

declare module '../../db/database.ts' {
  interface Schema {
    catalogue_counter: CatalogueCounterTable
    brand: NameTable
    category: NameTable
    tax_class: TaxClassTable
    tax_rate: TaxRateTable
    price_list: PriceListTable
    product: ProductTable
    product_barcode: ProductBarcodeTable
    product_batch: ProductBatchTable
    product_price: ProductPriceTable
    product_word: ProductWordTable
    product_key: ProductKeyTable
    import_run: ImportRunTable
  }
}
