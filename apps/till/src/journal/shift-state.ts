import type { Entry } from '@nexus/sync'
import type { OpenShift, ShiftSummary } from './types.ts'

/** Money of one way of paying. */
type TenderSum = { inMinor: number; outMinor: number; count: number }

/** A shift and what happened in it so far. */
export type ShiftState = {
  shift: OpenShift
  /** Places of the epochs that its entries lie in; the last one is written to. */
  lastSeqs: ReadonlyMap<string, number>
  sales: number
  soldMinor: number
  expectedCashMinor: number
  tenders: ReadonlyMap<string, TenderSum>
}

/** The open shift after one more entry; undefined while none is open. */
export function shiftAfter(state: ShiftState | undefined, entry: Entry): ShiftState | undefined {
  if (entry.type === 'shift-opened') return opened(entry)
  if (!state || entry.shift !== state.shift.id) return state
  if (entry.type === 'shift-closed') return undefined
  const seen: ShiftState = { ...state, lastSeqs: new Map(state.lastSeqs).set(entry.epoch, entry.seq) }
  switch (entry.type) {
    case 'sale':
      return withSale(seen, entry)
    case 'cash-in':
      return withCash(seen, entry.body.amountMinor)
    case 'cash-out':
      return withCash(seen, -entry.body.amountMinor)
    case 'safe-drop':
      return withCash(seen, -entry.body.count.totalMinor)
    default:
      return seen
  }
}

/** What closing the shift states (JRN-22). */
export function summaryOf({ shift, lastSeqs, tenders, ...rest }: ShiftState): ShiftSummary {
  return {
    shift,
    sales: rest.sales,
    soldMinor: rest.soldMinor,
    expectedCashMinor: rest.expectedCashMinor,
    tenders: [...tenders].map(([kind, sum]) => ({ kind, ...sum })),
    // The till counts everything that it wrote itself; what servers could not count they name themselves.
    covers: [...lastSeqs].map(([epoch, lastSeq]) => ({ epoch, lastSeq, except: [] })),
  }
}

function opened({
  shift,
  epoch,
  seq,
  at,
  tradingDay,
  staff,
  body,
}: Entry<'shift-opened'>): ShiftState | undefined {
  // Only a damaged or foreign entry opens a shift without saying which and for what day.
  if (shift === null || tradingDay === null) return undefined
  return {
    shift: {
      id: shift,
      drawer: body.drawer,
      openedAt: at,
      tradingDay,
      openedBy: staff,
      floatMinor: body.float.totalMinor,
    },
    lastSeqs: new Map([[epoch, seq]]),
    sales: 0,
    soldMinor: 0,
    expectedCashMinor: body.float.totalMinor,
    tenders: new Map(),
  }
}

function withCash(state: ShiftState, amountMinor: number): ShiftState {
  return { ...state, expectedCashMinor: state.expectedCashMinor + amountMinor }
}

function withSale(state: ShiftState, { body }: Entry<'sale'>): ShiftState {
  const tenders = new Map(state.tenders)
  let cashMinor = 0
  for (const { kind, direction, amountMinor } of body.tenders) {
    const sum = tenders.get(kind) ?? { inMinor: 0, outMinor: 0, count: 0 }
    const isIn = direction === 'in'
    tenders.set(kind, {
      inMinor: sum.inMinor + (isIn ? amountMinor : 0),
      outMinor: sum.outMinor + (isIn ? 0 : amountMinor),
      count: sum.count + 1,
    })
    // Change is already taken off a tender's amount.
    if (kind === 'cash') cashMinor += isIn ? amountMinor : -amountMinor
  }
  const soldMinor = body.documents.reduce(
    (sum, { kind, totalMinor }) => sum + (kind === 'I' || kind === 'B' ? totalMinor : 0),
    0,
  )
  return {
    ...withCash(state, cashMinor),
    tenders,
    sales: state.sales + 1,
    soldMinor: state.soldMinor + soldMinor,
  }
}
