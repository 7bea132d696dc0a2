import type { Offer } from '@nexus/domain'
import type { Db, Tx } from '../../db/database.ts'
import { isDuplicateKey } from '../../db/errors.ts'
import { insertRows } from '../../db/rows.ts'
import type { RulebookVersionTable } from './tables.ts'

/** `until_version` of a row that still stands. */
export const openEnd = 2_147_483_647
/** Products of one chunk: ids from `chunk × 1000` on. */
export const chunkSize = 1000
/** Parameters in one IN (…). */
const idsMax = 2000

export type Version = {
  version: number
  headHash: Buffer
  /** Of the chain's view, base64url. */
  checksum: string
  changeNo: number
  products: number
  changes: number
  note: string
  by: string | null
  publishedAt: number
}
/** A product as a version holds it; `json` is its canonical JSON with the prices of every list. */
export type StandingRow = { productId: number; fromVersion: number; untilVersion: number; json: string }
/** A chunk of a view. `hash` null: none (chain), or the chain's again (a store). */
export type Chunk = { place: string; chunk: number; hash: Buffer | null; rows: number; bytes: number }

/** The newest published version; undefined before the first. */
export async function newestVersion(db: Db): Promise<Version | undefined> {
  return (await newestVersions(db, 1))[0]
}

/** Published versions, newest first. */
export async function newestVersions(db: Db, count: number): Promise<Version[]> {
  const rows = await db
    .selectFrom('rulebook_version')
    .selectAll()
    .orderBy('version', 'desc')
    .limit(count)
    .execute()
  return rows.map(versionOf)
}

/** A published version; undefined for an unknown one. */
export async function findVersion(db: Db, version: number): Promise<Version | undefined> {
  const row = await db
    .selectFrom('rulebook_version')
    .selectAll()
    .where('version', '=', version)
    .executeTakeFirst()
  return row && versionOf(row)
}

function versionOf(row: RulebookVersionTable): Version {
  return {
    version: row.version,
    headHash: Buffer.from(row.head_hash),
    checksum: row.checksum,
    changeNo: row.change_no,
    products: row.products,
    changes: row.changes,
    note: row.note,
    by: row.by_name,
    publishedAt: row.published_at,
  }
}

/** Publishes: from here on the version's rows are read. */
export async function insertVersion(tx: Tx, version: Version): Promise<void> {
  await insertRows(tx, 'rulebook_version', [
    {
      version: version.version,
      head_hash: version.headHash,
      checksum: version.checksum,
      change_no: version.changeNo,
      products: version.products,
      changes: version.changes,
      note: version.note,
      by_name: version.by,
      published_at: version.publishedAt,
    },
  ])
}

/** Notes that a version holds everything up to a change, when what came after it changes no row. */
export async function raiseChangeNo(tx: Tx, version: number, changeNo: number): Promise<void> {
  await tx
    .updateTable('rulebook_version')
    .set({ change_no: changeNo })
    .where('version', '=', version)
    .execute()
}

/** Makes the caller the one who publishes, if nobody is or whoever was has stopped. */
export async function takeLease(tx: Tx, holder: string, now: number, until: number): Promise<boolean> {
  const take = async () =>
    Number(
      (
        await tx
          .updateTable('rulebook_lease')
          .set({ holder, until_at: until })
          .where(({ or, eb }) => or([eb('holder', '=', ''), eb('until_at', '<', now)]))
          .executeTakeFirstOrThrow()
      ).numUpdatedRows,
    ) === 1
  if (await take()) return true
  try {
    await tx.insertInto('rulebook_lease').values({ id: 1, holder, until_at: until }).execute()
    return true
  } catch (error) {
    if (isDuplicateKey(error)) return false
    throw error
  }
}

/** Prolongs the lease; false when it was lost, so that whoever lost it writes nothing more. */
export async function keepLease(tx: Tx, holder: string, until: number): Promise<boolean> {
  // MySQL counts changed rows only, so whose lease it is now says whether it was kept.
  await tx.updateTable('rulebook_lease').set({ until_at: until }).where('holder', '=', holder).execute()
  const row = await tx.selectFrom('rulebook_lease').select('holder').executeTakeFirst()
  return row?.holder === holder
}

export async function dropLease(tx: Tx, holder: string): Promise<void> {
  await tx.updateTable('rulebook_lease').set({ holder: '' }).where('holder', '=', holder).execute()
}

/** Rows of a chunk in a version, ascending by product. */
export async function rowsOfChunk(db: Db, chunk: number, version: number): Promise<StandingRow[]> {
  const rows = await db
    .selectFrom('rulebook_row')
    .selectAll()
    .where('product_id', '>=', chunk * chunkSize)
    .where('product_id', '<', (chunk + 1) * chunkSize)
    .where('from_version', '<=', version)
    .where('until_version', '>', version)
    .orderBy('product_id')
    .execute()
  return rows.map(rowOf)
}

/** Rows of products in a version; products that it does not hold are left out. */
export async function rowsOfProducts(
  db: Db,
  productIds: readonly number[],
  version: number,
): Promise<StandingRow[]> {
  const found: StandingRow[] = []
  for (const part of slices(productIds, idsMax)) {
    const rows = await db
      .selectFrom('rulebook_row')
      .selectAll()
      .where('product_id', 'in', part)
      .where('from_version', '<=', version)
      .where('until_version', '>', version)
      .execute()
    found.push(...rows.map(rowOf))
  }
  return found
}

function rowOf(row: {
  product_id: number
  from_version: number
  until_version: number
  json: string
}): StandingRow {
  return {
    productId: row.product_id,
    fromVersion: row.from_version,
    untilVersion: row.until_version,
    json: row.json,
  }
}

/**
 * Products whose rows differ between two versions, or came and went between them, ascending; at most
 * `max`, by which a caller sees that there are too many.
 */
export async function productsChangedBetween(
  db: Db,
  from: number,
  to: number,
  max: number,
): Promise<number[]> {
  const ids = new Set<number>()
  for (const column of ['from_version', 'until_version'] as const) {
    const rows = await db
      .selectFrom('rulebook_row')
      .select('product_id')
      .where(column, '>', from)
      .where(column, '<=', to)
      .limit(max)
      .execute()
    for (const row of rows) ids.add(row.product_id)
  }
  return [...ids].sort((one, other) => one - other).slice(0, max)
}

/** How many products a version under way holds, and how many differ from the version before. */
export async function countRows(db: Db, version: number): Promise<{ products: number; changes: number }> {
  const [standing, come, gone] = await Promise.all([
    db
      .selectFrom('rulebook_row')
      .select(({ fn }) => fn.countAll<number | string>().as('rows'))
      .where('until_version', '=', openEnd)
      .executeTakeFirstOrThrow(),
    db
      .selectFrom('rulebook_row')
      .select(({ fn }) => fn.countAll<number | string>().as('rows'))
      .where('from_version', '=', version)
      .executeTakeFirstOrThrow(),
    db
      .selectFrom('rulebook_row as old')
      .select(({ fn }) => fn.countAll<number | string>().as('rows'))
      .where('old.until_version', '=', version)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('rulebook_row as new')
              .select('new.product_id')
              .whereRef('new.product_id', '=', 'old.product_id')
              .where('new.from_version', '=', version),
          ),
        ),
      )
      .executeTakeFirstOrThrow(),
  ])
  return { products: Number(standing.rows), changes: Number(come.rows) + Number(gone.rows) }
}

/** Ends the standing rows of products with the version before `version`, which is under way. */
export async function endRows(tx: Tx, productIds: readonly number[], version: number): Promise<void> {
  for (const part of slices(productIds, idsMax)) {
    // A row that this very publication wrote was seen by nobody.
    await tx
      .deleteFrom('rulebook_row')
      .where('product_id', 'in', part)
      .where('from_version', '=', version)
      .execute()
    await tx
      .updateTable('rulebook_row')
      .set({ until_version: version })
      .where('product_id', 'in', part)
      // An expression, or SQLite would look through all standing rows by their index.
      .where(({ eb }) => eb(eb('until_version', '+', 0), '=', openEnd))
      .execute()
  }
}

export async function insertStandingRows(
  tx: Tx,
  rows: readonly { productId: number; json: string }[],
  version: number,
): Promise<void> {
  await insertRows(
    tx,
    'rulebook_row',
    rows.map(({ productId, json }) => ({
      product_id: productId,
      from_version: version,
      until_version: openEnd,
      json,
    })),
  )
}

/** The chunks of a place as a version has them, ascending; also those that are null. */
export async function chunksOfPlace(db: Db, place: string, version: number): Promise<Chunk[]> {
  return await standingChunks(db, version, { place })
}

/** One chunk in all places as a version has it. */
export async function placesOfChunk(db: Db, chunk: number, version: number): Promise<Chunk[]> {
  return await standingChunks(db, version, { chunk })
}

async function standingChunks(
  db: Db,
  version: number,
  of: { place: string } | { chunk: number },
): Promise<Chunk[]> {
  const rows = await db
    .selectFrom('rulebook_chunk as c')
    .innerJoin(
      db
        .selectFrom('rulebook_chunk')
        .select(({ fn }) => ['place', 'chunk', fn.max('from_version').as('newest')])
        .where(({ and }) => and(of))
        .where('from_version', '<=', version)
        .groupBy(['place', 'chunk'])
        .as('n'),
      (join) =>
        join
          .onRef('n.place', '=', 'c.place')
          .onRef('n.chunk', '=', 'c.chunk')
          .onRef('n.newest', '=', 'c.from_version'),
    )
    .selectAll('c')
    .orderBy('c.place')
    .orderBy('c.chunk')
    .execute()
  return rows.map((row) => ({
    place: row.place,
    chunk: row.chunk,
    hash: row.hash === null ? null : Buffer.from(row.hash),
    rows: row.row_count,
    bytes: row.byte_count,
  }))
}

/** Says what a chunk is from `version` on, in every place where it differs from before. */
export async function replaceChunks(
  tx: Tx,
  chunk: number,
  version: number,
  chunks: readonly Chunk[],
): Promise<void> {
  await tx
    .deleteFrom('rulebook_chunk')
    .where('chunk', '=', chunk)
    .where('from_version', '=', version)
    .execute()
  await insertRows(
    tx,
    'rulebook_chunk',
    chunks.map(({ place, hash, rows, bytes }) => ({
      place,
      chunk,
      from_version: version,
      hash,
      row_count: rows,
      byte_count: bytes,
    })),
  )
}

/** Where a chunk with this content stands, and since when; undefined for none. */
export async function findChunk(
  db: Db,
  hash: Buffer,
): Promise<{ place: string; chunk: number; fromVersion: number } | undefined> {
  const row = await db
    .selectFrom('rulebook_chunk')
    .select(['place', 'chunk', 'from_version as fromVersion'])
    .where('hash', '=', hash)
    .limit(1)
    .executeTakeFirst()
  return row
}

/** Stores parts that are not there yet. */
export async function insertParts(tx: Tx, parts: readonly { hash: Buffer; gzip: Buffer }[]): Promise<void> {
  for (const { hash, gzip } of parts) {
    const known = await tx
      .selectFrom('rulebook_part')
      .select('hash')
      .where('hash', '=', hash)
      .executeTakeFirst()
    if (!known) await insertRows(tx, 'rulebook_part', [{ hash, gzip }])
  }
}

/** Puts a part in place of a damaged one, or of none. */
export async function replacePart(tx: Tx, hash: Buffer, gzip: Buffer): Promise<void> {
  await tx.deleteFrom('rulebook_part').where('hash', '=', hash).execute()
  await insertRows(tx, 'rulebook_part', [{ hash, gzip }])
}

/** Compressed bytes of a part; undefined for none. */
export async function findPart(db: Db, hash: Buffer): Promise<Buffer | undefined> {
  const row = await db.selectFrom('rulebook_part').select('gzip').where('hash', '=', hash).executeTakeFirst()
  return row && Buffer.from(row.gzip)
}

/** Canonical JSON of a head; undefined for none. */
export async function findHead(db: Db, hash: Buffer): Promise<string | undefined> {
  const row = await db.selectFrom('rulebook_head').select('json').where('hash', '=', hash).executeTakeFirst()
  return row?.json
}

/** Stores a head that is not there yet. */
export async function insertHead(tx: Tx, hash: Buffer, json: string): Promise<void> {
  if ((await findHead(tx, hash)) === undefined) await insertRows(tx, 'rulebook_head', [{ hash, json }])
}

/** Published offers, by id. What does not parse is the fault of whoever wrote it and rises. */
export async function activeOffers(db: Db): Promise<Offer[]> {
  const rows = await db
    .selectFrom('offer')
    .selectAll()
    .where('state', '=', 'published')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ ...JSON.parse(row.definition), id: row.id }))
}

function* slices<T>(items: readonly T[], size: number): Iterable<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size)
}
