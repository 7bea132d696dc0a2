import { Problem, type SettlementFile } from '@nexus/contract'
import type { Context } from '../../../context.ts'
import type { SettlementFileTable, SettlementLineTable } from '../tables.ts'
import { matchLines } from './match-lines.ts'
import { type BadLine, readLines, type SettledLine, type SettlementColumns } from './read-lines.ts'
import { findFile, insertFile, insertLines, knownLines } from './sql.ts'

/** A settlement file as somebody brings it. */
export type BroughtFile = {
  id: string
  provider: string
  name: string
  content: Uint8Array
  columns: SettlementColumns
  /** UUID of a person */
  by: string
}

const bytesMax = 20 * 1024 * 1024
const shownMax = 100

/**
 * Takes the payments of a settlement file that no earlier file had, and matches them. Changes no entry and no
 * earlier line: one that says something else is named as bad. The same id again answers the stored outcome.
 *
 * Throws Problem `import/unreadable`, `import/mapping-invalid`, `request/too-large`.
 */
export async function putSettlement(
  context: Pick<Context, 'database' | 'clock'>,
  { id, provider, name, content, columns, by }: BroughtFile,
): Promise<SettlementFile> {
  const { database, clock } = context
  const stored = await findFile(database.read, id)
  if (stored !== undefined) return fileOf(stored)
  if (content.length > bytesMax) {
    throw new Problem('request/too-large', 'The file is larger than 20 MB. Split it and bring the parts.')
  }
  const read = readLines(new TextDecoder().decode(content), columns)
  const file = await database.write(async (tx) => {
    const references = [...new Set(read.lines.map(({ reference }) => reference))]
    const known = new Map(
      (await knownLines(tx, provider, references)).map((line) => [keyOf(line), statedIn(line)]),
    )
    const rows: SettlementLineTable[] = []
    const bad: BadLine[] = [...read.bad]
    for (const line of read.lines) {
      const row = rowOf(line, provider, id)
      const before = known.get(keyOf(row))
      if (before !== undefined && before !== statedIn(row)) {
        bad.push({ line: line.line, field: 'amount', reason: 'differs' })
      }
      if (before !== undefined) continue
      known.set(keyOf(row), statedIn(row))
      rows.push(row)
    }
    bad.sort((a, b) => a.line - b.line)
    const taken: SettlementFileTable = {
      id,
      provider,
      name: name.slice(-250),
      rows_total: read.lines.length,
      rows_added: rows.length,
      rows_bad: bad.length,
      bad_rows: JSON.stringify(bad.slice(0, shownMax)),
      imported_at: clock.now(),
      imported_by: by,
    }
    await insertFile(tx, taken)
    await insertLines(tx, rows)
    return taken
  })
  await matchLines(context)
  return fileOf(file)
}

function rowOf(line: SettledLine, provider: string, file: string): SettlementLineTable {
  return {
    provider,
    direction: line.direction,
    reference: line.reference,
    amount_minor: line.amountMinor,
    fee_minor: line.feeMinor,
    day: line.day,
    utr: line.utr,
    file,
    line: line.line,
    attempt: null,
  }
}

const keyOf = ({ direction, reference }: SettlementLineTable) => `${direction} ${reference}`
const statedIn = ({ amount_minor, fee_minor, day }: SettlementLineTable) =>
  `${amount_minor} ${fee_minor} ${day}`

/** A file as people see it. */
export function fileOf(row: SettlementFileTable): SettlementFile {
  return {
    id: row.id,
    provider: row.provider,
    name: row.name,
    rows: row.rows_total,
    added: row.rows_added,
    bad: row.rows_bad,
    badRows: JSON.parse(row.bad_rows),
    importedAt: row.imported_at,
  }
}
