import { hash } from 'node:crypto'
import type { BadRow, ImportField } from '@nexus/contract'
import { type AmountFault, isHsn, parseAmount, parseQuantity } from '@nexus/domain'
import { readBarcode, tidyText } from '../check-product.ts'
import type { FieldPlan } from './check-mapping.ts'
import type { FileRow } from './read-rows.ts'

/**
 * What a row says of a product. A member that the mapping does not feed is absent: an import leaves it
 * as it is. Of the fed ones, '' and null are what an empty cell says.
 */
export type RowFields = {
  sku?: string
  name: string
  nameHi?: string
  brand?: string
  category?: string
  hsn?: string
  uqc?: string
  taxClassId?: string
  barcode?: string
  priceMinor?: number
  mrpMinor?: number | null
  batchNo?: string
  expiryMonth?: string | null
  openingMilli?: number | null
}

export type ReadRow = {
  line: number
  /** SHA-256 of the key columns' values, base64url. */
  key: string
  fields: RowFields
}

/** A row that cannot be taken: its first fault. */
export class RowFault extends Error {
  readonly field: string
  readonly reason: string
  readonly remedy: string
  constructor(field: string, reason: string, remedy: string) {
    super(reason)
    this.field = field
    this.reason = reason
    this.remedy = remedy
  }
}

const whole = 'row'

/** Reads a row by a mapping's plan; a row with a fault answers its first one. Never throws for odd content. */
export function readFields(plan: FieldPlan, columns: readonly string[], row: FileRow): ReadRow | BadRow {
  return readOrBad(plan, columns, row, () => {
    const fields = fieldsOf(plan, row.values)
    return { line: row.line, key: keyOf(plan, row.values), fields }
  })
}

/** What `read` makes of a row of the right shape, or the fault that it throws. */
export function readOrBad<T>(
  plan: FieldPlan,
  columns: readonly string[],
  row: FileRow,
  read: () => T,
): T | BadRow {
  try {
    checkShape(columns, row)
    return read()
  } catch (error) {
    if (!(error instanceof RowFault)) throw error
    return {
      line: row.line,
      field: error.field,
      reason: error.reason,
      remedy: error.remedy,
      value: (textOf(plan, row.values, error.field) ?? '').slice(0, 200),
    }
  }
}

/** True for what could not be read. */
export function isBad(row: object): row is BadRow {
  return 'reason' in row
}

/** The cell behind a field, as it stands in the file. */
export function textOf(plan: FieldPlan, values: readonly string[], field: string): string | undefined {
  if (field === whole) return values.join(' | ')
  // A name that is no field of a mapping finds nothing.
  const source = plan.sources.get(field as ImportField)
  if (source === undefined) return undefined
  return 'value' in source ? source.value : values[source.index]
}

function checkShape(columns: readonly string[], row: FileRow): void {
  const given = row.values.length
  const beyond = row.values.slice(columns.length)
  if (given < columns.length || beyond.some((value) => value.trim() !== '')) {
    throw new RowFault(
      whole,
      `The row has ${given} values and the header ${columns.length}.`,
      'Put values that contain the delimiter or a quotation mark in quotation marks.',
    )
  }
}

function keyOf(plan: FieldPlan, values: readonly string[]): string {
  const parts = plan.key.map(({ name, index }) => [
    name,
    tidyText(cell(values[index])).normalize('NFC').toLowerCase(),
  ])
  if (parts.every(([, value]) => value === '')) {
    throw new RowFault(
      plan.key[0]?.name ?? whole,
      'The key is empty, so nothing says which product this is.',
      'Fill in the columns that the mapping names as key.',
    )
  }
  return hash('sha256', JSON.stringify(parts), 'base64url')
}

/** A spreadsheet's apostrophe before a text, and the one that our own export puts before formulas, are no content. */
function cell(value: string | undefined): string {
  return (value ?? '').trim().replace(/^'(?=[0-9=+@-])/, '')
}

/** What a row says under a field, tidy; undefined where the mapping does not feed it. */
export function fieldText(
  plan: FieldPlan,
  values: readonly string[],
  field: ImportField,
): string | undefined {
  const source = plan.sources.get(field)
  if (source === undefined) return undefined
  return tidyText('value' in source ? source.value : cell(values[source.index]))
}

function fieldsOf(plan: FieldPlan, values: readonly string[]): RowFields {
  const text = (field: ImportField) => fieldText(plan, values, field)
  const fields: RowFields = { name: within('name', text('name') ?? '', 200) }
  if (fields.name === '') throw new RowFault('name', 'The product has no name.', 'Fill it in.')
  const set = <F extends keyof RowFields>(member: F, value: RowFields[F] | undefined) => {
    if (value !== undefined) fields[member] = value as RowFields[F]
  }
  set('sku', given(text('sku'), readSku))
  set(
    'nameHi',
    given(text('nameHi'), (value) => within('nameHi', value, 200)),
  )
  set(
    'brand',
    given(text('brand'), (value) => within('brand', value, 120)),
  )
  set(
    'category',
    given(text('category'), (value) => within('category', value, 120)),
  )
  set('hsn', given(text('hsn'), readHsn))
  set(
    'uqc',
    given(text('uqc'), (value) => value.toUpperCase()),
  )
  set(
    'taxClassId',
    given(text('taxClass'), (value) => value.toUpperCase()),
  )
  set('barcode', given(text('barcode'), readCode))
  set(
    'priceMinor',
    given(text('price'), (value) => readPrice(value, plan.amounts)),
  )
  set(
    'mrpMinor',
    given(text('mrp'), (value) => readMrp(value, plan.amounts)),
  )
  set(
    'batchNo',
    given(text('batchNo'), (value) => within('batchNo', value, 40)),
  )
  set('expiryMonth', given(text('expiryMonth'), readMonth))
  set('openingMilli', given(text('openingStock'), readOpening))
  return fields
}

function given<T>(text: string | undefined, read: (text: string) => T): T | undefined {
  return text === undefined ? undefined : read(text)
}

export function within(field: ImportField, text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text
  throw new RowFault(field, `The text has more than ${lengthMax} characters.`, 'Shorten it.')
}

function readSku(text: string): string {
  if (text === '' || /^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$/.test(text)) return text
  throw new RowFault(
    'sku',
    'A SKU has up to 40 letters, digits and the signs . _ / - and begins with a letter or digit.',
    'Correct it, or leave it empty: the product then gets one.',
  )
}

function readHsn(text: string): string {
  const digits = text.replace(/[\s.]/g, '')
  if (digits === '' || isHsn(digits)) return digits
  throw new RowFault('hsn', 'An HSN code has 4, 6 or 8 digits.', 'Look for lost leading zeros.')
}

function readCode(text: string): string {
  if (text === '') return ''
  const read = readBarcode(text)
  if ('reason' in read) throw new RowFault('barcode', read.reason, read.remedy)
  return read.code
}

function readPrice(text: string, amounts: FieldPlan['amounts']): number {
  const amountMinor = readAmount('price', text, amounts)
  if (amountMinor === undefined) {
    throw new RowFault('price', 'The row has no price.', 'Fill it in, or take the price out of the mapping.')
  }
  if (amountMinor === 0) {
    throw new RowFault(
      'price',
      'The price is zero.',
      'Fill in the price; free goods are made in the back office.',
    )
  }
  return amountMinor
}

function readMrp(text: string, amounts: FieldPlan['amounts']): number | null {
  const amountMinor = readAmount('mrp', text, amounts)
  if (amountMinor === 0) {
    throw new RowFault('mrp', 'The MRP is zero.', 'Fill it in, or leave it empty for goods without MRP.')
  }
  return amountMinor ?? null
}

const amountFaults: Record<Exclude<AmountFault, 'empty'>, [reason: string, remedy: string]> = {
  'not-a-number': ['This is not an amount.', 'Write rupees with a point before the paise, like 1299.50.'],
  negative: ['The amount is negative.', 'Write what the product costs, without a sign.'],
  grouping: ['The commas of this amount are in no usual place.', 'Write it without commas, like 1299.50.'],
  'too-many-decimals': ['The amount has a fraction of a paisa.', 'Round it to two decimals.'],
  'too-large': ['The amount is above a hundred crore rupees.', 'Look for a lost decimal point.'],
}

/** Paise of a cell; undefined for an empty one. Throws RowFault. */
export function readAmount(
  field: 'price' | 'mrp' | 'revisedMrp',
  text: string,
  amounts: FieldPlan['amounts'],
): number | undefined {
  if (text === '') return undefined
  if (amounts === 'paise') {
    if (/^[0-9]{1,11}$/.test(text)) return Number(text)
    throw new RowFault(field, 'This is not a whole number of paise.', 'Write digits only, like 129950.')
  }
  // Blanks group digits in some countries; `parseAmount` checks that the groups are whole.
  const read = parseAmount(text.replace(/(?<=[0-9]) (?=[0-9]{2,3}(?:[ ,.]|$))/g, ','))
  if ('amountMinor' in read) return read.amountMinor
  if (read.fault === 'empty') return undefined
  throw new RowFault(field, ...amountFaults[read.fault])
}

function readMonth(text: string): string | null {
  if (text === '') return null
  const parts =
    /^(?<year>[12][0-9]{3})[-/.](?<month>0?[1-9]|1[0-2])$/.exec(text) ??
    /^(?<month>0?[1-9]|1[0-2])[-/.](?<year>[12][0-9]{3})$/.exec(text)
  if (parts?.groups) return `${parts.groups.year}-${parts.groups.month?.padStart(2, '0')}`
  throw new RowFault('expiryMonth', 'This is not a month.', 'Write it like 2027-03 or 03/2027.')
}

function readOpening(text: string): number | null {
  if (text === '') return null
  const read = parseQuantity(text)
  if ('quantityMilli' in read) return read.quantityMilli
  if (read.fault === 'zero') return null
  throw new RowFault(
    'openingStock',
    'This is not a quantity.',
    'Write the number of units in stock, with at most three decimals.',
  )
}
