import type { BadRow, ImportChange, ImportMapping, ImportState } from '@nexus/contract'
import type { Db, Tx } from '../../../db/database.ts'
import { insertRows } from '../../../db/rows.ts'
import type { ImportRunTable } from '../tables.ts'

/** Products behind keys of import rows (base64url), by key. */
export async function productsOfKeys(db: Db, keys: readonly string[]): Promise<Map<string, number>> {
  if (keys.length === 0) return new Map()
  const rows = await db
    .selectFrom('product_key')
    .selectAll()
    .where(
      'key_hash',
      'in',
      keys.map((key) => Buffer.from(key, 'base64url')),
    )
    .execute()
  return new Map(rows.map((row) => [Buffer.from(row.key_hash).toString('base64url'), row.product_id]))
}

/** Remembers which product a key is. */
export async function insertKeys(tx: Tx, keys: readonly { key: string; productId: number }[]): Promise<void> {
  await insertRows(
    tx,
    'product_key',
    keys.map(({ key, productId }) => ({ key_hash: Buffer.from(key, 'base64url'), product_id: productId })),
  )
}

/** An import as stored; `beatAt` is the last sign of life of whoever works on it. */
export type ImportRun = ImportState & { beatAt: number }

/** What changes while an import goes on. */
export type ImportProgress = Partial<
  Pick<
    ImportRun,
    | 'state'
    | 'dryRun'
    | 'rowsTotal'
    | 'rowsRead'
    | 'rowsCreated'
    | 'rowsChanged'
    | 'rowsSame'
    | 'rowsBad'
    | 'badRows'
    | 'changes'
    | 'message'
    | 'finishedAt'
    | 'mapping'
  >
>

/** The latest imports, newest first. */
export async function latestImports(db: Db, count: number): Promise<ImportRun[]> {
  const rows = await db
    .selectFrom('import_run')
    .selectAll()
    .orderBy('created_at', 'desc')
    .limit(count)
    .execute()
  return rows.map(runOf)
}

/** One import; undefined for an unknown id. */
export async function findImport(db: Db, id: string): Promise<ImportRun | undefined> {
  const row = await db.selectFrom('import_run').selectAll().where('id', '=', id).executeTakeFirst()
  return row && runOf(row)
}

/** Stores an uploaded file's import, in place of an earlier upload under the same id. */
export async function replaceImport(tx: Tx, run: ImportRun): Promise<void> {
  await tx.deleteFrom('import_run').where('id', '=', run.id).execute()
  await insertRows(tx, 'import_run', [
    {
      id: run.id,
      file_name: run.fileName,
      state: run.state,
      columns_json: JSON.stringify(run.columns),
      sample_json: JSON.stringify(run.sample),
      mapping_json: null,
      dry_run: 0,
      rows_total: null,
      rows_read: 0,
      rows_created: 0,
      rows_changed: 0,
      rows_same: 0,
      rows_bad: 0,
      bad_rows_json: '[]',
      changes_json: null,
      message: null,
      by_name: run.by,
      created_at: run.createdAt,
      beat_at: run.beatAt,
      finished_at: null,
    },
  ])
}

/**
 * Takes an import for work: true for the one caller that may. `aliveAfter` is the oldest sign of life
 * of an import that counts as still worked on.
 */
export async function claimImport(
  tx: Tx,
  id: string,
  start: { state: 'checking' | 'running'; mapping: ImportMapping; at: number; aliveAfter: number },
): Promise<boolean> {
  const done = await tx
    .updateTable('import_run')
    .set({
      state: start.state,
      mapping_json: JSON.stringify(start.mapping),
      dry_run: start.state === 'checking' ? 1 : 0,
      rows_total: null,
      rows_read: 0,
      rows_created: 0,
      rows_changed: 0,
      rows_same: 0,
      rows_bad: 0,
      bad_rows_json: '[]',
      changes_json: null,
      message: null,
      beat_at: start.at,
      finished_at: null,
    })
    .where('id', '=', id)
    .where(({ or, eb }) =>
      or([eb('state', 'not in', ['checking', 'running']), eb('beat_at', '<', start.aliveAfter)]),
    )
    .executeTakeFirstOrThrow()
  return Number(done.numUpdatedRows) === 1
}

/** Writes how far an import is. */
export async function updateImport(tx: Tx, id: string, at: number, progress: ImportProgress): Promise<void> {
  const {
    state,
    rowsTotal,
    rowsRead,
    rowsCreated,
    rowsChanged,
    rowsSame,
    rowsBad,
    badRows,
    changes,
    message,
    finishedAt,
  } = progress
  await tx
    .updateTable('import_run')
    .set({
      beat_at: at,
      ...(state !== undefined && { state }),
      ...(rowsTotal !== undefined && { rows_total: rowsTotal }),
      ...(rowsRead !== undefined && { rows_read: rowsRead }),
      ...(rowsCreated !== undefined && { rows_created: rowsCreated }),
      ...(rowsChanged !== undefined && { rows_changed: rowsChanged }),
      ...(rowsSame !== undefined && { rows_same: rowsSame }),
      ...(rowsBad !== undefined && { rows_bad: rowsBad }),
      ...(badRows !== undefined && { bad_rows_json: JSON.stringify(badRows) }),
      ...(changes !== undefined && { changes_json: JSON.stringify(changes) }),
      ...(message !== undefined && { message }),
      ...(finishedAt !== undefined && { finished_at: finishedAt }),
    })
    .where('id', '=', id)
    .execute()
}

function runOf(row: ImportRunTable): ImportRun {
  return {
    id: row.id,
    fileName: row.file_name,
    state: row.state,
    columns: JSON.parse(row.columns_json) as string[],
    sample: JSON.parse(row.sample_json) as string[][],
    mapping: row.mapping_json === null ? null : (JSON.parse(row.mapping_json) as ImportMapping),
    dryRun: row.dry_run === 1,
    rowsTotal: row.rows_total,
    rowsRead: row.rows_read,
    rowsCreated: row.rows_created,
    rowsChanged: row.rows_changed,
    rowsSame: row.rows_same,
    rowsBad: row.rows_bad,
    badRows: JSON.parse(row.bad_rows_json) as BadRow[],
    changes: row.changes_json === null ? [] : (JSON.parse(row.changes_json) as ImportChange[]),
    message: row.message,
    by: row.by_name,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
    beatAt: row.beat_at,
  }
}
