import { randomUUIDv7 } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { forEachDialect } from '../../../testing/index.ts'
import { openJournalBench } from '../testing/open-for-test.ts'
import { rehome, testKey } from '../testing/scripted-till.ts'

/** What a test compares: slots, bills and what is kept aside. */
async function stored(database: Database) {
  const db = database.read
  const slots = await db.selectFrom('journal_entry').select(['epoch_no', 'seq', 'hash']).execute()
  const bills = await db.selectFrom('bill').select('number').orderBy('number').execute()
  const takings = await db.selectFrom('takings_hour').select(['bills', 'sold_minor']).execute()
  return {
    slots: slots.length,
    numbers: bills.map((bill) => bill.number),
    counted: takings.reduce((sum, row) => sum + row.bills, 0),
    soldMinor: takings.reduce((sum, row) => sum + row.sold_minor, 0),
  }
}
const nothing = { slots: 0, numbers: [], counted: 0, soldMinor: 0 }
const codeOf = async (work: Promise<unknown>) =>
  await work.then(
    () => 'answered',
    (error: { code?: string }) => error.code,
  )

forEachDialect((dialect) => {
  test('[JRN-5a] entries sent in order are stored byte for byte and acknowledged', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    till.sale()
    till.sale()
    const answer = await bench.journal.push(bench.callerOf(till), till.push())
    expect(answer).toMatchObject({
      head: { epoch: till.epoch, seq: 3, hash: till.lastHash },
      marks: { stored: { seq: 3, hash: till.lastHash }, durable: null },
      quarantined: [],
      forked: [],
    })
    const rows = await database.read.selectFrom('journal_entry').selectAll().orderBy('seq').execute()
    expect(rows.map(({ bytes }) => Buffer.from(bytes))).toEqual(
      till.entries.map(({ bytes }) => Buffer.from(bytes)),
    )
    expect(await stored(database)).toEqual({
      slots: 3,
      numbers: ['KOR1AI26-000001', 'KOR1AI26-000002'],
      counted: 2,
      soldMinor: 23_600,
    })
  })

  test('[JRN-8e] a push sent again after its answer was lost is acknowledged again and has no second effect', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    till.sale()
    const first = await bench.journal.push(bench.callerOf(till), till.push())
    const again = await bench.journal.push(bench.callerOf(till), till.push())
    const acknowledged = { head: first.head, quarantined: [], forked: [] }
    expect(again).toMatchObject(acknowledged)
    const restarted = await bench.reopen()
    expect(await restarted.push(bench.callerOf(till), till.push())).toMatchObject(acknowledged)
    expect(await stored(database)).toMatchObject({ slots: 2, counted: 1 })
  })

  test('[JRN-7a, F26, F56] the same push twice at one time has one effect, in one group and in two servers', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const other = await bench.reopen()
    const till = bench.till()
    for (let sale = 0; sale < 5; sale++) till.sale()
    const push = till.push()
    const caller = bench.callerOf(till)
    const answers = await Promise.all([
      bench.journal.push(caller, push),
      bench.journal.push(caller, push),
      other.push(caller, push),
      other.push(caller, push),
    ])
    for (const answer of answers) {
      expect(answer).toMatchObject({ head: { seq: 6, hash: till.lastHash }, quarantined: [], forked: [] })
    }
    expect(await stored(database)).toMatchObject({ slots: 6, counted: 5, soldMinor: 5 * 11_800 })
  })

  test('[JRN-8a] two pushes of one epoch share a group and are taken in turn', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    till.sale()
    till.sale()
    till.sale()
    const caller = bench.callerOf(till)
    await bench.journal.push(caller, till.push(1, 1))
    const [first, second] = await Promise.all([
      bench.journal.push(caller, till.push(2, 2)),
      bench.journal.push(caller, till.push(3, 4)),
    ])
    expect([first.head.seq, second.head.seq]).toEqual([2, 4])
    expect(await stored(database)).toMatchObject({ slots: 4, counted: 3 })
  })

  test('[JRN-8d] pushes of many tills share commits and each gets its own answer', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const tills = Array.from({ length: 70 }, (_, n) => bench.till(`K${n}`))
    for (const till of tills) till.sale()
    const answers = await Promise.all(
      tills.map((till) => bench.journal.push(bench.callerOf(till), till.push())),
    )
    for (const [n, answer] of answers.entries()) {
      expect(answer.head).toEqual({ epoch: tills[n]?.epoch, seq: 2, hash: tills[n]?.lastHash })
    }
    expect(await stored(database)).toMatchObject({ slots: 140, counted: 70 })
    const groups = await bench.context.metrics.getSingleMetricAsString('nexus_journal_group_pushes')
    expect(groups).toContain('nexus_journal_group_pushes_bucket{le="64"}')
    const epochNos = await database.read.selectFrom('journal_epoch').select('epoch_no').execute()
    expect(new Set(epochNos.map((row) => row.epoch_no)).size).toBe(70)
  })

  test('[JRN-8f] a push past a gap stores nothing and is answered with the head', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    for (let sale = 0; sale < 4; sale++) till.sale()
    await bench.journal.push(bench.callerOf(till), till.push(1, 2))
    const answer = await bench.journal.push(bench.callerOf(till), till.push(4, 5))
    expect(answer.head).toMatchObject({ seq: 2, hash: till.entries[1]?.hash })
    expect(await stored(database)).toMatchObject({ slots: 2, counted: 1 })
    expect((await bench.journal.push(bench.callerOf(till), till.push(3))).head.seq).toBe(5)
    expect(await stored(database)).toMatchObject({ slots: 5, counted: 4 })
  })

  test('[JRN-10h] without valid credentials nothing is stored and nothing changes', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database, {
      resolvePlace: async (_, __, registerId) =>
        registerId === stranger.place.register ? undefined : { storeNo: 1, registerNo: 1 },
    })
    const till = bench.till()
    const stranger = bench.till('K2')
    till.sale()
    const push = till.push()
    const caller = bench.callerOf(till)
    const elsewhere = { ...caller, registerId: randomUUIDv7() }
    expect(await codeOf(bench.journal.push(elsewhere, push))).toBe('device/unknown')
    expect(await codeOf(bench.journal.push(bench.callerOf(stranger), stranger.push()))).toBe('device/unknown')
    const { checkpoint, signature } = push.checkpoint
    const forged = [
      { ...push, checkpoint: { checkpoint, signature: `${signature.slice(0, -4)}AAAA` } },
      {
        ...push,
        checkpoint: { checkpoint: { ...checkpoint, hash: till.entries[0]?.hash ?? '' }, signature },
      },
      { ...push, checkpoint: { checkpoint: { ...checkpoint, keyId: testKey().keyId }, signature } },
      { ...push, checkpoint: { checkpoint, signature: 'no-signature' } },
    ]
    for (const one of forged) {
      expect(await codeOf(bench.journal.push(caller, one))).toBe('device/bad-signature')
    }
    expect(await codeOf(bench.journal.push(caller, { ...push, entries: ['AAAAA'] }))).toBe('request/invalid')
    expect(await stored(database)).toEqual(nothing)
    expect((await bench.journal.push(caller, push)).head.seq).toBe(2)
  })

  test('[JRN-4] an epoch that nobody knows is taken by its certificate, and without it answered with head 0', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    till.sale()
    const caller = bench.callerOf(till)
    expect((await bench.journal.push(caller, till.push(2))).head).toMatchObject({ epoch: till.epoch, seq: 0 })
    expect(await stored(database)).toEqual(nothing)
    const foreign = await openJournalBench(database)
    const forged = foreign.till()
    expect((await bench.journal.push(bench.callerOf(forged), forged.push())).head.seq).toBe(0)
    expect(await stored(database)).toEqual(nothing)
    expect((await bench.journal.push(caller, till.push())).head.seq).toBe(2)
  })

  test('[JRN-9j, F68] after a restore known entries are acknowledged and the rest is taken once more', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    const later = till.nextEpoch('KOR1B')
    for (let sale = 0; sale < 3; sale++) till.sale()
    later.open()
    later.sale()
    // What the backup had: two entries of the first epoch, nothing of the second.
    await bench.journal.push(bench.callerOf(till), till.push(1, 2))
    for (const one of [till, later]) {
      const answer = await bench.journal.push(bench.callerOf(one), one.push())
      expect(answer.head).toMatchObject({ seq: one.entries.length, hash: one.lastHash })
    }
    expect(await stored(database)).toMatchObject({ slots: 6, counted: 4, soldMinor: 4 * 11_800 })
  })

  test('[JRN-7l] an entry re-homed into a new epoch acts once, also when its own place is accepted later', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    const sale = till.sale()
    const next = till.nextEpoch('KOR1B')
    next.open()
    rehome(next, till.epoch, sale)
    rehome(next, till.epoch, sale)
    expect((await bench.journal.push(bench.callerOf(next), next.push())).head.seq).toBe(3)
    expect(await stored(database)).toMatchObject({ numbers: ['KOR1AI26-000001'], counted: 1 })
    expect((await bench.journal.push(bench.callerOf(till), till.push())).head.seq).toBe(2)
    expect(await stored(database)).toMatchObject({ slots: 5, numbers: ['KOR1AI26-000001'], counted: 1 })
  })

  test('[JRN-7c] one cart closed by two sales has both effects and an incident, so has one number on two bills', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    const cart = randomUUIDv7()
    till.sale({ cart })
    till.sale({ cart })
    till.sale({ number: 'KOR1AI26-000001' })
    await bench.journal.push(bench.callerOf(till), till.push())
    expect(await stored(database)).toMatchObject({ counted: 3 })
    const incidents = await database.read.selectFrom('incident').select(['kind', 'seq', 'source']).execute()
    expect(incidents.sort((a, b) => a.seq - b.seq)).toEqual([
      { kind: 'cart-closed-twice', seq: 3, source: 'server' },
      { kind: 'number-twice', seq: 4, source: 'server' },
    ])
  })

  test('[JRN-5b] what price checks and totals say against a sale is kept beside it and changes nothing', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database, {
      checkSale: async (entry) => {
        if (entry.seq === 3) throw new Error('no rulebook here')
        return [{ kind: 'price', params: { uid: 'a', paidMinor: 1, expectedMinor: 2 } }]
      },
    })
    const till = bench.till()
    till.sale()
    till.sale({ header: { totals: { ...till.totals, sales: 77 } } })
    expect((await bench.journal.push(bench.callerOf(till), till.push())).head.seq).toBe(3)
    const found = await database.read
      .selectFrom('discrepancy')
      .select(['seq', 'n', 'kind', 'found_by'])
      .orderBy('seq')
      .orderBy('n')
      .execute()
    expect(found.map(({ seq, kind }) => [seq, kind])).toEqual([
      [2, 'price'],
      [3, 'totals'],
      [3, 'not-checked'],
    ])
    const bills = await database.read
      .selectFrom('bill')
      .select(['seq', 'discrepancies'])
      .orderBy('seq')
      .execute()
    expect(bills).toEqual([
      { seq: 2, discrepancies: 1 },
      { seq: 3, discrepancies: 2 },
    ])
  })

  test('[JRN-19e] personal data stays beside the entry, once, and not where its hash does not fit', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    const sale = till.sale({ personal: { mobile: '9800000001' } })
    till.sale()
    const push = till.push()
    const caller = bench.callerOf(till)
    const [item] = push.personal
    if (item === undefined) throw new Error('the sale has personal data')
    const stray = { ...item, identity: till.entries[2]?.hash ?? '' }
    await bench.journal.push(caller, { ...push, personal: [item, stray] })
    await bench.journal.push(caller, push)
    const rows = await database.read.selectFrom('personal_data').select(['identity', 'data']).execute()
    expect(rows.map((row) => [Buffer.from(row.identity).toString('base64url'), row.data])).toEqual([
      [sale.hash, '{"mobile":"9800000001"}'],
    ])
    const incidents = await database.read.selectFrom('incident').select('kind').execute()
    expect(incidents).toEqual([{ kind: 'personal-mismatch' }])
  })

  test('[JRN-17a] the last head that the till signed is kept, and moves with the accepted chain only', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    till.sale()
    till.sale()
    await bench.journal.push(bench.callerOf(till), till.push(1, 2))
    const ahead = till.push(3, 3)
    await bench.journal.push(bench.callerOf(till), {
      ...ahead,
      checkpoint: till.checkpoint(9, till.lastHash),
    })
    const [head] = await database.read.selectFrom('journal_head').selectAll().execute()
    expect(head).toMatchObject({ seq: 3, checkpoint_seq: 2, sales: 2, sold_minor: 23_600 })
  })
})
