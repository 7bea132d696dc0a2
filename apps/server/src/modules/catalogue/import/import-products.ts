import { createHash } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import { type BadRow, type ImportMapping, Problem } from '@nexus/contract'
import type { Context } from '../../../context.ts'
import type { Tx } from '../../../db/database.ts'
import { writeOpening } from '../../inventory/index.ts'
import { findStore } from '../../stores/index.ts'
import { chainListOf, ensureChainList } from '../add-price-list.ts'
import { knownReferences } from '../refuse-faults.ts'
import { type Author, changing, saveProducts } from '../save-products.ts'
import { allPriceLists, type StoredProduct } from '../sql.ts'
import { checkMapping, type FieldPlan } from './check-mapping.ts'
import { Claims } from './find-clashes.ts'
import { judgeRows, type Verdict } from './judge-rows.ts'
import { isBad, type ReadRow, readFields, textOf } from './read-fields.ts'
import { type FileRow, openRows, type RowFile, readRows } from './read-rows.ts'
import { insertKeys } from './sql.ts'

/** Rows so far; once an import has ended, those read are the sum of the others. */
export type ImportCounts = {
  /** null until the file has been read through once. */
  rowsTotal: number | null
  rowsRead: number
  rowsCreated: number
  rowsChanged: number
  rowsSame: number
  rowsBad: number
}

/** Counts of an import that begins. */
export function noCounts(): ImportCounts {
  return { rowsTotal: null, rowsRead: 0, rowsCreated: 0, rowsChanged: 0, rowsSame: 0, rowsBad: 0 }
}

export type ImportOptions = {
  /** Check everything, write nothing. */
  dryRun: boolean
  author: Omit<Author, 'at'>
  /** Takes each bad row with its cells, in the order of the file. */
  onBadRow?: (bad: BadRow, values: readonly string[]) => Promise<void> | void
  onProgress?: (counts: ImportCounts) => Promise<void> | void
  /** Ends the import after the portion under way; what is written stays, and the import can run again. */
  signal?: AbortSignal
}

/**
 * Imports products from a CSV file. The file is read twice: first to find rows that contradict each
 * other, then to write, in portions of one transaction each. Running it again, also after it was
 * killed, changes only what differs: the mapping's key finds the product of a row.
 *
 * Throws Problem `import/unreadable` or `import/mapping-invalid` before anything is written.
 */
export async function importProducts(
  context: Pick<Context, 'database' | 'clock'>,
  path: string,
  mapping: ImportMapping,
  options: ImportOptions,
): Promise<ImportCounts> {
  const file = await openRows(path)
  const plan = checkMapping(mapping, file.columns)
  await refuseUnknownStore(context, mapping)
  const counts = noCounts()
  const claims = new Claims()
  let total = 0
  for await (const portion of readRows(file)) {
    for (const [index, row] of portion.entries()) {
      if (index % 250 === 249) await breathe()
      const read = readFields(plan, file.columns, row)
      if (!isBad(read)) claims.add(read)
    }
    total += portion.length
    await options.onProgress?.(counts)
    await pause(options.signal)
  }
  counts.rowsTotal = total

  const judge = options.dryRun
    ? await dryJudge(context, plan)
    : await writingJudge(context, plan, mapping, options)
  const seen = new Set<string>()
  // One portion is written while the next is read.
  let writing: Promise<void> = Promise.resolve()
  try {
    for await (const portion of readRows(file)) {
      const sorted = await sortPortion(plan, file, portion, claims, seen)
      await writing
      writing = finishPortion(plan, portion, sorted, judge, counts, options)
      // It is awaited below; until then nobody listens, and Node would end the process.
      writing.catch(() => undefined)
      await pause(options.signal)
    }
  } finally {
    await writing
  }
  await options.onProgress?.(counts)
  return counts
}

type Sorted = { fresh: ReadRow[]; repeated: number; bad: BadRow[] }
type Judge = (rows: readonly ReadRow[]) => Promise<Verdict[]>

/** Rows that can be taken, those that say again what an earlier one said, and those that cannot. */
async function sortPortion(
  plan: FieldPlan,
  file: RowFile,
  portion: readonly FileRow[],
  claims: Claims,
  seen: Set<string>,
): Promise<Sorted> {
  const sorted: Sorted = { fresh: [], repeated: 0, bad: [] }
  for (const [index, row] of portion.entries()) {
    if (index % 250 === 249) await breathe()
    const read = readFields(plan, file.columns, row)
    if (isBad(read)) {
      sorted.bad.push(read)
      continue
    }
    const clash = claims.clashOf(read)
    if (clash) sorted.bad.push({ ...clash, value: cellOf(plan, row, clash.field) })
    else if (seen.has(read.key)) sorted.repeated++
    else {
      seen.add(read.key)
      sorted.fresh.push(read)
    }
  }
  return sorted
}

async function finishPortion(
  plan: FieldPlan,
  portion: readonly FileRow[],
  sorted: Sorted,
  judge: Judge,
  counts: ImportCounts,
  options: ImportOptions,
): Promise<void> {
  const verdicts = await judge(sorted.fresh)
  const rows = new Map(portion.map((row) => [row.line, row]))
  const bad = [...sorted.bad]
  counts.rowsSame += sorted.repeated
  for (const verdict of verdicts) {
    if (verdict.kind === 'same') counts.rowsSame++
    else if (verdict.kind === 'save') counts[verdict.before ? 'rowsChanged' : 'rowsCreated']++
    else {
      const row = rows.get(verdict.row.line)
      bad.push({ ...verdict.bad, value: row ? cellOf(plan, row, verdict.bad.field) : '' })
    }
  }
  counts.rowsBad += bad.length
  counts.rowsRead += portion.length
  for (const one of bad.sort((a, b) => a.line - b.line)) {
    await options.onBadRow?.(one, rows.get(one.line)?.values ?? [])
  }
  await options.onProgress?.(counts)
}

/** Compares only. */
async function dryJudge(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  plan: FieldPlan,
): Promise<Judge> {
  const known = await knownReferences(database.read)
  // A real run would make the chain's list; it is the first one then.
  const listId = chainListOf(await allPriceLists(database.read))?.id ?? 1
  const references = { ...known, priceListIds: new Set([...known.priceListIds, listId]) }
  return async (rows) => await judgeRows(database.read, plan, rows, references, listId, clock.now())
}

/** Compares and writes, one transaction a portion. */
async function writingJudge(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  plan: FieldPlan,
  mapping: ImportMapping,
  options: ImportOptions,
): Promise<Judge> {
  const listId = await database.write(
    async (tx) =>
      await changing(tx, async () => await ensureChainList(tx, { ...options.author, at: clock.now() })),
  )
  const known = await knownReferences(database.read)
  return async (rows) => {
    if (rows.length === 0) return []
    const author = { ...options.author, at: clock.now() }
    return await database.write(
      async (tx) =>
        await changing(tx, async (numbers) => {
          const verdicts = await judgeRows(tx, plan, rows, known, listId, author.at)
          const saves = verdicts.filter((verdict) => verdict.kind === 'save')
          const stored = await saveProducts(tx, numbers, author, saves)
          const products = new Map<ReadRow, StoredProduct>()
          for (const verdict of verdicts)
            if (verdict.kind === 'same') products.set(verdict.row, verdict.before)
          for (const [index, { row }] of saves.entries()) {
            const product = stored[index]
            if (product) products.set(row, product)
          }
          await insertKeys(
            tx,
            verdicts.flatMap((verdict) => {
              const product = products.get(verdict.row)
              if (verdict.kind === 'bad' || !verdict.isKeyNew || !product) return []
              return [{ key: verdict.row.key, productId: product.id }]
            }),
          )
          const refused = await openStock(tx, mapping, products, author)
          return verdicts.map((verdict) =>
            refused.has(verdict.row)
              ? { kind: 'bad', row: verdict.row, bad: stockKnown(verdict.row) }
              : verdict,
          )
        }),
    )
  }
}

/** Puts opening stock into the ledger; answers the rows whose product has another opening there already. */
async function openStock(
  tx: Tx,
  mapping: ImportMapping,
  products: ReadonlyMap<ReadRow, StoredProduct>,
  author: Author,
): Promise<ReadonlySet<ReadRow>> {
  const refused = new Set<ReadRow>()
  const storeId = mapping.openingStockStore
  if (storeId === undefined) return refused
  for (const [row, product] of products) {
    const quantityMilli = row.fields.openingMilli
    if (!quantityMilli) continue
    const batchNo = row.fields.batchNo ?? ''
    const batchId = product.batches.find((batch) => batch.batchNo === batchNo)?.id ?? null
    try {
      await writeOpening(tx, author, openingIdOf(storeId, product.id, batchId), {
        storeId,
        lines: [{ productId: product.id, batchId, quantityMilli }],
      })
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'stock/opening-reused') throw error
      refused.add(row)
    }
  }
  return refused
}

/** A UUID made from what is opened, so that a file imported again opens nothing twice. */
function openingIdOf(storeId: string, productId: number, batchId: number | null): string {
  const bytes = createHash('sha256')
    .update(`opening ${storeId} ${productId} ${batchId ?? ''}`)
    .digest()
    .subarray(0, 16)
  // Version 8: made by a rule of our own.
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function stockKnown(row: ReadRow): Omit<BadRow, 'value'> {
  return {
    line: row.line,
    field: 'openingStock',
    reason: 'This product has another opening stock in the store already; the product itself was imported.',
    remedy: 'Correct the stock by a count, not by an opening.',
  }
}

async function refuseUnknownStore(
  { database }: Pick<Context, 'database'>,
  mapping: ImportMapping,
): Promise<void> {
  const storeId = mapping.openingStockStore
  if (storeId === undefined || (await findStore(database.read, storeId)) !== undefined) return
  const message = 'There is no such store. Choose the store that the opening stock lies in.'
  throw new Problem('import/mapping-invalid', message, { storeId }, [{ field: 'openingStockStore', message }])
}

function cellOf(plan: FieldPlan, row: FileRow, field: string): string {
  if (field === 'key')
    return plan.key
      .map(({ index }) => row.values[index] ?? '')
      .join(' | ')
      .slice(0, 200)
  return (textOf(plan, row.values, field) ?? '').slice(0, 200)
}

/** Lets other work run; throws when the import was told to end. */
export async function pause(signal: AbortSignal | undefined): Promise<void> {
  await breathe()
  signal?.throwIfAborted()
}
