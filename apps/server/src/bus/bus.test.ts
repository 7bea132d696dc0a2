import { createHash } from 'node:crypto'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { leaseOf } from '../jobs/lease.ts'
import { takeLease } from '../jobs/sql.ts'
import { forEachDialect } from '../testing/databases.ts'
import { testClock } from '../testing/shop.ts'
import { embeddedBus } from './embedded-bus.ts'
import type { Consumer, Event, StoredEvent } from './event-bus.ts'
import { relayOutbox, sweepBus } from './relay.ts'
import { announce, outboxDepth } from './sql.ts'

const event = (stream: string, streamSeq: number, topic = 'test.happened.v1'): Event => ({
  id: createHash('sha256').update(`${stream} ${streamSeq}`).digest(),
  topic,
  stream,
  streamSeq,
  payload: { stream, streamSeq },
})
const said = (events: readonly StoredEvent[]) => events.map((one) => `${one.stream}${one.streamSeq}`)

async function relayOf(database: Database) {
  const clock = testClock()
  const context = { database, clock, log: pino({ level: 'silent' }), metrics: new Registry() }
  const wanted = { name: 'relay', holder: 'me', now: clock.now(), until: clock.now() + 1e9, seize: false }
  const fence = await database.write((tx) => takeLease(tx, wanted))
  return { clock, context, lease: leaseOf('relay', fence ?? -1) }
}

forEachDialect((dialect) => {
  test('an event goes out if and only if its transaction commits', async () => {
    const database = await dialect.open()
    const { clock, context, lease } = await relayOf(database)
    await database.write((tx) => announce(tx, [event('a', 1)], clock.now()))
    const failed = database.write(async (tx) => {
      await announce(tx, [event('a', 2)], clock.now())
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    const seen: StoredEvent[] = []
    const bus = { publish: async (events: readonly StoredEvent[]) => void seen.push(...events) }
    await relayOutbox(context, bus, lease)
    await relayOutbox(context, bus, lease)
    expect(said(seen)).toEqual(['a1'])
    expect(seen[0]?.payload).toEqual({ stream: 'a', streamSeq: 1 })
    expect(await outboxDepth(database.read)).toEqual({ waiting: 0, parked: 0 })
  })

  test('[F60] an event that commits after a later one goes out all the same', async () => {
    const database = await dialect.open()
    const { clock, context, lease } = await relayOf(database)
    const seen: StoredEvent[] = []
    const bus = { publish: async (events: readonly StoredEvent[]) => void seen.push(...events) }
    const later = async () => {
      await database.write((tx) => announce(tx, [event('b', 1)], clock.now()))
      await relayOutbox(context, bus, lease)
    }
    if (database.dialect === 'sqlite') {
      // One writer: what was announced first commits first, whatever its stream.
      await database.write((tx) => announce(tx, [event('a', 1)], clock.now()))
      await later()
    } else {
      await database.write(async (tx) => {
        await announce(tx, [event('a', 1)], clock.now())
        await later()
        expect(said(seen)).toEqual(['b1'])
      })
    }
    await relayOutbox(context, bus, lease)
    expect(said(seen).toSorted()).toEqual(['a1', 'b1'])
  })

  test('the same fact announced twice is one event', async () => {
    const database = await dialect.open()
    await database.write((tx) => announce(tx, [event('a', 1), event('a', 2)], 1))
    await database.write((tx) => announce(tx, [event('a', 2), event('a', 3)], 2))
    expect((await outboxDepth(database.read)).waiting).toBe(3)
  })

  test('[F65] a stream keeps its order behind a failure, and no other stream waits for it', async () => {
    const database = await dialect.open()
    const { clock, context, lease } = await relayOf(database)
    await database.write((tx) =>
      announce(tx, [event('b', 2), event('a', 1), event('b', 1), event('c', 1), event('b', 3)], clock.now()),
    )
    const seen: StoredEvent[] = []
    let broken = true
    const bus = {
      publish: async (events: readonly StoredEvent[]) => {
        if (broken && events.some((one) => one.stream === 'b' && one.streamSeq === 2))
          throw new Error('poison')
        seen.push(...events)
      },
    }
    await relayOutbox(context, bus, lease)
    expect(said(seen)).toEqual(['a1', 'b1', 'c1'])
    await database.write((tx) => announce(tx, [event('b', 4)], clock.now()))
    await relayOutbox(context, bus, lease)
    expect(said(seen)).toEqual(['a1', 'b1', 'c1'])
    expect(await outboxDepth(database.read)).toEqual({ waiting: 3, parked: 1 })
    broken = false
    clock.advance(1001)
    await relayOutbox(context, bus, lease)
    expect(said(seen)).toEqual(['a1', 'b1', 'c1', 'b2', 'b3', 'b4'])
    expect(await outboxDepth(database.read)).toEqual({ waiting: 0, parked: 0 })
  })

  test('[F31, F61] an event delivered again has one effect: effect and inbox are one transaction', async () => {
    const database = await dialect.open()
    const { clock, context, lease } = await relayOf(database)
    let effects = 0
    let lateFails = true
    const early: Consumer = {
      name: 'early',
      topics: ['test.happened.v1'],
      async handle() {
        effects++
      },
    }
    const late: Consumer = {
      name: 'late',
      topics: ['test.happened.v1'],
      async handle(tx) {
        await tx.insertInto('installation').values({ name: 'kind', value: 'x' }).execute()
        if (lateFails) throw new Error('not now')
      },
    }
    const bus = embeddedBus(context, [early, late])
    await database.write((tx) => announce(tx, [event('a', 1)], clock.now()))
    await relayOutbox(context, bus, lease)
    expect(await database.read.selectFrom('installation').selectAll().execute()).toEqual([])
    lateFails = false
    clock.advance(1001)
    await relayOutbox(context, bus, lease)
    expect(effects).toBe(1)
    expect(await database.read.selectFrom('installation').selectAll().execute()).toHaveLength(1)
  })

  test('a relay that slept through its lease marks nothing', async () => {
    const database = await dialect.open()
    const { clock, context, lease } = await relayOf(database)
    await database.write((tx) => announce(tx, [event('a', 1)], clock.now()))
    const bus = {
      publish: async () => {
        const other = {
          name: 'relay',
          holder: 'other',
          now: clock.now() + 2e9,
          until: clock.now() + 3e9,
          seize: false,
        }
        await database.write((tx) => takeLease(tx, other))
      },
    }
    await expect(relayOutbox(context, bus, lease)).rejects.toThrow('taken over')
    expect((await outboxDepth(database.read)).waiting).toBe(1)
  })

  test('the sweep removes what went out long ago and keeps what waits', async () => {
    const database = await dialect.open()
    const { clock, context, lease } = await relayOf(database)
    await database.write((tx) => announce(tx, [event('a', 1)], clock.now()))
    await relayOutbox(
      context,
      embeddedBus(context, [{ name: 'x', topics: ['test.happened.v1'], handle: async () => {} }]),
      lease,
    )
    await database.write((tx) => announce(tx, [event('a', 2)], clock.now()))
    clock.advance(46 * 86_400_000)
    expect(await sweepBus(context, lease)).toBe(false)
    const left = await database.read.selectFrom('outbox').select('stream_seq').execute()
    expect(left).toEqual([{ stream_seq: 2 }])
    expect(await database.read.selectFrom('inbox').selectAll().execute()).toEqual([])
  })
})
