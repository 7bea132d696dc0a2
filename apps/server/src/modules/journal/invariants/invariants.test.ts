import { randomUUIDv7 } from 'node:crypto'
import { fromBase64Url } from '@nexus/sync'
import { sql } from 'kysely'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { bookParts } from '../../../build-app.ts'
import type { Database, Tx } from '../../../db/database.ts'
import { forEachDialect } from '../../../testing/index.ts'
import { stockProjector } from '../../inventory/index.ts'
import { numberProjector, salesProjector } from '../../sales/index.ts'
import { closingProjector } from '../../shifts/index.ts'
import { type JournalBench, openJournalBench } from '../testing/open-for-test.ts'
import { bytesOf, rehome, type ScriptedTill } from '../testing/scripted-till.ts'
import { invariantJob } from './job.ts'
import { checkBooks, type Mode, type Round } from './round.ts'
import { findLastRun } from './sql.ts'

const projectors = [salesProjector, stockProjector, closingProjector, numberProjector]

async function roundOn(bench: JournalBench, mode: Mode = 'new'): Promise<Round> {
  const { database } = bench.context
  const save = (work: (tx: Tx) => Promise<void>) => database.write(work)
  const tools = { ...bookParts, database, now: () => bench.clock.now() }
  const round = checkBooks(tools, mode, mode === 'new' ? save : undefined)
  let step = await round.next()
  while (!step.done) step = await round.next()
  return step.value
}

const broken = ({ results }: Round) =>
  results.filter((result) => result.broken > 0).map(({ invariant }) => invariant)

/** What a round names: invariant, kind, entry. */
const named = ({ breaches }: Round) =>
  breaches.map(({ invariant, kind, seq, params }) => [invariant, kind, seq ?? params.number])

function closeShift(till: ScriptedTill, soldMinor: number, lastSeq = till.entries.length) {
  const written = till.append('shift-closed', {
    drawer: randomUUIDv7(),
    count: { totalMinor: soldMinor, pieces: [] },
    expectedMinor: soldMinor,
    differenceMinor: 0,
    reason: null,
    notDurable: 0,
    covers: [{ epoch: till.epoch, lastSeq, except: [] }],
    tenders: [{ kind: 'cash', inMinor: soldMinor, outMinor: 0, count: 1 }],
    personalHash: null,
  })
  till.shift = randomUUIDv7()
  return written
}

async function openBooks(database: Database) {
  const bench = await openJournalBench(database, { projectors })
  const till = bench.till()
  till.shift = randomUUIDv7()
  const push = async (from = 1) => {
    bench.clock.advance(120_000)
    return await bench.journal.push(bench.callerOf(till), till.push(from))
  }
  return { bench, till, push }
}

forEachDialect((dialect) => {
  test('[I2, I3, I4, I5, I7, I8, I10] a clean chain shows nothing, with everything that may happen to a till in it', async () => {
    const database = await dialect.open()
    const { bench, till, push } = await openBooks(database)
    for (let sale = 0; sale < 3; sale++) till.sale()
    till.appendBytes(bytesOf({ what: 'is this' }))
    await push()
    expect(await roundOn(bench)).toMatchObject({ entries: 5, breaches: [], notes: [] })
    closeShift(till, 3 * 11_800)
    till.sale()
    await push(6)
    expect(await roundOn(bench)).toMatchObject({ entries: 2, breaches: [], notes: [] })
    till.sale()
    till.sale()
    const behind = till.pushOf(9, till.entries.slice(8))
    const lastHash = till.entries[7]?.hash ?? ''
    await bench.journal.push(bench.callerOf(till), { ...behind, hole: { fromSeq: 8, toSeq: 8, lastHash } })
    expect(broken(await roundOn(bench))).toEqual([])
    // The hole is filled, an older branch is re-homed, another shift ends.
    await push(8)
    const clone = bench.till()
    Object.assign(clone, { epoch: till.epoch, key: till.key, place: till.place })
    clone.entries.splice(0, 1, ...till.entries.slice(0, 2))
    const forked = clone.sale({ number: 'KOR1AI26-000007' })
    await bench.journal.push(bench.callerOf(clone), clone.push(3))
    const next = till.nextEpoch('KOR1B')
    next.open()
    rehome(next, till.epoch, forked)
    next.sale()
    await bench.journal.push(bench.callerOf(next), next.push())
    bench.clock.advance(120_000)
    for (let round = 0; round < 2; round++) expect((await roundOn(bench)).breaches).toEqual([])
    expect(await roundOn(bench, 'all')).toMatchObject({ entries: 12, breaches: [], notes: [] })
  })

  test('[I2] a byte of a stored entry that flipped is found in new entries, and everywhere by `all`', async () => {
    const database = await dialect.open()
    const { bench, till, push } = await openBooks(database)
    till.sale()
    till.sale()
    await push()
    const flip = (seq: number) => {
      const bytes = Buffer.from(till.entries[seq - 1]?.bytes ?? [])
      bytes[40] = (bytes[40] ?? 0) ^ 1
      return database.write((tx) =>
        tx.updateTable('journal_entry').set({ bytes }).where('seq', '=', seq).execute(),
      )
    }
    await flip(3)
    expect(named(await roundOn(bench))).toEqual([['I2', 'bytes-changed', 3]])
    // It stays broken until it is mended.
    expect(named(await roundOn(bench))).toEqual([['I2', 'bytes-changed', 3]])
    expect(named(await roundOn(bench, 'all'))).toEqual([['I2', 'bytes-changed', 3]])
    const bytes = till.entries[2]?.bytes ?? new Uint8Array()
    await database.write((tx) =>
      tx.updateTable('journal_entry').set({ bytes }).where('seq', '=', 3).execute(),
    )
    expect(broken(await roundOn(bench))).toEqual([])
  })

  test('[I3, I5] a head that moved, a slot that went or holds another entry, is named', async () => {
    const database = await dialect.open()
    const { bench, till, push } = await openBooks(database)
    for (let sale = 0; sale < 4; sale++) till.sale()
    await push()
    expect(broken(await roundOn(bench))).toEqual([])
    const head = await database.read.selectFrom('journal_head').selectAll().executeTakeFirstOrThrow()
    const setHead = (change: object) =>
      database.write((tx) =>
        tx
          .updateTable('journal_head')
          .set({ ...head, ...change })
          .execute(),
      )
    await setHead({ seq: 3, hash: fromBase64Url(till.entries[2]?.hash ?? '') })
    expect(named(await roundOn(bench))).toEqual([['I5', 'head-fell', 5]])
    await setHead({ hash: fromBase64Url(till.entries[1]?.hash ?? '') })
    expect(named(await roundOn(bench))).toEqual([['I3', 'head-wrong', 5]])
    await setHead({})
    const entries = await database.read.selectFrom('journal_entry').selectAll().orderBy('seq').execute()
    await database.write((tx) => tx.deleteFrom('journal_entry').where('seq', '=', 5).execute())
    expect(named(await roundOn(bench))).toEqual([['I5', 'slot-missing', 5]])
    await database.write((tx) => tx.deleteFrom('journal_entry').where('seq', '=', 3).execute())
    expect(named(await roundOn(bench, 'all'))).toEqual([
      ['I5', 'slot-missing', 3],
      ['I3', 'link-broken', 4],
      ['I5', 'slot-missing', 5],
    ])
    for (const entry of entries.filter(({ seq }) => seq === 3 || seq === 5)) {
      await database.write((tx) => tx.insertInto('journal_entry').values(entry).execute())
    }
    const hash = fromBase64Url(till.entries[1]?.hash ?? '')
    await database.write((tx) => tx.updateTable('journal_entry').set({ hash }).where('seq', '=', 5).execute())
    expect(named(await roundOn(bench))).toEqual([['I3', 'slot-replaced', 5]])
    expect(named(await roundOn(bench, 'all'))).toContainEqual(['I2', 'bytes-changed', 5])
  })

  test('[I4] one changed, lost or doubled row of a projection is found and its entry named', async () => {
    const database = await dialect.open()
    const { bench, till, push } = await openBooks(database)
    for (let sale = 0; sale < 6; sale++) till.sale()
    await push()
    expect(broken(await roundOn(bench))).toEqual([])
    const spoil = async (statement: string) => {
      await database.write((tx) => sql.raw(statement).execute(tx))
      const [hourly, whole] = [await roundOn(bench), await roundOn(bench, 'all')]
      expect(named(whole)).toEqual(named(hourly))
      return hourly.breaches.map(({ kind, seq, params }) => [kind, seq, params.ledger, params.figure])
    }
    const rows = 'rows-differ'
    expect(await spoil('UPDATE bill SET total_minor = total_minor + 1 WHERE seq = 4')).toEqual([
      [rows, 4, 'bills', 'I totalMinor'],
    ])
    expect(await spoil('UPDATE bill SET total_minor = total_minor - 1 WHERE seq = 4')).toEqual([])
    expect(await spoil('UPDATE tender SET amount_minor = amount_minor + 100 WHERE seq = 2')).toEqual([
      [rows, 2, 'tenders', 'cash in'],
    ])
    expect(await spoil('UPDATE tender SET amount_minor = amount_minor - 100 WHERE seq = 2')).toEqual([])
    expect(await spoil('UPDATE bill_tax SET igst_minor = 7 WHERE seq = 6')).toEqual([
      [rows, 6, 'taxes', 'I taxable 1800 taxMinor'],
    ])
    expect(await spoil('UPDATE bill_tax SET igst_minor = 0 WHERE seq = 6')).toEqual([])
    expect(await spoil('DELETE FROM stock_move WHERE seq = 3')).toEqual([[rows, 3, 'stock', 'product 1']])
  })

  test('[I7, JRN-14b] a missing number and a doubled one are named until an entry explains them', async () => {
    const database = await dialect.open()
    const { bench, till, push } = await openBooks(database)
    till.sale()
    till.sale({ number: 'KOR1AI26-000004' })
    till.sale({ number: 'KOR1AI26-000005' })
    await push()
    expect(named(await roundOn(bench))).toEqual([
      ['I7', 'number-missing', 'KOR1AI26-000002'],
      ['I7', 'number-missing', 'KOR1AI26-000003'],
    ])
    const cancelled = { kind: 'I', issueDate: '2026-11-22', reason: 'refused', personalHash: null } as const
    till.append('number-cancelled', { number: 'KOR1AI26-000002', ...cancelled })
    till.append('number-cancelled', { number: 'KOR1AI26-000003', ...cancelled })
    await push(5)
    expect(named(await roundOn(bench))).toEqual([])
    const next = till.nextEpoch('KOR1B')
    next.open()
    next.sale({ number: 'KOR1AI26-000005' })
    await bench.journal.push(bench.callerOf(next), next.push())
    expect(named(await roundOn(bench))).toEqual([['I7', 'number-doubled', 'KOR1AI26-000005']])
    expect(named(await roundOn(bench, 'all'))).toEqual([['I7', 'number-doubled', 'KOR1AI26-000005']])
    const [, doubled] = next.entries
    const body = {
      identity: doubled?.hash ?? '',
      oldNumber: 'KOR1AI26-000005',
      number: 'KOR0AI26-000001',
      kind: 'I',
      issueDate: '2026-11-22',
      personalHash: null,
    } as const
    const address = { kind: 'recovery', storeNo: 1 } as const
    await bench.journal.own.write({
      address,
      staff: null,
      compose: async () => [{ type: 'renumbered', body }],
    })
    expect(named(await roundOn(bench))).toEqual([])
    const gaps = await database.read
      .selectFrom('number_gap')
      .select(['number', 'state'])
      .orderBy('number')
      .execute()
    expect(gaps).toEqual([
      { number: 'KOR1AI26-000002', state: 'cancelled' },
      { number: 'KOR1AI26-000003', state: 'cancelled' },
      { number: 'KOR1AI26-000005', state: 'renumbered' },
    ])
  })

  test('[JRN-14b] a number whose entry may still come waits and raises no alarm; found again it is issued', async () => {
    const database = await dialect.open()
    const { bench, till, push } = await openBooks(database)
    for (let sale = 0; sale < 3; sale++) till.sale()
    await bench.journal.push(bench.callerOf(till), till.push(1, 2))
    const behind = till.pushOf(4, till.entries.slice(3))
    const lastHash = till.entries[2]?.hash ?? ''
    await bench.journal.push(bench.callerOf(till), { ...behind, hole: { fromSeq: 3, toSeq: 3, lastHash } })
    expect(broken(await roundOn(bench))).toEqual([])
    const state = async () =>
      (await database.read.selectFrom('number_gap').select('state').execute())[0]?.state
    expect(await state()).toBe('waiting')
    await push(3)
    expect(broken(await roundOn(bench))).toEqual([])
    expect(await state()).toBe('issued')
  })

  test('[I8, JRN-22c] a closed total that changed is found; an entry of the rest that is derived late joins its period', async () => {
    const database = await dialect.open()
    const older = {
      ...salesProjector,
      async apply(tx: Tx, facts: Parameters<typeof salesProjector.apply>[1]) {
        if (facts.some(({ entry }) => entry.seq === 3)) throw new Error('not in this release')
        await salesProjector.apply(tx, facts)
      },
    }
    const bench = await openJournalBench(database, {
      projectors: [older, stockProjector, closingProjector, numberProjector],
    })
    const till = bench.till()
    till.shift = randomUUIDv7()
    till.sale()
    till.sale()
    closeShift(till, 2 * 11_800)
    till.sale()
    await bench.journal.push(bench.callerOf(till), till.push())
    // The closing counted what the server could not read: told once, no breach.
    const first = await roundOn(bench)
    expect(broken(first)).toEqual([])
    expect(first.notes).toMatchObject([
      { kind: 'closing-differs', seq: 4, params: { stated: 23_600, counted: 11_800 } },
    ])
    const period = async () =>
      JSON.parse(
        (
          await database.read.selectFrom('journal_period').select('fold').where('is_closed', '=', 1).execute()
        )[0]?.fold ?? '',
      )
    expect((await period()).tenders).toEqual({ 'cash in': 11_800 })
    bench.clock.advance(120_000)
    await bench.reopen({ projectors })
    bench.clock.advance(120_000)
    expect(broken(await roundOn(bench))).toEqual([])
    expect((await period()).tenders).toEqual({ 'cash in': 23_600 })
    const stated = async () =>
      (await database.read.selectFrom('closing').select('stated').execute())[0]?.stated
    expect(JSON.parse((await stated()) ?? '')).toMatchObject({ expectedMinor: 23_600 })

    await database.write((tx) =>
      sql.raw(`UPDATE closing SET stated = REPLACE(stated, '23600', '23500')`).execute(tx),
    )
    const changed = await roundOn(bench)
    expect(changed.breaches).toMatchObject([{ kind: 'rows-differ', seq: 4, params: { ledger: 'closings' } }])
    await database.write((tx) =>
      sql.raw(`UPDATE closing SET stated = REPLACE(stated, '23500', '23600')`).execute(tx),
    )
    bench.clock.advance(120_000)
    await database.write((tx) =>
      sql
        .raw(`UPDATE journal_period SET fold = REPLACE(fold, '"cash in":23600', '"cash in":23601')`)
        .execute(tx),
    )
    expect(named(await roundOn(bench))).toEqual([['I8', 'period-changed', 3]])
  })

  test('[I8] totals that only grow and fell are found: in the head, and along the chain', async () => {
    const database = await dialect.open()
    const { bench, till, push } = await openBooks(database)
    till.sale()
    till.sale()
    await push()
    expect(broken(await roundOn(bench))).toEqual([])
    await database.write((tx) => tx.updateTable('journal_head').set({ sold_minor: 11_800 }).execute())
    expect(named(await roundOn(bench))).toEqual([['I8', 'totals-fell', 3]])
    await database.write((tx) => tx.updateTable('journal_head').set({ sold_minor: 23_600 }).execute())
    till.sale({ header: { totals: { ...till.totals, sales: 1 } } })
    await push(4)
    expect(named(await roundOn(bench))).toEqual([['I8', 'totals-fell', 4]])
  })

  test('[I10] a hole or a fork that nobody was told of is found', async () => {
    const database = await dialect.open()
    const { bench, till } = await openBooks(database)
    till.sale()
    till.sale()
    await bench.journal.push(bench.callerOf(till), till.push(1, 1))
    const behind = till.pushOf(3, till.entries.slice(2))
    const lastHash = till.entries[1]?.hash ?? ''
    await bench.journal.push(bench.callerOf(till), { ...behind, hole: { fromSeq: 2, toSeq: 2, lastHash } })
    expect(broken(await roundOn(bench))).toEqual([])
    await database.write((tx) => tx.deleteFrom('incident').execute())
    expect(named(await roundOn(bench))).toEqual([['I10', 'loss-not-told', 2]])
  })

  test('the job checks once an hour, and says what is broken by gauge, log and one incident', async () => {
    const database = await dialect.open()
    const { bench, till, push } = await openBooks(database)
    till.sale()
    await push()
    const lines: string[] = []
    const { context, clock } = bench
    const log = pino({ level: 'error' }, { write: (line: string) => lines.push(JSON.parse(line).msg) })
    const job = invariantJob({ ...context, clock, log }, bookParts)
    const lease = { hold: async () => undefined }
    const figures = async () => (await context.metrics.metrics()).match(/nexus_invariant_broken\{.*/g) ?? []
    while (await job.run(lease));
    expect(await figures()).toContain('nexus_invariant_broken{invariant="I4"} 0')
    await database.write((tx) => sql.raw('UPDATE bill SET total_minor = 1').execute(tx))
    // Not due yet.
    expect(await job.run(lease)).toBe(false)
    expect(lines).toEqual([])
    for (let hour = 0; hour < 2; hour++) {
      clock.advance(3_600_000)
      while (await job.run(lease));
    }
    expect(await figures()).toContain('nexus_invariant_broken{invariant="I4"} 1')
    expect(lines).toEqual(['an invariant is broken', 'an invariant is broken'])
    const incidents = await database.read.selectFrom('incident').select(['kind', 'params', 'seq']).execute()
    expect(incidents).toHaveLength(1)
    expect(incidents[0]).toMatchObject({ kind: 'invariant-broken', seq: 2 })
    expect(JSON.parse(incidents[0]?.params ?? '')).toMatchObject({ invariant: 'I4', what: 'rows-differ' })
    expect((await findLastRun(database.read))?.breaches).toHaveLength(1)
  })
})
