import type { Entry } from '@nexus/sync'
import type { Tx } from '../../../db/database.ts'
import { uuidBytes, uuidText } from '../../../db/uuid.ts'
import { type Fact, noteIncidents } from '../../journal/index.ts'
import type { BillTable, SlipInvoiceTable } from '../tables.ts'
import { claimSlips, removeInvoice, replaceSlipInvoices, slipInvoices } from './sql.ts'

/** An invoice of a slip that takes effect. */
export type SlipInvoice = Fact & { entry: Entry<'invoice-issued'> }

/** Invoices that count from now on, and the bills of those that count no more. */
export type SettledSlips = { counts: SlipInvoice[]; dropped: BillTable[] }

/**
 * Decides which invoice counts for each slip: the first, by the tills' time, whatever order they came in. A
 * slip that was invoiced twice books revenue and tax once, and people are told (JRN-14da).
 */
export async function settleSlips(tx: Tx, facts: readonly SlipInvoice[]): Promise<SettledSlips> {
  const settled: SettledSlips = { counts: [], dropped: [] }
  if (facts.length === 0) return settled
  const offered = facts.map((fact) => ({ fact, row: rowOf(fact) })).sort((a, b) => inOrder(a.row, b.row))
  const bySlip = Map.groupBy(offered, ({ row }) => keyOf(row.slip))
  const firsts = [...bySlip.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, all]) => all[0] ?? [])
  await claimSlips(
    tx,
    firsts.map(({ row }) => row),
  )
  const standing = await slipInvoices(
    tx,
    firsts.map(({ row }) => row.slip),
  )
  const standingOf = new Map(standing.map((row) => [keyOf(row.slip), row]))
  const twice: SlipInvoiceTable[] = []
  for (const { fact, row } of firsts) {
    const before = standingOf.get(keyOf(row.slip)) ?? row
    const isNew = keyOf(before.identity) === keyOf(row.identity)
    if (!isNew || (bySlip.get(keyOf(row.slip))?.length ?? 0) > 1) twice.push(row)
    if (!isNew && inOrder(before, row) < 0) continue
    settled.counts.push(fact)
    if (isNew) continue
    const dropped = await removeInvoice(tx, before)
    if (dropped !== undefined) settled.dropped.push(dropped)
    await replaceSlipInvoices(tx, [row])
  }
  const [{ receivedAt } = { receivedAt: 0 }] = facts
  await noteIncidents(
    tx,
    twice.map((row) => {
      const slip = Buffer.from(row.slip).toString('base64url')
      const place = { epoch: uuidText(row.own_epoch), seq: row.own_seq }
      const about = { about: slip, storeNo: row.store_no, params: { slip }, at: receivedAt }
      return { kind: 'slip-invoiced-twice', ...about, ...place }
    }),
  )
  return settled
}

function rowOf({ entry, identity, storeNo, epochNo, seq }: SlipInvoice): SlipInvoiceTable {
  return {
    slip: Buffer.from(entry.body.slip, 'base64url'),
    identity,
    store_no: storeNo,
    epoch_no: epochNo,
    seq,
    at: entry.at,
    own_epoch: uuidBytes(entry.epoch),
    own_seq: entry.seq,
  }
}

function inOrder(a: SlipInvoiceTable, b: SlipInvoiceTable): number {
  return (
    a.at - b.at ||
    Buffer.compare(a.own_epoch, b.own_epoch) ||
    a.own_seq - b.own_seq ||
    Buffer.compare(a.identity, b.identity)
  )
}

function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
