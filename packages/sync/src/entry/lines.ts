import type { BillDocument, DocumentLine, LineManual } from './schema.ts'

/**
 * How a document's lines stand in an entry's bytes: a table with one array per member, so that a
 * member's name stands there once and not 200 times. 200 full lines as objects are 150 KiB; as a table
 * they fit the 88 KiB of JRN-4 (record 0010). `offers` become [id, amountMinor] or, of coupons,
 * [id, amountMinor, code]; `of` becomes [number, identity, uid, fromMilli, toMilli]; `manual` becomes
 * [figure's name, figure, reason, approval], where the last two stand only if they differ from those of
 * the line before that has a `manual`. A member that a line does not have is null there, and a member
 * that no line has is left out.
 */
export type LineTable = { [member: string]: unknown[] }

const offerTuple = ({ id, amountMinor, code }: DocumentLine['offers'][number]) =>
  code === undefined ? [id, amountMinor] : [id, amountMinor, code]
const originalTuple = (of: NonNullable<DocumentLine['of']>) => [
  of.number,
  of.identity,
  of.uid,
  of.fromMilli,
  of.toMilli,
]

/** Members that a line may lack: null stands for them in a column. */
const optionalMembers: ReadonlySet<string> = new Set([
  'giftOf',
  'manualMinor',
  'pointsMinor',
  'salesperson',
  'returnReason',
  'condition',
] satisfies (keyof DocumentLine)[])

function manualTuple(manual: LineManual, before: LineManual | undefined): unknown[] {
  const figure =
    'percentBp' in manual
      ? ['percentBp', manual.percentBp]
      : 'amountMinor' in manual
        ? ['amountMinor', manual.amountMinor]
        : ['unitMinor', manual.unitMinor]
  const { reason, approval } = manual
  return before?.reason === reason && before.approval === approval ? figure : [...figure, reason, approval]
}

/** The table of the lines; `{}` where there is none. */
export function linesToTable(lines: readonly DocumentLine[]): LineTable {
  const table: LineTable = {}
  let manual: LineManual | undefined
  lines.forEach((line, row) => {
    for (const [member, value] of Object.entries(line)) {
      if (value === undefined) continue
      let column = table[member]
      if (column === undefined) {
        column = new Array(lines.length).fill(null)
        table[member] = column
      }
      if (member === 'offers') column[row] = line.offers.map(offerTuple)
      else if (member === 'of' && line.of) column[row] = originalTuple(line.of)
      else if (member === 'manual' && line.manual) {
        column[row] = manualTuple(line.manual, manual)
        manual = line.manual
      } else column[row] = value
    }
  })
  return table
}

/** A document as it stands in the bytes. */
export function documentToWire(document: BillDocument): object {
  return { ...document, lines: linesToTable(document.lines) }
}

/**
 * Lines of a table, for the schema to check: members may still have any type. undefined where it is no
 * table: columns of unequal length, or anything else than arrays.
 */
export function tableToLines(table: unknown): unknown[] | undefined {
  if (typeof table !== 'object' || table === null || Array.isArray(table)) return undefined
  const columns = Object.entries(table)
  const rows: { [member: string]: unknown }[] = []
  for (const [member, column] of columns) {
    if (!Array.isArray(column)) return undefined
    if (rows.length === 0) for (let row = 0; row < column.length; row++) rows.push({})
    if (column.length !== rows.length) return undefined
    const values = member === 'manual' ? manualsOf(column) : column
    for (let row = 0; row < rows.length; row++) {
      const line = rows[row]
      if (line !== undefined) setMember(line, member, values[row])
    }
  }
  return rows
}

function setMember(line: { [member: string]: unknown }, member: string, value: unknown): void {
  if (member === 'offers') {
    line[member] = Array.isArray(value) ? value.map(offerOfTuple) : value
  } else if (member === 'of') {
    if (value !== null) line[member] = originalOfTuple(value)
  } else if (member === 'manual') {
    if (value !== undefined) line[member] = value
  } else if (optionalMembers.has(member)) {
    if (value !== null) line[member] = value
  } else {
    line[member] = value
  }
}

function offerOfTuple(tuple: unknown): unknown {
  if (!Array.isArray(tuple)) return tuple
  const [id, amountMinor, code] = tuple
  return code === undefined ? { id, amountMinor } : { id, amountMinor, code }
}

/** What stands in a column of `manual`, with reasons and approvals where they were left out. */
function manualsOf(column: readonly unknown[]): unknown[] {
  let reason: unknown
  let approval: unknown
  return column.map((tuple) => {
    if (tuple === null) return undefined
    if (!Array.isArray(tuple)) return tuple
    const [figure, value] = tuple
    if (tuple.length > 2) [, , reason, approval] = tuple
    return typeof figure === 'string' ? { [figure]: value, reason, approval } : tuple
  })
}

function originalOfTuple(tuple: unknown): unknown {
  if (!Array.isArray(tuple)) return tuple
  const [number, identity, uid, fromMilli, toMilli] = tuple
  return { number, identity, uid, fromMilli, toMilli }
}

/** Puts lines for tables into a parsed document; false where there is no table to read. */
export function readDocumentLines(document: unknown): boolean {
  if (typeof document !== 'object' || document === null || !('lines' in document)) return false
  const lines = tableToLines(document.lines)
  if (lines === undefined) return false
  document.lines = lines
  return true
}
