import { type Hole, type Mark, type PersonalItem, toBase64Url } from '@nexus/sync'
import { type Insertable, sql } from 'kysely'
import type { Db, Tx } from '../../../db/database.ts'
import { insertRows, keepRows, replaceRows } from '../../../db/rows.ts'
import { uuidBytes, uuidText } from '../../../db/uuid.ts'
import type { ArchiveManifestTable, ArchiveMarkTable, ArchiveSegmentTable } from '../tables.ts'
import type { Content } from './files.ts'

/** Folder in which MySQL keeps its files, on the machine it runs on; '' where it does not tell. */
export async function selectDataFolder(db: Db): Promise<string> {
  const { rows } = await sql<{ folder: string }>`SELECT @@datadir AS folder`.execute(db)
  return rows[0]?.folder ?? ''
}

export type EpochKey = { storeNo: number; epochNo: number }
export type SegmentRecord = {
  no: number
  content: Content
  /** That were read back and count. */
  bytes: number
  sha256: Uint8Array | null
  state: ArchiveSegmentTable['state']
  checkedAt: number
}
/** Neighbouring slots that a segment holds. */
export type Run = EpochKey & { segmentNo: number; fromSeq: number; toSeq: number; hash: Uint8Array }

/** An epoch that has more than what is durable. */
export type Behind = EpochKey & {
  epoch: string
  register: string
  keyId: string
  head: { seq: number; hash: string }
  checkpoint: { seq: number; signature: string } | null
  holes: Hole[]
  /** Up to where it is durable in the present generation; seq 0: nothing yet. */
  durableSeq: number
}

/**
 * Epochs whose head lies above what is durable in this generation and that do not wait now, in order of
 * their key, behind the one that had its turn last.
 */
export async function selectBehind(
  db: Db,
  generation: Uint8Array,
  now: number,
  limit: number,
  after: EpochKey = { storeNo: 0, epochNo: 0 },
): Promise<Behind[]> {
  const rows = await db
    .selectFrom('journal_head as h')
    .innerJoin('journal_epoch as e', (join) =>
      join.onRef('e.store_no', '=', 'h.store_no').onRef('e.epoch_no', '=', 'h.epoch_no'),
    )
    .leftJoin('archive_mark as m', (join) =>
      join
        .onRef('m.store_no', '=', 'h.store_no')
        .onRef('m.epoch_no', '=', 'h.epoch_no')
        .on('m.generation', '=', generation),
    )
    .select(['h.store_no', 'h.epoch_no', 'h.seq', 'h.hash', 'h.checkpoint_seq', 'h.checkpoint_signature'])
    .select(['e.epoch', 'e.register', 'e.key_id', 'e.holes', 'm.seq as durable_seq'])
    .where((eb) => eb('h.seq', '>', eb.fn.coalesce('m.seq', eb.lit(0))))
    .where((eb) => eb(eb.fn.coalesce('m.look_at', eb.lit(0)), '<=', now))
    .where((eb) =>
      eb.or([
        eb('h.store_no', '>', after.storeNo),
        eb('h.store_no', '=', after.storeNo).and('h.epoch_no', '>', after.epochNo),
      ]),
    )
    .orderBy('h.store_no')
    .orderBy('h.epoch_no')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    storeNo: row.store_no,
    epochNo: row.epoch_no,
    epoch: uuidText(row.epoch),
    register: row.register,
    keyId: row.key_id,
    head: { seq: row.seq, hash: toBase64Url(row.hash) },
    checkpoint:
      row.checkpoint_seq === null || row.checkpoint_signature === null
        ? null
        : { seq: row.checkpoint_seq, signature: row.checkpoint_signature },
    // The accept path wrote it.
    holes: JSON.parse(row.holes) as Hole[],
    durableSeq: row.durable_seq ?? 0,
  }))
}

/** Entries that are not durable yet, and when the first of them was received (ms UTC); null where there are none. */
export async function countBehind(
  db: Db,
  generation: Uint8Array,
): Promise<{ entries: number; oldestAt: number | null }> {
  const behind = db
    .selectFrom('journal_head as h')
    .leftJoin('archive_mark as m', (join) =>
      join
        .onRef('m.store_no', '=', 'h.store_no')
        .onRef('m.epoch_no', '=', 'h.epoch_no')
        .on('m.generation', '=', generation),
    )
    .leftJoin('journal_entry as e', (join) =>
      join
        .onRef('e.store_no', '=', 'h.store_no')
        .onRef('e.epoch_no', '=', 'h.epoch_no')
        .on('e.seq', '=', sql<number>`coalesce(m.seq, 0) + 1`),
    )
    .where((eb) => eb('h.seq', '>', eb.fn.coalesce('m.seq', eb.lit(0))))
  const row = await behind
    .select((eb) => [
      eb.fn.sum<number | string | null>(sql`h.seq - coalesce(m.seq, 0)`).as('entries'),
      eb.fn.min('e.received_at').as('oldest_at'),
    ])
    .executeTakeFirstOrThrow()
  // A sum comes from MySQL as text.
  return { entries: Number(row.entries ?? 0), oldestAt: row.oldest_at }
}

/** Runs of an epoch in sound files of this content that reach above a slot, in order. */
export async function selectRuns(
  db: Db,
  { storeNo, epochNo }: EpochKey,
  content: Content,
  aboveSeq: number,
): Promise<Run[]> {
  const rows = await db
    .selectFrom('archive_manifest as m')
    .innerJoin('archive_segment as s', 's.no', 'm.segment_no')
    .select(['m.segment_no', 'm.from_seq', 'm.to_seq', 'm.hash'])
    .where('m.store_no', '=', storeNo)
    .where('m.epoch_no', '=', epochNo)
    .where('m.to_seq', '>', aboveSeq)
    .where('s.content', '=', content)
    .where('s.state', 'in', ['open', 'closed'])
    .orderBy('m.from_seq')
    .execute()
  return rows.map((row) => ({
    storeNo,
    epochNo,
    segmentNo: row.segment_no,
    fromSeq: row.from_seq,
    toSeq: row.to_seq,
    hash: row.hash,
  }))
}

/** Runs of one segment. */
export async function selectRunsOf(db: Db, segmentNo: number, limit: number): Promise<Run[]> {
  const rows = await db
    .selectFrom('archive_manifest')
    .selectAll()
    .where('segment_no', '=', segmentNo)
    .orderBy('store_no')
    .orderBy('epoch_no')
    .orderBy('from_seq')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    storeNo: row.store_no,
    epochNo: row.epoch_no,
    segmentNo: row.segment_no,
    fromSeq: row.from_seq,
    toSeq: row.to_seq,
    hash: row.hash,
  }))
}

export type SlotRecord = {
  seq: number
  hash: Uint8Array
  receivedAt: number
  bytes: Uint8Array
}

/** Accepted slots of an epoch within a range, ascending. */
export async function selectSlots(
  db: Db,
  { storeNo, epochNo }: EpochKey,
  { fromSeq, toSeq }: { fromSeq: number; toSeq: number },
  limit: number,
): Promise<SlotRecord[]> {
  const rows = await db
    .selectFrom('journal_entry')
    .select(['seq', 'hash', 'received_at', 'bytes'])
    .where('store_no', '=', storeNo)
    .where('epoch_no', '=', epochNo)
    .where('seq', '>=', fromSeq)
    .where('seq', '<=', toSeq)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map(({ seq, hash, received_at: receivedAt, bytes }) => ({ seq, hash, receivedAt, bytes }))
}

/** Data of people of these identities (base64url): `null` where it was erased, absent where it never came. */
export async function selectPersonal(
  db: Db,
  identities: readonly string[],
): Promise<Map<string, PersonalItem | null>> {
  if (identities.length === 0) return new Map()
  const rows = await db
    .selectFrom('personal_data')
    .select(['identity', 'salt', 'data'])
    .where(
      'identity',
      'in',
      identities.map((identity) => Buffer.from(identity, 'base64url')),
    )
    .execute()
  return new Map(
    rows.map(({ identity: bytes, salt, data }) => {
      const identity = toBase64Url(bytes)
      return [identity, salt && data !== null ? { identity, salt: toBase64Url(salt), data } : null]
    }),
  )
}

/** Slots whose data of people has come, or was erased, since they were archived without it. */
export async function selectSettledWaits(
  db: Db,
  limit: number,
): Promise<(EpochKey & { seq: number; identity: string })[]> {
  const rows = await db
    .selectFrom('archive_wait as w')
    .innerJoin('personal_data as p', 'p.identity', 'w.identity')
    .select(['w.identity', 'w.store_no', 'w.epoch_no', 'w.seq'])
    .orderBy('w.store_no')
    .orderBy('w.epoch_no')
    .orderBy('w.seq')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    identity: toBase64Url(row.identity),
    storeNo: row.store_no,
    epochNo: row.epoch_no,
    seq: row.seq,
  }))
}

export type Wait = EpochKey & { seq: number; identity: string }

/** Notes slots that wait for data of people; one that waits already is left alone. */
export async function insertWaits(tx: Tx, waits: readonly Wait[]): Promise<void> {
  const rows = waits.map(({ storeNo, epochNo, seq, identity }) => ({
    identity: Buffer.from(identity, 'base64url'),
    store_no: storeNo,
    epoch_no: epochNo,
    seq,
  }))
  await keepRows(tx, 'archive_wait', ['identity'], rows)
}

export async function removeWaits(tx: Tx, identities: readonly string[]): Promise<void> {
  for (const identity of identities) {
    await tx.deleteFrom('archive_wait').where('identity', '=', Buffer.from(identity, 'base64url')).execute()
  }
}

/** The first slot of each epoch that waits for data of people, by `storeNo/epochNo`. */
export async function selectFirstWaits(db: Db): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('archive_wait')
    .select(({ fn }) => ['store_no', 'epoch_no', fn.min('seq').as('seq')])
    .groupBy(['store_no', 'epoch_no'])
    .execute()
  return new Map(rows.map((row) => [`${row.store_no}/${row.epoch_no}`, row.seq]))
}

/** A person's declaration that slots are lost, and the slot of the entry that makes it. */
export type Lost = { epoch: string; fromSeq: number; toSeq: number; by: EpochKey & { seq: number } }

export async function insertLost(tx: Tx, lost: readonly Lost[]): Promise<void> {
  const rows = lost.map(({ epoch, fromSeq, toSeq, by }) => ({
    epoch: uuidBytes(epoch),
    from_seq: fromSeq,
    to_seq: toSeq,
    by_store_no: by.storeNo,
    by_epoch_no: by.epochNo,
    by_seq: by.seq,
  }))
  await keepRows(tx, 'archive_lost', ['epoch', 'from_seq', 'by_store_no', 'by_epoch_no', 'by_seq'], rows)
}

/** Lost slots of an epoch whose declarations are durable in this generation. */
export async function selectLost(
  db: Db,
  epoch: string,
  generation: Uint8Array,
): Promise<{ fromSeq: number; toSeq: number }[]> {
  const rows = await db
    .selectFrom('archive_lost as l')
    .innerJoin('archive_mark as m', (join) =>
      join.onRef('m.store_no', '=', 'l.by_store_no').onRef('m.epoch_no', '=', 'l.by_epoch_no'),
    )
    .select(['l.from_seq', 'l.to_seq'])
    .where('l.epoch', '=', uuidBytes(epoch))
    .where('m.generation', '=', generation)
    .whereRef('m.seq', '>=', 'l.by_seq')
    .orderBy('l.from_seq')
    .execute()
  return rows.map((row) => ({ fromSeq: row.from_seq, toSeq: row.to_seq }))
}

/** Those of the identities (base64url) that had their effect. */
export async function selectActed(db: Db, identities: readonly string[]): Promise<Set<string>> {
  if (identities.length === 0) return new Set()
  const rows = await db
    .selectFrom('entry_identity')
    .select('identity')
    .where(
      'identity',
      'in',
      identities.map((identity) => Buffer.from(identity, 'base64url')),
    )
    .where('state', '=', 'acted')
    .execute()
  return new Set(rows.map((row) => toBase64Url(row.identity)))
}

export type MarkRecord = {
  generation: Uint8Array
  seq: number
  hash: Uint8Array | null
  signature: string | null
  waitsFor: ArchiveMarkTable['waits_for']
  /** ms UTC */
  lookAt: number
}

/** Says up to where epochs are durable, or why they wait. */
export async function putMarks(tx: Tx, marks: readonly (EpochKey & MarkRecord)[]): Promise<void> {
  const rows = marks.map(({ storeNo, epochNo, generation, seq, hash, signature, waitsFor, lookAt }) => ({
    store_no: storeNo,
    epoch_no: epochNo,
    generation,
    seq,
    hash,
    signature,
    waits_for: waitsFor,
    look_at: lookAt,
  }))
  await replaceRows(tx, 'archive_mark', rows)
}

/** Has waiting epochs looked at with the next round. */
export async function lookAgain(tx: Tx, epochs: readonly EpochKey[]): Promise<void> {
  for (const { storeNo, epochNo } of epochs) {
    await tx
      .updateTable('archive_mark')
      .set({ look_at: 0 })
      .where('store_no', '=', storeNo)
      .where('epoch_no', '=', epochNo)
      .execute()
  }
}

/** HQ's `durable` of epochs in the present generation, by epoch. */
export async function selectDurable(
  db: Db,
  epochs: readonly string[],
  generation: Uint8Array,
): Promise<Map<string, Mark>> {
  if (epochs.length === 0) return new Map()
  const rows = await db
    .selectFrom('archive_mark as m')
    .innerJoin('journal_epoch as e', (join) =>
      join.onRef('e.store_no', '=', 'm.store_no').onRef('e.epoch_no', '=', 'm.epoch_no'),
    )
    .select(['e.epoch', 'm.seq', 'm.hash', 'm.signature'])
    .where('e.epoch', 'in', epochs.map(uuidBytes))
    .where('m.generation', '=', generation)
    .execute()
  return new Map(
    rows.flatMap(({ epoch: bytes, seq, hash, signature }) => {
      if (hash === null) return []
      const epoch = uuidText(bytes)
      const mark = { epoch, seq, hash: toBase64Url(hash), generation: toBase64Url(generation), signature }
      return [[epoch, mark]]
    }),
  )
}

/** Why epochs stand, with how many each. */
export async function countWaiting(
  db: Db,
  generation: Uint8Array,
): Promise<Record<'hole' | 'personal' | 'damaged', number>> {
  const rows = await db
    .selectFrom('archive_mark')
    .select(({ fn }) => ['waits_for', fn.countAll<number>().as('epochs')])
    .where('generation', '=', generation)
    .where('waits_for', 'is not', null)
    .groupBy('waits_for')
    .execute()
  const counts = { hole: 0, personal: 0, damaged: 0 }
  for (const { waits_for: reason, epochs } of rows) if (reason !== null) counts[reason] = Number(epochs)
  return counts
}

/** Whether this data is of a release that knows archives: a backup may be older. */
export async function hasManifest(db: Db): Promise<boolean> {
  return (await db.introspection.getTables()).some(({ name }) => name === 'archive_segment')
}

/** Every segment that the manifest knows, by its number. */
export async function selectSegments(db: Db): Promise<SegmentRecord[]> {
  const rows = await db.selectFrom('archive_segment').selectAll().orderBy('no').execute()
  return rows.map(({ no, content, bytes, sha256, state, checked_at: checkedAt }) => ({
    no,
    content,
    bytes,
    sha256,
    state,
    checkedAt,
  }))
}

export async function putSegment(tx: Tx, segment: SegmentRecord): Promise<void> {
  const { no, content, bytes, sha256, state, checkedAt } = segment
  await replaceRows(tx, 'archive_segment', [{ no, content, bytes, sha256, state, checked_at: checkedAt }])
}

export async function putRuns(tx: Tx, runs: readonly Run[]): Promise<void> {
  const rows: Insertable<ArchiveManifestTable>[] = runs.map((run) => ({
    store_no: run.storeNo,
    epoch_no: run.epochNo,
    segment_no: run.segmentNo,
    from_seq: run.fromSeq,
    to_seq: run.toSeq,
    hash: run.hash,
  }))
  await replaceRows(tx, 'archive_manifest', rows)
}

export async function removeRuns(tx: Tx, runs: readonly Run[]): Promise<void> {
  for (const run of runs) {
    await tx
      .deleteFrom('archive_manifest')
      .where('store_no', '=', run.storeNo)
      .where('epoch_no', '=', run.epochNo)
      .where('segment_no', '=', run.segmentNo)
      .where('from_seq', '=', run.fromSeq)
      .execute()
  }
}

export type StateName = 'domain' | 'replayed' | 'erased'

export async function findState(db: Db, name: StateName): Promise<{ value: string; at: number } | undefined> {
  return await db
    .selectFrom('archive_state')
    .select(['value', 'at'])
    .where('name', '=', name)
    .executeTakeFirst()
}

export async function putState(tx: Tx, name: StateName, value: string, at: number): Promise<void> {
  await replaceRows(tx, 'archive_state', [{ name, value, at }])
}

/** Identities (base64url) whose data was erased after an instant, oldest first. */
export async function selectErased(db: Db, sinceAt: number): Promise<{ identity: string; at: number }[]> {
  const rows = await db
    .selectFrom('personal_data')
    .select(['identity', 'erased_at'])
    .where('erased_at', '>', sinceAt)
    .orderBy('erased_at')
    .execute()
  return rows.map((row) => ({ identity: toBase64Url(row.identity), at: row.erased_at ?? 0 }))
}

/** Small keys and register of epochs that have entries here, by epoch. */
export async function findEpochs(
  db: Db,
  epochs: readonly string[],
): Promise<Map<string, EpochKey & { registerNo: number; register: string }>> {
  if (epochs.length === 0) return new Map()
  const rows = await db
    .selectFrom('journal_epoch')
    .select(['epoch', 'store_no', 'epoch_no', 'register_no', 'register'])
    .where('epoch', 'in', epochs.map(uuidBytes))
    .execute()
  return new Map(
    rows.map((row) => [
      uuidText(row.epoch),
      {
        storeNo: row.store_no,
        epochNo: row.epoch_no,
        registerNo: row.register_no,
        register: row.register,
      },
    ]),
  )
}

/** The UUID of an epoch that has entries here. */
export async function findEpochId(db: Db, { storeNo, epochNo }: EpochKey): Promise<string | undefined> {
  const row = await db
    .selectFrom('journal_epoch')
    .select('epoch')
    .where('store_no', '=', storeNo)
    .where('epoch_no', '=', epochNo)
    .executeTakeFirst()
  return row && uuidText(row.epoch)
}

/** Puts back data of people that the archive holds; what was erased here stays erased. */
export async function restorePersonal(
  tx: Tx,
  items: readonly PersonalItem[],
  receivedAt: number,
): Promise<void> {
  for (const { identity: text, salt, data } of items) {
    const identity = Buffer.from(text, 'base64url')
    const known = await tx
      .selectFrom('entry_identity')
      .select('store_no')
      .where('identity', '=', identity)
      .executeTakeFirst()
    if (known === undefined) continue
    const row = { identity, salt: Buffer.from(salt, 'base64url'), data, received_at: receivedAt }
    await keepRows(tx, 'personal_data', ['identity'], [{ ...row, store_no: known.store_no, erased_at: null }])
  }
}

/** When this database was last written to by anybody (ms UTC); undefined while it is empty. */
export async function lastActivityAt(db: Db): Promise<number | undefined> {
  const head = await db
    .selectFrom('journal_head')
    .select(({ fn }) => fn.max('moved_at').as('at'))
    .executeTakeFirst()
  const job = await db
    .selectFrom('job')
    .select(({ fn }) => fn.max('ran_at').as('at'))
    .executeTakeFirst()
  const at = Math.max(Number(head?.at ?? 0), Number(job?.at ?? 0))
  return at === 0 ? undefined : at
}

/** Begins the row of a new segment. */
export async function insertSegment(tx: Tx, no: number, content: Content, now: number): Promise<void> {
  const row = { no, content, bytes: 0, sha256: null, state: 'open', checked_at: now } as const
  await insertRows(tx, 'archive_segment', [row])
}
