import { describe, expect, test } from 'vitest'
import { decodeEntry } from '../entry/decode.ts'
import { maxPushBytes } from '../entry/limits.ts'
import type { Entry } from '../entry/schema.ts'
import type { PushAnswer, PushRequest } from '../messages.ts'
import type { Transport } from '../ports.ts'
import { cashSale, counterContext, soldLine, tenInTheMorning } from '../testing/bills.ts'
import { MemoryServer } from '../testing/memory-server.ts'
import { directTransport, enrolledTill, type MemoryTill, pushAll, startTill } from '../testing/memory-till.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import type { CompletedSale } from './types.ts'

const storage = { persisted: true, quotaBytes: null, usageBytes: null }

function openServer(): MemoryServer {
  return new MemoryServer(seededRandom(7), () => tenInTheMorning)
}

async function sell({ journal, random }: MemoryTill, product = 1): Promise<CompletedSale> {
  const cart = random.uuid(tenInTheMorning)
  return await journal.completeSale(cashSale(cart, [soldLine('1', product, 1000, 49_900)]))
}

async function openDrawer({ journal }: MemoryTill): Promise<void> {
  await journal.append({
    type: 'drawer-opened',
    context: counterContext,
    body: { drawer: null, reason: 'x' },
  })
}

/** A till whose pushes are written down. */
async function watchedTill(
  server: MemoryServer,
  change: (transport: Transport) => Partial<Transport> = () => ({}),
) {
  const pushes: PushRequest[] = []
  const direct = directTransport(server)
  const watched: Transport = {
    ...direct,
    push: async (request) => {
      pushes.push(structuredClone(request))
      return await direct.push(request)
    },
  }
  const { disk } = await enrolledTill(server, { wallMs: tenInTheMorning })
  const till = await startTill({ ...watched, ...change(watched) }, { disk, seed: 5, wallMs: tenInTheMorning })
  return { till, pushes }
}

async function restart(server: MemoryServer, till: MemoryTill, seed = 99): Promise<MemoryTill> {
  till.power.cut()
  return await startTill(directTransport(server), { disk: till.disk, seed, wallMs: tenInTheMorning })
}

function entriesOf({ disk }: MemoryTill, epoch: string): Entry[] {
  return [...disk.entries.values()]
    .filter((record) => record.epoch === epoch)
    .flatMap(({ bytes }) => {
      const decoded = decodeEntry(bytes)
      return decoded.kind === 'ok' ? [decoded.entry] : []
    })
}

function incidentsOf(till: MemoryTill): string[] {
  return [...till.disk.entries.values()].flatMap(({ bytes }) => {
    const decoded = decodeEntry(bytes)
    return decoded.kind === 'ok' && decoded.entry.type === 'incident' ? [decoded.entry.body.kind] : []
  })
}

describe('push', () => {
  test('[JRN-8a, JRN-8b] entries go in order from the hop’s head + 1, at most 100 at a time', async () => {
    const { till, pushes } = await watchedTill(openServer())
    for (let n = 0; n < 120; n++) await openDrawer(till)
    await pushAll(till.journal)
    expect(pushes.map(({ firstSeq, entries }) => [firstSeq, entries.length])).toEqual([
      [1, 100],
      [101, 21],
    ])
  })

  test('[JRN-8b] a push has at most 256 KiB of entries, and one entry at least', async () => {
    const { till, pushes } = await watchedTill(openServer())
    const reason = 'x'.repeat(60)
    for (let n = 0; n < 12; n++) {
      const params = Object.fromEntries(Array.from({ length: 900 }, (_, m) => [`member ${m}`, reason]))
      await till.journal.append({
        type: 'incident',
        context: counterContext,
        body: { kind: 'long', params, place: null },
      })
    }
    await pushAll(till.journal)
    const sizes = pushes.map(({ entries }) => Buffer.from(entries.join(''), 'base64url').length)
    expect(pushes.length).toBeGreaterThan(2)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(maxPushBytes)
    expect(pushes.every(({ entries }) => entries.length > 1)).toBe(true)
  })

  test('[JRN-8c, F26] only one request is in flight', async () => {
    const server = openServer()
    const { till } = await watchedTill(server)
    await sell(till)
    const outcomes = await Promise.all([till.journal.pushOnce(), till.journal.pushOnce()])
    expect(outcomes).toEqual([{ kind: 'greeted' }, { kind: 'busy' }])
  })

  test('[JRN-8a] the oldest epoch goes first', async () => {
    const server = openServer()
    const { till, pushes } = await watchedTill(server)
    await till.journal.confirmClock(tenInTheMorning + 86_400_000)
    const cart = till.random.uuid(tenInTheMorning)
    await till.journal.completeSale(
      cashSale(cart, [soldLine('1', 1, 1000, 100)], tenInTheMorning + 86_400_000),
    )
    await till.journal.confirmClock(tenInTheMorning)
    await sell(till)
    await pushAll(till.journal)
    const [first, second] = till.journal.status().epochs
    expect(pushes.map(({ epoch }) => epoch)).toEqual([first?.epoch, second?.epoch])
  })

  test('[JRN-17a, JRN-17b] every push bears a checkpoint of its last entry, signed by the epoch’s key', async () => {
    const { till, pushes } = await watchedTill(openServer())
    const sale = await sell(till)
    await pushAll(till.journal)
    expect(pushes[0]?.checkpoint.checkpoint).toMatchObject({ epoch: sale.epoch, seq: 2, hash: sale.identity })
  })

  test('[JRN-8e, F25] what was pushed before its answer was lost acts once', async () => {
    const server = openServer()
    let lost = true
    const { till } = await watchedTill(server, ({ push }) => ({
      push: async (request) => {
        const answer = await push(request)
        if (lost) throw new Error('The answer was lost')
        return answer
      },
    }))
    const sale = await sell(till)
    await till.journal.pushOnce()
    expect(await till.journal.pushOnce()).toMatchObject({ kind: 'failed' })
    lost = false
    await pushAll(till.journal)
    expect(server.rows.effects.get(sale.identity)).toBe(1)
    expect(till.journal.status().notStored.entries).toBe(0)
  })

  test('[JRN-10i] a push that the hop refuses is kept and tried again, as often as it takes', async () => {
    const server = openServer()
    let refusals = 50
    const { till } = await watchedTill(server, ({ push }) => ({
      push: async (request) => {
        if (refusals-- > 0) throw new Error('401')
        return await push(request)
      },
    }))
    const sale = await sell(till)
    for (let n = 0; n < 100; n++) await till.journal.pushOnce()
    expect(till.journal.status().notStored.entries).toBe(2)
    await pushAll(till.journal)
    expect(server.rows.effects.get(sale.identity)).toBe(1)
  })

  test('[JRN-9f] an answer to another request is no answer', async () => {
    const server = openServer()
    const { till } = await watchedTill(server, ({ push }) => ({
      push: async (request): Promise<PushAnswer> => {
        return { ...(await push(request)), requestId: till.random.uuid(tenInTheMorning) }
      },
    }))
    await till.journal.pushOnce()
    expect(await till.journal.pushOnce()).toMatchObject({ kind: 'failed' })
    expect(till.journal.status().notStored.entries).toBe(1)
  })

  test('[JRN-8f, F21] a gap answer takes the till back to the head that it names', async () => {
    const server = openServer()
    const { till } = await watchedTill(server)
    await sell(till)
    await pushAll(till.journal)
    const backup = server.backup()
    await sell(till)
    await pushAll(till.journal)
    // The same server, in the same generation, has forgotten.
    server.rows = backup
    const last = await sell(till)
    await pushAll(till.journal)
    expect(server.rows.effects.get(last.identity)).toBe(1)
    expect(server.rows.slots.size).toBe(till.journal.status().head?.seq)
  })

  test('[JRN-9h] a lower head in an unchanged generation is an incident too', async () => {
    const server = openServer()
    const { till } = await watchedTill(server)
    await sell(till)
    await pushAll(till.journal)
    const backup = server.backup()
    await sell(till)
    await pushAll(till.journal)
    server.rows = backup
    await sell(till)
    await pushAll(till.journal)
    expect(incidentsOf(till)).toEqual(['hop-forgot'])
  })

  test('[JRN-8k, F34] after failures the wait grows to 60 s at most, at random below that', async () => {
    const server = openServer()
    const { till } = await watchedTill(server, () => ({
      hello: async () => {
        throw new Error('No network')
      },
    }))
    const waits: number[] = []
    for (let n = 0; n < 40; n++) {
      expect(await till.journal.pushOnce()).toMatchObject({ kind: 'failed' })
      waits.push(till.journal.nextPushDelayMs())
    }
    expect(waits[0]).toBeLessThan(1_000)
    expect(Math.max(...waits)).toBeLessThan(60_000)
    expect(Math.max(...waits)).toBeGreaterThan(30_000)
    expect(new Set(waits).size).toBeGreaterThan(30)
  })

  test('[JRN-8k] with work to do and no failure the next step is at once; else the heartbeat comes in 30 s', async () => {
    const { till } = await watchedTill(openServer())
    expect(till.journal.nextPushDelayMs()).toBe(0)
    await pushAll(till.journal)
    expect(till.journal.nextPushDelayMs()).toBe(30_000)
    await sell(till)
    expect(till.journal.nextPushDelayMs()).toBe(0)
    await pushAll(till.journal)
    till.clock.advance(30_000)
    expect(await till.journal.pushOnce()).toEqual({ kind: 'beat' })
  })

  test('a hop that takes nothing is not asked in a loop', async () => {
    const server = openServer()
    const { till } = await watchedTill(server, () => ({
      push: async ({ requestId, epoch }) => ({
        requestId,
        generation: server.generation,
        serverAt: tenInTheMorning,
        head: { epoch, seq: 0, hash: 'A'.repeat(43) },
        marks: { stored: null, received: null, durable: null },
        quarantined: [],
        forked: [],
        retryAfterMs: null,
        maxBatch: { entries: 100, bytes: maxPushBytes },
      }),
    }))
    await till.journal.pushOnce()
    expect(await till.journal.pushOnce()).toMatchObject({ kind: 'failed' })
  })
})

describe('restored server', () => {
  test('[JRN-9g, JRN-9j, F20, F68] in a new generation every epoch is sent again from the head that the server has', async () => {
    const server = openServer()
    const { till } = await watchedTill(server)
    const first = await sell(till)
    await pushAll(till.journal)
    const backup = server.backup()
    const second = await sell(till)
    await pushAll(till.journal)
    server.restore(backup)
    const third = await sell(till)
    await pushAll(till.journal)
    for (const sale of [first, second, third]) expect(server.rows.effects.get(sale.identity)).toBe(1)
    expect(till.journal.status().notStored.entries).toBe(0)
  })

  test('[JRN-4s, JRN-9j] a server that lost everything learns the epochs from their first entries', async () => {
    const server = openServer()
    const empty = server.backup()
    const { till } = await watchedTill(server)
    const sale = await sell(till)
    await pushAll(till.journal)
    server.restore(empty)
    till.clock.advance(30_000)
    expect(await till.journal.pushOnce()).toMatchObject({ kind: 'failed' })
    await pushAll(till.journal)
    expect(server.rows.effects.get(sale.identity)).toBe(1)
  })

  test('[JRN-8j, JRN-9i] a mark that was passed down counts only when it is higher and its hash the till’s own', async () => {
    const server = openServer()
    let durable: { seq: number; hash: string } | undefined
    const { till } = await watchedTill(server, ({ heartbeat }) => ({
      heartbeat: async (request) => {
        const answer = await heartbeat(request)
        const { epoch } = answer.head
        const mark = durable && server.signMark('durable', { epoch, ...durable })
        return { ...answer, marks: { ...answer.marks, durable: mark ?? null } }
      },
    }))
    const [first, second] = [await sell(till), await sell(till)]
    await pushAll(till.journal)
    const beatWith = async (mark: { seq: number; hash: string }) => {
      durable = mark
      till.clock.advance(30_000)
      expect(await till.journal.pushOnce()).toEqual({ kind: 'beat' })
      return till.journal.status().notDurable.entries
    }
    expect(await beatWith({ seq: 2, hash: first.identity })).toBe(1)
    expect(await beatWith({ seq: 3, hash: first.identity })).toBe(1)
    expect(await beatWith({ seq: 3, hash: second.identity })).toBe(0)
    expect(await beatWith({ seq: 2, hash: first.identity })).toBe(0)
  })
})

describe('forks', () => {
  /** Two devices with one profile; the first has pushed what the second does not know. */
  async function cloned(server: MemoryServer) {
    const till = await enrolledTill(server, { wallMs: tenInTheMorning })
    await pushAll(till.journal)
    const disk = structuredClone(till.disk)
    const clone = await startTill(directTransport(server), { disk, seed: 44, wallMs: tenInTheMorning })
    const accepted = await sell(till)
    await pushAll(till.journal)
    return { till, clone, accepted }
  }

  test('[JRN-5d, F19] nothing that a server says changes an entry of the till', async () => {
    const server = openServer()
    const { clone } = await cloned(server)
    await sell(clone, 2)
    const before = structuredClone([...clone.disk.entries])
    await pushAll(clone.journal)
    for (const [place, record] of before) expect(clone.disk.entries.get(place)).toEqual(record)
  })

  test('[JRN-4e, F40] what is sent is what was stored, byte for byte', async () => {
    const { till, pushes } = await watchedTill(openServer())
    await sell(till)
    await pushAll(till.journal)
    const stored = [...till.disk.entries.values()].map(({ bytes }) =>
      Buffer.from(bytes).toString('base64url'),
    )
    expect(pushes.flatMap(({ entries }) => entries)).toEqual(stored)
  })

  test('[JRN-7i, JRN-7o] a till that is told of a fork takes a new epoch with a new key and re-homes what was not accepted', async () => {
    const server = openServer()
    const { clone, accepted } = await cloned(server)
    const forked = [await sell(clone, 2), await sell(clone, 2)]
    await pushAll(clone.journal)
    const [old, renewed] = clone.journal.status().epochs
    expect(old).toMatchObject({ state: 'rehomed', forkedFrom: 2 })
    expect(renewed?.keyId).not.toBe(old?.keyId)
    for (const sale of [accepted, ...forked]) expect(server.rows.effects.get(sale.identity)).toBe(1)
    expect(server.rows.forks.size).toBe(0)
    const next = await sell(clone)
    expect(next).toMatchObject({ epoch: renewed?.epoch, numbers: [`${renewed?.code}I26-000001`] })
  })

  test('[JRN-7j, JRN-7k] a re-homed entry holds identity, place and bytes; no cart, no number, nothing in totals', async () => {
    const server = openServer()
    const { clone } = await cloned(server)
    const forked = await sell(clone, 2)
    await pushAll(clone.journal)
    const renewed = clone.journal.status().epochs.at(-1)?.epoch ?? ''
    const [wrapper] = entriesOf(clone, renewed).filter(({ type }) => type === 'rehomed')
    const bytes = clone.disk.entries.get(`${forked.epoch}/${forked.seq}`)?.bytes ?? new Uint8Array()
    expect(wrapper).toMatchObject({ epoch: renewed, cart: null, totals: null, shift: null })
    expect(wrapper?.body).toEqual({
      identity: forked.identity,
      place: { epoch: forked.epoch, seq: forked.seq },
      bytes: Buffer.from(bytes).toString('base64url'),
    })
    expect((await sell(clone)).entry.totals).toMatchObject({ sales: 1, soldMinor: 49_900 })
  })

  test.each([
    { when: 'after', sales: 1 },
    { when: 'in the middle of', sales: 25 },
  ])('[JRN-7r] a wrapper lost in both copies $when re-homing is written again', async ({ sales }) => {
    const server = openServer()
    const { clone } = await cloned(server)
    const forked: CompletedSale[] = []
    for (let n = 0; n < sales; n++) forked.push(await sell(clone, 2))
    for (let kind = ''; kind !== 'rehomed'; ) ({ kind } = await clone.journal.pushOnce())
    const { disk } = clone
    const renewed = clone.journal.status().epochs.at(-1)?.epoch ?? ''
    const lost = entriesOf(clone, renewed).find(
      (entry) => entry.type === 'rehomed' && entry.body.identity === forked[0]?.identity,
    )
    const place = `${renewed}/${lost?.seq}`
    const record = disk.entries.get(place)
    if (record === undefined) throw new Error('The sale was written again')
    disk.entries.set(place, {
      ...record,
      bytes: record.bytes.map((byte, at) => (at === 100 ? byte ^ 1 : byte)),
    })
    disk.segments.clear()
    const again = await startTill(directTransport(server), { disk, seed: 46, wallMs: tenInTheMorning })
    expect(again.journal.findings()).toContainEqual({ kind: 'damaged', epoch: renewed, seq: lost?.seq })
    await pushAll(again.journal)
    for (const { identity } of forked) expect(server.rows.effects.get(identity)).toBe(1)
    expect(server.rows.forks.size).toBe(0)
    expect(again.journal.status().epochs.map(({ state }) => state)).toEqual(['rehomed', 'open'])
  })

  test('[JRN-7r, JRN-9j] a wrapper lost in both copies is written again where restored headquarters lost it too', async () => {
    const server = openServer()
    const { clone } = await cloned(server)
    const atFirst = server.backup()
    const forked = await sell(clone, 2)
    await pushAll(clone.journal)
    expect(server.rows.effects.get(forked.identity)).toBe(1)
    await sell(clone, 3)
    clone.power.cut()
    const { disk } = clone
    const renewed = disk.head?.epoch ?? ''
    const wrapper = entriesOf(clone, renewed).find(({ type }) => type === 'rehomed')
    const place = `${renewed}/${wrapper?.seq}`
    const record = disk.entries.get(place)
    if (record === undefined) throw new Error('The sale was written again')
    disk.entries.set(place, { ...record, bytes: record.bytes.with(100, 0).slice() })
    disk.segments.clear()
    server.restore(atFirst)
    const again = await startTill(directTransport(server), { disk, seed: 46, wallMs: tenInTheMorning })
    await pushAll(again.journal)
    expect(server.rows.effects.get(forked.identity)).toBe(1)
  })

  test('[JRN-7j] a re-homed entry that is forked again is re-homed by its innermost bytes', async () => {
    const server = openServer()
    const { clone } = await cloned(server)
    const forked = await sell(clone, 2)
    // The device is cloned when its new epoch was opened; both copies of it re-home, one of them first.
    const stepUntil = async ({ journal }: MemoryTill, wanted: string) => {
      let kind = ''
      for (let n = 0; n < 10 && kind !== wanted; n++) ({ kind } = await journal.pushOnce())
      expect(kind).toBe(wanted)
    }
    await stepUntil(clone, 'epoch-opened')
    const disk = structuredClone(clone.disk)
    const second = await startTill(directTransport(server), { disk, seed: 45, wallMs: tenInTheMorning })
    await stepUntil(second, 'rehomed')
    await pushAll(clone.journal)
    await pushAll(second.journal)
    expect(second.journal.status().epochs.map(({ state }) => state)).toEqual(['rehomed', 'rehomed', 'open'])
    const epochs = second.journal.status().epochs.map(({ epoch }) => epoch)
    const wrappers = epochs
      .flatMap((epoch) => entriesOf(second, epoch))
      .filter((entry) => entry.type === 'rehomed')
    for (const wrapper of wrappers) {
      const inner = decodeEntry(Buffer.from(wrapper.body.bytes, 'base64url'))
      expect(inner.kind === 'ok' && inner.entry.type).not.toBe('rehomed')
    }
    expect(server.rows.effects.get(forked.identity)).toBe(1)
  })

  test.each(['one copy', 'both copies'])(
    '[JRN-7t, JRN-10f] what is damaged in %s before it is written again is not written as it is',
    async (where) => {
      const server = openServer()
      const { clone } = await cloned(server)
      const [first, second] = [await sell(clone, 2), await sell(clone, 2)]
      // The device knows from where on it writes again, and has not begun.
      while (clone.journal.status().epochs[0]?.forkedFrom == null) await clone.journal.pushOnce()
      const place = `${first.epoch}/${first.seq}`
      const record = clone.disk.entries.get(place)
      if (record === undefined) throw new Error('The sale is on the device')
      const altered = (bytes: Uint8Array, at: number) => bytes.with(at, (bytes[at] ?? 0) ^ 0x20)
      clone.disk.entries.set(place, { ...record, bytes: altered(record.bytes, 300).slice() })
      for (const [name, bytes] of where === 'both copies' ? clone.disk.segments : []) {
        const at = Buffer.from(bytes).indexOf(record.bytes)
        if (at >= 0) clone.disk.segments.set(name, altered(bytes, at + 300).slice())
      }
      for (let step = 0; step < 12; step++) await clone.journal.pushOnce()
      expect(server.rows.quarantine.size).toBe(0)
      expect(server.rows.effects.get(second.identity)).toBe(1)
      const isLost = where === 'both copies'
      expect(server.rows.effects.get(first.identity)).toBe(isLost ? undefined : 1)
      expect(incidentsOf(clone).includes('start/damaged')).toBe(isLost)
    },
  )

  test('[JRN-7i, JRN-7t] what cannot be read while both copies fail is written again later', async () => {
    const server = openServer()
    const { clone } = await cloned(server)
    const forked = await sell(clone, 2)
    while (clone.journal.status().newEpoch !== 'forked') await clone.journal.pushOnce()
    while (clone.journal.status().newEpoch === 'forked') await clone.journal.pushOnce()
    while (clone.journal.status().epochs[0]?.forkedFrom == null) await clone.journal.pushOnce()
    clone.power.twinFails = true
    clone.power.primaryFails = 'error'
    for (let step = 0; step < 4; step++) await clone.journal.pushOnce()
    clone.power.twinFails = false
    clone.power.primaryFails = false
    await pushAll(clone.journal)
    expect(server.rows.effects.get(forked.identity)).toBe(1)
  })

  test('[JRN-7i, JRN-3a] a fork is known after the first copy forgot that it left the epoch', async () => {
    const server = openServer()
    const { clone } = await cloned(server)
    const atFirst = server.backup()
    const forked = await sell(clone, 2)
    while (clone.journal.status().newEpoch !== 'forked') await clone.journal.pushOnce()
    const { head, notes, entries, lastSeqs, endings, personal } = structuredClone(clone.disk)
    while (clone.journal.status().newEpoch === 'forked') await clone.journal.pushOnce()
    const next = await sell(clone, 2)
    clone.power.cut()
    Object.assign(clone.disk, { head, notes, entries, lastSeqs, endings, personal })
    // Nobody tells it of the fork once more.
    server.restore(atFirst)
    const again = await restart(server, clone)
    expect(again.journal.status().epochs.map(({ state }) => state)).toEqual(['forked', 'open'])
    await pushAll(again.journal)
    for (const { identity } of [forked, next]) expect(server.rows.effects.get(identity)).toBe(1)
  })

  test('[JRN-7i] sales go on while the new epoch cannot be had, and are re-homed with the others', async () => {
    const server = openServer()
    const { clone } = await cloned(server)
    const forked = await sell(clone, 2)
    const enrol = server.enrol.bind(server)
    server.enrol = () => {
      throw new Error('The hop is busy')
    }
    await clone.journal.pushOnce()
    expect(clone.journal.status().newEpoch).toBe('forked')
    expect(await clone.journal.pushOnce()).toMatchObject({ kind: 'failed' })
    const meanwhile = await sell(clone, 2)
    expect(meanwhile.epoch).toBe(forked.epoch)
    server.enrol = enrol
    await pushAll(clone.journal)
    for (const sale of [forked, meanwhile]) expect(server.rows.effects.get(sale.identity)).toBe(1)
  })

  test('[JRN-3j] a fork takes the spare away', async () => {
    const server = openServer()
    const { clone } = await cloned(server)
    await sell(clone, 2)
    server.enrol = () => {
      throw new Error('The hop is busy')
    }
    await clone.journal.pushOnce()
    expect(clone.journal.status().newEpoch).toBe('forked')
    expect(clone.disk.notes?.spare).toBeNull()
  })

  test('[JRN-3k] of two openings of one spare one is a fork: the loser enrols and re-homes', async () => {
    const server = openServer()
    const till = await enrolledTill(server, { wallMs: tenInTheMorning })
    await pushAll(till.journal)
    const disk = structuredClone(till.disk)
    const clone = await startTill(directTransport(server), { disk, seed: 48, wallMs: tenInTheMorning })
    const tomorrow = tenInTheMorning + 86_400_000
    const sales: CompletedSale[] = []
    for (const device of [till, clone]) {
      const cart = device.random.uuid(tenInTheMorning)
      await device.journal.confirmClock(tomorrow)
      sales.push(await device.journal.completeSale(cashSale(cart, [soldLine('1', 1, 1000, 100)], tomorrow)))
      await device.journal.confirmClock(tenInTheMorning)
      sales.push(await sell(device))
    }
    expect(sales[3]?.epoch).toBe(sales[1]?.epoch)
    await pushAll(till.journal)
    await pushAll(clone.journal)
    for (const { identity } of sales) expect(server.rows.effects.get(identity)).toBe(1)
    expect((await sell(clone)).epoch).not.toBe(sales[1]?.epoch)
  })

  test('[JRN-3k] the loser opens no spare that its hello brings: it waits for an enrolment', async () => {
    const server = openServer()
    const till = await enrolledTill(server, { wallMs: tenInTheMorning })
    await pushAll(till.journal)
    const disk = structuredClone(till.disk)
    const clone = await startTill(directTransport(server), { disk, seed: 48, wallMs: tenInTheMorning })
    const tomorrow = tenInTheMorning + 86_400_000
    for (const device of [till, clone]) {
      const cart = device.random.uuid(tenInTheMorning)
      await device.journal.confirmClock(tomorrow)
      await device.journal.completeSale(cashSale(cart, [soldLine('1', 1, 1000, 100)], tomorrow))
      await device.journal.confirmClock(tenInTheMorning)
    }
    const opened = (await sell(till)).epoch
    await pushAll(till.journal)
    expect((await sell(clone)).epoch).toBe(opened)
    expect(await clone.journal.pushOnce()).toEqual({ kind: 'greeted' })
    expect(clone.journal.status().newEpoch).toBe('forked')
    expect((await sell(clone)).epoch).toBe(opened)
    expect(await clone.journal.pushOnce()).toEqual({ kind: 'epoch-opened' })
    expect((await sell(clone)).epoch).not.toBe(opened)
  })

  test('[JRN-3e] a till that was rolled back takes a new epoch when its hop is ahead of it', async () => {
    const server = openServer()
    const till = await enrolledTill(server, { wallMs: tenInTheMorning })
    const earlier = structuredClone(till.disk)
    const known = await sell(till)
    await pushAll(till.journal)
    till.power.cut()
    const rolledBack = await startTill(directTransport(server), {
      disk: earlier,
      seed: 46,
      wallMs: tenInTheMorning,
    })
    expect(await rolledBack.journal.pushOnce()).toEqual({ kind: 'greeted' })
    expect(rolledBack.journal.status().newEpoch).toBe('behind')
    await pushAll(rolledBack.journal)
    const next = await sell(rolledBack)
    expect(next.epoch).not.toBe(known.epoch)
    expect(next.numbers).not.toEqual(known.numbers)
    await pushAll(rolledBack.journal)
    expect([known, next].map(({ identity }) => server.rows.effects.get(identity))).toEqual([1, 1])
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
    '[JRN-7i] a crash at write %i of taking a new epoch and re-homing loses and doubles nothing',
    async (write) => {
      const server = openServer()
      const { clone } = await cloned(server)
      const forked: CompletedSale[] = []
      for (let n = 0; n < 5; n++) forked.push(await sell(clone, 2))
      clone.power.plan('after-primary', write)
      await Promise.race([pushAll(clone.journal), clone.power.crashed])
      expect(clone.power.isOff).toBe(true)
      const again = await restart(server, clone)
      await pushAll(again.journal)
      for (const sale of forked) expect(server.rows.effects.get(sale.identity)).toBe(1)
    },
  )

  test('[JRN-19e] personal data travel with a re-homed entry', async () => {
    const server = openServer()
    const { clone } = await cloned(server)
    const draft = cashSale(clone.random.uuid(tenInTheMorning), [soldLine('1', 2, 1000, 100)])
    const sale = await clone.journal.completeSale({ ...draft, personal: { name: 'Asha' } })
    await pushAll(clone.journal)
    expect(server.rows.personal.get(sale.identity)?.data).toBe('{"name":"Asha"}')
  })
})

describe('enrolment', () => {
  test('[JRN-4u] a lost answer is asked for again with the same keys and gives the same epoch', async () => {
    const server = openServer()
    let lost = true
    const direct = directTransport(server)
    const transport: Transport = {
      ...direct,
      enrol: async (request) => {
        const answer = await direct.enrol(request)
        if (lost) throw new Error('The answer was lost')
        return answer
      },
    }
    const code = server.issueCode()
    const till = await startTill(transport, { wallMs: tenInTheMorning })
    await expect(till.journal.enrol({ code, storage })).rejects.toThrow('The answer was lost')
    lost = false
    const again = await startTill(transport, { disk: till.disk, seed: 47, wallMs: tenInTheMorning })
    await again.journal.enrol({ code, storage })
    expect(again.journal.status()).toMatchObject({ state: 'ready', head: { code: 'T001', seq: 1 } })
    expect(server.rows.enrolments.size).toBe(1)
  })

  test('[JRN-4u, JRN-1c] an enrolment whose answer was taken already is not opened again', async () => {
    const server = openServer()
    const code = server.issueCode()
    const till = await startTill(directTransport(server), { wallMs: tenInTheMorning })
    await till.journal.enrol({ code, storage })
    const sale = await sell(till)
    const { notes } = till.disk
    const keyId = notes?.epochs[0]?.keyId
    const spareKeyId = notes?.spare?.keyId
    if (notes === undefined || !keyId || !spareKeyId) throw new Error('The till is enrolled')
    // The device forgot that it had its answer, as one does that was put back to an earlier state.
    till.disk.notes = { ...notes, enrolling: { keyId, spareKeyId } }
    const again = await restart(server, till)
    const before = new Map(again.disk.entries)
    await again.journal.enrol({ code, storage })
    expect(again.disk.entries).toEqual(before)
    expect(again.disk.notes?.enrolling).toBeNull()
    await sell(again)
    await pushAll(again.journal)
    expect(server.rows.effects.get(sale.identity)).toBe(1)
  })

  test('[JRN-4q, JRN-4r] entry 1 holds the certificate, and names the head before it', async () => {
    const server = openServer()
    const till = await enrolledTill(server, { wallMs: tenInTheMorning })
    const [first] = entriesOf(till, till.journal.status().head?.epoch ?? '')
    expect(first).toMatchObject({ type: 'epoch-opened', seq: 1, body: { predecessor: null } })
    const { head } = till.journal.status()
    await till.journal.confirmClock(tenInTheMorning + 86_400_000)
    const cart = till.random.uuid(tenInTheMorning)
    const early = cashSale(cart, [soldLine('1', 1, 1000, 100)], tenInTheMorning + 86_400_000)
    const last = await till.journal.completeSale(early)
    await till.journal.confirmClock(tenInTheMorning)
    const next = await sell(till)
    const [opened] = entriesOf(till, next.epoch)
    expect(opened?.body).toMatchObject({
      predecessor: { epoch: head?.epoch, seq: last.seq, hash: last.identity },
    })
  })

  test('[JRN-3i] hello gives a new spare where the till has none', async () => {
    const server = openServer()
    const { till } = await watchedTill(server)
    const notes = till.disk.notes
    if (notes === undefined) throw new Error('An enrolled till has notes')
    till.disk.notes = { ...notes, spare: null }
    const again = await restart(server, till)
    await again.journal.pushOnce()
    expect(again.disk.notes?.spare).toMatchObject({ code: 'T003' })
  })

  test('[JRN-21c] a till that a manager retired says so, and still sends what it has', async () => {
    const server = openServer()
    const { till } = await watchedTill(server)
    const hello = server.hello.bind(server)
    server.hello = (request) => ({ ...hello(request), closed: [request.epoch] })
    const sale = await sell(till)
    await pushAll(till.journal)
    expect(till.journal.status().state).toBe('retired')
    expect(server.rows.effects.get(sale.identity)).toBe(1)
  })
})
