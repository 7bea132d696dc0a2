import {
  type ImportField,
  type ImportKind,
  type ImportMapping,
  importFields,
  importFieldsOf,
  Problem,
} from '@nexus/contract'

/** Where a field's value comes from: a column's place in the row, or a value for all rows. */
export type Source = { index: number } | { value: string }

/** A mapping that fits its file. */
export type FieldPlan = {
  kind: ImportKind
  sources: ReadonlyMap<ImportField, Source>
  /** Parts of the key, of products only: a field's name where the column feeds a field, else the column's own name. */
  key: readonly { name: string; index: number }[]
  amounts: 'rupees' | 'paise'
}

/**
 * Looks a mapping's columns up in a file. Names of columns may differ in case and blanks.
 *
 * Throws Problem `import/mapping-invalid` that names every fault.
 */
export function checkMapping(mapping: ImportMapping, columns: readonly string[]): FieldPlan {
  const errors: { field: string; message: string }[] = []
  const find = (field: string, column: string): number => {
    const places = columns.flatMap((name, index) => (plain(name) === plain(column) ? [index] : []))
    const [index = -1, second] = places
    if (index === -1) {
      errors.push({
        field,
        message: `The file has no column "${column}". It has: ${columns.filter((name) => name !== '').join(', ')}.`,
      })
    } else if (second !== undefined) {
      errors.push({
        field,
        message: `The file has more than one column "${column}". Rename one of them in the file.`,
      })
    }
    return index
  }

  const kind = mapping.kind ?? 'products'
  const fitting: readonly ImportField[] = importFieldsOf[kind]
  const sources = new Map<ImportField, Source>()
  for (const field of importFields) {
    const source = mapping.fields[field]
    if (source === undefined) continue
    if (!fitting.includes(field)) {
      errors.push({
        field: `fields.${field}`,
        message: `A file of ${kindNames[kind]} has no field ${field}. Take it out of the mapping.`,
      })
      continue
    }
    if ('column' in source) sources.set(field, { index: find(`fields.${field}`, source.column) })
    else sources.set(field, { value: source.value })
  }
  if (kind !== 'products') errors.push(...lacking(kind, sources))
  else if (!sources.has('name')) {
    errors.push({ field: 'fields.name', message: 'Say which column holds the name: every product has one.' })
  }
  if (kind === 'products' && mapping.key === undefined) {
    errors.push({ field: 'key', message: 'Say which columns together tell products apart.' })
  }
  if (sources.has('openingStock') && mapping.openingStockStore === undefined) {
    errors.push({ field: 'openingStockStore', message: 'Say which store the opening stock lies in.' })
  }
  const keyColumns = kind === 'products' ? (mapping.key ?? []) : []
  const key = keyColumns.map((column, at) => {
    const index = find(`key.${at}`, column)
    const field = [...sources].find(([, source]) => 'index' in source && source.index === index)?.[0]
    return { name: field ?? plain(column), index }
  })
  if (errors.length > 0) {
    throw new Problem(
      'import/mapping-invalid',
      `The mapping does not fit the file: ${errors[0]?.message}`,
      {},
      errors,
    )
  }
  return {
    kind,
    sources,
    // The order in which a mapping names its key columns says nothing about the product.
    key: key.sort((one, other) => (one.name < other.name ? -1 : 1)),
    amounts: mapping.amounts ?? 'rupees',
  }
}

const kindNames: Record<ImportKind, string> = { products: 'products', prices: 'prices', mrp: 'MRPs' }

/** What a file of prices or MRPs cannot do without. */
function lacking(
  kind: Exclude<ImportKind, 'products'>,
  sources: ReadonlyMap<ImportField, Source>,
): { field: string; message: string }[] {
  const errors: { field: string; message: string }[] = []
  if (!sources.has('sku') && !sources.has('barcode')) {
    errors.push({ field: 'fields.sku', message: 'Say which column holds the SKU or the barcode.' })
  }
  if (kind === 'prices' && !sources.has('price')) {
    errors.push({ field: 'fields.price', message: 'Say which column holds the price.' })
  }
  if (kind === 'mrp' && !sources.has('mrp') && !sources.has('revisedMrp')) {
    errors.push({ field: 'fields.mrp', message: 'Say which column holds the MRP or the revised MRP.' })
  }
  return errors
}

function plain(name: string): string {
  return name.replace(/\s+/g, ' ').trim().toLowerCase()
}
