import type { Db, Dialect, Tx } from '../../../db/database.ts'
import { uuidBytes, uuidText } from '../../../db/uuid.ts'
import type { JournalEpochTable } from '../tables.ts'

/** Whose journal, and which store's; store 0 is the whole chain. */
export type OwnAddress = { kind: Exclude<JournalEpochTable['kind'], 'till'>; storeNo: number }

/** An epoch of a journal that this server writes. */
export type OwnEpochRecord = OwnAddress & {
  n: number
  epoch: string
  generationNo: number
  /** base64url, as entry 1 carries it. */
  certificate: string
  certificateSignature: string
  /** PKCS 8, sealed. */
  privateKey: Buffer
  /** ms UTC */
  openedAt: number
}

/** The epoch in force of a journal, locked until the transaction ends; undefined before the first. */
export async function lockOwnEpoch(
  tx: Tx,
  dialect: Dialect,
  { kind, storeNo }: OwnAddress,
): Promise<OwnEpochRecord | undefined> {
  const newest = tx
    .selectFrom('own_journal')
    .selectAll()
    .where('kind', '=', kind)
    .where('store_no', '=', storeNo)
    .orderBy('n', 'desc')
    .limit(1)
  // SQLite has one writer, which this transaction is.
  const row = await (dialect === 'mysql' ? newest.forUpdate() : newest).executeTakeFirst()
  return (
    row && {
      kind,
      storeNo,
      n: row.n,
      epoch: uuidText(row.epoch),
      generationNo: row.generation_no,
      certificate: row.certificate,
      certificateSignature: row.certificate_signature,
      privateKey: Buffer.from(row.private_key),
      openedAt: row.opened_at,
    }
  )
}

/** Begins an epoch. Fails with a duplicate key where another process has begun it. */
export async function insertOwnEpoch(tx: Tx, own: OwnEpochRecord): Promise<void> {
  await tx
    .insertInto('own_journal')
    .values({
      kind: own.kind,
      store_no: own.storeNo,
      n: own.n,
      epoch: uuidBytes(own.epoch),
      generation_no: own.generationNo,
      certificate: own.certificate,
      certificate_signature: own.certificateSignature,
      private_key: own.privateKey,
      opened_at: own.openedAt,
    })
    .execute()
}

/** Epoch of a journal before its nth; undefined before the second. */
export async function findOwnEpochBefore(
  tx: Tx,
  { kind, storeNo, n }: OwnAddress & { n: number },
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('own_journal')
    .select('epoch')
    .where('kind', '=', kind)
    .where('store_no', '=', storeNo)
    .where('n', '=', n - 1)
    .executeTakeFirst()
  return row && uuidText(row.epoch)
}

/** Every own epoch, by journal and oldest first. */
export async function selectOwnEpochs(db: Db): Promise<(OwnAddress & { epoch: string })[]> {
  const rows = await db
    .selectFrom('own_journal')
    .select(['kind', 'store_no', 'epoch'])
    .orderBy('kind')
    .orderBy('store_no')
    .orderBy('n')
    .execute()
  return rows.map((row) => ({ kind: row.kind, storeNo: row.store_no, epoch: uuidText(row.epoch) }))
}
