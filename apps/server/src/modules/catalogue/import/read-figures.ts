import type { BadRow, ImportField } from '@nexus/contract'
import { addDays, isDate, normaliseGtin, productOfInternalCode, startOfDate } from '@nexus/domain'
import { readBarcode } from '../check-product.ts'
import type { FieldPlan } from './check-mapping.ts'
import { fieldText, RowFault, readAmount, readOrBad, within } from './read-fields.ts'
import type { FileRow } from './read-rows.ts'

type Named = {
  line: number
  /** '' where the row names its product by the barcode. */
  sku: string
  /** In normal form; '' where the row has none. */
  barcode: string
}
/** A row of a file of prices. */
export type PriceRow = Named & {
  kind: 'price'
  /** Name or number of the price list; '' for the chain's own. */
  list: string
  priceMinor: number
  /** undefined: from the import on. */
  from: number | undefined
  /** undefined: until another price begins. */
  until: number | undefined
}
/** A row of a file of MRPs; what is undefined stays as it is. */
export type MrpRow = Named & {
  kind: 'mrp'
  /** undefined: the product's only batch. */
  batchNo: string | undefined
  mrpMinor: number | undefined
  revisedMrpMinor: number | undefined
}
export type FigureRow = PriceRow | MrpRow

/** Reads a row of prices or MRPs; a row with a fault answers its first one. Never throws for odd content. */
export function readFigures(plan: FieldPlan, columns: readonly string[], row: FileRow): FigureRow | BadRow {
  return readOrBad(plan, columns, row, (): FigureRow => {
    const text = (field: ImportField) => fieldText(plan, row.values, field) ?? ''
    const named = { line: row.line, sku: within('sku', text('sku'), 40), barcode: readCode(text('barcode')) }
    if (named.sku === '' && named.barcode === '') {
      const field = plan.sources.has('sku') ? 'sku' : 'barcode'
      throw new RowFault(field, 'Nothing says which product this is.', 'Fill in the SKU or the barcode.')
    }
    return plan.kind === 'mrp' ? mrpRowOf(plan, row, named, text) : priceRowOf(plan, named, text)
  })
}

type Text = (field: ImportField) => string

function priceRowOf(plan: FieldPlan, named: Named, text: Text): PriceRow {
  const priceMinor = readAmount('price', text('price'), plan.amounts)
  if (!priceMinor) {
    throw new RowFault(
      'price',
      priceMinor === 0 ? 'The price is zero.' : 'The row has no price.',
      'Fill in the price, or take the row out.',
    )
  }
  const from = readInstant('from', text('from'))
  const until = readInstant('until', text('until'))
  if (from !== undefined && until !== undefined && until <= from) {
    throw new RowFault('until', 'The price ends before it begins.', 'Correct the dates.')
  }
  return { ...named, kind: 'price', list: within('list', text('list'), 80), priceMinor, from, until }
}

function mrpRowOf(plan: FieldPlan, row: FileRow, named: Named, text: Text): MrpRow {
  const read = (field: 'mrp' | 'revisedMrp') => {
    const amountMinor = readAmount(field, text(field), plan.amounts)
    if (amountMinor !== 0) return amountMinor
    throw new RowFault(field, 'The MRP is zero.', 'Fill it in, or leave it empty to keep what there is.')
  }
  const mrpMinor = read('mrp')
  const revisedMrpMinor = read('revisedMrp')
  if (mrpMinor === undefined && revisedMrpMinor === undefined) {
    const field = plan.sources.has('mrp') ? 'mrp' : 'revisedMrp'
    throw new RowFault(field, 'The row has no MRP.', 'Fill it in, or take the row out.')
  }
  const batchNo = fieldText(plan, row.values, 'batchNo')
  return {
    ...named,
    kind: 'mrp',
    batchNo: batchNo === undefined || batchNo === '' ? undefined : within('batchNo', batchNo, 40),
    mrpMinor,
    revisedMrpMinor,
  }
}

/** Unlike a product's own barcodes, those that name it may be internal codes. */
function readCode(text: string): string {
  const normal = normaliseGtin(text)
  if (text === '' || (normal !== undefined && productOfInternalCode(normal) !== undefined))
    return normal ?? ''
  const read = readBarcode(text)
  if ('reason' in read) throw new RowFault('barcode', read.reason, 'Correct it, or name the SKU.')
  return read.code
}

const written = 'Write it like 2026-12-01, 01-12-2026 or 01-12-2026 18:30.'
const day =
  /^(?:(?<y>[0-9]{4})[-/.](?<m>[0-9]{1,2})[-/.](?<d>[0-9]{1,2})|(?<d2>[0-9]{1,2})[-/.](?<m2>[0-9]{1,2})[-/.](?<y2>[0-9]{4}))(?:[ T](?<time>.+))?$/
const clock =
  /^(?<hours>[01]?[0-9]|2[0-3]):(?<minutes>[0-5][0-9])(?::(?<seconds>[0-5][0-9])(?:\.(?<ms>[0-9]{3}))?)?$/

/**
 * An instant as people write it, in Indian time, day before month. A date alone is its beginning for `from`
 * and its end for `until`: "until 31-12-2026" is meant to hold on that day.
 */
function readInstant(field: 'from' | 'until', text: string): number | undefined {
  if (text === '') return undefined
  const parts = day.exec(text)?.groups
  const date = [parts?.y ?? parts?.y2, parts?.m ?? parts?.m2, parts?.d ?? parts?.d2]
    .map((part) => (part ?? '').padStart(2, '0'))
    .join('-')
  if (!parts || !isDate(date)) throw new RowFault(field, 'This is not a date.', written)
  if (date < '2000' || date >= '2100') {
    throw new RowFault(field, 'This date is not of our century.', 'Correct the year.')
  }
  if (parts.time === undefined) return startOfDate(field === 'until' ? addDays(date, 1) : date)
  const time = clock.exec(parts.time)?.groups
  if (!time) throw new RowFault(field, 'This is not a time of the day in India.', written)
  const minutes = Number(time.hours) * 60 + Number(time.minutes)
  return startOfDate(date) + minutes * 60_000 + Number(time.seconds ?? 0) * 1000 + Number(time.ms ?? 0)
}
