import { type DocumentKind, fromBase64Url, type Hole, toBase64Url } from '@nexus/sync'
import type { Insertable } from 'kysely'
import type { Db, Tx } from '../../../db/database.ts'
import { insertRows } from '../../../db/rows.ts'
import { uuidBytes, uuidText } from '../../../db/uuid.ts'
import type {
  JournalEpochTable,
  JournalHandoverTable,
  JournalHoleLostTable,
  JournalNumberLostTable,
} from '../tables.ts'

/** An entry that waits or waited in quarantine, with the small keys of its slot. */
export type QuarantineRecord = {
  storeNo: number
  /** UUID of the store. */
  store: string
  epoch: string
  seq: number
  reason: string
  bytes: Uint8Array
  released: 'act' | 'drop' | null
  /** The slot holds a wrapper around it. */
  isWrapped: boolean
}

export async function findQuarantined(db: Db, identity: string): Promise<QuarantineRecord | undefined> {
  const row = await db
    .selectFrom('journal_quarantine as q')
    .innerJoin('journal_epoch as e', 'e.epoch', 'q.epoch')
    .leftJoin('journal_entry as slot', (join) =>
      join
        .onRef('slot.store_no', '=', 'e.store_no')
        .onRef('slot.epoch_no', '=', 'e.epoch_no')
        .onRef('slot.seq', '=', 'q.seq'),
    )
    .select(['e.store_no', 'e.store', 'q.epoch', 'q.seq', 'q.reason', 'q.bytes', 'q.released', 'slot.hash'])
    .where('q.identity', '=', fromBase64Url(identity))
    .executeTakeFirst()
  return (
    row && {
      storeNo: row.store_no,
      store: row.store,
      epoch: uuidText(row.epoch),
      seq: row.seq,
      reason: row.reason,
      bytes: row.bytes,
      released: row.released,
      isWrapped: row.hash !== null && toBase64Url(row.hash) !== identity,
    }
  )
}

/** Identities that wait in quarantine for one of these reasons, oldest first. */
export async function selectWaiting(
  db: Db,
  reasons: readonly string[],
  limit: number,
): Promise<{ identity: string; epoch: string; seq: number; bytes: Uint8Array }[]> {
  const rows = await db
    .selectFrom('journal_quarantine')
    .select(['identity', 'epoch', 'seq', 'bytes'])
    .where('released', 'is', null)
    .where('reason', 'in', [...reasons])
    .orderBy('received_at')
    .orderBy('identity')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    identity: toBase64Url(row.identity),
    epoch: uuidText(row.epoch),
    seq: row.seq,
    bytes: row.bytes,
  }))
}

/** An epoch as decisions about it see it. */
export type EpochRecord = {
  storeNo: number
  store: string
  register: string
  epoch: string
  code: string
  kind: JournalEpochTable['kind']
  state: JournalEpochTable['state']
  headSeq: number
  holes: Hole[]
}

export async function findEpoch(db: Db, epoch: string): Promise<EpochRecord | undefined> {
  const row = await db
    .selectFrom('journal_epoch as e')
    .innerJoin('journal_head as h', (join) =>
      join.onRef('h.store_no', '=', 'e.store_no').onRef('h.epoch_no', '=', 'e.epoch_no'),
    )
    .select(['e.store_no', 'e.store', 'e.register', 'e.code', 'e.kind', 'e.state', 'e.holes', 'h.seq'])
    .where('e.epoch', '=', uuidBytes(epoch))
    .executeTakeFirst()
  return (
    row && {
      storeNo: row.store_no,
      store: row.store,
      register: row.register,
      epoch,
      code: row.code,
      kind: row.kind,
      state: row.state,
      headSeq: row.seq,
      // The accept path wrote it.
      holes: JSON.parse(row.holes) as Hole[],
    }
  )
}

/** Makes an epoch known that has no entry here: its head is empty. Fails with a duplicate key where it is known. */
export async function insertEmptyEpoch(
  tx: Tx,
  epoch: Insertable<JournalEpochTable>,
  firstPrevHash: Uint8Array,
): Promise<void> {
  await insertRows(tx, 'journal_epoch', [epoch])
  await insertRows(tx, 'journal_head', [
    {
      store_no: epoch.store_no,
      epoch_no: epoch.epoch_no,
      seq: 0,
      hash: firstPrevHash,
      moved_at: epoch.opened_at,
      sales: 0,
      documents: 0,
      sold_minor: 0,
      tax_minor: 0,
      returned_minor: 0,
      returned_tax_minor: 0,
      checkpoint_seq: null,
      checkpoint_signature: null,
    },
  ])
}

/** Which of these slots of an epoch a person gave up, by range. */
type LostHole = { epoch: string; fromSeq: number; toSeq: number; by: { epoch: string; seq: number } }

/**
 * Parts of declared holes that a named person gave up, by epoch and slot, each with the place of the
 * `hole-lost` entry that says so: `durable` passes them once that entry is durable (JRN-9d).
 */
export async function lostHoles(db: Db, epochs: readonly string[]): Promise<LostHole[]> {
  if (epochs.length === 0) return []
  const rows = await db
    .selectFrom('journal_hole_lost')
    .selectAll()
    .where('epoch', 'in', epochs.map(uuidBytes))
    .orderBy('epoch')
    .orderBy('from_seq')
    .orderBy('by_epoch')
    .orderBy('by_seq')
    .execute()
  return rows.map((row) => ({
    epoch: uuidText(row.epoch),
    fromSeq: row.from_seq,
    toSeq: row.to_seq,
    by: { epoch: uuidText(row.by_epoch), seq: row.by_seq },
  }))
}

/** Small keys of the stores of epochs; unknown ones are absent. */
export async function storeNosOfEpochs(db: Db, epochs: readonly string[]): Promise<Map<string, number>> {
  if (epochs.length === 0) return new Map()
  const rows = await db
    .selectFrom('journal_epoch')
    .select(['epoch', 'store_no'])
    .where('epoch', 'in', epochs.map(uuidBytes))
    .execute()
  return new Map(rows.map((row) => [uuidText(row.epoch), row.store_no]))
}

export type DecisionRows = {
  holes: readonly Insertable<JournalHoleLostTable>[]
  handovers: readonly Insertable<JournalHandoverTable>[]
  numbers: readonly Insertable<JournalNumberLostTable>[]
}

export async function insertDecisions(tx: Tx, rows: DecisionRows): Promise<void> {
  await insertRows(tx, 'journal_hole_lost', rows.holes)
  await insertRows(tx, 'journal_handover', rows.handovers)
  for (const row of rows.numbers) {
    // Declared again it is lost all the same; the first declaration stays.
    const known = await tx
      .selectFrom('journal_number_lost')
      .select('number')
      .where('number', '=', row.number)
      .where('epoch', '=', row.epoch)
      .executeTakeFirst()
    if (known === undefined) await tx.insertInto('journal_number_lost').values(row).execute()
  }
}

export async function removeDecisions(tx: Tx): Promise<void> {
  await tx.deleteFrom('journal_hole_lost').execute()
  await tx.deleteFrom('journal_handover').execute()
  await tx.deleteFrom('journal_number_lost').execute()
}

/** A declaration as screens show it. */
export type HandoverRecord = {
  epoch: string
  declaration: JournalHandoverTable['declaration']
  afterSeq: number
  reason: string
  staff: string | null
  at: number
}

/** Declarations about a register's devices, newest first. */
export async function selectHandovers(db: Db, register: string): Promise<HandoverRecord[]> {
  const rows = await db
    .selectFrom('journal_handover')
    .selectAll()
    .where('register', '=', register)
    .orderBy('at', 'desc')
    .orderBy('by_seq', 'desc')
    .execute()
  return rows.map((row) => ({
    epoch: uuidText(row.epoch),
    declaration: row.declaration,
    afterSeq: row.after_seq,
    reason: row.reason,
    staff: row.staff,
    at: row.at,
  }))
}

/** Numbers of an epoch that are issued here and begin with a series' key, the last one first; at most one. */
export async function lastNumberOf(db: Db, epoch: string, seriesKey: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('journal_number')
    .select('number')
    .where('epoch', '=', uuidBytes(epoch))
    .where('number', 'like', `${seriesKey}-%`)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.number
}

/** A fork entry that waits. */
export type WaitingFork = {
  epoch: string
  seq: number
  identity: string
  /** base64url; null where the bytes cannot be read. */
  prevHash: string | null
  receivedAt: number
  bytes: Uint8Array
}

/** Waiting fork entries of an epoch, by slot. */
export async function selectWaitingForks(db: Db, epoch: string): Promise<WaitingFork[]> {
  const rows = await db
    .selectFrom('journal_fork')
    .select(['seq', 'identity', 'prev_hash', 'received_at', 'bytes'])
    .where('epoch', '=', uuidBytes(epoch))
    .where('settled', 'is', null)
    .orderBy('seq')
    .orderBy('received_at')
    .orderBy('identity')
    .execute()
  return rows.map((row) => ({
    epoch,
    seq: row.seq,
    identity: toBase64Url(row.identity),
    prevHash: row.prev_hash === null ? null : toBase64Url(row.prev_hash),
    receivedAt: row.received_at,
    bytes: row.bytes,
  }))
}

/** Epochs with fork entries that wait since before an instant (ms UTC), the longest first. */
export async function epochsWithOldForks(db: Db, before: number): Promise<string[]> {
  const rows = await db
    .selectFrom('journal_fork')
    .select(['epoch', ({ fn }) => fn.min('received_at').as('first')])
    .where('settled', 'is', null)
    .where('received_at', '<', before)
    .groupBy('epoch')
    .orderBy('first')
    .orderBy('epoch')
    .execute()
  return rows.map((row) => uuidText(row.epoch))
}

/** A bill that bears a number of more than one. */
export type NumberBearer = {
  number: string
  epoch: string
  identity: string
  storeNo: number
  kind: DocumentKind
  renumbered: string | null
  /** Holds the number in `journal_number`: it came first. */
  isHolder: boolean
  /** Slot in which it stands on the accepted chain; null: it was re-homed. */
  acceptedSeq: number | null
}

/** Numbers that more than one bill bears without a new one, at most `limit`. */
export async function sharedNumbers(db: Db, limit: number): Promise<{ number: string; epoch: string }[]> {
  const rows = await db
    .selectFrom('journal_number_bearer')
    .select(['number', 'epoch'])
    .where('renumbered', 'is', null)
    .groupBy(['number', 'epoch'])
    .having(({ fn }) => fn.countAll(), '>', 1)
    .orderBy('number')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ number: row.number, epoch: uuidText(row.epoch) }))
}

/** Every bill that bears a number of an epoch's series, in order of identity. */
export async function bearersOf(
  db: Db,
  { number, epoch }: { number: string; epoch: string },
): Promise<NumberBearer[]> {
  const rows = await db
    .selectFrom('journal_number_bearer as b')
    .leftJoin('journal_number as n', (join) =>
      join
        .onRef('n.number', '=', 'b.number')
        .onRef('n.epoch', '=', 'b.epoch')
        .onRef('n.identity', '=', 'b.identity'),
    )
    .innerJoin('entry_identity as i', 'i.identity', 'b.identity')
    .leftJoin('journal_epoch as e', 'e.epoch', 'i.epoch')
    .leftJoin('journal_entry as s', (join) =>
      join
        .onRef('s.store_no', '=', 'e.store_no')
        .onRef('s.epoch_no', '=', 'e.epoch_no')
        .onRef('s.seq', '=', 'i.seq')
        .onRef('s.hash', '=', 'b.identity'),
    )
    .select([
      'b.identity',
      'b.store_no',
      'b.kind',
      'b.renumbered',
      'n.identity as holder',
      's.seq as accepted',
    ])
    .where('b.number', '=', number)
    .where('b.epoch', '=', uuidBytes(epoch))
    .orderBy('b.identity')
    .execute()
  return rows.map((row) => ({
    number,
    epoch,
    identity: toBase64Url(row.identity),
    storeNo: row.store_no,
    kind: row.kind,
    renumbered: row.renumbered,
    isHolder: row.holder !== null,
    acceptedSeq: row.accepted,
  }))
}

/** New numbers of a bill's documents whose own another bill keeps, by the old one (JRN-14c). */
export async function renumberedOf(
  db: Db,
  identity: Uint8Array,
): Promise<{ oldNumber: string; number: string }[]> {
  const rows = await db
    .selectFrom('journal_number_bearer')
    .select(['number', 'renumbered'])
    .where('identity', '=', identity)
    .where('renumbered', 'is not', null)
    .orderBy('number')
    .execute()
  return rows.flatMap((row) =>
    row.renumbered === null ? [] : [{ oldNumber: row.number, number: row.renumbered }],
  )
}

/**
 * Later lives of registers whose earlier life went on writing after they began: a device sends its earlier
 * epochs first, so these are two devices. Epochs that a manager closed are left out.
 */
export async function registersLivingTwice(
  db: Db,
): Promise<{ storeNo: number; epoch: string; code: string; otherCode: string }[]> {
  const rows = await db
    .selectFrom('journal_epoch as later')
    .innerJoin('journal_epoch as earlier', (join) =>
      join.onRef('earlier.register', '=', 'later.register').onRef('earlier.epoch_no', '<', 'later.epoch_no'),
    )
    .innerJoin('journal_head as head', (join) =>
      join.onRef('head.store_no', '=', 'earlier.store_no').onRef('head.epoch_no', '=', 'earlier.epoch_no'),
    )
    .select(['later.store_no', 'later.epoch', 'later.code', 'earlier.code as other_code'])
    .where('later.kind', '=', 'till')
    .where('later.state', '=', 'open')
    .where('earlier.state', '=', 'open')
    .whereRef('head.moved_at', '>', 'later.opened_at')
    .orderBy('later.epoch_no')
    .orderBy('earlier.epoch_no')
    .execute()
  return rows.map((row) => ({
    storeNo: row.store_no,
    epoch: uuidText(row.epoch),
    code: row.code,
    otherCode: row.other_code,
  }))
}
