import { describe, expect, onTestFinished, test } from 'vitest'
import type { Transport } from '../ports.ts'
import { prepareEntry } from '../server/prepare-push.ts'
import { cashSale, soldLine, tenInTheMorning } from '../testing/bills.ts'
import {
  type Disk,
  MemoryHop,
  MemoryServer,
  type MemoryTill,
  memoryHq,
  seededRandom,
  startTill,
} from '../testing/index.ts'
import { nodeSha256 } from '../testing/memory-ports.ts'
import { type TwoHops, twoHops } from '../till/two-hops.ts'
import type { HqLink } from './types.ts'

const storage = { persisted: true, quotaBytes: null, usageBytes: null }

type Shop = {
  hq: MemoryServer
  hop: MemoryHop
  line: { up: boolean; requests: string[] }
  clock: { now: number }
  till(seed: number, disk?: Disk): Promise<ShopTill>
}
type ShopTill = MemoryTill & { near: { up: boolean }; far: { up: boolean }; hops: TwoHops }

/** Headquarters, a store server, and tills that prefer it. */
function openShop(seed = 1): Shop {
  const clock = { now: tenInTheMorning }
  const line = { up: true, requests: [] as string[] }
  const hq = new MemoryServer(seededRandom(seed), () => clock.now)
  const direct = memoryHq(hq)
  const carried = <A extends unknown[], T>(name: string, ask: (...args: A) => Promise<T>) => {
    return async (...args: A) => {
      if (!line.up) throw new Error('No line')
      line.requests.push(name)
      return await ask(...args)
    }
  }
  const link: HqLink = {
    standing: carried('standing', direct.standing),
    push: carried('push', direct.push),
    parcel: carried('parcel', direct.parcel),
  }
  const hop = new MemoryHop(link, seededRandom(seed + 1), () => clock.now)
  return {
    hq,
    hop,
    line,
    clock,
    async till(tillSeed, disk) {
      const near = { up: true }
      const far = { up: true }
      const hops: { way?: TwoHops } = {}
      const to = (state: { up: boolean }, server: Omit<Transport, 'hop' | 'enrol'>): Transport => ({
        enrol: async (request) => {
          if (!state.up || !line.up) throw new Error('No way')
          return structuredClone(hq.enrol(request))
        },
        hello: async (request) => {
          if (!state.up) throw new Error('No way')
          return structuredClone(await server.hello(request))
        },
        push: async (request) => {
          if (!state.up) throw new Error('No way')
          return structuredClone(await server.push(request))
        },
        heartbeat: async (request) => {
          if (!state.up) throw new Error('No way')
          return structuredClone(await server.heartbeat(request))
        },
      })
      const nearHop = {
        name: 'shop',
        transport: to(near, {
          hello: async (request) => hop.hello(request),
          push: async (request) => hop.push(request),
          heartbeat: async (request) => hop.server.heartbeat(request),
        }),
        answers: async () => near.up,
      }
      const farHop = to(far, {
        hello: async (request) => hq.hello(request),
        push: async (request) => hq.push(request),
        heartbeat: async (request) => hq.heartbeat(request),
      })
      const way = twoHops(farHop, () => nearHop, { monotonicMs: () => clock.now })
      hops.way = way
      const till = await startTill(way, { seed: tillSeed, wallMs: clock.now, ...(disk && { disk }) })
      if (till.journal.status().state === 'new') {
        await till.journal.enrol({ code: hq.issueCode(), storage })
      }
      return { ...till, near, far, hops: way }
    },
  }
}

let lastCart = 0
async function sell({ journal, random }: MemoryTill, sales = 1): Promise<void> {
  for (let sale = 0; sale < sales; sale++) {
    const { at } = journal.status()
    const line = soldLine('a', 1 + (lastCart++ % 5), 1000, 11_800)
    await journal.completeSale(cashSale(random.uuid(at), [line], at))
  }
}

/** Alters a byte of an entry in both copies of a device that is off. */
function damage(disk: Disk, place: string): void {
  const record = disk.entries.get(place)
  if (record === undefined) throw new Error(`${place} is not on the device`)
  const altered = (bytes: Uint8Array, at: number) => bytes.with(at, (bytes[at] ?? 0) ^ 0x20)
  for (const [name, segment] of disk.segments) {
    const at = Buffer.from(segment).indexOf(record.bytes)
    if (at >= 0) disk.segments.set(name, Uint8Array.from(altered(segment, at + 100)))
  }
  disk.entries.set(place, { ...record, bytes: Uint8Array.from(altered(record.bytes, 100)) })
}

/** The till's own sync until nothing is left to do. */
async function sync({ journal }: MemoryTill, steps = 60): Promise<void> {
  for (let step = 0; step < steps; step++) {
    const outcome = await journal.pushOnce()
    if (outcome.kind === 'idle') return
  }
}

/** The store server's forwarding until it rests; time goes by where it waits. */
async function forward({ hop, clock }: Shop, steps = 300): Promise<void> {
  let calm = 0
  for (let step = 0; step < steps && calm < 3; step++) {
    const outcome = await hop.forwarder.step()
    calm = outcome.kind === 'idle' || outcome.kind === 'asked' ? calm + 1 : 0
    clock.now += Math.max(1, Math.min(hop.forwarder.nextDelayMs(), 61_000))
  }
}

/** Entries of a journal that took effect, and how often. */
const acted = ({ rows }: MemoryServer) => rows.effects
const bytesOf = ({ rows }: MemoryServer) =>
  [...rows.slots].map(([place, { hash }]) => `${place} ${hash}`).sort()

/** Whatever exists anywhere; what living tills hold took effect, or waits to be read. */
function everythingIsOnceAtHq({ hq, hop }: Shop, disks: readonly Disk[]): void {
  for (const [identity, times] of acted(hq)) expect(times, identity).toBe(1)
  for (const [identity, times] of acted(hop.server)) expect(times, identity).toBe(1)
  const held = new Set<string>()
  const hold = (bytes: Uint8Array) => {
    const prepared = prepareEntry(bytes, nodeSha256)
    const { hash } = prepared.inner ?? prepared
    held.add(hash)
  }
  for (const disk of disks) for (const { bytes } of disk.entries.values()) hold(bytes)
  for (const identity of held) {
    expect(hq.rows.identities.get(identity)?.state, identity).toMatch(/^(acted|quarantine)$/)
  }
  for (const { bytes } of hop.server.rows.slots.values()) hold(bytes)
  for (const { bytes } of hop.server.rows.forks.values()) hold(bytes)
  for (const identity of held) {
    const state = hq.rows.identities.get(identity)?.state
    expect(state, `${identity} at HQ`).toMatch(/^(acted|quarantine|fork)$/)
  }
}

describe('a store server forwards', () => {
  test('[JRN-20a, JRN-5a, JRN-19e] bytes, people’s data and signed heads reach HQ as the till wrote them', async () => {
    const shop = openShop()
    const till = await shop.till(3)
    await till.journal.completeSale({
      ...cashSale(till.random.uuid(till.journal.status().at), [soldLine('a', 1, 1000, 500)], tenInTheMorning),
      personal: { name: 'Asha' },
    })
    await sell(till, 4)
    await sync(till)
    expect(shop.hq.rows.slots.size).toBe(0)
    await forward(shop)
    expect(bytesOf(shop.hq)).toEqual(bytesOf(shop.hop.server))
    expect(shop.hq.rows.slots.size).toBe(6)
    expect([...shop.hq.rows.personal.values()]).toEqual([...shop.hop.server.rows.personal.values()])
    const epoch = till.journal.status().head?.epoch ?? ''
    expect(shop.hq.rows.checkpoints.get(epoch)?.[0]).toEqual(shop.hop.server.rows.checkpoints.get(epoch)?.[0])
    expect(shop.hq.rows.checkpoints.get(epoch)?.[0]?.checkpoint.seq).toBe(6)
  })

  test('[JRN-20a] from HQ’s head + 1: what HQ has is not sent again, also after a start', async () => {
    const shop = openShop()
    const till = await shop.till(3)
    await sell(till, 3)
    await sync(till)
    await forward(shop)
    shop.hop.restart()
    shop.line.requests.length = 0
    await sell(till, 1)
    await sync(till)
    await forward(shop)
    expect(shop.line.requests.filter((name) => name === 'push').length).toBe(1)
    expect(bytesOf(shop.hq)).toEqual(bytesOf(shop.hop.server))
  })

  test('[JRN-20a] one push an epoch is under way, several epochs go side by side', async () => {
    const shop = openShop()
    const tills = [await shop.till(3), await shop.till(4), await shop.till(5)]
    for (const till of tills) {
      await sell(till, 2)
      await sync(till)
    }
    await shop.hop.forwarder.step()
    let inFlight = 0
    let most = 0
    const pushing = new Map<string, number>()
    const { push } = shop.hq
    shop.hq.push = (request) => {
      pushing.set(request.epoch, (pushing.get(request.epoch) ?? 0) + 1)
      expect(pushing.get(request.epoch)).toBe(1)
      most = Math.max(most, ++inFlight)
      setImmediate(() => {
        inFlight--
        pushing.delete(request.epoch)
      })
      return push.call(shop.hq, request)
    }
    await Promise.all([1, 2, 3, 4].map(() => shop.hop.forwarder.step()))
    expect(most).toBe(3)
  })

  test('[JRN-8k] without a line it waits with jitter between one and sixty seconds, and loses nothing', async () => {
    const shop = openShop()
    const till = await shop.till(3)
    await sell(till, 2)
    await sync(till)
    shop.line.up = false
    for (let failure = 0; failure < 12; failure++) {
      expect((await shop.hop.forwarder.step()).kind).toBe('failed')
      expect(shop.hop.forwarder.nextDelayMs()).toBeLessThanOrEqual(60_000)
      shop.clock.now += shop.hop.forwarder.nextDelayMs()
    }
    shop.line.up = true
    await forward(shop)
    expect(bytesOf(shop.hq)).toEqual(bytesOf(shop.hop.server))
  })

  test('[JRN-20e, JRN-20i, JRN-7a] the same entries by the till itself and by the store server act once', async () => {
    const shop = openShop()
    const till = await shop.till(3)
    await sell(till, 3)
    await sync(till)
    till.near.up = false
    await sell(till, 2)
    await sync(till)
    await sync(till)
    expect(shop.hq.rows.slots.size).toBe(6)
    till.near.up = true
    await till.hops.look()
    await sell(till, 1)
    await sync(till)
    await forward(shop)
    expect(bytesOf(shop.hq)).toEqual(bytesOf(shop.hop.server))
    everythingIsOnceAtHq(shop, [till.disk])
  })

  test('[JRN-9j, JRN-20a, F68] HQ restored to an older state is asked again and gets everything again', async () => {
    const shop = openShop()
    const till = await shop.till(3)
    await sell(till, 2)
    await sync(till)
    await forward(shop)
    const backup = shop.hq.backup()
    await sell(till, 5)
    await sync(till)
    await forward(shop)
    shop.hq.restore(backup)
    expect(shop.hq.rows.slots.size).toBe(3)
    shop.clock.now += 30_000
    await forward(shop)
    expect(bytesOf(shop.hq)).toEqual(bytesOf(shop.hop.server))
    expect(shop.hq.rows.slots.size).toBe(8)
  })

  test('[JRN-20g] restored itself it has a new generation, gets back what tills and HQ hold, and forwards it', async () => {
    const shop = openShop()
    const till = await shop.till(3)
    await sell(till, 2)
    await sync(till)
    const backup = shop.hop.backup()
    const before = shop.hop.server.generation
    await sell(till, 3)
    await sync(till)
    await forward(shop)
    await sell(till, 2)
    await sync(till)
    shop.hop.restore(backup)
    expect(shop.hop.server.generation).not.toBe(before)
    await sell(till, 1)
    await sync(till)
    await forward(shop)
    expect(bytesOf(shop.hq)).toEqual(bytesOf(shop.hop.server))
    expect(shop.hq.rows.slots.size).toBe(9)
    everythingIsOnceAtHq(shop, [till.disk])
  })

  test('[JRN-20g] its loss loses nothing that tills hold: an empty one in its place is filled again', async () => {
    const shop = openShop()
    const till = await shop.till(3)
    await sell(till, 4)
    await sync(till)
    shop.hop.restore({ rows: new MemoryServer(seededRandom(9), () => 0).rows, marks: new Map() })
    await sell(till, 1)
    await sync(till)
    await forward(shop)
    expect(shop.hq.rows.slots.size).toBe(6)
  })

  test('[JRN-10c, JRN-20a] what it cannot read is forwarded like everything else', async () => {
    const shop = openShop()
    shop.hop.server.unknownTypes = new Set(['sale'])
    const till = await shop.till(3)
    await sell(till, 3)
    await sync(till)
    expect(shop.hop.server.rows.quarantine.size).toBe(3)
    await forward(shop)
    expect(bytesOf(shop.hq)).toEqual(bytesOf(shop.hop.server))
    expect(shop.hq.rows.quarantine.size).toBe(0)
    expect(acted(shop.hq).size).toBe(4)
  })

  test('[JRN-10i] an epoch that HQ refuses holds up no other', async () => {
    const shop = openShop()
    const [one, two] = [await shop.till(3), await shop.till(4)]
    for (const till of [one, two]) {
      await sell(till, 2)
      await sync(till)
    }
    // The older epoch's checkpoint is damaged: HQ refuses its credentials.
    const epoch = one.journal.status().head?.epoch ?? ''
    const [signed] = shop.hop.server.rows.checkpoints.get(epoch) ?? []
    shop.hop.server.rows.checkpoints.set(epoch, signed ? [{ ...signed, signature: 'AAAA' }] : [])
    await forward(shop)
    expect(shop.hq.rows.slots.size).toBe(3)
    shop.hop.server.rows.checkpoints.set(epoch, signed ? [signed] : [])
    shop.clock.now += 60_000
    await forward(shop)
    expect(shop.hq.rows.slots.size).toBe(6)
  })
})

describe('a till was cloned', () => {
  /** One register on two devices: the store server knows one branch, HQ the other. */
  async function branches(ofShop: number, ofHq: number) {
    const shop = openShop()
    const till = await shop.till(3)
    await sell(till, 1)
    await sync(till)
    await forward(shop)
    const clone = await shop.till(4, structuredClone(till.disk))
    clone.near.up = false
    await sell(clone, ofHq)
    await sync(clone)
    await sync(clone)
    await sell(till, ofShop)
    await sync(till)
    return { shop, till, clone }
  }

  test('[JRN-7n, JRN-7o, JRN-20h] HQ’s branch is taken over, its till is told, and every sale acts once', async () => {
    const { shop, till, clone } = await branches(3, 2)
    const epoch = till.journal.status().head?.epoch ?? ''
    await forward(shop)
    // HQ kept the shop's branch aside, the shop has HQ's.
    expect(shop.hq.rows.forks.size).toBe(3)
    expect(shop.hop.server.rows.slots.get(`${epoch}/3`)).toEqual(shop.hq.rows.slots.get(`${epoch}/3`))
    expect(shop.hop.server.rows.forks.size).toBe(3)
    await sell(till, 1)
    await sync(till)
    expect(till.journal.status().head?.epoch).not.toBe(epoch)
    await forward(shop)
    expect(bytesOf(shop.hq)).toEqual(bytesOf(shop.hop.server))
    expect([...acted(shop.hq).keys()].sort()).toEqual([...acted(shop.hop.server).keys()].sort())
    everythingIsOnceAtHq(shop, [till.disk, clone.disk])
    expect(shop.hq.rows.forks.size).toBe(0)
  })

  test('[JRN-7n, JRN-10f, JRN-20a] HQ’s branch is taken over where it ends inside a hole of the store server', async () => {
    const shop = openShop()
    const till = await shop.till(3)
    await sell(till, 1)
    await sync(till)
    await forward(shop)
    const clone = await shop.till(4, structuredClone(till.disk))
    clone.near.up = false
    await sell(clone, 1)
    await sync(clone)
    await sync(clone)
    await sell(till, 2)
    const epoch = till.journal.status().head?.epoch ?? ''
    till.power.cut()
    damage(till.disk, `${epoch}/3`)
    await sync(await shop.till(5, till.disk))
    expect(shop.hop.server.rows.epochs.get(epoch)?.holes).toMatchObject([{ fromSeq: 3, toSeq: 3 }])
    await forward(shop)
    expect(shop.hop.server.rows.slots.get(`${epoch}/3`)).toEqual(shop.hq.rows.slots.get(`${epoch}/3`))
    expect(shop.hop.server.rows.epochs.get(epoch)).toMatchObject({ head: { seq: 3 }, holes: [] })
  })

  test('[JRN-7n, JRN-10f, JRN-20a] HQ’s branch is taken over where it begins with a hole, behind one of the store server', async () => {
    const shop = openShop()
    const till = await shop.till(3)
    await sync(till)
    await forward(shop)
    await sell(till, 1)
    const clone = await shop.till(4, structuredClone(till.disk))
    const epoch = till.journal.status().head?.epoch ?? ''
    await sell(till, 1)
    till.power.cut()
    damage(till.disk, `${epoch}/2`)
    await sync(await shop.till(5, till.disk))
    await sell(clone, 2)
    clone.power.cut()
    damage(clone.disk, `${epoch}/3`)
    const ofClone = await shop.till(6, clone.disk)
    ofClone.near.up = false
    await sync(ofClone)
    await sync(ofClone)
    const holes = (server: MemoryServer) => server.rows.epochs.get(epoch)?.holes
    expect(holes(shop.hop.server)).toMatchObject([{ fromSeq: 2, toSeq: 2 }])
    expect(holes(shop.hq)).toMatchObject([{ fromSeq: 3, toSeq: 3 }])
    await forward(shop)
    expect(shop.hop.server.rows.slots.get(`${epoch}/4`)).toEqual(shop.hq.rows.slots.get(`${epoch}/4`))
    expect(holes(shop.hop.server)).toMatchObject([
      { fromSeq: 2, toSeq: 2 },
      { fromSeq: 3, toSeq: 3 },
    ])
  })

  test.each([2, 3])(
    '[JRN-7n, JRN-10f, JRN-20a] HQ’s branch, which parts at 2, is taken over where the store server’s ends in a hole of HQ at %i',
    async (lost) => {
      const shop = openShop()
      const till = await shop.till(3)
      await sync(till)
      await forward(shop)
      const clone = await shop.till(4, structuredClone(till.disk))
      await sell(till, lost - 1)
      const epoch = till.journal.status().head?.epoch ?? ''
      till.power.cut()
      damage(till.disk, `${epoch}/${lost}`)
      const ofTill = await shop.till(5, till.disk)
      ofTill.near.up = false
      await sync(ofTill)
      await sync(ofTill)
      await sell(clone, lost - 1)
      await sync(clone)
      // It writes its sales again and sends that past the store server: headquarters has them by their identity.
      clone.power.cut()
      const ofClone = await shop.till(6, clone.disk)
      ofClone.near.up = false
      for (let round = 0; round < 3; round++) await sync(ofClone)
      expect(ofClone.journal.status().epochs.map(({ state }) => state)).toEqual(['rehomed', 'open'])
      expect(shop.hq.rows.epochs.get(epoch)?.holes).toMatchObject([{ fromSeq: lost, toSeq: lost }])
      expect(shop.hop.server.rows.epochs.get(epoch)).toMatchObject({ head: { seq: lost }, holes: [] })
      shop.hop.restart()
      await forward(shop)
      for (const seq of [2, 3, 4]) {
        const place = `${epoch}/${seq}`
        expect(shop.hop.server.rows.slots.get(place)).toEqual(shop.hq.rows.slots.get(place))
      }
      expect(shop.hop.server.rows.epochs.get(epoch)?.holes).toMatchObject([{ fromSeq: lost, toSeq: lost }])
    },
  )

  test('[JRN-20a, JRN-7h] a branch of a till that is gone reaches HQ’s forks, longer than one push', async () => {
    const { shop, till } = await branches(130, 1)
    till.power.cut()
    await forward(shop)
    expect(shop.hq.rows.forks.size).toBe(130)
    expect(shop.hop.server.rows.forks.size).toBe(130)
    everythingIsOnceAtHq(shop, [])
  })
})

describe('anything may go wrong', () => {
  test.each(Array.from({ length: 60 }, (_, n) => n + 1))(
    '[JRN-20a, JRN-20e, JRN-20g, JRN-7n] history %i ends with everything once at HQ',
    async (seed) => {
      const shop = openShop(seed * 100)
      const dice = seededRandom(seed)
      const below = (most: number) => {
        const [a = 0, b = 0] = dice.bytes(2)
        return ((a << 8) | b) % most
      }
      const tills: ShopTill[] = [await shop.till(seed * 1000 + 1), await shop.till(seed * 1000 + 2)]
      const gone: ShopTill[] = []
      let hqBackup = shop.hq.backup()
      let hopBackup = shop.hop.backup()
      const trace: string[] = []
      onTestFinished(({ task }) => {
        if (task.result?.state === 'fail') console.error(trace.join('\n'))
      })
      for (let action = 0; action < 60; action++) {
        shop.clock.now += 1 + below(60_000)
        const till = tills[below(tills.length)]
        if (till === undefined) break
        till.clock.advance(1_000 + below(60_000))
        const luck = below(100)
        trace.push(`${luck} ${tills.indexOf(till)}`)
        if (luck < 30) await sell(till, 1 + below(3))
        else if (luck < 50) await sync(till, 1 + below(4))
        else if (luck < 72) for (let n = below(5); n >= 0; n--) await shop.hop.forwarder.step()
        else if (luck < 77) shop.line.up = !shop.line.up
        else if (luck < 82) till.near.up = !till.near.up
        else if (luck < 86) till.far.up = !till.far.up
        else if (luck < 88) hqBackup = shop.hq.backup()
        else if (luck < 90) hopBackup = shop.hop.backup()
        else if (luck < 92) shop.hq.restore(hqBackup)
        else if (luck < 94) shop.hop.restore(hopBackup)
        else if (luck < 96) shop.hop.restart()
        else if (luck < 98 && tills.length < 4) {
          tills.push(await shop.till(seed * 1000 + 10 + action, structuredClone(till.disk)))
        } else if (luck >= 98 && tills.length > 1) gone.push(...tills.splice(tills.indexOf(till), 1))
      }
      shop.line.up = true
      for (const till of tills) {
        till.near.up = true
        till.far.up = true
        await till.hops.look()
      }
      for (let round = 0; round < 8; round++) {
        shop.clock.now += 61_000
        for (const till of tills) {
          till.clock.advance(61_000)
          await sync(till, 400)
        }
        await forward(shop, 400)
      }
      everythingIsOnceAtHq(
        shop,
        tills.map(({ disk }) => disk),
      )
      expect(shop.hop.forwarder.waiting).toBe(0)
      for (const [place, { hash }] of shop.hop.server.rows.slots) {
        expect(shop.hq.rows.slots.get(place)?.hash, place).toBe(hash)
      }
    },
  )
})
