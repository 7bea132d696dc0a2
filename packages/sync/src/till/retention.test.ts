import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeEntry } from '../entry/decode.ts'
import type { PushRequest } from '../messages.ts'
import type { Transport } from '../ports.ts'
import { cashSale, counterContext, soldLine, tenInTheMorning } from '../testing/bills.ts'
import type { CrashPoint, Disk } from '../testing/memory-ports.ts'
import { MemoryServer } from '../testing/memory-server.ts'
import { directTransport, enrolledTill, type MemoryTill, pushAll, startTill } from '../testing/memory-till.ts'
import { readJournalFile } from '../testing/read-journal-file.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import type { Retention } from './retention.ts'
import { readSegment } from './twin-record.ts'

const day = 86_400_000
/** A till that keeps 20 entries below `durable`, or those of 45 days. */
const kept: Retention = { entries: 20, ms: 45 * day }

/** A hop whose clock is moved by hand, and a till of it. */
class Shop {
  now = tenInTheMorning
  readonly server = new MemoryServer(seededRandom(7), () => this.now)
  #till: MemoryTill | undefined
  #kept = kept
  #carts = 0

  get till(): MemoryTill {
    if (this.#till === undefined) throw new Error('The shop is opened first')
    return this.#till
  }

  get disk(): Disk {
    return this.till.disk
  }

  get epoch(): string {
    return this.till.journal.status().head?.epoch ?? ''
  }

  async open(retention = kept): Promise<this> {
    this.#kept = retention
    this.#till = await enrolledTill(this.server, { wallMs: this.now, kept: retention })
    return this
  }

  async sell(count: number): Promise<string[]> {
    const numbers: string[] = []
    for (let n = 0; n < count; n++) {
      const cart = seededRandom(++this.#carts).uuid(this.now)
      const sale = cashSale(cart, [soldLine('1', 1, 1000, 49_900)], this.now)
      const personal = { name: `Customer ${this.#carts}` }
      const written = await this.till.journal.completeSale({
        ...sale,
        context: { ...counterContext, shift: null },
        personal,
      })
      numbers.push(...written.numbers)
    }
    return numbers
  }

  /** Everything is sent, and HQ's second domain has it up to `seq`, or all of it. */
  async archive(seq = Number.POSITIVE_INFINITY): Promise<void> {
    await pushAll(this.till.journal)
    for (const { epoch } of this.till.journal.status().epochs) this.server.archived.set(epoch, seq)
    await this.greet()
  }

  /** Days go by, for till and hop. */
  pass(ms: number): void {
    this.now += ms
    this.till.clock.advance(ms)
  }

  /** The till says hello and so hears the marks and the time. */
  async greet(): Promise<void> {
    await this.restart()
    await pushAll(this.till.journal)
  }

  async restart(transport: Transport = directTransport(this.server)): Promise<void> {
    this.till.power.cut()
    this.#till = await startTill(transport, {
      disk: this.disk,
      seed: 50 + this.#carts,
      wallMs: this.now,
      kept: this.#kept,
    })
  }

  async forgetAll(): Promise<void> {
    while (await this.till.journal.forgetOld());
  }

  /** The first copy is gone; the files are all that is left. */
  loseDatabase(): void {
    Object.assign(this.disk, { head: undefined, notes: undefined })
    for (const map of [this.disk.entries, this.disk.lastSeqs, this.disk.endings]) map.clear()
  }

  /** Seqs of the present epoch that each copy holds. */
  held(epoch = this.epoch): { primary: number[]; twin: number[] } {
    const { entries, segments } = this.disk
    const primary = [...entries.values()].filter((entry) => entry.epoch === epoch).map(({ seq }) => seq)
    const twin = [...segments.values()].flatMap((bytes) => readSegment(bytes).entries)
    const twinned = new Set(twin.filter((entry) => entry.epoch === epoch).map(({ seq }) => seq))
    return { primary: primary.sort((a, b) => a - b), twin: [...twinned].sort((a, b) => a - b) }
  }

  base(epoch = this.epoch) {
    return this.disk.notes?.epochs.find((note) => note.epoch === epoch)?.base
  }
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

describe('what a till keeps (JRN-9e)', () => {
  test('[JRN-9e] only what is below a `durable` goes, and the newest 20,000 of it or 45 days stay, whichever is more', async () => {
    const shop = await new Shop().open()
    await shop.sell(60)
    await shop.archive(40)
    await shop.forgetAll()
    // Nothing is old enough.
    expect(shop.held().primary).toEqual(range(1, 61))
    shop.pass(46 * day)
    await shop.sell(1)
    await shop.greet()
    await shop.forgetAll()
    // 40 are durable; 20 of those stay, and all above.
    expect(shop.held().primary).toEqual([1, ...range(21, 62)])
    expect(shop.base()).toMatchObject({ seq: 20, mark: { seq: 40 } })
    expect(shop.disk.personal.size).toBe(61 - 19)
    await shop.archive()
    await shop.forgetAll()
    expect(shop.held().primary).toEqual([1, ...range(43, 62)])
  })

  test('[JRN-9e] what is younger than 45 days stays, however much it is', async () => {
    const shop = await new Shop().open()
    await shop.sell(30)
    shop.pass(30 * day)
    await shop.sell(30)
    shop.pass(20 * day)
    await shop.archive()
    await shop.forgetAll()
    expect(shop.held().primary).toEqual([1, ...range(32, 61)])
  })

  test('[JRN-9e, JRN-9n, I6] nothing goes by a mark that HQ did not sign, or whose hash is not the till’s own', async () => {
    const shop = await new Shop().open()
    await shop.sell(60)
    await pushAll(shop.till.journal)
    shop.pass(46 * day)
    const direct = directTransport(shop.server)
    const spoilt = (spoil: (mark: { hash: string; signature: string | null }) => void): Transport => ({
      ...direct,
      hello: async (request) => {
        const answer = await direct.hello(request)
        for (const { durable } of answer.marks) if (durable !== null) spoil(durable)
        return answer
      },
    })
    shop.server.archived.set(shop.epoch, 60)
    for (const spoil of [
      (mark: { signature: string | null }) => {
        mark.signature = 'forged'
      },
      (mark: { signature: string | null }) => {
        mark.signature = null
      },
      (mark: { hash: string }) => {
        mark.hash = 'A'.repeat(43)
      },
    ]) {
      await shop.restart(spoilt(spoil))
      await shop.till.journal.pushOnce()
      await shop.forgetAll()
      expect(shop.held().primary).toEqual(range(1, 61))
    }
    await shop.greet()
    await shop.forgetAll()
    expect(shop.held().primary.length).toBeLessThan(61)
  })

  test('[JRN-9n] a till that does not know HQ’s key deletes nothing, whatever a server says', async () => {
    const shop = await new Shop().open()
    await shop.sell(60)
    await shop.archive()
    shop.pass(46 * day)
    const { notes } = shop.disk
    if (notes !== undefined) delete notes.keys
    const direct = directTransport(shop.server)
    const keyless: Transport = {
      ...direct,
      hello: async (request) => {
        const { keys: _, ...answer } = await direct.hello(request)
        return answer
      },
    }
    await shop.restart(keyless)
    await pushAll(shop.till.journal)
    await shop.forgetAll()
    expect(shop.held().primary).toEqual(range(1, 61))
  })

  test('[JRN-9n] a later enrolment key of strangers changes nothing: the first one is kept', async () => {
    const shop = await new Shop().open()
    const before = shop.disk.notes?.keys
    const direct = directTransport(shop.server)
    await shop.restart({
      ...direct,
      hello: async (request) => ({
        ...(await direct.hello(request)),
        keys: { enrolment: 'c3RyYW5nZXI', hq: { key: 'e30', signature: 'c3RyYW5nZXI' } },
      }),
    })
    await pushAll(shop.till.journal)
    expect(shop.disk.notes?.keys).toEqual(before)
    expect(before?.hq).toBe('hq-key')
  })

  test('[JRN-9e] the shift that is going on stays whole', async () => {
    const shop = await new Shop().open()
    await shop.sell(10)
    const { journal } = shop.till
    const context = { ...counterContext, shift: '00000000-0000-7000-8000-0000000000cc' }
    for (let n = 0; n < 50; n++) {
      await journal.append({ type: 'drawer-opened', context, body: { drawer: null, reason: 'x' } })
    }
    await shop.archive()
    shop.pass(46 * day)
    await shop.greet()
    await shop.forgetAll()
    expect(shop.held().primary).toEqual([1, ...range(12, 61)])
  })

  test('[JRN-9e, JRN-9j] in a new generation nothing goes until its own marks come', async () => {
    const shop = await new Shop().open()
    await shop.sell(60)
    await shop.archive()
    shop.pass(46 * day)
    shop.server.restore(shop.server.backup())
    shop.server.archived.clear()
    await shop.greet()
    await shop.forgetAll()
    expect(shop.held().primary).toEqual(range(1, 61))
  })
})

describe('a till that has deleted', () => {
  async function trimmed(): Promise<{ shop: Shop; numbers: string[] }> {
    const shop = await new Shop().open()
    const numbers = await shop.sell(60)
    await shop.archive()
    shop.pass(46 * day)
    await shop.greet()
    await shop.forgetAll()
    return { shop, numbers }
  }

  test('[JRN-9o, JRN-3a, JRN-4t] starts without findings, checks its older part, and goes on counting', async () => {
    const { shop } = await trimmed()
    await shop.restart()
    const { journal } = shop.till
    expect(journal.findings()).toEqual([])
    expect(await journal.checkOlder()).toEqual([])
    expect(shop.held().primary).toEqual([1, ...range(42, 61)])
    expect(await shop.sell(1)).toEqual([expect.stringMatching(/000061$/)])
    const record = shop.disk.entries.get(`${shop.epoch}/62`)
    const decoded = record && decodeEntry(record.bytes)
    expect(decoded?.kind === 'ok' && decoded.entry.totals).toMatchObject({ sales: 61 })
  })

  test('lists the bills that it holds, and finds none of the others', async () => {
    const { shop, numbers } = await trimmed()
    const bills = await shop.till.journal.lastBills(100)
    expect(bills.flatMap(({ entry }) => entry.body.documents.map(({ number }) => number))).toEqual(
      numbers.slice(-20).reverse(),
    )
    expect(await shop.till.journal.findBill(numbers[0] ?? '')).toBeUndefined()
    expect(await shop.till.journal.findBill(numbers.at(-1) ?? '')).toBeDefined()
  })

  test('[JRN-9o, JRN-2] the files shrink too, and with the database gone they are the whole till', async () => {
    const { shop } = await trimmed()
    await shop.restart()
    await shop.forgetAll()
    expect(shop.held().twin).toEqual([1, ...range(42, 61)])
    const before = structuredClone(shop.disk.head)
    shop.loseDatabase()
    await shop.restart()
    expect(shop.till.journal.findings().map(({ kind }) => kind)).toEqual(['primary-lost'])
    // The findings are journalled, so the head is one further.
    expect(shop.disk.head).toMatchObject({
      epoch: before?.epoch,
      seq: 62,
      totals: before?.totals,
      series: before?.series,
    })
    expect(shop.held().primary).toEqual([1, ...range(42, 62)])
    expect(shop.base(before?.epoch)).toMatchObject({ seq: 41, mark: { seq: 61 } })
  })

  test('[JRN-3a] with the files gone, the database fills them from the base on', async () => {
    const { shop } = await trimmed()
    shop.disk.segments.clear()
    await shop.restart()
    await shop.till.journal.checkOlder()
    expect(shop.held().twin).toEqual([1, ...range(42, shop.disk.head?.seq ?? 0)])
    expect(shop.held().primary).toEqual(shop.held().twin)
  })

  test('[JRN-3g] a head record of a branch that lost is counted anew from the base', async () => {
    const { shop } = await trimmed()
    const { head, notes } = shop.disk
    if (head === undefined || notes === undefined) throw new Error('The till is enrolled')
    const right = { totals: head.totals, series: head.series }
    // An older record of the same place that never was: its totals are of nothing.
    shop.disk.head = { ...head, seq: 60, hash: 'A'.repeat(43), totals: { ...head.totals, sales: 1 } }
    await shop.restart()
    await shop.till.journal.confirmClock(shop.now)
    expect(shop.disk.head).toMatchObject(right)
  })

  test('[JRN-8g, JRN-4t] tells HQ that has less of a hole, entry 1 ahead of it', async () => {
    const { shop } = await trimmed()
    const backup = shop.server.backup()
    backup.epochs.clear()
    backup.slots.clear()
    backup.identities.clear()
    shop.server.restore(backup)
    const pushes: PushRequest[] = []
    const direct = directTransport(shop.server)
    await shop.restart({
      ...direct,
      push: async (request) => {
        pushes.push(structuredClone(request))
        return await direct.push(request)
      },
    })
    await pushAll(shop.till.journal)
    expect(pushes.map(({ firstSeq, hole }) => [firstSeq, hole?.fromSeq, hole?.toSeq])).toEqual([
      [1, undefined, undefined],
      [42, 2, 41],
    ])
    expect(shop.server.rows.notices.map(({ code }) => code)).toContain('hole-declared')
    expect(shop.server.rows.epochs.get(shop.epoch)?.head.seq).toBe(61)
  })

  test('[JRN-8i] a hop that has less gets HQ’s mark as the base: no hole, no incident', async () => {
    const { shop } = await trimmed()
    const hop = new MemoryServer(seededRandom(8), () => shop.now)
    hop.isHop = true
    await shop.restart(directTransport(hop))
    await pushAll(shop.till.journal)
    expect(hop.rows.epochs.get(shop.epoch)).toMatchObject({
      head: { seq: 61 },
      holes: [{ fromSeq: 2, toSeq: 41 }],
    })
    expect(hop.rows.notices).toEqual([])
  })

  test('[JRN-8i] a mark of another hash, epoch or signer covers no hole', async () => {
    for (const spoil of [{ hash: 'A'.repeat(43) }, { signature: 'forged' }, { seq: 40 }]) {
      const { shop } = await trimmed()
      const hop = new MemoryServer(seededRandom(8), () => shop.now)
      hop.isHop = true
      const direct = directTransport(hop)
      await shop.restart({
        ...direct,
        push: async (request) => {
          return await direct.push(
            request.base ? { ...request, base: { ...request.base, ...spoil } } : request,
          )
        },
      })
      await pushAll(shop.till.journal)
      expect(hop.rows.notices.map(({ code }) => code)).toEqual(['hole-declared'])
    }
  })

  test('[JRN-12b] exports where its journal begins', async () => {
    const { shop } = await trimmed()
    const file = await readJournalFile(shop.till.journal.exportLines())
    expect(file.epochs).toMatchObject([{ holes: [{ fromSeq: 2, toSeq: 41 }] }])
    expect(file.epochs[0]?.entries.map(({ seq }) => seq)).toEqual([1, ...range(42, 61)])
  })
})

describe('epochs that were left', () => {
  test('[JRN-9o] the files know where an old epoch begins, also when those that said it are gone', async () => {
    const shop = await new Shop().open({ ...kept, entries: 0 })
    await shop.sell(30)
    await shop.archive()
    const first = shop.epoch
    shop.pass(46 * day)
    const { notes } = shop.disk
    if (notes === undefined) throw new Error('The till is enrolled')
    notes.newEpoch = 'broken'
    await shop.greet()
    await shop.sell(30)
    await shop.forgetAll()
    expect(shop.held(first).primary).toEqual([1, 31])
    await shop.archive()
    shop.pass(46 * day)
    await shop.greet()
    await shop.forgetAll()
    shop.loseDatabase()
    await shop.restart()
    expect(shop.till.journal.findings().map(({ kind }) => kind)).toEqual(['primary-lost'])
    expect(shop.base(first)).toMatchObject({ seq: 30 })
  })

  test('[JRN-9c] a forked entry goes once its re-homed one is durable, and not before', async () => {
    const shop = await new Shop().open({ ...kept, entries: 0 })
    await shop.sell(30)
    await pushAll(shop.till.journal)
    const clone = structuredClone(shop.disk)
    // A clone of the profile sells on and is the first to send: the till's own branch is the fork.
    const other = await startTill(directTransport(shop.server), { disk: clone, seed: 77, wallMs: shop.now })
    const sale = cashSale(seededRandom(901).uuid(shop.now), [soldLine('1', 2, 1000, 100)], shop.now)
    await other.journal.completeSale(sale)
    await pushAll(other.journal)
    const forked = shop.epoch
    await shop.sell(5)
    await pushAll(shop.till.journal)
    expect(shop.epoch).not.toBe(forked)
    expect(shop.till.journal.status().epochs[0]).toMatchObject({ state: 'rehomed', forkedFrom: 32 })
    await shop.sell(30)
    await pushAll(shop.till.journal)
    shop.pass(46 * day)
    shop.server.archived.set(forked, 31)
    await shop.greet()
    await shop.forgetAll()
    // The common part is durable in its place; the fork is not anywhere yet.
    expect(shop.held(forked).primary.filter((seq) => seq >= 32)).toEqual(range(32, 36))
    shop.server.archived.set(shop.epoch, 5)
    await shop.greet()
    await shop.forgetAll()
    expect(shop.held(forked).primary.filter((seq) => seq >= 32)).toEqual(range(32, 36))
    shop.server.archived.set(shop.epoch, Number.POSITIVE_INFINITY)
    await shop.greet()
    await shop.forgetAll()
    // The first and the last entry of an epoch stay.
    expect(shop.held(forked).primary).toEqual([1, 36])
  })

  test('[JRN-9o] nothing goes while entries are waiting to be re-homed', async () => {
    const shop = await new Shop().open()
    await shop.sell(60)
    await shop.archive()
    shop.pass(46 * day)
    await shop.greet()
    const { notes } = shop.disk
    if (notes === undefined) throw new Error('The till is enrolled')
    notes.newEpoch = 'forked'
    notes.spare = null
    await shop.restart({
      ...directTransport(shop.server),
      enrol: async () => {
        throw new Error('no line')
      },
    })
    await shop.forgetAll()
    expect(shop.held().primary).toEqual(range(1, 61))
  })
})

const points: readonly CrashPoint[] = [
  'before-primary',
  'after-primary',
  'before-twin',
  'torn-twin',
  'after-twin',
  'before-trim',
  'after-trim',
]

test('[JRN-9o, I6, F01] power that goes at any point of deleting leaves a till that starts well and has all it must keep', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...points), fc.integer({ min: 1, max: 3 })), { maxLength: 6 }),
      fc.integer({ min: 25, max: 120 }),
      fc.boolean(),
      async (crashes, sales, losesDatabase) => {
        const shop = await new Shop().open()
        await shop.sell(sales)
        await shop.archive(sales + 1)
        shop.pass(46 * day)
        await shop.sell(3)
        await shop.greet()
        const head = structuredClone(shop.disk.head)
        for (const [point, nth] of crashes) {
          shop.till.power.plan(point, nth)
          await Promise.race([shop.till.power.crashed, shop.forgetAll().catch(() => undefined)])
          await shop.restart()
          expect(shop.till.journal.findings()).toEqual([])
          await pushAll(shop.till.journal)
        }
        await shop.forgetAll()
        if (losesDatabase) shop.loseDatabase()
        await shop.restart()
        expect(await shop.till.journal.checkOlder()).toEqual([])
        const last = shop.disk.head?.seq ?? 0
        const held = shop.held(head?.epoch)
        const beginSeq = Math.max(2, sales + 2 - kept.entries)
        expect(held.primary).toEqual([1, ...range(beginSeq, last)])
        expect(held.twin.filter((seq) => seq >= beginSeq)).toEqual(range(beginSeq, last))
        expect(shop.disk.head?.totals).toEqual(head?.totals)
        expect(shop.disk.head?.series).toEqual(head?.series)
      },
    ),
    { numRuns: 40 },
  )
})
