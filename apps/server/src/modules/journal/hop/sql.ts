import {
  fromBase64Url,
  type Hole,
  type Mark,
  type Marks,
  maxAsked,
  maxPushEntries,
  type OwnHead,
  type PersonalItem,
  type SignedCheckpoint,
  type StoredEntry,
  toBase64Url,
} from '@nexus/sync'
import type { Db, Tx } from '../../../db/database.ts'
import { keepRows, replaceRows } from '../../../db/rows.ts'
import { uuidBytes, uuidText } from '../../../db/uuid.ts'
import { hashBytes } from '../rows.ts'
import type {} from '../tables.ts'

/** Every epoch that has entries here, in the order in which they became known. */
export async function selectOwnHeads(db: Db): Promise<OwnHead[]> {
  const rows = await db
    .selectFrom('journal_epoch as e')
    .innerJoin('journal_head as h', (join) =>
      join.onRef('h.store_no', '=', 'e.store_no').onRef('h.epoch_no', '=', 'e.epoch_no'),
    )
    .select(['e.register', 'e.epoch', 'h.seq', 'h.hash'])
    .where('h.seq', '>', 0)
    .orderBy('e.epoch_no')
    .execute()
  return rows.map(({ register, epoch, seq, hash }) => ({
    register,
    epoch: uuidText(epoch),
    seq,
    hash: toBase64Url(hash),
  }))
}

/** An epoch as parcels are cut from it. */
export type ParcelEpoch = {
  storeNo: number
  epochNo: number
  store: string
  register: string
  epoch: string
  holes: readonly Hole[]
  /** The epoch's own newest signed head; undefined before the first. */
  checkpoint: SignedCheckpoint | undefined
}

export async function findParcelEpoch(db: Db, epoch: string): Promise<ParcelEpoch | undefined> {
  const row = await db
    .selectFrom('journal_epoch as e')
    .innerJoin('journal_head as h', (join) =>
      join.onRef('h.store_no', '=', 'e.store_no').onRef('h.epoch_no', '=', 'e.epoch_no'),
    )
    .leftJoin('journal_entry as c', (join) =>
      join
        .onRef('c.store_no', '=', 'h.store_no')
        .onRef('c.epoch_no', '=', 'h.epoch_no')
        .onRef('c.seq', '=', 'h.checkpoint_seq'),
    )
    .select(['e.store_no', 'e.epoch_no', 'e.store', 'e.register', 'e.key_id', 'e.holes'])
    .select(['h.checkpoint_seq', 'h.checkpoint_signature', 'c.hash'])
    .where('e.epoch', '=', uuidBytes(epoch))
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { register, checkpoint_seq: seq, checkpoint_signature: signature, hash, key_id: keyId } = row
  const isSigned = seq !== null && signature !== null && hash !== null
  return {
    storeNo: row.store_no,
    epochNo: row.epoch_no,
    store: row.store,
    register,
    epoch,
    // The accept path wrote it.
    holes: JSON.parse(row.holes) as Hole[],
    checkpoint: isSigned
      ? { checkpoint: { register, epoch, seq, hash: toBase64Url(hash), keyId }, signature }
      : undefined,
  }
}

/** Accepted entries from a place on, as many as one push may take. */
export async function selectEntries(
  db: Db,
  { storeNo, epochNo }: Pick<ParcelEpoch, 'storeNo' | 'epochNo'>,
  fromSeq: number,
  toSeq = Number.MAX_SAFE_INTEGER,
): Promise<StoredEntry[]> {
  const rows = await db
    .selectFrom('journal_entry')
    .select(['seq', 'hash', 'bytes'])
    .where('store_no', '=', storeNo)
    .where('epoch_no', '=', epochNo)
    .where('seq', '>=', fromSeq)
    .where('seq', '<=', toSeq)
    .orderBy('seq')
    .limit(maxPushEntries)
    .execute()
  return rows.map(({ seq, hash, bytes }) => ({ seq, hash: toBase64Url(hash), bytes }))
}

/** Signed heads that came with entries of an epoch and are not the one of its head, highest first. */
export async function selectCheckpoints(
  db: Db,
  register: string,
  ofEpoch: string,
): Promise<SignedCheckpoint[]> {
  const rows = await db
    .selectFrom('journal_checkpoint')
    .select(['epoch', 'seq', 'hash', 'key_id', 'signature'])
    .where('of_epoch', '=', uuidBytes(ofEpoch))
    .orderBy('seq', 'desc')
    .limit(1000)
    .execute()
  return rows.map(({ epoch, seq, hash, key_id: keyId, signature }) => ({
    checkpoint: { register, epoch: uuidText(epoch), seq, hash: toBase64Url(hash), keyId },
    signature,
  }))
}

/** Keeps a signed head beside that of the epoch's head. */
export async function keepCheckpoint(
  tx: Tx,
  storeNo: number,
  ofEpoch: string,
  { checkpoint: { epoch, seq, hash, keyId }, signature }: SignedCheckpoint,
): Promise<void> {
  const row = {
    store_no: storeNo,
    of_epoch: uuidBytes(ofEpoch),
    epoch: uuidBytes(epoch),
    seq,
    hash: hashBytes(hash),
    key_id: keyId,
    signature,
  }
  await keepRows(tx, 'journal_checkpoint', ['of_epoch', 'epoch', 'seq', 'hash'], [row])
}

/** Data of people of those of the identities that have some. */
export async function selectPersonal(db: Db, identities: readonly string[]): Promise<PersonalItem[]> {
  if (identities.length === 0) return []
  const rows = await db
    .selectFrom('personal_data')
    .select(['identity', 'salt', 'data'])
    .where('identity', 'in', identities.map(fromBase64Url))
    .execute()
  return rows.flatMap(({ identity, salt, data }) =>
    salt === null || data === null
      ? []
      : [{ identity: toBase64Url(identity), salt: toBase64Url(salt), data }],
  )
}

/** Identities of fork entries that wait, by epoch and seq behind `after`: a branch goes from its beginning. */
export async function selectForkIdentities(db: Db, after: string | null): Promise<string[]> {
  let query = db.selectFrom('journal_fork').select('identity').where('settled', 'is', null)
  const last =
    after === null
      ? undefined
      : await db
          .selectFrom('journal_fork')
          .select(['epoch', 'seq', 'identity'])
          .where('identity', '=', fromBase64Url(after))
          .executeTakeFirst()
  if (last !== undefined) {
    query = query.where(({ or, and, eb }) =>
      or([
        eb('epoch', '>', last.epoch),
        and([eb('epoch', '=', last.epoch), eb('seq', '>', last.seq)]),
        and([eb('epoch', '=', last.epoch), eb('seq', '=', last.seq), eb('identity', '>', last.identity)]),
      ]),
    )
  }
  const rows = await query.orderBy('epoch').orderBy('seq').orderBy('identity').limit(maxAsked).execute()
  return rows.map(({ identity }) => toBase64Url(identity))
}

/** A fork entry that waits, with those of its epoch behind it; undefined when it waits no more. */
export async function selectForkRun(
  db: Db,
  identity: string,
): Promise<{ epoch: string; entries: (StoredEntry & { prevHash: string | null })[] } | undefined> {
  const first = await db
    .selectFrom('journal_fork')
    .select(['epoch', 'seq'])
    .where('identity', '=', fromBase64Url(identity))
    .where('settled', 'is', null)
    .executeTakeFirst()
  if (first === undefined) return undefined
  const rows = await db
    .selectFrom('journal_fork')
    .select(['identity', 'seq', 'prev_hash', 'bytes'])
    .where('epoch', '=', first.epoch)
    .where('seq', '>=', first.seq)
    .where('settled', 'is', null)
    .orderBy('seq')
    .limit(maxPushEntries)
    .execute()
  const entries = rows.map(({ seq, identity: hash, prev_hash: prev, bytes }) => ({
    seq,
    hash: toBase64Url(hash),
    prevHash: prev && toBase64Url(prev),
    bytes,
  }))
  return { epoch: uuidText(first.epoch), entries }
}

/** Of these identities those that this server has never seen. */
export async function unknownIdentities(db: Db, identities: readonly string[]): Promise<string[]> {
  if (identities.length === 0) return []
  const rows = await db
    .selectFrom('entry_identity')
    .select('identity')
    .where('identity', 'in', identities.map(fromBase64Url))
    .execute()
  const known = new Set(rows.map(({ identity }) => toBase64Url(identity)))
  return identities.filter((identity) => !known.has(identity))
}

/** Declared holes of epochs that nobody has filled. */
export async function selectHoles(
  db: Db,
  epochs: readonly string[],
): Promise<{ epoch: string; fromSeq: number; toSeq: number }[]> {
  if (epochs.length === 0) return []
  const rows = await db
    .selectFrom('journal_epoch')
    .select(['epoch', 'holes'])
    .where('epoch', 'in', epochs.map(uuidBytes))
    .where('holes', '<>', '[]')
    .execute()
  return rows.flatMap(({ epoch, holes }) =>
    (JSON.parse(holes) as Hole[]).map(({ fromSeq, toSeq }) => ({ epoch: uuidText(epoch), fromSeq, toSeq })),
  )
}

// Marks of headquarters, kept in a store server

export type HqMarks = Pick<Marks, 'received' | 'durable'>

/** What headquarters last said of epochs, by epoch. */
export async function selectHqMarks(db: Db, epochs: readonly string[]): Promise<Map<string, HqMarks>> {
  if (epochs.length === 0) return new Map()
  const rows = await db
    .selectFrom('hop_mark')
    .selectAll()
    .where('epoch', 'in', epochs.map(uuidBytes))
    .execute()
  return new Map(rows.map((row) => [uuidText(row.epoch), hqMarksOf(row)]))
}

function hqMarksOf({ received, durable }: { received: string | null; durable: string | null }): HqMarks {
  // `replaceHqMarks` wrote them.
  const read = (text: string | null) => (text === null ? null : (JSON.parse(text) as Mark))
  return { received: read(received), durable: read(durable) }
}

export async function replaceHqMarks(tx: Tx, marks: ReadonlyMap<string, HqMarks>): Promise<void> {
  const text = (mark: Mark | null) => (mark === null ? null : JSON.stringify(mark))
  await replaceRows(
    tx,
    'hop_mark',
    [...marks].map(([epoch, { received, durable }]) => ({
      epoch: uuidBytes(epoch),
      received: text(received),
      durable: text(durable),
    })),
  )
}

/** Headquarters was restored: what it said before says nothing of its present data. */
export async function removeHqMarks(tx: Tx): Promise<void> {
  await tx.deleteFrom('hop_mark').execute()
}

/** Epochs that a manager closed (JRN-21): tills hear it from here too. */
export async function closeEpochs(tx: Tx, epochs: readonly string[]): Promise<void> {
  if (epochs.length === 0) return
  await tx
    .updateTable('journal_epoch')
    .set({ state: 'closed' })
    .where('epoch', 'in', epochs.map(uuidBytes))
    .where('state', '=', 'open')
    .execute()
}

/** Entries that headquarters is not known to have, and when the oldest of them came in (ms UTC). */
export async function countWaiting(db: Db): Promise<{ entries: number; since: number | null }> {
  const rows = await db
    .selectFrom('journal_epoch as e')
    .innerJoin('journal_head as h', (join) =>
      join.onRef('h.store_no', '=', 'e.store_no').onRef('h.epoch_no', '=', 'e.epoch_no'),
    )
    .leftJoin('hop_mark as m', 'm.epoch', 'e.epoch')
    .select(['e.store_no', 'e.epoch_no', 'h.seq', 'm.received', 'm.durable'])
    .execute()
  let entries = 0
  let since: number | null = null
  for (const row of rows) {
    const atHq = hqMarksOf(row).received?.seq ?? 0
    if (atHq >= row.seq) continue
    entries += row.seq - atHq
    const first = await db
      .selectFrom('journal_entry')
      .select('received_at')
      .where('store_no', '=', row.store_no)
      .where('epoch_no', '=', row.epoch_no)
      .where('seq', '>', atHq)
      .orderBy('seq')
      .limit(1)
      .executeTakeFirst()
    if (first !== undefined) since = Math.min(since ?? first.received_at, first.received_at)
  }
  return { entries, since }
}

// Another branch

/** Slots of an epoch from a place on, as they stand before another branch takes their place. */
export async function selectBranch(
  tx: Tx,
  { storeNo, epochNo }: Pick<ParcelEpoch, 'storeNo' | 'epochNo'>,
  fromSeq: number,
): Promise<(StoredEntry & { receivedAt: number })[]> {
  const rows = await tx
    .selectFrom('journal_entry')
    .select(['seq', 'hash', 'received_at', 'bytes'])
    .where('store_no', '=', storeNo)
    .where('epoch_no', '=', epochNo)
    .where('seq', '>=', fromSeq)
    .orderBy('seq')
    .execute()
  return rows.map((row) => ({
    seq: row.seq,
    hash: toBase64Url(row.hash),
    bytes: row.bytes,
    receivedAt: row.received_at,
  }))
}

/** Identities that acted on slots of an epoch from a place on without being the slot's own entry. */
export async function selectWrappedEffects(
  tx: Tx,
  { storeNo, epochNo }: Pick<ParcelEpoch, 'storeNo' | 'epochNo'>,
  fromSeq: number,
): Promise<string[]> {
  const rows = await tx
    .selectFrom('journal_effect')
    .select('identity')
    .where('store_no', '=', storeNo)
    .where('epoch_no', '=', epochNo)
    .where('seq', '>=', fromSeq)
    .where('via', '=', 'rehomed')
    .execute()
  return rows.map(({ identity }) => toBase64Url(identity))
}

/** Takes a branch out of its slots: the head stands before it, without totals and signature until others come. */
export async function removeBranch(
  tx: Tx,
  { storeNo, epochNo, epoch, holes }: ParcelEpoch,
  head: { seq: number; hash: string },
): Promise<void> {
  const inEpoch = { store_no: storeNo, epoch_no: epochNo }
  // The branches may part inside a hole: it then ends with the other branch's entry.
  const left = holes
    .filter(({ toSeq }) => toSeq <= head.seq)
    .map((hole) => (hole.toSeq === head.seq ? { ...hole, lastHash: head.hash } : hole))
  for (const table of ['journal_entry', 'journal_effect'] as const) {
    await tx
      .deleteFrom(table)
      .where('store_no', '=', storeNo)
      .where('epoch_no', '=', epochNo)
      .where('seq', '>', head.seq)
      .execute()
  }
  await tx
    .updateTable('journal_epoch')
    .set({ has_forks: 1, holes: JSON.stringify(left) })
    .where('epoch', '=', uuidBytes(epoch))
    .execute()
  await tx
    .updateTable('journal_head')
    .set({
      seq: head.seq,
      hash: hashBytes(head.hash),
      sales: null,
      documents: null,
      sold_minor: null,
      tax_minor: null,
      returned_minor: null,
      returned_tax_minor: null,
      checkpoint_seq: null,
      checkpoint_signature: null,
    })
    .where('store_no', '=', inEpoch.store_no)
    .where('epoch_no', '=', inEpoch.epoch_no)
    .execute()
}

/** Keeps entries aside that held a slot; one that is there already waits again. */
export async function keepAside(
  tx: Tx,
  storeNo: number,
  forks: readonly {
    identity: string
    epoch: string
    seq: number
    prevHash: string | null
    bytes: Uint8Array
  }[],
  receivedAt: number,
): Promise<void> {
  await replaceRows(
    tx,
    'journal_fork',
    forks.map(({ identity, epoch, seq, prevHash, bytes }) => ({
      store_no: storeNo,
      identity: hashBytes(identity),
      epoch: uuidBytes(epoch),
      seq,
      prev_hash: prevHash === null ? null : hashBytes(prevHash),
      bytes,
      received_at: receivedAt,
      settled: null,
    })),
  )
  for (const { identity, epoch, seq } of forks) {
    await tx
      .updateTable('entry_identity')
      .set({ state: 'fork', epoch: uuidBytes(epoch), seq })
      .where('identity', '=', hashBytes(identity))
      .execute()
  }
}

// Facts

export async function findHopFact(db: Db, name: string): Promise<string | undefined> {
  const row = await db.selectFrom('hop_fact').select('value').where('name', '=', name).executeTakeFirst()
  return row?.value
}

export async function setHopFact(tx: Tx, name: string, value: string): Promise<void> {
  await replaceRows(tx, 'hop_fact', [{ name, value }])
}
