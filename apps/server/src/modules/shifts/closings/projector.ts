import type { BodyOf, Entry } from '@nexus/sync'
import { uuidBytes, uuidText } from '../../../db/uuid.ts'
import type { Fact, Finding, Projector } from '../../journal/projector.ts'
import type { ClosingCoverTable, ClosingTable } from '../tables.ts'
import { closingsOf, insertClosings, removeClosings } from './sql.ts'

/**
 * Keeps closings as they were stated, with what each counted (JRN-22). The first settlement of a store's
 * day that was received counts, and the first closing of a month; of any other people are told.
 */
export const closingProjector: Projector = {
  name: 'closings',
  types: ['shift-closed', 'day-settled', 'month-closed'],
  async apply(tx, facts) {
    const findings: Finding[] = []
    for (const fact of facts) {
      const closing = closingOf(fact)
      if (closing === undefined) {
        const discrepancy = { kind: 'closing-of-nothing', params: { type: fact.entry.type } }
        findings.push({ identity: fact.identity, discrepancy })
        continue
      }
      if (closing.kind !== 'shift') {
        findings.push(...toldOf(closing, await closingsOf(tx, closing), fact))
      }
      await insertClosings(tx, [closing], coversOf(fact, closing))
    }
    return findings
  },
  clear: removeClosings,
}

type Covers = BodyOf<'day-settled'>['covers']

/** undefined: it does not say which shift or day it ends. */
function closingOf({ storeNo, epochNo, seq, identity, entry, receivedAt }: Fact): ClosingTable | undefined {
  const what = subjectOf(entry)
  if (what === undefined) return undefined
  return {
    store_no: storeNo,
    epoch_no: epochNo,
    seq,
    identity,
    ...what,
    place_epoch: uuidBytes(entry.epoch),
    place_seq: entry.seq,
    received_at: receivedAt,
    stated: JSON.stringify(statedBy(entry)),
  }
}

function subjectOf(entry: Entry): Pick<ClosingTable, 'kind' | 'subject' | 'gstin'> | undefined {
  switch (entry.type) {
    case 'shift-closed':
      return entry.shift === null ? undefined : { kind: 'shift', subject: entry.shift, gstin: null }
    case 'day-settled':
      return entry.tradingDay === null ? undefined : { kind: 'day', subject: entry.tradingDay, gstin: null }
    case 'month-closed':
      return { kind: 'month', subject: entry.body.month, gstin: entry.body.gstin }
    default:
      return undefined
  }
}

/** The totals of a closing, by figure, as its entry states them. */
export function statedBy(entry: Entry): Record<string, number> {
  switch (entry.type) {
    case 'shift-closed': {
      const { count, expectedMinor, differenceMinor, tenders } = entry.body
      const byKind = tenders.flatMap(({ kind, inMinor, outMinor }) => [
        [`${kind} in`, inMinor],
        [`${kind} out`, outMinor],
      ])
      return {
        countedMinor: count.totalMinor,
        expectedMinor,
        differenceMinor,
        ...entry.totals,
        ...Object.fromEntries(byKind),
      }
    }
    case 'day-settled':
    case 'month-closed':
      return entry.body.totals
    default:
      return {}
  }
}

function coversOf({ entry }: Fact, { store_no, epoch_no, seq, kind }: ClosingTable): ClosingCoverTable[] {
  // as: only closings come here, and each has this member.
  const { covers } = entry.body as { covers: Covers }
  const rows = covers.map(({ epoch, lastSeq, except }) => ({
    store_no,
    epoch_no,
    seq,
    kind,
    covered: uuidBytes(epoch),
    last_seq: lastSeq,
    excepted: JSON.stringify([...new Set(except)].sort((a, b) => a - b)),
  }))
  // An epoch that is named twice is counted once, as named first.
  return [...Map.groupBy(covers, ({ epoch }) => epoch).keys()].flatMap(
    (epoch) => rows.find(({ covered }) => uuidText(covered) === epoch) ?? [],
  )
}

/** Of several settlements of one day all but the first are told of: this one, or the one that came first so far. */
function toldOf(closing: ClosingTable, others: readonly ClosingTable[], fact: Fact): Finding[] {
  const [first] = others
  if (first === undefined) return []
  const { kind, subject } = closing
  const discrepancy = {
    kind: kind === 'day' ? 'day-settled-twice' : 'month-closed-twice',
    params: { subject },
  }
  if (byReception(first, closing) < 0) return [{ identity: fact.identity, discrepancy }]
  return [
    {
      identity: Buffer.from(first.identity),
      discrepancy,
      earlier: {
        storeNo: first.store_no,
        receivedAt: first.received_at,
        epoch: uuidText(first.place_epoch),
        seq: first.place_seq,
      },
    },
  ]
}

/** In the order in which this server took them. */
function byReception(one: ClosingTable, other: ClosingTable): number {
  return one.received_at - other.received_at || one.epoch_no - other.epoch_no || one.seq - other.seq
}
