import { type ImportField, type ImportMapping, importFields, Problem } from '@nexus/contract'

/** Where a field's value comes from: a column's place in the row, or a value for all rows. */
export type Source = { index: number } | { value: string }

/** A mapping that fits its file. */
export type FieldPlan = {
  sources: ReadonlyMap<ImportField, Source>
  /** Parts of the key: a field's name where the column feeds a field, else the column's own name. */
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

  const sources = new Map<ImportField, Source>()
  for (const field of importFields) {
    const source = mapping.fields[field]
    if (source === undefined) continue
    if ('column' in source) sources.set(field, { index: find(`fields.${field}`, source.column) })
    else sources.set(field, { value: source.value })
  }
  if (!sources.has('name')) {
    errors.push({ field: 'fields.name', message: 'Say which column holds the name: every product has one.' })
  }
  if (sources.has('openingStock') && mapping.openingStockStore === undefined) {
    errors.push({ field: 'openingStockStore', message: 'Say which store the opening stock lies in.' })
  }
  const key = mapping.key.map((column, at) => {
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
    sources,
    // The order in which a mapping names its key columns says nothing about the product.
    key: key.sort((one, other) => (one.name < other.name ? -1 : 1)),
    amounts: mapping.amounts ?? 'rupees',
  }
}

function plain(name: string): string {
  return name.replace(/\s+/g, ' ').trim().toLowerCase()
}
