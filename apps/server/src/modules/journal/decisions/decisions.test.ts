import { randomUUIDv7 } from 'node:crypto'
import type { HandoverBody } from '@nexus/contract'
import { maxWrapperBytes } from '@nexus/sync'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import type { StaffCaller } from '../../../http/serve.ts'
import { administrator, forEachDialect } from '../../../testing/index.ts'
import { salesProjector } from '../../sales/index.ts'
import { projectorsWith, rebuildProjections } from '../index.ts'
import { type JournalBench, openJournalBench } from '../testing/open-for-test.ts'
import { bytesOf, rehome, type ScriptedTill, type Written } from '../testing/scripted-till.ts'
import { handOver } from './hand-over.ts'
import { loseHole } from './lose-hole.ts'
import { rehomeNow, rehomeOldForks } from './rehome-forks.ts'
import { type Release, releaseQuarantined } from './release.ts'
import { renumberBills } from './renumber.ts'
import { lostHoles, renumberedOf } from './sql.ts'
import { findTwoDevices } from './two-devices.ts'

const hour = 60 * 60_000
const act: Release = { outcome: 'act', reason: 'checked', remark: 'The store has the paper.' }
const drop: Release = { outcome: 'drop', reason: 'not-a-sale', remark: '' }
const tooLate = { code: 'decision/too-late' }

async function push(bench: JournalBench, till: ScriptedTill, from?: number, to?: number) {
  return await bench.journal.push(bench.callerOf(till), till.push(from, to))
}

/** The same device twice: what it writes from now on is another branch. */
function cloneOf(bench: JournalBench, till: ScriptedTill): ScriptedTill {
  const clone = bench.till()
  Object.assign(clone, { epoch: till.epoch, key: till.key, place: till.place })
  clone.entries.splice(0, 1, ...till.entries)
  return clone
}

/** Numbers of the bills that have effect, with how often. */
async function billsOf(database: Database): Promise<string[]> {
  const rows = await database.read.selectFrom('bill').select('number').orderBy('number').execute()
  return rows.map(({ number }) => number)
}

async function incidentsOf(database: Database): Promise<string[]> {
  const rows = await database.read.selectFrom('incident').select('kind').orderBy('kind').execute()
  return rows.map(({ kind }) => kind)
}

async function ownEntries(database: Database): Promise<number> {
  const { entries } = await database.read
    .selectFrom('journal_entry')
    .innerJoin('journal_epoch', (join) =>
      join
        .onRef('journal_epoch.store_no', '=', 'journal_entry.store_no')
        .onRef('journal_epoch.epoch_no', '=', 'journal_entry.epoch_no'),
    )
    .where('kind', '!=', 'till')
    .select(({ fn }) => fn.countAll<number | string>().as('entries'))
    .executeTakeFirstOrThrow()
  return Number(entries)
}

/** A sale whose entry waits: its epoch was reported stolen before it came. */
async function waitingSale(bench: JournalBench): Promise<{ till: ScriptedTill; sale: Written }> {
  const till = bench.till()
  await push(bench, till)
  await handOver(bench.decisions, administrator, till.place.register, stolen(till))
  const sale = till.sale()
  expect((await push(bench, till)).quarantined).toEqual([2])
  return { till, sale }
}

function stolen(till: ScriptedTill): HandoverBody {
  return { epoch: till.epoch, declaration: 'stolen', reason: 'stolen', lastNumbers: [], remark: '' }
}

const derived = [
  'bill',
  'bill_line',
  'tender',
  'takings_hour',
  'incident',
  'discrepancy',
  'journal_hole_lost',
  'journal_handover',
  'journal_number_lost',
] as const

async function dump(database: Database): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {}
  for (const table of derived) {
    const { rows } = await sql<object>`SELECT * FROM ${sql.table(table)}`.execute(database.read)
    tables[table] = rows.map((row) => JSON.stringify(row)).sort()
  }
  return tables
}

forEachDialect((dialect) => {
  const open = async () => {
    const database = await dialect.open()
    return { database, bench: await openJournalBench(database) }
  }

  test('[JRN-10d, JRN-20d] a person lets an entry out of quarantine: it acts once, and the second press is told so', async () => {
    const { database, bench } = await open()
    const { sale } = await waitingSale(bench)
    expect(await billsOf(database)).toEqual([])
    await releaseQuarantined(bench.decisions, administrator, sale.hash, act)
    expect(await billsOf(database)).toEqual(['KOR1AI26-000001'])
    const entries = await ownEntries(database)
    for (const again of [act, drop]) {
      await expect(
        releaseQuarantined(bench.decisions, administrator, sale.hash, again),
      ).rejects.toMatchObject({ ...tooLate, facts: { outcome: 'acted' } })
    }
    expect(await ownEntries(database)).toBe(entries)
    expect(await billsOf(database)).toEqual(['KOR1AI26-000001'])
  })

  test('[JRN-10d] of two people who decide at once on two servers, one does', async () => {
    const { database, bench } = await open()
    const other = await bench.reopen()
    const { sale } = await waitingSale(bench)
    const presses = await Promise.allSettled([
      releaseQuarantined(bench.decisions, administrator, sale.hash, act),
      releaseQuarantined(other.decisions, administrator, sale.hash, drop),
      releaseQuarantined(bench.decisions, administrator, sale.hash, act),
    ])
    expect(presses.filter(({ status }) => status === 'fulfilled').length).toBe(1)
    const waits = await database.read.selectFrom('journal_quarantine').select('released').execute()
    expect(await billsOf(database)).toHaveLength(waits[0]?.released === 'act' ? 1 : 0)
  })

  test('[JRN-10d] what a person drops never acts, also when a till re-homes it', async () => {
    const { database, bench } = await open()
    const { till, sale } = await waitingSale(bench)
    await releaseQuarantined(bench.decisions, administrator, sale.hash, drop)
    const next = till.nextEpoch('KOR1B')
    next.open()
    rehome(next, till.epoch, sale)
    await push(bench, next)
    expect(await billsOf(database)).toEqual([])
  })

  test('[JRN-10d] bytes that this release cannot read are not made to act', async () => {
    const { database, bench } = await open()
    const till = bench.till()
    const odd = till.appendBytes(bytesOf({ what: 'is this' }))
    await push(bench, till)
    await expect(releaseQuarantined(bench.decisions, administrator, odd.hash, act)).rejects.toMatchObject({
      code: 'decision/not-possible',
    })
    await releaseQuarantined(bench.decisions, administrator, odd.hash, drop)
    expect(await ownEntries(database)).toBe(2)
  })

  test('[JRN-20d] nobody decides for a store that is not theirs, and a stranger’s hash is not found', async () => {
    const { bench } = await open()
    const { sale } = await waitingSale(bench)
    const elsewhere: StaffCaller = { ...administrator, storeIds: [randomUUIDv7()] }
    await expect(releaseQuarantined(bench.decisions, elsewhere, sale.hash, act)).rejects.toMatchObject({
      code: 'session/not-allowed',
    })
    const nothing = Buffer.alloc(32).toString('base64url')
    await expect(releaseQuarantined(bench.decisions, administrator, nothing, act)).rejects.toMatchObject({
      code: 'entry/not-found',
    })
  })

  test('[JRN-10d, JRN-14c] a released sale whose number another bill has by then acts, and people are told', async () => {
    const { database, bench } = await open()
    const { till, sale } = await waitingSale(bench)
    const twin = cloneOf(bench, till)
    twin.entries.splice(1)
    const same = twin.sale({ number: 'KOR1AI26-000001' })
    const next = till.nextEpoch('KOR1B')
    next.open()
    rehome(next, till.epoch, same)
    await push(bench, next)
    await releaseQuarantined(bench.decisions, administrator, sale.hash, act)
    expect(await billsOf(database)).toEqual(['KOR1AI26-000001', 'KOR1AI26-000001'])
    expect(await incidentsOf(database)).toContain('number-twice')
  })

  test('[JRN-9d, I10] a person gives up slots of a hole: it is noted where it stands, an incident, and said once', async () => {
    const { database, bench } = await open()
    const till = bench.till()
    for (let sale = 0; sale < 5; sale++) till.sale()
    await push(bench, till, 1, 2)
    const lastHash = till.entries[4]?.hash ?? ''
    await bench.journal.push(bench.callerOf(till), {
      ...till.push(6),
      hole: { fromSeq: 3, toSeq: 5, lastHash },
    })
    const wish = { fromSeq: 3, toSeq: 4, reason: 'device-destroyed', remark: 'Burnt.' } as const
    await loseHole(bench.decisions, administrator, till.epoch, wish)
    const [lost] = await lostHoles(database.read, [till.epoch])
    expect(lost).toMatchObject({ epoch: till.epoch, fromSeq: 3, toSeq: 4, by: { seq: 2 } })
    expect(await incidentsOf(database)).toContain('hole-lost')
    for (const again of [wish, { ...wish, toSeq: 3 }, { ...wish, toSeq: 9 }]) {
      await expect(loseHole(bench.decisions, administrator, till.epoch, again)).rejects.toMatchObject(tooLate)
    }
    // Bytes that turn up all the same are taken and act.
    await push(bench, till)
    expect(await billsOf(database)).toHaveLength(5)
  })

  test('[JRN-7q] forks that no till re-homed within 72 h are re-homed by the store’s recovery journal, once', async () => {
    const { database, bench } = await open()
    const till = bench.till()
    const clone = cloneOf(bench, till)
    till.sale()
    clone.sale({ number: 'KOR1AI26-000008' })
    clone.note('on the other branch')
    clone.sale({ number: 'KOR1AI26-000009' })
    await push(bench, till)
    expect((await push(bench, clone, 2)).forked).toEqual([2, 3, 4])
    bench.clock.advance(71 * hour)
    expect(await rehomeOldForks(bench.decisions)).toBe(0)
    bench.clock.advance(2 * hour)
    expect(await rehomeOldForks(bench.decisions)).toBe(3)
    expect(await rehomeOldForks(bench.decisions)).toBe(0)
    expect(await billsOf(database)).toEqual(['KOR1AI26-000001', 'KOR1AI26-000008', 'KOR1AI26-000009'])
    // A sale is its register's and its store's, whoever re-homed it.
    const places = await database.read
      .selectFrom('bill')
      .select(['store_no', 'register_no'])
      .distinct()
      .execute()
    expect(places).toHaveLength(1)
    // The till comes after all.
    const next = till.nextEpoch('KOR1B')
    next.open()
    for (const seq of [2, 3, 4]) rehome(next, till.epoch, clone.entries[seq - 1] as Written)
    await push(bench, next)
    expect(await billsOf(database)).toHaveLength(3)
  })

  test('[JRN-7q, JRN-7a] where the till was first, the recovery journal does nothing', async () => {
    const { database, bench } = await open()
    const till = bench.till()
    const clone = cloneOf(bench, till)
    till.sale()
    const mine = clone.sale({ number: 'KOR1AI26-000008' })
    await push(bench, till)
    await push(bench, clone, 2)
    const next = till.nextEpoch('KOR1B')
    next.open()
    rehome(next, till.epoch, mine)
    await push(bench, next)
    bench.clock.advance(80 * hour)
    expect(await rehomeOldForks(bench.decisions)).toBe(0)
    await expect(rehomeNow(bench.decisions, administrator, till.epoch, '')).rejects.toMatchObject(tooLate)
    expect(await ownEntries(database)).toBe(0)
    expect(await billsOf(database)).toHaveLength(2)
  })

  test('[JRN-7q, JRN-7a] the till and the recovery journal at once: each sale acts once', async () => {
    const { database, bench } = await open()
    const till = bench.till()
    const clone = cloneOf(bench, till)
    till.sale()
    for (let n = 8; n < 14; n++) clone.sale({ number: `KOR1AI26-0000${String(n).padStart(2, '0')}` })
    await push(bench, till)
    await push(bench, clone, 2)
    const next = till.nextEpoch('KOR1B')
    next.open()
    await push(bench, next)
    for (const entry of clone.entries.slice(1)) rehome(next, till.epoch, entry)
    const other = await bench.reopen()
    await Promise.allSettled([
      rehomeNow(bench.decisions, administrator, till.epoch, ''),
      push(bench, next, 2),
      rehomeNow(other.decisions, administrator, till.epoch, ''),
    ])
    expect(new Set(await billsOf(database)).size).toBe(7)
    expect(await billsOf(database)).toHaveLength(7)
    const waiting = await database.read
      .selectFrom('journal_fork')
      .select('seq')
      .where('settled', 'is', null)
      .execute()
    expect(waiting).toEqual([])
  })

  test('[JRN-7j, JRN-7q] of a till’s wrapper that was forked too, the innermost entry acts and both forks are settled', async () => {
    const { database, bench } = await open()
    const first = bench.till()
    const lost = first.sale({ number: 'KOR1AI26-000004' })
    const second = first.nextEpoch('KOR1B')
    second.open()
    const clone = cloneOf(bench, second)
    second.sale()
    rehome(clone, first.epoch, lost)
    await push(bench, second)
    await push(bench, clone, 2)
    await rehomeNow(bench.decisions, administrator, second.epoch, '')
    expect(await billsOf(database)).toEqual(['KOR1AI26-000004', 'KOR1BI26-000001'])
    const forks = await database.read.selectFrom('journal_fork').select('settled').execute()
    expect(forks).toEqual([{ settled: 'rehomed' }])
    const [wrapper] = await database.read
      .selectFrom('journal_entry')
      .innerJoin('journal_epoch', 'journal_epoch.epoch_no', 'journal_entry.epoch_no')
      .select('bytes')
      .where('kind', '=', 'recovery')
      .where('seq', '=', 2)
      .execute()
    expect(JSON.parse(Buffer.from(wrapper?.bytes ?? []).toString()).body).toMatchObject({
      identity: lost.hash,
      place: { epoch: second.epoch, seq: 2 },
    })
  })

  test('[JRN-7q, I1] a fork too large to be wrapped waits for a person, and holds no other up', async () => {
    const { database, bench } = await open()
    const till = bench.till()
    const clone = cloneOf(bench, till)
    till.sale()
    clone.append('incident', {
      kind: 'damaged',
      params: {},
      place: null,
      bytes: 'A'.repeat(maxWrapperBytes - 2000),
      personalHash: null,
    })
    clone.sale({ number: 'KOR1AI26-000008' })
    await push(bench, till)
    await push(bench, clone, 2)
    await rehomeNow(bench.decisions, administrator, till.epoch, '')
    expect(await billsOf(database)).toHaveLength(2)
    await expect(rehomeNow(bench.decisions, administrator, till.epoch, '')).rejects.toMatchObject({
      code: 'decision/not-possible',
      facts: { left: 1 },
    })
  })

  test('[JRN-7p] two devices that go on as one register are told of, once; one that moved on, or is closed, is not', async () => {
    const { database, bench } = await open()
    const told = async () => {
      await findTwoDevices(bench.decisions)
      return (await incidentsOf(database)).filter((kind) => kind === 'two-devices').length
    }
    const till = bench.till()
    till.sale()
    await push(bench, till)
    bench.clock.advance(1000)
    const second = till.nextEpoch('KOR1B')
    second.open()
    second.sale()
    await push(bench, second)
    expect(await told()).toBe(0)
    bench.clock.advance(1000)
    till.sale()
    await push(bench, till)
    expect([await told(), await told()]).toEqual([1, 1])
    const other = bench.till('KOR2A')
    await push(bench, other)
    const body = { ...stolen(other), declaration: 'clean', reason: 'replaced' } as const
    await handOver(bench.decisions, administrator, other.place.register, body)
    bench.clock.advance(1000)
    const next = other.nextEpoch('KOR2B')
    next.open()
    await push(bench, next)
    bench.clock.advance(1000)
    other.sale()
    await push(bench, other)
    expect(await told()).toBe(1)
  })

  test('[JRN-21a, JRN-14b] a manager declares a device gone: its epoch is closed, its missing numbers are lost with it', async () => {
    const { database, bench } = await open()
    const till = bench.till()
    till.sale()
    till.sale()
    await push(bench, till)
    const body: HandoverBody = {
      epoch: till.epoch,
      declaration: 'tail-unknown',
      reason: 'broken',
      lastNumbers: ['KOR1AI26-000005'],
      remark: 'Fell into water.',
    }
    await handOver(bench.decisions, administrator, till.place.register, body)
    const states = await database.read
      .selectFrom('journal_epoch')
      .select(['code', 'state'])
      .orderBy('code')
      .execute()
    expect(states).toEqual([
      { code: 'HQ', state: 'open' },
      { code: 'KOR1A', state: 'closed' },
    ])
    const declared = await database.read.selectFrom('journal_handover').selectAll().execute()
    expect(declared).toMatchObject([
      { declaration: 'tail-unknown', after_seq: 3, staff: administrator.staffId },
    ])
    const lost = await database.read
      .selectFrom('journal_number_lost')
      .select('number')
      .orderBy('number')
      .execute()
    expect(lost.map(({ number }) => number)).toEqual([
      'KOR1AI26-000003',
      'KOR1AI26-000004',
      'KOR1AI26-000005',
    ])
    expect(await incidentsOf(database)).toEqual(['tail-lost'])
    const again = { ...body, lastNumbers: [] }
    await expect(handOver(bench.decisions, administrator, till.place.register, again)).rejects.toMatchObject(
      tooLate,
    )
    // Its tail is taken for ever, and its sales act (JRN-21b).
    till.sale()
    expect(await push(bench, till)).toMatchObject({ head: { seq: 4 }, quarantined: [] })
    expect(await billsOf(database)).toHaveLength(3)
  })

  test('[JRN-21a] a number of another device, or one far beyond any day, is refused by its field', async () => {
    const { bench } = await open()
    const till = bench.till()
    await push(bench, till)
    for (const number of ['MUM1AI26-000005', 'KOR1AI26-900000', 'tea']) {
      const body = { ...stolen(till), lastNumbers: [number] }
      await expect(handOver(bench.decisions, administrator, till.place.register, body)).rejects.toMatchObject(
        {
          code: 'request/invalid',
        },
      )
    }
    const elsewhere = { ...stolen(till), epoch: randomUUIDv7() }
    await expect(
      handOver(bench.decisions, administrator, till.place.register, elsewhere),
    ).rejects.toMatchObject({ code: 'register/not-found' })
  })

  test('[JRN-21a, JRN-21b] a device of which nothing ever came is closed too; what comes late is taken', async () => {
    const { database, bench } = await open()
    const till = bench.till()
    const issued = { certificate: till.certificate, storeNo: 1, registerNo: 1 }
    const tools = { ...bench.decisions, findIssuedEpoch: async () => issued }
    const body = { ...stolen(till), declaration: 'tail-unknown', reason: 'broken' } as const
    await handOver(tools, administrator, till.place.register, body)
    till.sale()
    expect(await push(bench, till)).toMatchObject({ head: { seq: 2 }, quarantined: [], forked: [] })
    expect(await billsOf(database)).toHaveLength(1)
  })

  test('[JRN-10j] a stolen device that begins another life stays stolen: what it says waits', async () => {
    const { database, bench } = await open()
    const { till } = await waitingSale(bench)
    const spare = till.nextEpoch('KOR1B')
    spare.open({ epoch: till.epoch, seq: till.entries.length, hash: till.lastHash })
    spare.sale()
    expect((await push(bench, spare)).quarantined).toEqual([1, 2])
    expect(await billsOf(database)).toEqual([])
  })

  test('[JRN-14c, I7] a number on two bills: the accepted chain keeps it, the other bill gets one of the recovery series', async () => {
    const { database, bench } = await open()
    const till = bench.till()
    const clone = cloneOf(bench, till)
    const mine = till.sale()
    const theirs = clone.sale()
    const next = till.nextEpoch('KOR1B')
    next.open()
    // The one that is re-homed arrives first: it keeps nothing by that.
    rehome(next, till.epoch, theirs)
    await push(bench, next)
    await push(bench, till)
    const before = await dump(database)
    expect(await renumberBills(bench.decisions)).toBe(1)
    expect(await renumberBills(bench.decisions)).toBe(0)
    const newNumbers = async ({ hash }: Written) =>
      await renumberedOf(database.read, Buffer.from(hash, 'base64url'))
    expect(await newNumbers(mine)).toEqual([])
    expect(await newNumbers(theirs)).toEqual([{ oldNumber: 'KOR1AI26-000001', number: 'KOR0AI26-000001' }])
    // Neither stock nor money.
    expect(await dump(database)).toEqual(before)
  })

  test('[JRN-14c, I7] of re-homed bills alone one keeps the number; new numbers have no gaps', async () => {
    const { database, bench } = await open()
    const till = bench.till()
    const clones = [1, 2, 3].map(() => cloneOf(bench, till))
    const next = till.nextEpoch('KOR1B')
    next.open()
    for (const clone of clones) rehome(next, till.epoch, clone.sale())
    await push(bench, next)
    const other = await bench.reopen()
    await Promise.all([renumberBills(bench.decisions), renumberBills(other.decisions)])
    const bearers = await database.read.selectFrom('journal_number_bearer').select('renumbered').execute()
    expect(bearers.map(({ renumbered }) => renumbered).sort()).toEqual([
      'KOR0AI26-000001',
      'KOR0AI26-000002',
      null,
    ])
  })

  test('[JRN-5a, JRN-20d] with own journals in place the rebuilt tables equal the live ones, after a restart too', async () => {
    const { database, bench } = await open()
    const { sale } = await waitingSale(bench)
    await releaseQuarantined(bench.decisions, administrator, sale.hash, act)
    const till = bench.till('KOR2A')
    const clone = cloneOf(bench, till)
    till.sale()
    clone.sale({ number: 'KOR2AI26-000008' })
    await push(bench, till)
    await push(bench, clone, 2)
    bench.clock.advance(80 * hour)
    await rehomeOldForks(bench.decisions)
    await handOver(bench.decisions, administrator, till.place.register, {
      ...stolen(till),
      declaration: 'tail-unknown',
      lastNumbers: ['KOR2AI26-000011'],
    })
    const live = await dump(database)
    expect(live.bill).toHaveLength(3)
    expect(live.journal_number_lost).toHaveLength(3)
    await bench.reopen()
    expect(await dump(database)).toEqual(live)
    await rebuildProjections(database, projectorsWith([salesProjector]))
    expect(await dump(database)).toEqual(live)
  })
})
