import { fromBase64Url, type Hole, type PersonalItem, type SignedCheckpoint, toBase64Url } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import { uuidBytes, uuidText } from '../../../db/uuid.ts'
import type {} from '../tables.ts'

export type ExportedEpoch = {
  storeNo: number
  epochNo: number
  tenant: string
  store: string
  register: string
  epoch: string
  head: { seq: number; hash: string }
  holes: readonly Hole[]
  checkpoint: SignedCheckpoint | undefined
}

/** Epochs of a register that have entries here, oldest first, each with the till's last signature. */
export async function epochsOfRegister(db: Db, register: string): Promise<ExportedEpoch[]> {
  const rows = await db
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
    .select(['e.store_no', 'e.epoch_no', 'e.tenant', 'e.store', 'e.register', 'e.epoch', 'e.key_id'])
    .select([
      'e.holes',
      'h.seq',
      'h.hash as head_hash',
      'h.checkpoint_seq',
      'h.checkpoint_signature',
      'c.hash',
    ])
    .where('e.register', '=', register)
    .orderBy('e.epoch_no')
    .execute()
  return rows.map((row) => {
    const place = { tenant: row.tenant, store: row.store, register: row.register, epoch: uuidText(row.epoch) }
    const { checkpoint_seq: seq, checkpoint_signature: signature, hash, key_id: keyId } = row
    const checkpoint =
      seq === null || signature === null || hash === null
        ? undefined
        : {
            checkpoint: { register: place.register, epoch: place.epoch, seq, hash: toBase64Url(hash), keyId },
            signature,
          }
    const head = { seq: row.seq, hash: toBase64Url(row.head_hash) }
    // The accept path wrote it.
    const holes = JSON.parse(row.holes) as Hole[]
    return { storeNo: row.store_no, epochNo: row.epoch_no, ...place, head, holes, checkpoint }
  })
}

/** Slots of an epoch up to its head whose entries came into quarantine, ascending, and what became of them. */
export async function quarantinedSlots(
  db: Db,
  epoch: string,
  headSeq: number,
): Promise<{ seq: number; reason: string; state: 'waits' | 'acted' | 'dropped' }[]> {
  const rows = await db
    .selectFrom('journal_quarantine as q')
    // A re-homed entry may wait on its wrapper's slot: then the slot itself is sound.
    .innerJoin('journal_epoch as p', 'p.epoch', 'q.epoch')
    .innerJoin('journal_entry as e', (join) =>
      join
        .onRef('e.store_no', '=', 'p.store_no')
        .onRef('e.epoch_no', '=', 'p.epoch_no')
        .onRef('e.seq', '=', 'q.seq')
        .onRef('e.hash', '=', 'q.identity'),
    )
    .select(['q.seq', 'q.reason', 'q.released'])
    .where('q.epoch', '=', uuidBytes(epoch))
    .where('q.seq', '<=', headSeq)
    .orderBy('q.seq')
    .execute()
  return rows.map(({ seq, reason, released }) => ({
    seq,
    reason,
    state: released === null ? 'waits' : released === 'act' ? 'acted' : 'dropped',
  }))
}

export type ExportedEntry = {
  seq: number
  hash: Uint8Array
  bytes: Uint8Array
  salt: Uint8Array | null
  data: string | null
}

/** The next accepted entries of an epoch behind `afterSeq`, ascending, with their people's data. */
export async function entriesAfter(
  db: Db,
  { storeNo, epochNo }: Pick<ExportedEpoch, 'storeNo' | 'epochNo'>,
  afterSeq: number,
  limit: number,
): Promise<ExportedEntry[]> {
  return await db
    .selectFrom('journal_entry as e')
    .leftJoin('personal_data as p', 'p.identity', 'e.hash')
    .select(['e.seq', 'e.hash', 'e.bytes', 'p.salt', 'p.data'])
    .where('e.store_no', '=', storeNo)
    .where('e.epoch_no', '=', epochNo)
    .where('e.seq', '>', afterSeq)
    .orderBy('e.seq')
    .limit(limit)
    .execute()
}

/** Data of people of one identity; undefined where there is none, or none any more. */
export async function findPersonal(db: Db, identity: string): Promise<PersonalItem | undefined> {
  const row = await db
    .selectFrom('personal_data')
    .select(['salt', 'data'])
    .where('identity', '=', fromBase64Url(identity))
    .executeTakeFirst()
  if (!row?.salt || !row.data) return undefined
  return { identity, salt: toBase64Url(row.salt), data: row.data }
}
