import { randomUUIDv7 } from 'node:crypto'
import { soldLine } from '@nexus/sync/testing'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { forEachDialect } from '../../../testing/index.ts'
import { salesProjector } from '../../sales/index.ts'
import { type Projector, projectorsWith, rebuildProjections } from '../index.ts'
import { type JournalBench, openJournalBench } from '../testing/open-for-test.ts'
import { bytesOf, rehome, type ScriptedTill } from '../testing/scripted-till.ts'

const derived = [
  'bill',
  'bill_line',
  'bill_return',
  'bill_tax',
  'tender',
  'bill_reprint',
  'takings_hour',
  'takings_tender',
  'incident',
  'discrepancy',
] as const

/** Every row of every derived table, in an order of its own. */
async function dump(database: Database): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {}
  for (const table of derived) {
    const { rows } = await sql<object>`SELECT * FROM ${sql.table(table)}`.execute(database.read)
    const texts = rows.map((row) =>
      JSON.stringify(row, (_, value) =>
        value?.type === 'Buffer' ? Buffer.from(value).toString('hex') : value,
      ),
    )
    tables[table] = texts.sort()
  }
  return tables
}

/** A day with everything that acts in another way than by arriving in its place. */
async function eventfulDay(bench: JournalBench): Promise<void> {
  const push = (till: ScriptedTill, from?: number, to?: number) =>
    bench.journal.push(bench.callerOf(till), till.push(from, to))
  const till = bench.till()
  const cart = randomUUIDv7()
  const sold = till.sale({ cart, lines: [soldLine('a', 1, 2000, 9900), soldLine('b', 2, 1000, 4500)] })
  till.sale({ cart })
  const of = { number: 'KOR1AI26-000001', identity: sold.hash, uid: 'a', fromMilli: 0, toMilli: 1000 }
  till.sale({ lines: [{ ...soldLine('r', 1, 1000, 9900), of }] })
  till.note('drawer-left-open')
  till.appendBytes(bytesOf({ what: 'is this' }))
  till.append('reprint', {
    identity: sold.hash,
    number: 'KOR1AI26-000001',
    job: randomUUIDv7(),
    copy: 1,
    reason: null,
    personalHash: null,
  })
  for (let sale = 0; sale < 4; sale++) {
    bench.clock.advance(1000)
    till.at += 40 * 60_000
    till.sale({ header: { totals: { ...till.totals, sales: 99 } } })
  }
  await push(till, 1, 6)
  const behind = till.pushOf(9, till.entries.slice(8))
  const lastHash = till.entries[7]?.hash ?? ''
  await bench.journal.push(bench.callerOf(till), { ...behind, hole: { fromSeq: 7, toSeq: 8, lastHash } })
  bench.clock.advance(5000)
  await push(till)

  const clone = bench.till()
  Object.assign(clone, { epoch: till.epoch, key: till.key, place: till.place })
  clone.entries.splice(0, 1, ...till.entries.slice(0, 2))
  const forked = clone.sale({ number: 'KOR1AI26-000090' })
  await push(clone, 3)
  const next = till.nextEpoch('KOR1B')
  next.open()
  bench.clock.advance(7000)
  rehome(next, till.epoch, forked)
  next.sale()
  await push(next)
}

forEachDialect((dialect) => {
  test('[JRN-5a] the rebuilt tables equal the live ones, twice over', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database, {
      checkSale: async (entry) =>
        entry.seq % 2 === 0 ? [{ kind: 'price', params: { seq: entry.seq } }] : [],
      projectors: [flagging],
    })
    await eventfulDay(bench)
    const live = await dump(database)
    expect(live.bill?.length).toBe(9)
    expect(live.bill_return?.length).toBe(1)
    expect(live.bill_reprint?.length).toBe(1)
    expect(live.incident?.length).toBeGreaterThan(3)
    expect((await database.read.selectFrom('outbox').select('id').execute()).length).toBe(9)
    await database.write((tx) => tx.deleteFrom('outbox').execute())
    for (let round = 0; round < 2; round++) {
      const done = await rebuildProjections(database, projectorsWith([flagging]))
      expect(done).toMatchObject({ entries: 14, facts: 14 })
      expect(await dump(database)).toEqual(live)
    }
    // A sale that was announced is not announced again, also when the outbox has forgotten it.
    expect(await database.read.selectFrom('outbox').selectAll().execute()).toEqual([])
  })

  test('[JRN-5a] a rebuild that fails leaves every row as it was', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    await eventfulDay(bench)
    const live = await dump(database)
    const broken: Projector = {
      ...salesProjector,
      apply: async () => {
        throw new Error('a mistake in a new release')
      },
    }
    await expect(rebuildProjections(database, projectorsWith([broken]))).rejects.toThrow('a mistake')
    expect(await dump(database)).toEqual(live)
  })

  test('[JRN-10d] what a newer release can derive leaves quarantine at its start and acts once', async () => {
    const database = await dialect.open()
    const older: Projector = {
      ...salesProjector,
      async apply(tx, facts) {
        if (facts.some(({ entry }) => entry.seq === 3)) throw new Error('not in this release')
        await salesProjector.apply(tx, facts)
      },
    }
    const bench = await openJournalBench(database, { projectors: [older] })
    const till = bench.till()
    till.sale()
    till.sale()
    till.sale()
    const answer = await bench.journal.push(bench.callerOf(till), till.push())
    expect(answer.quarantined).toEqual([3])
    const before = await dump(database)
    expect(before.bill?.length).toBe(2)
    await bench.reopen({ projectors: [older] })
    expect(await dump(database)).toEqual(before)
    for (let start = 0; start < 2; start++) {
      const newer = await bench.reopen({ projectors: [salesProjector] })
      expect((await dump(database)).bill?.length).toBe(3)
      expect((await newer.push(bench.callerOf(till), till.push())).quarantined).toEqual([])
    }
    const live = await dump(database)
    await rebuildProjections(database, projectorsWith([salesProjector]))
    expect(await dump(database)).toEqual(live)
  })
})

/** Finds something in every second sale, as a projector may. */
const flagging: Projector = {
  ...salesProjector,
  async apply(tx, facts) {
    await salesProjector.apply(tx, facts)
    return facts
      .filter(({ entry }) => entry.type === 'sale' && entry.seq % 2 === 1)
      .map(({ identity }) => ({ identity, discrepancy: { kind: 'closed-shift', params: {} } }))
  },
}
