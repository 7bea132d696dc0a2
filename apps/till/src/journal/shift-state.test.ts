import type { BodyOf, Entry, EntryType } from '@nexus/sync'
import { expect, test } from 'vitest'
import { type ShiftState, shiftAfter, summaryOf } from './shift-state.ts'

const SHIFT = '0190a1b2-0000-7000-8000-00000000000a'
const DRAWER = '0190a1b2-0000-7000-8000-00000000000d'
const EPOCHS = ['0190a1b2-0000-7000-8000-0000000000e1', '0190a1b2-0000-7000-8000-0000000000e2'] as const
const count = (totalMinor: number) => ({ totalMinor, pieces: [] })

type Tender = BodyOf<'sale'>['tenders'][number]
const cash = (amountMinor: number, direction: Tender['direction'] = 'in'): Tender => ({
  kind: 'cash',
  direction,
  amountMinor,
  reference: null,
  attempt: null,
})

/** Entries of a shift, numbered from 1, each in the epoch that is named. */
function journal(
  ...acts: { type: EntryType; body: object; epoch?: number; shift?: string | null }[]
): Entry[] {
  return acts.map(({ type, body, epoch = 0, shift = SHIFT }, at) => {
    const header = { epoch: EPOCHS[epoch], seq: at + 1, at: 1000 + at, tradingDay: '2026-11-22', staff: null }
    return { ...header, shift, type, body } as unknown as Entry // as: the fold reads these members only
  })
}
const fold = (entries: readonly Entry[]) => entries.reduce<ShiftState | undefined>(shiftAfter, undefined)
const opening = {
  type: 'shift-opened' as const,
  body: { drawer: DRAWER, float: count(50_000), clockConfirmed: true },
}
const sale = (documents: object[], tenders: Tender[]) => ({
  type: 'sale' as const,
  body: { documents, tenders },
})

test('an opened shift has its float in the drawer and nothing sold', () => {
  const state = fold(journal(opening))
  expect(state && summaryOf(state)).toEqual({
    shift: {
      id: SHIFT,
      drawer: DRAWER,
      openedAt: 1000,
      tradingDay: '2026-11-22',
      openedBy: null,
      floatMinor: 50_000,
    },
    sales: 0,
    soldMinor: 0,
    expectedCashMinor: 50_000,
    tenders: [],
    covers: [{ epoch: EPOCHS[0], lastSeq: 1, except: [] }],
  })
})

test('cash in the drawer is float, cash sales, cash in and out, drops; other tenders are no cash', () => {
  const upi: Tender = { ...cash(7000), kind: 'upi' }
  const state = fold(
    journal(
      opening,
      sale([{ kind: 'I', totalMinor: 17_000 }], [cash(10_000), upi]),
      { type: 'cash-in', body: { amountMinor: 500 } },
      { type: 'cash-out', body: { amountMinor: 200 } },
      { type: 'safe-drop', body: { count: count(30_000) } },
      sale([{ kind: 'C', totalMinor: 1000 }], [cash(1000, 'out')]),
    ),
  )
  expect(state && summaryOf(state)).toMatchObject({
    sales: 2,
    soldMinor: 17_000,
    expectedCashMinor: 50_000 + 10_000 + 500 - 200 - 30_000 - 1000,
    tenders: [
      { kind: 'cash', inMinor: 10_000, outMinor: 1000, count: 2 },
      { kind: 'upi', inMinor: 7000, outMinor: 0, count: 1 },
    ],
  })
})

test('[JRN-22] a shift over two epochs names the last place of each', () => {
  const state = fold(
    journal(
      opening,
      sale([], []),
      { type: 'epoch-opened', body: {}, epoch: 1, shift: null },
      { ...sale([], []), epoch: 1 },
    ),
  )
  expect(state && summaryOf(state).covers).toEqual([
    { epoch: EPOCHS[0], lastSeq: 2, except: [] },
    { epoch: EPOCHS[1], lastSeq: 4, except: [] },
  ])
})

test('a closed shift is none, and what another one sells is not counted', () => {
  expect(fold(journal(opening, { type: 'shift-closed', body: {} }))).toBeUndefined()
  const other = { ...sale([{ kind: 'I', totalMinor: 900 }], [cash(900)]), shift: DRAWER }
  expect(fold(journal(opening, other))?.expectedCashMinor).toBe(50_000)
  expect(fold(journal(sale([], [])))).toBeUndefined()
})
