import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { BadRow } from '@nexus/contract'
import { csvLine, csvStart } from '../../../http/csv.ts'

/** Columns that say what is wrong, after the file's own. */
const faultColumns = ['error line', 'error field', 'error reason', 'error remedy']

export type BadRowsFile = {
  add(bad: BadRow, values: readonly string[]): Promise<void>
  /** Ends the file; resolves when all is on the disk's side. */
  close(): Promise<void>
}

/**
 * Begins a CSV file of bad rows: each as it was, with line, field, reason and remedy behind. Corrected,
 * it can be imported by the same mapping; a file of bad rows that has bad rows again gets the columns
 * of faults once.
 */
export function openBadRowsFile(path: string, columns: readonly string[]): BadRowsFile {
  const kept = columns.flatMap((name, index) => (faultColumns.includes(name) ? [] : [index]))
  const stream = createWriteStream(path)
  const done = finished(stream)
  // Whoever closes hears of it; until then nobody listens, and Node would end the process.
  done.catch(() => undefined)
  stream.write(csvStart + csvLine([...kept.map((index) => columns[index] ?? ''), ...faultColumns]))
  return {
    async add(bad, values) {
      // A row with too many values keeps them, or the person could not see what is wrong.
      const beyond = values.slice(columns.length)
      const cells = [...kept.map((index) => values[index] ?? ''), bad.line, bad.field, bad.reason, bad.remedy]
      if (!stream.write(csvLine([...cells, ...beyond]))) await once(stream, 'drain')
    },
    async close() {
      stream.end()
      await done
    },
  }
}
