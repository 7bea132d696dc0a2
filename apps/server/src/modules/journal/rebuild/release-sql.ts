import { toBase64Url } from '@nexus/sync'
import type { Db, Tx } from '../../../db/database.ts'
import { insertRows, keepRows } from '../../../db/rows.ts'
import { uuidBytes, uuidText } from '../../../db/uuid.ts'
import type { Fact } from '../projector.ts'
import type {} from '../tables.ts'

/** An entry that waits, with the small keys of its slot. */
export type WaitingEntry = {
  storeNo: number
  registerNo: number
  epochNo: number
  epoch: string
  seq: number
  /** base64url */
  identity: string
  bytes: Uint8Array
  /** The slot holds a wrapper around it. */
  isWrapped: boolean
}

/** Waiting entries of these reasons, oldest first. */
export async function readWaiting(
  db: Db,
  reasons: readonly string[],
  limit: number,
): Promise<WaitingEntry[]> {
  const rows = await db
    .selectFrom('journal_quarantine as q')
    .innerJoin('journal_epoch as e', 'e.epoch', 'q.epoch')
    .innerJoin('journal_entry as slot', (join) =>
      join
        .onRef('slot.store_no', '=', 'e.store_no')
        .onRef('slot.epoch_no', '=', 'e.epoch_no')
        .onRef('slot.seq', '=', 'q.seq'),
    )
    .select([
      'e.store_no',
      'e.register_no',
      'e.epoch_no',
      'q.epoch',
      'q.seq',
      'q.identity',
      'q.bytes',
      'slot.hash',
    ])
    .where('q.released', 'is', null)
    .where('q.reason', 'in', [...reasons])
    .orderBy('q.received_at')
    .orderBy('q.identity')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    storeNo: row.store_no,
    registerNo: row.register_no,
    epochNo: row.epoch_no,
    epoch: uuidText(row.epoch),
    seq: row.seq,
    identity: toBase64Url(row.identity),
    bytes: row.bytes,
    isWrapped: toBase64Url(row.hash) !== toBase64Url(row.identity),
  }))
}

/** Takes a waiting entry out of quarantine; false where somebody else was faster. */
export async function claimQuarantined(tx: Tx, identity: Uint8Array): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('journal_quarantine')
    .set({ released: 'act' })
    .where('identity', '=', identity)
    .where('released', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Writes down that a released entry acted, which carts it ended and which numbers it bears. */
export async function writeReleased(
  tx: Tx,
  { storeNo, epochNo, seq, identity, entry, receivedAt }: Fact,
): Promise<void> {
  await tx
    .updateTable('entry_identity')
    .set({ state: 'acted', epoch: uuidBytes(entry.epoch), seq: entry.seq })
    .where('identity', '=', identity)
    .execute()
  await insertRows(tx, 'journal_effect', [
    { store_no: storeNo, epoch_no: epochNo, seq, identity, via: 'released', received_at: receivedAt },
  ])
  if (entry.type !== 'sale') return
  const carts = [...new Set([entry.cart ?? entry.body.root, entry.body.root])]
  await keepRows(
    tx,
    'journal_cart',
    ['cart', 'identity'],
    carts.map((cart) => ({ cart: uuidBytes(cart), identity, store_no: storeNo })),
  )
  await keepRows(
    tx,
    'journal_number',
    ['number', 'epoch'],
    entry.body.documents.map(({ number }) => ({
      number,
      epoch: uuidBytes(entry.epoch),
      identity,
      store_no: storeNo,
    })),
  )
}
