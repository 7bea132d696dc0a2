import { toBase64Url } from '@nexus/sync'
import { soldLine } from '@nexus/sync/testing'
import { expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { forEachDialect } from '../../../testing/index.ts'
import { salesProjector } from '../../sales/index.ts'
import type { Projector } from '../index.ts'
import { openJournalBench } from '../testing/open-for-test.ts'
import { bytesOf, rehome } from '../testing/scripted-till.ts'

async function quarantined(database: Database) {
  return await database.read
    .selectFrom('journal_quarantine')
    .select(['seq', 'reason', 'bytes', 'identity'])
    .orderBy('seq')
    .execute()
}
async function counted(database: Database): Promise<number> {
  const rows = await database.read.selectFrom('bill').select('seq').execute()
  return rows.length
}

/** Fails for one sale, whatever it is grouped with: by its total, and in the database if asked. */
const poisonMinor = 66_600
function poisonable(where: 'code' | 'database'): Projector {
  return {
    ...salesProjector,
    async apply(tx, facts) {
      for (const { entry } of facts) {
        if (entry.type !== 'sale' || entry.body.documents[0]?.totalMinor !== poisonMinor) continue
        if (where === 'code') throw new TypeError('cannot read what is not there')
        await tx
          .insertInto('bill')
          .values({} as never)
          .execute()
      }
      await salesProjector.apply(tx, facts)
    },
  }
}

forEachDialect((dialect) => {
  test('[JRN-10c, F33] bytes that cannot be read take their slot, wait, and block nothing behind them', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    till.appendBytes(Buffer.from([0xff, 0x00, 0x7b]))
    till.sale()
    till.append('hold', {} as never)
    till.sale()
    till.append('sale', { documents: [] } as never)
    const noteWith = (members: object) => {
      const entry = JSON.parse(Buffer.from(bench.till().note().bytes).toString())
      const place = { epoch: till.epoch, seq: till.entries.length + 1, prevHash: till.lastHash }
      till.appendBytes(bytesOf({ ...entry, ...place, ...members }))
    }
    noteWith({ type: 'from-next-year' })
    till.sale()
    noteWith({ body: { kind: 'big', params: { text: 'x'.repeat(90_000) }, place: null, personalHash: null } })
    till.sale()
    const answer = await bench.journal.push(bench.callerOf(till), till.push())
    expect(answer).toMatchObject({
      head: { seq: till.entries.length, hash: till.lastHash },
      quarantined: [2, 4, 6, 7, 9],
      forked: [],
    })
    const waiting = await quarantined(database)
    expect(waiting.map(({ seq, reason }) => [seq, reason])).toEqual([
      [2, 'unreadable'],
      [4, 'schema-failed'],
      [6, 'schema-failed'],
      [7, 'unknown-type'],
      [9, 'too-large'],
    ])
    for (const { seq, bytes } of waiting) {
      expect(Buffer.from(bytes)).toEqual(Buffer.from(till.entries[seq - 1]?.bytes ?? []))
    }
    expect(await counted(database)).toBe(4)
    const again = await bench.journal.push(bench.callerOf(till), till.push())
    expect(again.quarantined).toEqual([2, 4, 6, 7, 9])
    expect((await quarantined(database)).length).toBe(5)
  })

  test('[JRN-10e] a body that names another place than its push waits in quarantine', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    till.sale({ header: { seq: 9 } })
    till.sale({ header: { epoch: bench.till('K2').epoch } })
    till.sale()
    const answer = await bench.journal.push(bench.callerOf(till), till.push())
    expect(answer).toMatchObject({ head: { seq: 4 }, quarantined: [2, 3] })
    expect((await quarantined(database)).map(({ reason }) => reason)).toEqual(['wrong-place', 'wrong-place'])
    expect(await counted(database)).toBe(1)
  })

  test.each([
    ['another hash in its place', 'hash'],
    ['another entry before it', 'prevHash'],
  ])(
    '[JRN-7h] an entry with %s goes to the fork store with its successors, without effect',
    async (_, how) => {
      const database = await dialect.open()
      const bench = await openJournalBench(database)
      const till = bench.till()
      const clone = bench.till()
      Object.assign(clone, { epoch: till.epoch, key: till.key, place: till.place })
      clone.entries.splice(0, 1, ...till.entries)
      till.sale()
      till.sale()
      const mine = clone.sale({ number: 'KOR1AI26-000008' })
      clone.sale({ number: 'KOR1AI26-000009' })
      clone.sale({ number: 'KOR1AI26-000010' })
      const caller = bench.callerOf(till)
      await bench.journal.push(caller, till.push(1, how === 'hash' ? 3 : 2))
      const answer = await bench.journal.push(caller, clone.push(how === 'hash' ? 2 : 3))
      const forked = how === 'hash' ? [2, 3, 4] : [3, 4]
      expect(answer).toMatchObject({ head: { seq: how === 'hash' ? 3 : 2 }, forked, quarantined: [] })
      const kept = await database.read.selectFrom('journal_fork').selectAll().orderBy('seq').execute()
      expect(kept.map(({ seq, bytes }) => [seq, Buffer.from(bytes)])).toEqual(
        forked.map((seq) => [seq, Buffer.from(clone.entries[seq - 1]?.bytes ?? [])]),
      )
      const alerts = await database.read.selectFrom('incident').select(['kind', 'seq']).execute()
      expect(alerts).toEqual([{ kind: 'fork', seq: forked[0] }])
      expect(await counted(database)).toBe(how === 'hash' ? 2 : 1)
      // Re-homed they act, once, and the fork store needs nobody any more.
      const next = till.nextEpoch('KOR1B')
      next.open()
      for (const seq of forked) rehome(next, till.epoch, clone.entries[seq - 1] ?? mine)
      await bench.journal.push(bench.callerOf(next), next.push())
      expect(await counted(database)).toBe(how === 'hash' ? 5 : 3)
      const settled = await database.read.selectFrom('journal_fork').select('settled').execute()
      expect(settled.map((row) => row.settled)).toEqual(forked.map(() => 'rehomed'))
    },
  )

  test('[JRN-8h] a declared hole raises an incident, lets what follows in, and is filled when bytes turn up', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    for (let sale = 0; sale < 5; sale++) till.sale()
    const caller = bench.callerOf(till)
    await bench.journal.push(caller, till.push(1, 2))
    const behind = till.push(5)
    const hole = { fromSeq: 3, toSeq: 4, lastHash: till.entries[3]?.hash ?? '' }
    const answer = await bench.journal.push(caller, { ...behind, hole })
    expect(answer.head).toMatchObject({ seq: 6, hash: till.lastHash })
    const holes = async () =>
      JSON.parse(
        (await database.read.selectFrom('journal_epoch').select('holes').executeTakeFirstOrThrow()).holes,
      )
    expect(await holes()).toEqual([hole])
    const incidents = await database.read.selectFrom('incident').select(['kind', 'seq']).execute()
    expect(incidents).toEqual([{ kind: 'hole-declared', seq: 3 }])
    expect(await counted(database)).toBe(3)
    await bench.journal.push(caller, till.push(1))
    expect(await holes()).toEqual([])
    expect(await counted(database)).toBe(5)
    const slots = await database.read
      .selectFrom('journal_entry')
      .select(['seq', 'hash'])
      .orderBy('seq')
      .execute()
    expect(slots.map(({ hash }) => toBase64Url(hash))).toEqual(till.entries.map(({ hash }) => hash))
  })

  test.each(['code', 'database'] as const)(
    '[JRN-10g] a sale whose rows cannot be made in %s waits alone: its group and its push act',
    async (where) => {
      const database = await dialect.open()
      const bench = await openJournalBench(database, { projectors: [poisonable(where)] })
      const tills = Array.from({ length: 4 }, (_, n) => bench.till(`K${n}`))
      for (const [n, till] of tills.entries()) {
        till.sale()
        if (n === 2) till.sale({ lines: [soldLine('a', 1, 1000, poisonMinor)] })
        till.sale()
      }
      const answers = await Promise.all(
        tills.map((till) => bench.journal.push(bench.callerOf(till), till.push())),
      )
      expect(answers.map(({ head, quarantined }) => [head.seq, quarantined])).toEqual([
        [3, []],
        [3, []],
        [4, [3]],
        [3, []],
      ])
      expect(await counted(database)).toBe(8)
      expect((await quarantined(database)).map(({ seq, reason }) => [seq, reason])).toEqual([
        [3, 'underivable'],
      ])
      const again = await bench.journal.push(
        bench.callerOf(tills[2] ?? bench.till()),
        (tills[2] ?? bench.till()).push(),
      )
      expect(again).toMatchObject({ head: { seq: 4 }, quarantined: [3] })
      expect(await counted(database)).toBe(8)
    },
  )
})
