import { expect, test } from 'vitest'
import { administrator, forEachDialect } from '../../../testing/index.ts'
import { handOver } from '../decisions/hand-over.ts'
import { loseHole } from '../decisions/lose-hole.ts'
import { rehomeNow } from '../decisions/rehome-forks.ts'
import { releaseQuarantined } from '../decisions/release.ts'
import { rebuildProjections } from '../index.ts'
import { projectorsWith } from '../open-journal.ts'
import { openJournalBench } from '../testing/open-for-test.ts'
import { bytesOf } from '../testing/scripted-till.ts'
import { closeIncidents } from './close.ts'
import { devicesOf, forkPage, holePage, quarantinePage } from './desks.ts'
import { attentionCounts, attentionPage } from './queries.ts'

const names = async () => new Map([[administrator.staffId, 'Asha Administrator']])

forEachDialect((dialect) => {
  const open = async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database, {
      checkSale: async (entry) => (entry.seq === 2 ? [{ kind: 'price/differs', params: { uid: 'a' } }] : []),
    })
    return { db: database.read, database, bench }
  }

  test('[JRN-10d] the quarantine desk shows what can be read, why it waits, and no byte that disturbs a screen', async () => {
    const { db, bench } = await open()
    const till = bench.till()
    const odd = till.appendBytes(Buffer.from([0x7b, 0x1b, 0x5b, 0x41, 0xff, 0x0a, 0x68, 0x69]))
    bench.clock.advance(1000)
    await bench.journal.push(bench.callerOf(till), till.push())
    const other = bench.till('KOR2A')
    const typed = other.appendBytes(
      bytesOf({ epoch: other.epoch, seq: 2, prevHash: other.lastHash, type: 'future', at: 5 }),
    )
    bench.clock.advance(1000)
    await bench.journal.push(bench.callerOf(other), other.push())
    const page = await quarantinePage(db, {}, undefined)
    expect(page).toMatchObject({ total: 2, totalIsExact: true })
    expect(page.rows).toMatchObject([
      { identity: typed.hash, reason: 'unknown-type', type: 'future', at: 5, mayAct: false, released: null },
      { identity: odd.hash, reason: 'unreadable', type: null, start: '{·[A··hi', bytes: 8 },
    ])
    expect((await quarantinePage(db, { store: till.place.store }, undefined)).rows).toHaveLength(1)
    expect(
      (await quarantinePage(db, { reason: 'unreadable', page: 2, pageSize: 1 }, undefined)).rows,
    ).toEqual([])
    expect((await quarantinePage(db, {}, [])).total).toBe(0)
    await releaseQuarantined(bench.decisions, administrator, odd.hash, {
      outcome: 'drop',
      reason: 'not-a-sale',
      remark: '',
    })
    expect((await quarantinePage(db, {}, undefined)).total).toBe(1)
    expect((await quarantinePage(db, { settled: true }, undefined)).rows).toMatchObject([
      { released: 'drop' },
    ])
  })

  test('[JRN-7h] the fork desk has a row an epoch: how many wait, their sales and sum, what became of the rest', async () => {
    const { db, bench } = await open()
    const till = bench.till()
    const clone = bench.till()
    Object.assign(clone, { epoch: till.epoch, key: till.key, place: till.place })
    clone.entries.splice(0, 1, ...till.entries)
    till.sale()
    clone.sale({ number: 'KOR1AI26-000008' })
    clone.note()
    await bench.journal.push(bench.callerOf(till), till.push())
    await bench.journal.push(bench.callerOf(till), clone.push(2))
    const waits = (await forkPage(db, {}, undefined)).rows
    expect(waits).toMatchObject([
      {
        epoch: till.epoch,
        code: 'KOR1A',
        fromSeq: 2,
        toSeq: 3,
        entries: 2,
        waiting: 2,
        sales: 1,
        rehomed: 0,
      },
    ])
    expect(waits[0]?.soldMinor).toBeGreaterThan(0)
    expect(waits[0]?.rehomedBy).toBe(bench.clock.now() + 72 * 3_600_000)
    expect((await forkPage(db, { settled: true }, undefined)).total).toBe(0)
    await rehomeNow(bench.decisions, administrator, till.epoch, 'the till is scrap')
    expect((await forkPage(db, {}, undefined)).total).toBe(0)
    expect((await forkPage(db, { settled: true }, undefined)).rows).toMatchObject([
      { waiting: 0, rehomed: 2, adopted: 0, sales: 0, soldMinor: 0, rehomedBy: null },
    ])
    expect((await forkPage(db, {}, [])).rows).toEqual([])
  })

  test('[JRN-8g, JRN-9d] the desk of holes cuts a hole where a part of it was given up', async () => {
    const { db, bench } = await open()
    const till = bench.till()
    for (let sale = 0; sale < 8; sale++) till.sale()
    await bench.journal.push(bench.callerOf(till), till.push(1, 1))
    const hole = { fromSeq: 2, toSeq: 7, lastHash: till.entries[6]?.hash ?? '' }
    await bench.journal.push(bench.callerOf(till), { ...till.push(8), hole })
    const give = (fromSeq: number, toSeq: number) =>
      loseHole(bench.decisions, administrator, till.epoch, { fromSeq, toSeq, reason: 'other', remark: '' })
    const partsNow = async () =>
      (await holePage(db, {}, undefined)).rows.map(({ fromSeq, toSeq, lost }) => [fromSeq, toSeq, lost])
    expect(await partsNow()).toEqual([[2, 7, false]])
    await give(3, 4)
    await give(5, 5)
    expect(await partsNow()).toEqual([
      [2, 2, false],
      [3, 5, true],
      [6, 7, false],
    ])
    expect((await holePage(db, { page: 2, pageSize: 2 }, undefined)).rows).toHaveLength(1)
    await bench.journal.push(bench.callerOf(till), till.push())
    expect(await partsNow()).toEqual([])
  })

  test('[JRN-5b, JRN-5c] a difference that a person closes leaves the open list; the entry and a rebuild keep it so', async () => {
    const { db, database, bench } = await open()
    const till = bench.till()
    till.sale()
    till.note('odd')
    await bench.journal.push(bench.callerOf(till), till.push())
    const bytes = await db.selectFrom('journal_entry').selectAll().execute()
    const openRows = (await attentionPage(db, names, {}, undefined)).rows
    expect(openRows.map(({ kind }) => kind).sort()).toEqual(['odd', 'price/differs'])
    const ids = openRows.map(({ id }) => id)
    await expect(
      closeIncidents(bench.decisions, { ...administrator, storeIds: [] }, ids, 'mine'),
    ).rejects.toMatchObject({ code: 'session/not-allowed' })
    expect(
      await closeIncidents(
        bench.decisions,
        administrator,
        [...ids, 'tea', 'incident-?'],
        'The list was old.',
      ),
    ).toBe(2)
    expect(await closeIncidents(bench.decisions, administrator, ids, 'again')).toBe(0)
    expect(await attentionCounts(db, undefined)).toMatchObject({ incidents: 0, discrepancies: 0 })
    await rebuildProjections(database, projectorsWith([]))
    expect((await attentionPage(db, names, {}, undefined)).total).toBe(0)
    const closed = (await attentionPage(db, names, { closed: true }, undefined)).rows
    expect(closed.map((row) => row.closed)).toEqual(
      [1, 2].map(() => ({ at: bench.clock.now(), by: 'Asha Administrator', remark: 'The list was old.' })),
    )
    expect(await db.selectFrom('journal_entry').selectAll().execute()).toEqual(bytes)
  })

  test('[JRN-5b] the open list is found by kind, source, store and day', async () => {
    const { db, bench } = await open()
    const till = bench.till()
    till.sale()
    till.note('odd')
    await bench.journal.push(bench.callerOf(till), till.push())
    const count = async (query: object) => (await attentionPage(db, names, query, undefined)).total
    expect(await count({ source: 'incident' })).toBe(1)
    expect(await count({ source: 'discrepancy' })).toBe(1)
    expect(await count({ kind: 'odd' })).toBe(1)
    expect(await count({ kind: 'tea' })).toBe(0)
    expect(await count({ source: 'discrepancy', from: '2026-11-23', until: '2026-11-23' })).toBe(1)
    expect(await count({ source: 'discrepancy', until: '2026-11-22' })).toBe(0)
    expect(await count({ store: till.place.register })).toBe(0)
    await expect(count({ from: '2026-02-30' })).rejects.toMatchObject({ code: 'request/invalid' })
  })

  test('[JRN-21a] of a register’s devices it is said what arrived, what was announced, and what was declared', async () => {
    const { db, bench } = await open()
    const till = bench.till()
    till.sale()
    await bench.journal.push(bench.callerOf(till), till.push())
    const register = till.place.register
    await handOver(bench.decisions, administrator, register, {
      epoch: till.epoch,
      declaration: 'tail-unknown',
      reason: 'broken',
      lastNumbers: [],
      remark: '',
    })
    const told = { epoch: till.epoch, seq: 5, hash: 'A'.repeat(43), at: 9 }
    const issued = [
      { epoch: '00000000-0000-7000-8000-000000000001', code: 'KOR1B' },
      { epoch: till.epoch, code: 'KOR1A' },
    ]
    expect(await devicesOf(db, register, { namesOf: names, issued, told })).toMatchObject([
      {
        code: 'KOR1B',
        state: 'open',
        headSeq: 0,
        headHash: null,
        movedAt: null,
        told: null,
        declarations: [],
      },
      {
        code: 'KOR1A',
        state: 'closed',
        headSeq: 2,
        headHash: till.lastHash,
        told: { seq: 5, at: 9 },
        declarations: [{ declaration: 'tail-unknown', afterSeq: 2, by: 'Asha Administrator' }],
      },
    ])
  })
})
