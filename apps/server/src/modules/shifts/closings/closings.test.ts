import { randomUUIDv7 } from 'node:crypto'
import type { Entry } from '@nexus/sync'
import { expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { forEachDialect } from '../../../testing/index.ts'
import { rebuildProjections } from '../../journal/index.ts'
import type { Fact } from '../../journal/projector.ts'
import { openJournalBench } from '../../journal/testing/open-for-test.ts'
import { countedBy } from './counted-by.ts'
import { closingProjector } from './projector.ts'
import { closingsOf, coversOfEpoch } from './sql.ts'

const till = randomUUIDv7()
const other = randomUUIDv7()

type Act = Partial<Pick<Fact, 'storeNo' | 'epochNo' | 'seq' | 'receivedAt'>> & {
  type: 'shift-closed' | 'day-settled' | 'month-closed'
  covers: { epoch: string; lastSeq: number; except: number[] }[]
  day?: string | null
  shift?: string | null
  month?: string
  totals?: Record<string, number>
}

function factOf({ type, covers, day = '2026-11-22', shift = null, month, totals = {}, ...place }: Act): Fact {
  const { storeNo = 1, epochNo = 1, seq = 1, receivedAt = 1000 } = place
  const count = { totalMinor: 500, pieces: [] }
  const body = {
    'shift-closed': { covers, count, expectedMinor: 400, differenceMinor: 100, tenders: [] },
    'day-settled': { covers, totals },
    'month-closed': { covers, totals, month, gstin: '29AAACC1206D1ZM' },
  }[type]
  return {
    storeNo,
    registerNo: 1,
    epochNo,
    seq,
    identity: Buffer.alloc(32, epochNo * 16 + seq),
    // What the projector reads of an entry.
    entry: { type, body, shift, tradingDay: day, epoch: till, seq, at: 0, totals: null } as unknown as Entry,
    receivedAt,
  }
}

const apply = (database: Database, ...acts: Act[]) =>
  database.write((tx) => closingProjector.apply(tx, acts.map(factOf)))

const dayOf = (storeNo = 1) =>
  ({ kind: 'day', subject: '2026-11-22', store_no: storeNo, gstin: null }) as const

forEachDialect((dialect) => {
  test('[JRN-22a, JRN-22b] a closing is kept with its stated totals and, for each epoch, the last seq and the slots it could not count', async () => {
    const database = await dialect.open()
    await apply(database, {
      type: 'day-settled',
      covers: [
        { epoch: till, lastSeq: 40, except: [12, 7] },
        { epoch: other, lastSeq: 9, except: [] },
      ],
      totals: { soldMinor: 118_00 },
    })
    const [closing] = await closingsOf(database.read, dayOf())
    expect(JSON.parse(closing?.stated ?? '')).toEqual({ soldMinor: 118_00 })
    const [cover] = await coversOfEpoch(database.read, 'day', till)
    expect(cover).toMatchObject({ lastSeq: 40, excepted: [7, 12] })
    expect((await coversOfEpoch(database.read, 'day', other))[0]).toMatchObject({ lastSeq: 9, excepted: [] })
  })

  test('[JRN-22c, JRN-22d, JRN-22e, F42] what a closing counted follows its list: the rest for ever, named and later slots in the next one', async () => {
    const database = await dialect.open()
    await apply(
      database,
      { type: 'day-settled', covers: [{ epoch: till, lastSeq: 40, except: [7] }], seq: 41 },
      // Of the same trading day's date or not: only the list decides.
      { type: 'day-settled', day: '2026-11-20', covers: [{ epoch: till, lastSeq: 60, except: [] }], seq: 61 },
    )
    const covers = await coversOfEpoch(database.read, 'day', till)
    expect(countedBy(covers, 39)).toMatchObject({ closing: { seq: 41 }, isLate: false })
    expect(countedBy(covers, 7)).toMatchObject({ closing: { seq: 61 }, isLate: true })
    expect(countedBy(covers, 50)).toMatchObject({ closing: { seq: 61 }, isLate: false })
    expect(countedBy(covers, 61)).toBeUndefined()
    expect(await coversOfEpoch(database.read, 'shift', till)).toEqual([])
  })

  test('[JRN-22f] the first settlement of a day that was received counts, whichever is looked at first', async () => {
    const database = await dialect.open()
    const one: Act = { type: 'day-settled', covers: [{ epoch: till, lastSeq: 40, except: [] }] }
    const first = { ...one, epochNo: 2, receivedAt: 1000 }
    const second = {
      ...one,
      covers: [{ epoch: till, lastSeq: 50, except: [] }],
      epochNo: 1,
      receivedAt: 2000,
    }
    const told = { kind: 'day-settled-twice', params: { subject: '2026-11-22' } }
    await apply(database, first)
    expect(await apply(database, second)).toEqual([{ identity: factOf(second).identity, discrepancy: told }])
    expect(await coversOfEpoch(database.read, 'day', till)).toMatchObject([{ lastSeq: 40, epoch_no: 2 }])
    // Another store's day is its own.
    expect(await apply(database, { ...one, storeNo: 2, epochNo: 3 })).toEqual([])

    // A rebuild goes epoch by epoch and meets the later one first.
    await database.write((tx) => closingProjector.clear(tx))
    expect(await apply(database, second)).toEqual([])
    expect(await apply(database, first)).toMatchObject([
      { identity: factOf(second).identity, discrepancy: told, earlier: { seq: 1, receivedAt: 2000 } },
    ])
    expect(await coversOfEpoch(database.read, 'day', till)).toMatchObject([{ lastSeq: 40, epoch_no: 2 }])
  })

  test('[JRN-22f] two tills settle one day: both keep their slots, one is told of, and a rebuild says the same', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database, { projectors: [closingProjector] })
    const late = bench.till('KOR1A')
    const early = bench.till('KOR2A')
    Object.assign(early, { place: { ...late.place, register: early.place.register } })
    early.entries.length = 0
    early.open()
    const settle = (who: typeof late) =>
      who.append('day-settled', {
        covers: [{ epoch: who.epoch, lastSeq: 1, except: [] }],
        totals: { soldMinor: 0 },
        approvedBy: null,
        personalHash: null,
      })
    await bench.journal.push(bench.callerOf(late), late.push())
    for (const who of [early, late]) {
      const { hash } = settle(who)
      bench.clock.advance(1000)
      const answer = await bench.journal.push(bench.callerOf(who), who.push())
      expect(answer.head).toMatchObject({ seq: 2, hash })
      expect(answer.quarantined).toEqual([])
    }
    const told = () =>
      database.read.selectFrom('discrepancy').select(['kind', 'identity', 'n', 'at', 'seq']).execute()
    const live = await told()
    expect(live).toMatchObject([{ kind: 'day-settled-twice', n: 0, seq: 2 }])
    expect(Buffer.from(live[0]?.identity ?? []).toString('base64url')).toBe(late.entries[1]?.hash)
    await rebuildProjections(database, [closingProjector])
    expect(await told()).toEqual(live)
  })

  test('[JRN-10b] a closing that says no shift or day is told of and closes nothing', async () => {
    const database = await dialect.open()
    const covers = [{ epoch: till, lastSeq: 3, except: [] }]
    const found = await apply(
      database,
      { type: 'shift-closed', covers },
      { type: 'day-settled', day: null, covers, seq: 2 },
    )
    expect(found).toMatchObject([
      { discrepancy: { kind: 'closing-of-nothing', params: { type: 'shift-closed' } } },
      { discrepancy: { kind: 'closing-of-nothing', params: { type: 'day-settled' } } },
    ])
    expect(await database.read.selectFrom('closing').selectAll().execute()).toEqual([])
  })
})
