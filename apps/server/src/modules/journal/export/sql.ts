import { fromBase64Url, type PersonalItem, type SignedCheckpoint, toBase64Url } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import { uuidText } from '../../../db/uuid.ts'
import type {} from '../tables.ts'

export type ExportedEpoch = {
  storeNo: number
  epochNo: number
  tenant: string
  store: string
  register: string
  epoch: string
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
    .select(['h.checkpoint_seq', 'h.checkpoint_signature', 'c.hash'])
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
    return { storeNo: row.store_no, epochNo: row.epoch_no, ...place, checkpoint }
  })
}

/** The next accepted entries of an epoch behind `afterSeq`, ascending, with their people's data. */
export async function entriesAfter(
  db: Db,
  { storeNo, epochNo }: Pick<ExportedEpoch, 'storeNo' | 'epochNo'>,
  afterSeq: number,
  limit: number,
): Promise<
  { seq: number; hash: Uint8Array; bytes: Uint8Array; salt: Uint8Array | null; data: string | null }[]
> {
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
