import { addDays, localDate } from '@nexus/domain'
import { checkJournal, type JournalCheckTools, readJournalLines } from '@nexus/sync'
import { readJournalFile } from '@nexus/sync/testing'
import { expect, test } from 'vitest'
import { forEachDialect } from '../../../testing/index.ts'
import { closeDay } from '../day-roots/close-day.ts'
import { journalTools } from '../journal-tools.ts'
import { type JournalBench, openJournalBench } from '../testing/open-for-test.ts'
import { rehome, type ScriptedTill } from '../testing/scripted-till.ts'
import { exportJournal } from './export-journal.ts'

const anyLease = { hold: async () => undefined }
const dayMs = 86_400_000

async function exportOf(bench: JournalBench, till: ScriptedTill, withoutPersonal = false): Promise<string[]> {
  const { database, secrets, clock } = bench.context
  const options = { exportedAt: clock.now(), withoutPersonal }
  return await Array.fromAsync(exportJournal(database.read, secrets, till.place.register, options))
}

async function checkOf(
  bench: JournalBench,
  lines: readonly string[],
  given: Partial<JournalCheckTools> = {},
) {
  const { secrets } = bench.context
  return await checkJournal(() => readJournalLines([Buffer.from(`${lines.join('\n')}\n`)]), {
    ...journalTools([secrets.enrolment.publicKeySpki]),
    hqKey: secrets.hq.publicKeySpki,
    isHqAsked: true,
    ...given,
  })
}

forEachDialect((dialect) => {
  test('[JRN-12b, JRN-17c] what the server exports holds every byte of the register, and verifies without it', async () => {
    const bench = await openJournalBench(await dialect.open())
    const till = bench.till()
    for (let sale = 0; sale < 5; sale++) till.sale()
    await bench.journal.push(bench.callerOf(till), till.push())
    const next = till.nextEpoch('KOR1B')
    next.open()
    next.sale()
    await bench.journal.push(bench.callerOf(next), next.push())
    const other = bench.till('KOR2A')
    await bench.journal.push(bench.callerOf(other), other.push())

    const lines = await exportOf(bench, till)
    const file = await readJournalFile(lines)
    expect(
      file.epochs.map((epoch) => epoch.entries.map(({ bytes }) => Buffer.from(bytes).toString())),
    ).toEqual([till, next].map((one) => one.entries.map(({ bytes }) => Buffer.from(bytes).toString())))
    expect(await checkOf(bench, lines)).toMatchObject({
      verdict: 'good',
      statement: { isProven: true },
      epochs: [
        { code: 'KOR1A', firstBad: null, provenSeq: 6, signedSeq: 6, lastSeq: 6 },
        { code: 'KOR1B', firstBad: null, provenSeq: 2, signedSeq: 2, lastSeq: 2 },
      ],
    })
  })

  test('[JRN-17c] days are countersigned: roots, paths and records lead from each entry to a published root', async () => {
    const bench = await openJournalBench(await dialect.open())
    const till = bench.till()
    const other = bench.till('KOR2A')
    for (let day = 0; day < 3; day++) {
      for (let sale = 0; sale < 2; sale++) till.sale()
      await bench.journal.push(bench.callerOf(till), till.push(1 + 2 * day))
      await bench.journal.push(bench.callerOf(other), other.push())
      bench.clock.advance(dayMs)
      expect(await closeDay(bench.context, anyLease)).toBeDefined()
    }
    till.sale()
    await bench.journal.push(bench.callerOf(till), till.push(8))
    const lines = await exportOf(bench, till)
    const roots = lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'root')
    expect(roots.map(({ record }) => record.leaves)).toEqual([2, 1, 1])

    // Without HQ's key: a published root proves what was received until its day, and nothing behind it.
    const withoutKey: Partial<JournalCheckTools> = { isHqAsked: false }
    delete withoutKey.hqKey
    const [last] = (await bench.context.database.read
      .selectFrom('journal_day')
      .select(['day', 'hash'])
      .orderBy('day', 'desc')
      .limit(1)
      .execute()) as [{ day: string; hash: Uint8Array }]
    const hash = Buffer.from(last.hash).toString('base64url')
    const stripped = lines.filter((line) => !/"kind":"(checkpoint|statement)"/.test(line))
    const report = await checkJournal(() => readJournalLines([Buffer.from(stripped.join('\n'))]), {
      ...journalTools([bench.enrolment.publicKey]),
      trustedRoot: { day: last.day, hash },
    })
    expect(report).toMatchObject({ verdict: 'unproven', days: { provenTo: last.day } })
    expect(report.epochs[0]).toMatchObject({ firstBad: null, provenSeq: 7, lastSeq: 8 })
    const forged = lines.map((line) => {
      const parsed = JSON.parse(line)
      return parsed.record?.fromSeq === 4 ? JSON.stringify({ ...parsed, signature: 'A'.repeat(86) }) : line
    })
    expect((await checkOf(bench, forged)).firstBad).toMatchObject({ seq: 4, cause: 'received' })
    const wrong = await checkOf(bench, lines, { trustedRoot: { day: last.day, hash: 'A'.repeat(43) } })
    expect(wrong).toMatchObject({ verdict: 'bad', faults: [{ cause: 'trusted-root', day: last.day }] })
  })

  test('[JRN-2d, JRN-10f, JRN-17d] holes and quarantined slots are named apart from bad entries', async () => {
    const bench = await openJournalBench(await dialect.open())
    const till = bench.till()
    till.sale()
    till.appendBytes(Buffer.from('not an entry'))
    till.sale({ header: { seq: 99 } })
    till.sale()
    for (let lost = 0; lost < 3; lost++) till.sale()
    till.sale()
    const callers = bench.callerOf(till)
    await bench.journal.push(callers, till.push(1, 5))
    const lastHash = till.entries[7]?.hash ?? ''
    await bench.journal.push(callers, { ...till.push(9, 9), hole: { fromSeq: 6, toSeq: 8, lastHash } })
    const report = await checkOf(bench, await exportOf(bench, till))
    expect(report).toMatchObject({ verdict: 'good', firstBad: null })
    expect(report.epochs[0]).toMatchObject({
      holes: [{ fromSeq: 6, toSeq: 8, lastHash }],
      quarantined: [3, 4],
      unread: [3],
      provenSeq: 9,
      totals: { sales: 5 + 2 },
    })
  })

  test('[JRN-17c] a hole that is filled later belongs to the day on which it was filled', async () => {
    const bench = await openJournalBench(await dialect.open())
    const till = bench.till()
    for (let sale = 0; sale < 7; sale++) till.sale()
    const caller = bench.callerOf(till)
    const first = localDate(bench.clock.now())
    await bench.journal.push(caller, till.push(1, 2))
    const lastHash = till.entries[4]?.hash ?? ''
    await bench.journal.push(caller, { ...till.push(6, 8), hole: { fromSeq: 3, toSeq: 5, lastHash } })
    // For a day nothing turns up; then it fills from its top down, a part each day.
    bench.clock.advance(dayMs)
    await closeDay(bench.context, anyLease)
    for (const fill of [till.push(5, 5), till.push(3, 4)]) {
      bench.clock.advance(dayMs)
      await closeDay(bench.context, anyLease)
      await bench.journal.push(caller, fill)
    }
    bench.clock.advance(dayMs)
    await closeDay(bench.context, anyLease)
    const lines = await exportOf(bench, till)
    const received = lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'received')
    expect(received.map(({ record }) => [record.fromSeq, record.toSeq, record.day])).toEqual([
      [1, 2, first],
      [3, 4, addDays(first, 3)],
      [5, 5, addDays(first, 2)],
      [6, 8, first],
    ])
    expect(await checkOf(bench, lines)).toMatchObject({ verdict: 'good' })
  })

  test('[JRN-18f] re-homed sales stand apart, and one that stands in both places counts once', async () => {
    const bench = await openJournalBench(await dialect.open())
    const till = bench.till()
    const accepted = till.sale()
    await bench.journal.push(bench.callerOf(till), till.push())
    const lost = till.sale()
    const next = till.nextEpoch('KOR1B')
    next.open()
    rehome(next, till.epoch, lost)
    rehome(next, till.epoch, accepted)
    await bench.journal.push(bench.callerOf(next), next.push())
    const report = await checkOf(bench, await exportOf(bench, till))
    expect(report).toMatchObject({
      verdict: 'good',
      revenue: { soldMinor: 11_800, rehomedSoldMinor: 11_800 },
      doubled: [{ identity: accepted.hash, epoch: till.epoch, seq: 2, again: { epoch: next.epoch, seq: 3 } }],
    })
    expect(report.epochs[1]?.rehomedSales.map(({ identity }) => identity)).toEqual([lost.hash, accepted.hash])
  })

  test('[JRN-19e, JRN-19g] personal data goes with its entry, and the chain verifies without it', async () => {
    const bench = await openJournalBench(await dialect.open())
    const till = bench.till()
    const personal = { name: 'Asha' }
    till.sale({ personal })
    await bench.journal.push(bench.callerOf(till), till.push())
    const lines = await exportOf(bench, till)
    const file = await readJournalFile(lines)
    expect(file.personal.map(({ data }) => JSON.parse(data))).toEqual([personal])
    expect((await checkOf(bench, lines)).epochs[0]?.personal).toEqual({ entries: 1, kept: 1 })
    const without = await exportOf(bench, till, true)
    expect(without.join('\n')).not.toContain('"personal"')
    const report = await checkOf(bench, without)
    expect(report).toMatchObject({ verdict: 'good' })
    expect(report.epochs[0]?.personal).toEqual({ entries: 1, kept: 0 })
    const changed = lines.map((line) => line.replace('Asha', 'Usha'))
    expect(await checkOf(bench, changed)).toMatchObject({
      verdict: 'bad',
      firstBad: { seq: 2, cause: 'personal' },
    })
  })

  test('a register without entries has no journal', async () => {
    const bench = await openJournalBench(await dialect.open())
    expect(await exportOf(bench, bench.till())).toEqual([])
  })
})
