import { createPublicKey, randomUUIDv7, verify } from 'node:crypto'
import { canonicalBytes, firstPrevHashSync, type HeartbeatRequest } from '@nexus/sync'
import { expect, test } from 'vitest'
import { forEachDialect } from '../../testing/index.ts'
import { attentionPage } from './attention/queries.ts'
import {
  attentionCounts,
  discrepanciesOf,
  findActedEntry,
  headSeqs,
  headsOf,
  readGeneration,
  restoredAt,
  standing,
  startNewGeneration,
} from './index.ts'
import { sha256 } from './sha256.ts'
import { openJournalBench } from './testing/open-for-test.ts'
import { rehome, type ScriptedTill } from './testing/scripted-till.ts'

function heartbeat(till: ScriptedTill): HeartbeatRequest {
  const head = { epoch: till.epoch, seq: till.entries.length, hash: till.lastHash }
  return {
    requestId: randomUUIDv7(),
    register: till.place.register,
    epoch: till.epoch,
    head,
    at: till.at,
    app: 'test-1',
    waiting: { entries: 1, sales: 1, soldMinor: 11_800, oldestAt: till.at },
    checkpoint: till.checkpoint(head.seq, head.hash),
  }
}

forEachDialect((dialect) => {
  test('[JRN-18g] a till that announces a shorter journal than before has lost its end: an incident, once', async () => {
    const database = await dialect.open()
    let before: HeartbeatRequest['head'] | undefined
    const bench = await openJournalBench(database, {
      noteHeartbeat: async (_, __, { told }) => {
        const last = before
        before = told
        return last
      },
    })
    const till = bench.till()
    till.sale()
    till.sale()
    const caller = bench.callerOf(till)
    await bench.journal.push(caller, till.push(1, 1))
    await bench.journal.heartbeat(caller, heartbeat(till))
    const announced = till.entries.pop()
    for (let word = 0; word < 2; word++) {
      before = { epoch: till.epoch, seq: 3, hash: announced?.hash ?? '' }
      await bench.journal.heartbeat(caller, heartbeat(till))
    }
    const { rows } = await attentionPage(
      database.read,
      async () => new Map(),
      { source: 'server' },
      undefined,
    )
    expect(rows).toMatchObject([
      {
        kind: 'told-head-fell',
        seq: 3,
        params: { toldBefore: 3, told: 2, hash: announced?.hash.slice(0, 8) },
      },
    ])
  })

  test('[JRN-9a] a heartbeat is answered with the head and the marks, `received` signed by HQ', async () => {
    const noted: unknown[] = []
    const database = await dialect.open()
    const bench = await openJournalBench(database, {
      noteHeartbeat: async (_, registerId, told) => void noted.push([registerId, told]),
    })
    const till = bench.till()
    till.sale()
    const caller = bench.callerOf(till)
    const [, firstPush] = [till.sale(), till.push(1, 2)]
    await bench.journal.push(caller, firstPush)
    const request = heartbeat(till)
    const answer = await bench.journal.heartbeat(caller, request)
    const head = { epoch: till.epoch, seq: 2, hash: till.entries[1]?.hash }
    expect(answer).toMatchObject({ requestId: request.requestId, head, marks: { durable: null } })
    const { signature, ...mark } = answer.marks.received ?? { signature: null }
    expect(mark).toEqual({ ...head, generation: answer.generation })
    const hq = createPublicKey(bench.context.secrets.hq.privateKey)
    const bytes = canonicalBytes({ mark: 'received', ...mark })
    const key = { key: hq, dsaEncoding: 'ieee-p1363' } as const
    expect(verify('sha256', bytes, key, Buffer.from(signature ?? '', 'base64url'))).toBe(true)
    expect(noted).toEqual([
      [
        till.place.register,
        {
          seenAt: bench.clock.now(),
          app: 'test-1',
          queuedEntries: 1,
          queuedMinor: 11_800,
          queuedSales: 1,
          queuedOldestAt: till.at,
          told: request.head,
        },
      ],
    ])
  })

  test('[JRN-10h] a heartbeat that is not signed by a key of the register changes nothing', async () => {
    const noted: unknown[] = []
    const bench = await openJournalBench(await dialect.open(), {
      noteHeartbeat: async (_, registerId) => void noted.push(registerId),
    })
    const till = bench.till()
    const stranger = bench.till('K2')
    const caller = bench.callerOf(till)
    await bench.journal.push(caller, till.push())
    const forged = { ...heartbeat(till), checkpoint: stranger.checkpoint(1, stranger.lastHash) }
    await expect(bench.journal.heartbeat(caller, forged)).rejects.toMatchObject({
      code: 'device/bad-signature',
    })
    await expect(bench.journal.heartbeat(bench.callerOf(stranger), heartbeat(till))).rejects.toMatchObject({
      code: 'device/unknown',
    })
    expect(noted).toEqual([])
  })

  test('[JRN-3h] a hello hears of each of its epochs where this server stands, and of the other branch', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    till.sale()
    till.sale()
    const clone = bench.till()
    Object.assign(clone, { epoch: till.epoch, key: till.key, place: till.place })
    clone.entries.splice(0, 1, ...till.entries.slice(0, 2))
    clone.sale({ number: 'KOR1AI26-000077' })
    const caller = bench.callerOf(till)
    await bench.journal.push(caller, till.push())
    await bench.journal.push(caller, clone.push(3))
    const unknown = till.nextEpoch('KOR1B')
    unknown.open()
    const told = (one: ScriptedTill) => ({ epoch: one.epoch, seq: one.entries.length, hash: one.lastHash })
    const ask = (one: ScriptedTill) =>
      standing(database.read, bench.context.secrets, { heads: [told(one), told(unknown)], cursors: {} })
    const onChain = await ask(till)
    expect(onChain.heads).toEqual([
      told(till),
      { epoch: unknown.epoch, seq: 0, hash: firstPrevHashSync(unknown.epoch, sha256) },
    ])
    expect(onChain.marks[0]?.stored).toMatchObject({ seq: 3, hash: till.lastHash })
    expect(onChain.marks[1]).toEqual({ stored: null, received: null, durable: null })
    expect(onChain.forks).toEqual([])
    expect((await ask(clone)).forks).toEqual([{ epoch: till.epoch, fromSeq: 3 }])
    const rolledBack = { ...told(till), seq: 2, hash: till.entries[1]?.hash ?? '' }
    const back = await standing(database.read, bench.context.secrets, { heads: [rolledBack], cursors: {} })
    expect(back).toMatchObject({ heads: [{ seq: 3 }], forks: [], closed: [] })
    expect(await headsOf(database.read, till.place.register)).toEqual([told(till)])
    expect(await headSeqs(database.read, [till.epoch, unknown.epoch])).toEqual(new Map([[till.epoch, 3]]))
  })

  test('[JRN-9j] the generation is minted once, stays over restarts, and is new after a restore', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    const push = async (journal = bench.journal) =>
      (await journal.push(bench.callerOf(till), till.push())).generation
    const first = await push()
    expect(await push(await bench.reopen())).toBe(first)
    expect(await readGeneration(database.read)).toBe(first)
    expect(await restoredAt(database.read)).toBeUndefined()
    bench.clock.advance(1000)
    const next = await database.write((tx) => startNewGeneration(tx, bench.clock.now()))
    expect(next).not.toBe(first)
    expect(await push(await bench.reopen())).toBe(next)
    expect(await restoredAt(database.read)).toBe(bench.clock.now())
  })

  test('what people must look at is listed newest first, by source and by store, page by page', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database, {
      checkSale: async () => [{ kind: 'price', params: { uid: 'a' } }],
    })
    const till = bench.till()
    const other = bench.till('K2')
    const cart = randomUUIDv7()
    till.sale({ cart })
    till.sale({ cart })
    till.appendBytes(Buffer.from('not an entry'))
    till.note('till-says')
    await bench.journal.push(bench.callerOf(till), till.push())
    bench.clock.advance(1000)
    other.sale()
    await bench.journal.push(bench.callerOf(other), other.push())
    const db = database.read
    const all = await attentionPage(db, noNames, {}, undefined)
    expect(all).toMatchObject({ total: 6, totalIsExact: true, page: 1 })
    expect(all.rows.map(({ source }) => source).sort()).toEqual([
      'discrepancy',
      'discrepancy',
      'discrepancy',
      'quarantine',
      'server',
      'till',
    ])
    const serverTimes = all.rows.map(({ at }) => at)
    expect(serverTimes).toEqual(serverTimes.toSorted((a, b) => b - a))
    const pages = await Promise.all(
      [1, 2, 3].map((page) => attentionPage(db, noNames, { page, pageSize: 2 }, undefined)),
    )
    expect(pages.flatMap(({ rows }) => rows)).toEqual(all.rows)
    expect(all.rows.find(({ source }) => source === 'quarantine')).toMatchObject({
      kind: 'unreadable',
      storeId: till.place.store,
      registerId: till.place.register,
      epoch: till.epoch,
      seq: 4,
    })
    const ofOther = await attentionPage(db, noNames, { store: other.place.store }, undefined)
    expect(ofOther.rows.map(({ kind, epoch }) => [kind, epoch])).toEqual([['price', other.epoch]])
    expect((await attentionPage(db, noNames, {}, [other.place.store])).total).toBe(1)
    expect((await attentionPage(db, noNames, {}, [randomUUIDv7()])).total).toBe(0)
    expect((await attentionPage(db, noNames, { source: 'till' }, undefined)).rows).toMatchObject([
      { kind: 'till-says' },
    ])
    await expect(attentionPage(db, noNames, { source: 'gossip' }, undefined)).rejects.toMatchObject({
      code: 'request/invalid',
    })
    expect(await attentionCounts(db, undefined)).toEqual({
      quarantined: 1,
      forked: 0,
      incidents: 2,
      discrepancies: 3,
    })
  })

  test('an entry that acted is found with its bytes and the hash behind it, also inside the one that re-homes it', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database, {
      checkSale: async () => [{ kind: 'price', params: { uid: 'a' } }],
    })
    const till = bench.till()
    const sale = till.sale()
    const note = till.note()
    await bench.journal.push(bench.callerOf(till), till.push())
    const next = till.nextEpoch('KOR1B')
    next.open()
    const lost = till.sale()
    rehome(next, till.epoch, lost)
    await bench.journal.push(bench.callerOf(next), next.push())
    const find = (slot: { epochNo: number; seq: number }, identity: string) =>
      findActedEntry(database.read, { storeNo: 1, ...slot }, identity)
    const own = await find({ epochNo: 1, seq: 2 }, sale.hash)
    expect(own).toMatchObject({ entry: { type: 'sale', seq: 2 }, next: note.hash })
    expect(Buffer.from(own?.bytes ?? [])).toEqual(Buffer.from(sale.bytes))
    const rehomed = await find({ epochNo: 2, seq: 2 }, lost.hash)
    expect(rehomed).toMatchObject({ entry: { type: 'sale', epoch: till.epoch, seq: 4 }, next: null })
    expect(Buffer.from(rehomed?.bytes ?? [])).toEqual(Buffer.from(lost.bytes))
    expect(await find({ epochNo: 1, seq: 2 }, note.hash)).toBeUndefined()
    expect(await find({ epochNo: 1, seq: 9 }, sale.hash)).toBeUndefined()
    expect(await discrepanciesOf(database.read, Buffer.from(sale.hash, 'base64url'))).toEqual([
      { kind: 'price', params: { uid: 'a' }, at: bench.clock.now() },
    ])
  })
})

async function noNames() {
  return new Map<string, string>()
}
