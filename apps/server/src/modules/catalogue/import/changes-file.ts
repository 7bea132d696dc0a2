import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { ImportChange, ImportKind } from '@nexus/contract'
import { formatPlain, localDate, localTime } from '@nexus/domain'
import { csvLine, csvStart } from '../../../http/csv.ts'

const columns: Record<Exclude<ImportKind, 'products'>, readonly string[]> = {
  prices: [
    'line',
    'sku',
    'name',
    'list',
    'from',
    'until',
    'price',
    'price before',
    'price with gst',
    'mrp',
    'below mrp',
  ],
  mrp: ['line', 'sku', 'name', 'batch', 'mrp', 'mrp before', 'revised mrp', 'revised mrp before'],
}

export type ChangesFile = {
  add(change: ImportChange): Promise<void>
  /** Ends the file; resolves when all is on the disk's side. */
  close(): Promise<void>
}

/**
 * Begins a CSV file of changes, what is and what was. Its columns can be imported again: with the former price
 * or MRP mapped as the new one, that takes a run back. So `from` is empty where a price holds at once.
 *
 * @param at instant of the import
 */
export function openChangesFile(
  path: string,
  kind: Exclude<ImportKind, 'products'>,
  at: number,
): ChangesFile {
  const stream = createWriteStream(path)
  const done = finished(stream)
  // Whoever closes hears of it; until then nobody listens, and Node would end the process.
  done.catch(() => undefined)
  stream.write(csvStart + csvLine(columns[kind]))
  return {
    async add(change) {
      if (!stream.write(csvLine(cellsOf(change, at)))) await once(stream, 'drain')
    },
    async close() {
      stream.end()
      await done
    },
  }
}

function cellsOf(change: ImportChange, at: number) {
  const { line, sku, name, beforeMinor, afterMinor } = change
  if (change.kind === 'mrp') {
    const { batchNo, revisedAfterMinor, revisedBeforeMinor } = change
    const figures = [afterMinor, beforeMinor, revisedAfterMinor, revisedBeforeMinor]
    return [line, sku, name, batchNo, ...figures.map(amount)]
  }
  const { list, from, until, withTaxMinor, mrpMinor } = change
  const belowMinor = mrpMinor === null ? null : mrpMinor - withTaxMinor
  const times = [from > at ? moment(from) : null, until === null ? null : moment(until)]
  return [
    line,
    sku,
    name,
    list,
    ...times,
    ...[afterMinor, beforeMinor, withTaxMinor, mrpMinor, belowMinor].map(amount),
  ]
}

function amount(amountMinor: number | null): string | null {
  return amountMinor === null ? null : formatPlain(amountMinor)
}

/** Indian time to the millisecond, as imports read it. */
function moment(instant: number): string {
  const rest = instant % 60_000
  const seconds = rest === 0 ? '' : `:${(rest / 1000).toFixed(3).padStart(6, '0')}`
  return `${localDate(instant)} ${localTime(instant)}${seconds}`
}
