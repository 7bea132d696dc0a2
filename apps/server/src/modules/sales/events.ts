import { announce, type Event } from '../../bus/index.ts'
import type { Tx } from '../../db/database.ts'
import { eventId, type Fact } from '../journal/index.ts'

/** A sale took effect. One stream an epoch, in the order of its entries. */
const saleRecorded = 'sales.sale-recorded.v1'

/** Announces sales to whoever reacts to them; the same sale announced again is the same event. */
export async function announceSales(tx: Tx, facts: readonly Fact[]): Promise<void> {
  const events = facts.flatMap((fact) => eventOf(fact) ?? [])
  const [first] = facts
  if (first !== undefined && events.length > 0) await announce(tx, events, first.receivedAt)
}

function eventOf({ entry, identity, storeNo, epochNo, seq }: Fact): Event | undefined {
  if (entry.type !== 'sale') return undefined
  const { documents, tenders } = entry.body
  return {
    id: eventId(identity, saleRecorded),
    topic: saleRecorded,
    stream: `journal/${storeNo}/${epochNo}`,
    streamSeq: seq,
    payload: {
      identity: identity.toString('base64url'),
      store: entry.store,
      register: entry.register,
      epoch: entry.epoch,
      seq: entry.seq,
      at: entry.at,
      tradingDay: entry.tradingDay,
      staff: entry.staff,
      documents: documents.map(({ number, kind, issueDate, totalMinor, lines }) => ({
        number,
        kind,
        issueDate,
        totalMinor,
        lines: lines.map(({ product, batch, quantityMilli, paidMinor }) => ({
          product,
          batch,
          quantityMilli,
          paidMinor,
        })),
      })),
      tenders: tenders.map(({ kind, direction, amountMinor }) => ({ kind, direction, amountMinor })),
    },
  }
}
