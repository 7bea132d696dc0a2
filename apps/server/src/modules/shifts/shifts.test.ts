import { randomUUIDv7 } from 'node:crypto'
import type { Entry } from '@nexus/sync'
import { expect, test } from 'vitest'
import type { Database } from '../../db/database.ts'
import { forEachDialect } from '../../testing/index.ts'
import type { Fact } from '../journal/projector.ts'
import { putStaff } from '../staff/index.ts'
import { putRegister, putStore } from '../stores/index.ts'
import { contextOn, registerBody, setUpStore, storeBody, storeId } from '../stores/testing/world.ts'
import { shiftProjector } from './index.ts'
import { shiftPage } from './queries.ts'

const author = { by: null, how: 'test' }
const otherStore = '01890000-0000-7000-8000-000000000002'
const otherRegister = '01890000-0000-7000-8000-000000000012'
const cashier = '01890000-0000-7000-8000-0000000000c1'
const morning = '01890000-0000-7000-8000-000000000501'
const evening = '01890000-0000-7000-8000-000000000502'
const drawer = '01890000-0000-7000-8000-0000000000d1'
const everything = { storeIds: undefined }

type Act = { shift: string | null; type: string; body: object; at?: number; day?: string; storeNo?: number }

function factsOf(acts: readonly Act[], epochNo = 1): Fact[] {
  return acts.map(({ shift, type, body, at = 0, day = '2026-11-22', storeNo = 1 }, index) => ({
    storeNo,
    registerNo: storeNo,
    epochNo,
    seq: index + 1,
    identity: Buffer.alloc(32, epochNo * 16 + index),
    // What the projector reads of an entry.
    entry: { type, body, shift, tradingDay: day, staff: cashier, at: 1000 + at } as unknown as Entry,
    receivedAt: 9000,
  }))
}

const count = (totalMinor: number) => ({ totalMinor, pieces: [] })
const opened = (shift: string | null, floatMinor: number, more: Partial<Act> = {}): Act => ({
  shift,
  type: 'shift-opened',
  body: { drawer, float: count(floatMinor), clockConfirmed: true },
  ...more,
})
const closed = (
  shift: string,
  countedMinor: number,
  expectedMinor: number,
  more: Partial<Act> = {},
): Act => ({
  shift,
  type: 'shift-closed',
  body: { drawer, count: count(countedMinor), expectedMinor, differenceMinor: countedMinor - expectedMinor },
  ...more,
})
const sale = (
  shift: string,
  kind: string,
  totalMinor: number,
  cashMinor: number,
  more: Partial<Act> = {},
): Act => ({
  shift,
  type: 'sale',
  body: {
    documents: [{ kind, totalMinor, lines: [] }],
    tenders: [
      { kind: 'cash', direction: kind === 'C' ? 'out' : 'in', amountMinor: cashMinor },
      { kind: 'upi', direction: 'in', amountMinor: totalMinor - cashMinor },
    ],
  },
  ...more,
})

const day: Act[] = [
  opened(morning, 50_000),
  sale(morning, 'I', 184_800, 100_000),
  sale(morning, 'B', 20_000, 20_000),
  sale(morning, 'C', 5000, 5000),
  { shift: morning, type: 'cash-in', body: { amountMinor: 700 } },
  { shift: morning, type: 'cash-out', body: { amountMinor: 300 } },
  { shift: morning, type: 'safe-drop', body: { count: count(60_000) } },
]
/** 500.00 + 1,000.00 + 200.00 − 50.00 + 7.00 − 3.00 − 600.00 */
const drawerMinor = 105_400

const apply = (database: Database, facts: readonly Fact[]) =>
  database.write((tx) => shiftProjector.apply(tx, facts))

forEachDialect((dialect) => {
  test('a shift tells its float, its sales, and what the drawer should hold', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    await putStaff(context, { how: 'test' }, cashier, {
      name: 'Asha',
      login: 'asha',
      role: 'cashier',
      storeIds: [storeId],
      active: true,
      language: 'en',
    })
    expect(await apply(context.database, factsOf(day))).toEqual([])
    const shown = {
      id: morning,
      storeId,
      storeName: 'Koramangala',
      registerNumber: 2,
      cashier: 'Asha',
      tradingDay: '2026-11-22',
      openedAt: 1000,
      floatMinor: 50_000,
      bills: 2,
      soldMinor: 204_800,
      expectedMinor: drawerMinor,
    }
    const open = { ...shown, closedAt: null, countedMinor: null, differenceMinor: null }
    expect((await shiftPage(context.database.read, everything, {})).rows).toEqual([open])
    await apply(context.database, factsOf([closed(morning, drawerMinor - 500, drawerMinor, { at: 50 })], 2))
    const after = { ...shown, closedAt: 1050, countedMinor: drawerMinor - 500, differenceMinor: -500 }
    expect((await shiftPage(context.database.read, everything, {})).rows).toEqual([after])
  })

  test('[JRN-10a, F32, F43] a sale of a shift whose opening never came makes the shift known', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    await apply(context.database, factsOf([sale(morning, 'I', 1000, 1000)]))
    const unopened = { id: morning, tradingDay: '2026-11-22', openedAt: null, floatMinor: 0, soldMinor: 1000 }
    expect((await shiftPage(context.database.read, everything, {})).rows).toMatchObject([unopened])
    await apply(context.database, factsOf([opened(morning, 500)], 2))
    expect((await shiftPage(context.database.read, everything, {})).rows).toMatchObject([
      { ...unopened, openedAt: 1000, floatMinor: 500 },
    ])
  })

  test('[I4] a rebuild, entry by entry and epoch by epoch in another order, gives the same rows', async () => {
    const database = await dialect.open()
    const first = factsOf([...day, closed(morning, drawerMinor, drawerMinor, { at: 50 })])
    const second = factsOf([sale(morning, 'I', 100, 100), opened(evening, 700, { at: 60 })], 2)
    const tables = async () => [
      await database.read.selectFrom('shift').selectAll().orderBy('id').execute(),
      await database.read.selectFrom('shift_sum').selectAll().orderBy('shift').execute(),
    ]
    await apply(database, [...first, ...second])
    const live = await tables()
    expect(live.map((rows) => rows.length)).toEqual([2, 1])
    await database.write((tx) => shiftProjector.clear(tx))
    expect(await tables()).toEqual([[], []])
    for (const fact of [...second, ...first]) await apply(database, [fact])
    expect(await tables()).toEqual(live)
  })

  test('[JRN-10b] an opening that comes twice, or names no shift, is told to people and throws nothing', async () => {
    const database = await dialect.open()
    const facts = factsOf([
      opened(morning, 500),
      opened(morning, 900, { at: 10 }),
      closed(morning, 500, 500, { at: 20 }),
      closed(morning, 400, 500, { at: 15 }),
      opened(null, 100),
    ])
    const findings = (await apply(database, facts)) ?? []
    expect(findings.map(({ discrepancy }) => discrepancy.kind).sort()).toEqual([
      'shift-closed-twice',
      'shift-missing',
      'shift-opened-twice',
    ])
    expect(await database.read.selectFrom('shift').selectAll().execute()).toMatchObject([
      { float_minor: 500, counted_minor: 400, closed_at: 1015 },
    ])
  })

  test('the list filters by store, day and state, and sorts by day or missing cash', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    await putStore(context, author, otherStore, storeBody({ code: 'IND', name: 'Indiranagar' }))
    await putRegister(context, author, otherRegister, registerBody({ storeId: otherStore }))
    const third = randomUUIDv7()
    await apply(
      context.database,
      factsOf([
        opened(morning, 0, { day: '2026-11-20' }),
        closed(morning, 100, 100, { day: '2026-11-20' }),
        opened(evening, 0, { day: '2026-11-21' }),
        closed(evening, 60, 100, { day: '2026-11-21' }),
        opened(third, 0, { day: '2026-11-22', storeNo: 2 }),
      ]),
    )
    const shown = async (query: Parameters<typeof shiftPage>[2], storeIds?: string[]) =>
      (await shiftPage(context.database.read, { storeIds }, query)).rows.map((row) => row.id)
    expect(await shown({})).toEqual([third, evening, morning])
    expect(await shown({ sort: 'tradingDay' })).toEqual([morning, evening, third])
    expect(await shown({ sort: 'difference' })).toEqual([evening, morning])
    expect(await shown({ store: storeId })).toEqual([evening, morning])
    expect(await shown({ from: '2026-11-21', until: '2026-11-21' })).toEqual([evening])
    expect(await shown({ open: true })).toEqual([third])
    expect(await shown({ open: false })).toEqual([evening, morning])
    expect(await shown({}, [otherStore])).toEqual([third])
    expect(await shown({ store: storeId }, [otherStore])).toEqual([])
    expect(await shiftPage(context.database.read, everything, { page: 2, pageSize: 2 })).toMatchObject({
      total: 3,
      totalIsExact: true,
      rows: [{ id: morning }],
    })
  })
})
