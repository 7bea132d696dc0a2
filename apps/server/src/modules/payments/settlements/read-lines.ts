import { Problem, type SettlementField, type SettlementFile } from '@nexus/contract'
import { isDate, parseAmount } from '@nexus/domain'
import { CsvError, parse } from 'csv-parse/sync'

/** Which column holds a field, by its name in the file's first line. */
export type SettlementColumns = {
  reference: string
  amount: string
  date: string
  fee?: string
  utr?: string
}

/** A payment as a line of the file states it; `line` 1 is the file's first line. */
export type SettledLine = {
  line: number
  direction: 'in' | 'out'
  reference: string
  amountMinor: number
  feeMinor: number
  day: string
  utr: string | null
}
export type BadLine = SettlementFile['badRows'][number]

/**
 * Reads a settlement file: CSV whose first line names the columns. A negative amount is a refund. Lines that
 * cannot be read are named and the others taken.
 *
 * Throws Problem `import/unreadable` where it is no CSV, `import/mapping-invalid` that names every column that
 * the file does not have.
 */
export function readLines(
  text: string,
  columns: SettlementColumns,
): { lines: SettledLine[]; bad: BadLine[] } {
  const [header, ...rows] = records(text)
  if (header === undefined) {
    throw new Problem(
      'import/unreadable',
      'The file is empty. Choose a CSV file whose first line names the columns.',
    )
  }
  const places = placesOf(
    columns,
    header.record.map((name) => name.trim()),
  )
  const lines: SettledLine[] = []
  const bad: BadLine[] = []
  for (const { record, info } of rows) {
    const cell = (field: SettlementField) => (record[places.get(field) ?? -1] ?? '').trim()
    const read = readLine(info.lines, cell)
    if ('reason' in read) bad.push(read)
    else lines.push(read)
  }
  return { lines, bad }
}

type CsvRecord = { record: string[]; info: { lines: number } }

function records(text: string): CsvRecord[] {
  try {
    return parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    }) as unknown as CsvRecord[] // as: `info` gives each record with its line
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = Number(Reflect.get(error, 'lines') ?? 0)
    throw new Problem(
      'import/unreadable',
      `The file cannot be read as CSV at line ${line}: most likely a quotation mark is opened there and never closed. Correct the line and bring the file again; nothing was taken.`,
      { line },
    )
  }
}

/** The one that the first line has most of. */
function delimiterOf(text: string): string {
  const [first = ''] = text.split(/\r?\n/, 1)
  const count = (delimiter: string) => first.split(delimiter).length
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best))
}

function placesOf(columns: SettlementColumns, header: readonly string[]): Map<SettlementField, number> {
  const plain = (name: string) => name.trim().toLowerCase()
  const places = new Map<SettlementField, number>()
  const errors: { field: string; message: string }[] = []
  // as: exactly the members of the type
  for (const [field, column] of Object.entries(columns) as [SettlementField, string][]) {
    const place = header.findIndex((name) => plain(name) === plain(column))
    if (place >= 0) places.set(field, place)
    else errors.push({ field, message: `The file has no column "${column}". It has: ${header.join(', ')}.` })
  }
  if (errors.length === 0) return places
  throw new Problem('import/mapping-invalid', errors[0]?.message ?? '', {}, errors)
}

const lengthMax = 64

function readLine(line: number, cell: (field: SettlementField) => string): SettledLine | BadLine {
  const reference = cell('reference')
  if (reference === '') return { line, field: 'reference', reason: 'missing' }
  if (reference.length > lengthMax) return { line, field: 'reference', reason: 'too-long' }
  const amount = signed(cell('amount'))
  if (amount === undefined || amount === 0) return { line, field: 'amount', reason: 'not-an-amount' }
  const fee = cell('fee') === '' ? 0 : signed(cell('fee'))
  if (fee === undefined) return { line, field: 'fee', reason: 'not-an-amount' }
  const day = dayOf(cell('date'))
  if (day === undefined) return { line, field: 'date', reason: 'not-a-date' }
  const utr = cell('utr')
  if (utr.length > lengthMax) return { line, field: 'utr', reason: 'too-long' }
  return {
    line,
    direction: amount < 0 ? 'out' : 'in',
    reference,
    amountMinor: Math.abs(amount),
    feeMinor: fee,
    day,
    utr: utr === '' ? null : utr,
  }
}

/** Paise of an amount that may be negative: `-118.00`, `(118.00)`. */
function signed(text: string): number | undefined {
  const negative = /^\(.*\)$/.test(text) || /^[-−]/.test(text)
  const parsed = parseAmount(text.replace(/^[-−]\s*/, '').replace(/^\((.*)\)$/, '$1'))
  if ('fault' in parsed) return undefined
  return negative ? -parsed.amountMinor : parsed.amountMinor
}

/** `2026-11-22`, `22/11/2026` or `22-11-2026`, whatever time follows; day before month, as in India. */
function dayOf(text: string): string | undefined {
  const year = /^(\d{4})-(\d{2})-(\d{2})(?:[ T]|$)/.exec(text)
  const parts = year ?? /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[ ,]|$)/.exec(text)
  if (parts === null) return undefined
  const [, a = '', b = '', c = ''] = parts
  const day = year ? `${a}-${b}-${c}` : `${c}-${b.padStart(2, '0')}-${a.padStart(2, '0')}`
  return isDate(day) ? day : undefined
}
