import type { I18n } from '@lingui/core'
import {
  type ImportField,
  type ImportKind,
  type ImportMapping,
  importFields,
  importFieldsOf,
} from '@nexus/contract'

/** Where a field comes from: not at all, a column of the file, or one value for all rows. */
export type SourceValues = { from: 'none' | 'column' | 'value'; column: string; value: string }
export type MappingValues = {
  kind: ImportKind
  key: string[]
  fields: Record<ImportField, SourceValues>
  amounts: 'rupees' | 'paise'
  openingStockStore: string
}

const none: SourceValues = { from: 'none', column: '', value: '' }

/** A mapping as the form shows it. */
export function valuesOf(mapping: ImportMapping): MappingValues {
  const sourceOf = (field: ImportField): SourceValues => {
    const source = mapping.fields[field]
    if (source === undefined) return none
    return 'column' in source
      ? { from: 'column', column: source.column, value: '' }
      : { from: 'value', column: '', value: source.value }
  }
  return {
    kind: mapping.kind ?? 'products',
    key: mapping.key ?? [],
    fields: eachField(sourceOf),
    amounts: mapping.amounts ?? 'rupees',
    openingStockStore: mapping.openingStockStore ?? '',
  }
}

/** The form's choices as the server takes them; fields without a source, and empty values, are left out. */
export function mappingOf(values: MappingValues): ImportMapping {
  const fields: ImportMapping['fields'] = {}
  for (const field of importFieldsOf[values.kind]) {
    const { from, column, value } = values.fields[field]
    if (from === 'column' && column !== '') fields[field] = { column }
    if (from === 'value' && value.trim() !== '') fields[field] = { value: value.trim() }
  }
  const hasStock = fields.openingStock !== undefined && values.openingStockStore !== ''
  return {
    ...(values.kind === 'products' ? { key: values.key } : { kind: values.kind }),
    fields,
    amounts: values.amounts,
    ...(hasStock && { openingStockStore: values.openingStockStore }),
  }
}

/** Faults of the form by field. */
export function mappingFaults(i18n: I18n, values: MappingValues): Record<string, string> {
  const { kind, fields, key } = values
  const faults: Record<string, string> = kind === 'products' ? {} : figureFaults(i18n, values)
  if (kind === 'products' && key.length === 0) {
    faults.key = i18n._(
      'mapping.key-fault',
      {},
      { message: 'Choose at least one column that tells products apart.' },
    )
  }
  if (key.length > 5) faults.key = i18n._('mapping.key-many', {}, { message: 'Five columns at most.' })
  if (kind === 'products' && fields.name.from === 'none') {
    faults['fields.name'] = i18n._('mapping.name-fault', {}, { message: 'Say which column holds the name.' })
  }
  for (const field of importFieldsOf[kind]) {
    const { from, value } = fields[field]
    if (from === 'value' && value.trim() === '') {
      faults[`fields.${field}`] = i18n._('form.required', {}, { message: 'Fill this in.' })
    }
  }
  if (kind === 'products' && fields.openingStock.from !== 'none' && values.openingStockStore === '') {
    faults.openingStockStore = i18n._(
      'mapping.store-fault',
      {},
      { message: 'Say which store the stock lies in.' },
    )
  }
  return faults
}

/** What a file of prices or MRPs cannot do without. */
function figureFaults(i18n: I18n, { kind, fields }: MappingValues): Record<string, string> {
  const faults: Record<string, string> = {}
  if (fields.sku.from === 'none' && fields.barcode.from === 'none') {
    faults['fields.sku'] = i18n._(
      'mapping.sku-fault',
      {},
      { message: 'Say which column holds the SKU or the barcode.' },
    )
  }
  if (kind === 'prices' && fields.price.from === 'none') {
    faults['fields.price'] = i18n._(
      'mapping.price-fault',
      {},
      { message: 'Say which column holds the price.' },
    )
  }
  if (kind === 'mrp' && fields.mrp.from === 'none' && fields.revisedMrp.from === 'none') {
    faults['fields.mrp'] = i18n._(
      'mapping.mrp-fault',
      {},
      { message: 'Say which column holds the MRP or the revised MRP.' },
    )
  }
  return faults
}

/** How people head their columns, in small letters without blanks and signs. */
const headings: Partial<Record<ImportField, readonly string[]>> = {
  sku: ['sku', 'itemcode', 'productcode', 'articlecode', 'article', 'code', 'productid'],
  name: ['name', 'productname', 'itemname', 'title', 'product', 'item', 'description', 'producttitle'],
  nameHi: ['namehi', 'namehindi', 'hindiname', 'nameinhindi'],
  brand: ['brand', 'brandname', 'company', 'manufacturer'],
  category: ['category', 'categoryname', 'department', 'group', 'subcategory'],
  hsn: ['hsn', 'hsncode', 'hsnsac'],
  uqc: ['uqc', 'unit', 'uom', 'units'],
  taxClass: ['taxclass', 'taxcode', 'taxcategory'],
  barcode: ['barcode', 'ean', 'ean13', 'gtin', 'upc', 'eancode'],
  price: ['price', 'sellingprice', 'saleprice', 'rate', 'discountedprice', 'sp'],
  mrp: ['mrp', 'maximumretailprice', 'maxretailprice', 'listprice'],
  batchNo: ['batch', 'batchno', 'batchnumber', 'lot'],
  expiryMonth: ['expiry', 'expirymonth', 'expirydate', 'exp', 'usebefore'],
  list: ['list', 'pricelist', 'pricelistname'],
  from: ['from', 'fromdate', 'validfrom', 'startdate', 'start', 'effectivefrom'],
  until: ['until', 'to', 'todate', 'validto', 'validuntil', 'enddate', 'end'],
  revisedMrp: ['revisedmrp', 'newmrp', 'mrprevised'],
  openingStock: ['stock', 'openingstock', 'qty', 'quantity', 'onhand', 'stockqty'],
}

/**
 * A first mapping by the names of the columns, to be looked at by a person: each field takes the first
 * column that is called like it. The key is the SKU, else the barcode, else name and brand.
 */
export function guessedMapping(columns: readonly string[]): MappingValues {
  const plain = columns.map((column) => column.toLowerCase().replace(/[^a-z0-9]/g, ''))
  const columnOf = (field: ImportField): string | undefined => {
    const place = headings[field]?.map((heading) => plain.indexOf(heading)).find((at) => at >= 0)
    return place === undefined ? undefined : columns[place]
  }
  const fields = eachField((field): SourceValues => {
    const column = columnOf(field)
    return column === undefined ? none : { from: 'column', column, value: '' }
  })
  const single = [columnOf('sku'), columnOf('barcode')].find((column) => column !== undefined)
  const named = [columnOf('name'), columnOf('brand')].filter((column) => column !== undefined)
  return {
    kind: guessedKind(fields),
    key: single === undefined ? named : [single],
    // Opening stock is counted once and for all: nobody should book it by an accident of a heading.
    fields: { ...fields, openingStock: none },
    amounts: 'rupees',
    openingStockStore: '',
  }
}

/** A file without names speaks of products that exist: of their prices, else of their MRPs. */
function guessedKind(fields: MappingValues['fields']): ImportKind {
  const has = (field: ImportField) => fields[field].from !== 'none'
  if (!has('sku') && !has('barcode')) return 'products'
  if (has('list') || has('from') || (has('price') && !has('name'))) return 'prices'
  return has('revisedMrp') || (has('mrp') && !has('name')) ? 'mrp' : 'products'
}

function eachField<T>(read: (field: ImportField) => T): Record<ImportField, T> {
  // as: `fromEntries` forgets that the list names every field.
  return Object.fromEntries(importFields.map((field) => [field, read(field)])) as Record<ImportField, T>
}
