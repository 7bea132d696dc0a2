import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toBase64Url } from '../canonical/base64url.ts'
import { canonicalJson } from '../canonical/json.ts'
import { fromUtf8, utf8 } from '../canonical/utf8.ts'
import type { PushRequest } from '../messages.ts'
import { ChainWriter, personalOf, uuidOf, type WrittenEntry } from '../testing/entries.ts'
import { memoryVerify, nodeSha256 } from '../testing/memory-ports.ts'
import { MemoryServer, Refused } from '../testing/memory-server.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { decide } from './decide.ts'
import { preparePush } from './prepare-push.ts'
import type { PreparedPush } from './types.ts'

const now = 1_795_321_800_000

function openServer(): MemoryServer {
  return new MemoryServer(seededRandom(1), () => now)
}

/** How often an entry took effect, and what is known of it. */
function fateOf(
  server: MemoryServer,
  { hash }: WrittenEntry,
): { state: string | undefined; effects: number } {
  return { state: server.rows.identities.get(hash)?.state, effects: server.rows.effects.get(hash) ?? 0 }
}

const acted = { state: 'acted', effects: 1 }
const inQuarantine = { state: 'quarantine', effects: 0 }
const inFork = { state: 'fork', effects: 0 }

/** Bytes of an entry whose parsed form was changed. */
function changed({ bytes }: WrittenEntry, change: object): Uint8Array {
  return utf8(canonicalJson({ ...JSON.parse(fromUtf8(bytes)), ...change }))
}

function codes(server: MemoryServer): string[] {
  return server.rows.notices.map(({ code }) => code)
}

test('[JRN-5a, JRN-9a] a push is stored byte for byte, acts, and moves the head', () => {
  const server = openServer()
  const chain = new ChainWriter()
  const sale = chain.sell()
  const answer = server.push(chain.push())
  expect(answer.head).toEqual({ epoch: chain.certificate.epoch, ...chain.head })
  expect(answer).toMatchObject({ forked: [], quarantined: [], requestId: uuidOf(9_001) })
  expect(answer.marks.stored).toMatchObject({ seq: 2, hash: sale.hash, generation: server.generation })
  expect(server.rows.slots.get(`${chain.certificate.epoch}/2`)?.bytes).toEqual(new Uint8Array(sale.bytes))
  expect(fateOf(server, sale)).toEqual(acted)
  expect(server.rows.sold.get(1)).toBe(1000)
})

test('[JRN-7a, JRN-8e, F30] the same push again is acknowledged and changes nothing', () => {
  const server = openServer()
  const chain = new ChainWriter()
  const sale = chain.sell()
  const first = server.push(chain.push())
  const before = server.backup()
  expect(server.push(chain.push())).toEqual(first)
  expect(server.rows).toEqual(before)
  expect(fateOf(server, sale)).toEqual(acted)
})

test('[JRN-7a] two copies of one push in one group are decided in turn and act once', () => {
  const server = openServer()
  const chain = new ChainWriter()
  const sale = chain.sell()
  const [first, second] = server.pushGroup([chain.push(), chain.push()])
  expect(second).toEqual(first)
  expect(fateOf(server, sale)).toEqual(acted)
})

test('[JRN-13a] order is the place, not the time: an entry from yesterday behind one from today is no fault', () => {
  const server = openServer()
  const chain = new ChainWriter()
  chain.sell()
  const earlier = chain.sell({ changes: { at: now - 86_400_000 } })
  expect(server.push(chain.push())).toMatchObject({ forked: [], quarantined: [], head: { seq: 3 } })
  expect(fateOf(server, earlier)).toEqual(acted)
  expect(server.rows.discrepancies).toEqual([])
})

test('[JRN-8a] pushes that overlap and go on are taken from the head on', () => {
  const server = openServer()
  const chain = new ChainWriter()
  chain.sell()
  server.push(chain.push())
  const last = chain.sell()
  expect(server.push(chain.push(1)).head.seq).toBe(3)
  expect(fateOf(server, last)).toEqual(acted)
})

test('[JRN-8f] beyond head + 1 nothing is stored; the answer names the head', () => {
  const server = openServer()
  const chain = new ChainWriter()
  chain.sell()
  server.push(chain.push(1, 1))
  chain.sell()
  const before = server.backup()
  expect(server.push(chain.push(3)).head).toMatchObject({ seq: 1 })
  expect(server.rows).toEqual(before)
})

describe('the first entry', () => {
  test('[JRN-4s] an epoch that the server does not know is proved by its certificate', () => {
    const server = openServer()
    const chain = new ChainWriter()
    server.push(chain.push())
    expect(server.rows.epochs.get(chain.certificate.epoch)).toMatchObject({ code: 'KOR2A', head: { seq: 1 } })
  })

  test('[JRN-4t, JRN-10h] an unknown epoch without its first entry has head 0 and nothing is stored', () => {
    const server = openServer()
    const chain = new ChainWriter()
    chain.sell()
    const before = server.backup()
    expect(server.push(chain.push(2)).head.seq).toBe(0)
    expect(server.rows).toEqual(before)
  })

  test('[JRN-10h] a certificate that the enrolment key did not sign proves nothing', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const forged = new ChainWriter({ epoch: uuidOf(555) })
    const { bytes } = chain.entries[0] ?? forged.entries[0] ?? { bytes: new Uint8Array() }
    const entry = JSON.parse(fromUtf8(bytes))
    entry.body.certificateSignature = 'A'.repeat(86)
    const push = { ...chain.push(1, 1), entries: [toBase64Url(utf8(canonicalJson(entry)))] }
    expect(() => server.push(push)).toThrow(Refused)
    expect(server.rows.epochs.size).toBe(0)
  })

  test('[JRN-4q] an epoch that begins with something else is flagged, not refused', () => {
    const server = openServer()
    const odd = new ChainWriter()
    const { prevHash } = odd.entries[0]?.entry ?? {}
    const first = changed(odd.openDrawer(), { seq: 1, prevHash })
    server.rows.epochs.set(odd.certificate.epoch, {
      ...odd.certificate,
      kind: 'till',
      state: 'open',
      head: { seq: 0, hash: prevHash ?? '' },
      totals: null,
      holes: [],
      marks: { received: null, durable: null },
    })
    const hash = toBase64Url(nodeSha256(first))
    const checkpoint = odd.checkpoint({ seq: 1, hash })
    server.push({ ...odd.push(1, 1), entries: [toBase64Url(first)], checkpoint })
    expect(server.rows.discrepancies).toContain('first-entry')
    expect(server.rows.effects.get(hash)).toBe(1)
  })
})

describe('credentials', () => {
  const wrong: [name: string, change: (push: PushRequest, chain: ChainWriter) => Partial<PushRequest>][] = [
    ['another signature', (push) => ({ checkpoint: { ...push.checkpoint, signature: 'A'.repeat(86) } })],
    ['a head below the push', (_, chain) => ({ checkpoint: chain.checkpoint(chain.entries[0]) })],
    [
      'another hash at its end',
      (_, chain) => ({ checkpoint: chain.checkpoint({ seq: 2, hash: 'A'.repeat(43) }) }),
    ],
    ['another register', () => ({ register: uuidOf(77) })],
    ['entries that are no base64url', () => ({ entries: ['A'] })],
  ]
  test.each(wrong)('[JRN-10h] a push with %s stores nothing and changes nothing', (_, change) => {
    const server = openServer()
    const chain = new ChainWriter()
    chain.sell()
    server.push(chain.push(1, 1))
    const before = server.backup()
    const push = chain.push()
    expect(() => server.push({ ...push, ...change(push, chain) })).toThrow(Refused)
    expect(server.rows).toEqual(before)
  })

  test('[JRN-3l] a register whose key is gone sends its old epoch under the key of its new one', () => {
    const server = openServer()
    const old = new ChainWriter()
    server.push(old.push())
    const renewed = new ChainWriter({ epoch: uuidOf(101), code: 'KOR2B' })
    server.push(renewed.push())
    const sale = old.sell()
    server.push({ ...old.push(2), checkpoint: renewed.checkpoint() })
    expect(fateOf(server, sale)).toEqual(acted)
  })
})

describe('forks', () => {
  test('[JRN-7h] another entry at a taken place is kept aside with its successors, and people are told', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const clone = chain.fork()
    const accepted = chain.sell()
    const [first, second] = [clone.sell({ product: 2 }), clone.sell({ product: 2 })]
    server.push(chain.push())
    const answer = server.push(clone.push())
    expect(answer).toMatchObject({ forked: [2, 3], head: { seq: 2, hash: accepted.hash } })
    expect(fateOf(server, first)).toEqual(inFork)
    expect(fateOf(server, second)).toEqual(inFork)
    expect(server.rows.forks.get(second.hash)?.bytes).toEqual(new Uint8Array(second.bytes))
    expect(codes(server)).toEqual(['fork'])
    expect(server.rows.sold.get(2)).toBeUndefined()
  })

  test('[JRN-3k] a spare that two devices opened is a fork from its first entry on', () => {
    const server = openServer()
    const winner = new ChainWriter()
    const loser = new ChainWriter()
    const [opening] = loser.entries.splice(0)
    if (opening === undefined) throw new Error('An epoch begins with its opening')
    const second = loser.add(changed(opening, { at: opening.entry.at + 1 }), opening.entry)
    const [kept, aside] = [winner.sell(), loser.sell({ product: 2 })]
    const [taken, refused] = server.pushGroup([winner.push(), loser.push()])
    expect(taken).toMatchObject({ forked: [], head: winner.head })
    expect(refused).toMatchObject({ forked: [1, 2], head: winner.head })
    expect([second, aside].map((entry) => fateOf(server, entry))).toEqual([inFork, inFork])
    expect(fateOf(server, kept)).toEqual(acted)
    expect(codes(server)).toEqual(['fork'])
  })

  test('[JRN-7h] an entry whose prevHash is not the accepted one goes to the fork store', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const clone = chain.fork()
    chain.sell()
    clone.openDrawer()
    const stray = clone.sell()
    server.push(chain.push())
    expect(server.push(clone.push(3))).toMatchObject({ forked: [3], head: { seq: 2 } })
    expect(fateOf(server, stray)).toEqual(inFork)
  })

  test('[JRN-7h] a fork that is pushed again is acknowledged as forked and told once', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const clone = chain.fork()
    chain.sell()
    clone.sell({ product: 2 })
    server.push(chain.push())
    server.push(clone.push())
    const before = server.backup()
    expect(server.push(clone.push()).forked).toEqual([2])
    expect(server.rows).toEqual(before)
  })

  test('[JRN-7s] what a server keeps aside behind an entry that is lost for good is kept aside here too', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const clone = chain.fork()
    const accepted = chain.sell()
    clone.sell({ product: 2 })
    clone.sell({ product: 2 })
    const beyond = [clone.sell({ product: 2 }), clone.sell({ product: 2 })]
    server.push(chain.push())
    expect(server.push(clone.push(4))).toMatchObject({ forked: [], head: { seq: 2 } })
    const answer = server.push({ ...clone.push(4), aside: true })
    expect(answer).toMatchObject({ forked: [4, 5], head: { seq: 2, hash: accepted.hash } })
    for (const entry of beyond) expect(fateOf(server, entry)).toEqual(inFork)
    expect(codes(server)).toEqual(['fork'])
  })

  test('[JRN-7s] what is said to be kept aside and follows the head takes its slot all the same', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const sale = chain.sell()
    expect(server.push({ ...chain.push(), aside: true })).toMatchObject({ forked: [], head: chain.head })
    expect(fateOf(server, sale)).toEqual(acted)
  })

  test('[JRN-7l, F31] a re-homed entry acts once, by its own identity and figures', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const clone = chain.fork()
    chain.sell()
    const forked = clone.sell({ product: 2 })
    const renewed = new ChainWriter({ epoch: uuidOf(101), code: 'KOR2B' })
    const wrapper = renewed.rehome(forked)
    server.push(chain.push())
    server.push(clone.push())
    server.push(renewed.push())
    server.push(renewed.push())
    expect(fateOf(server, forked)).toEqual(acted)
    expect(fateOf(server, wrapper)).toEqual(acted)
    expect(server.rows.forks.size).toBe(0)
    expect(server.rows.sold.get(2)).toBe(1000)
  })

  test('[JRN-7l] a re-homed entry that was accepted at its own place after all does not act again', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const sale = chain.sell()
    const renewed = new ChainWriter({ epoch: uuidOf(101), code: 'KOR2B' })
    renewed.rehome(sale)
    server.push(renewed.push())
    server.push(chain.push())
    expect(fateOf(server, sale)).toEqual(acted)
  })

  test('[JRN-20e] an entry acts once, whatever the paths it comes by and however often', () => {
    const acting = (order: readonly number[]) => {
      const server = openServer()
      const chain = new ChainWriter()
      const clone = chain.fork()
      const sales = [chain.sell(), clone.sell({ product: 2 })]
      const renewed = ['KOR2B', 'KOR2C'].map((code, index) => {
        const epoch = new ChainWriter({ epoch: uuidOf(101 + index), code })
        for (const sale of sales) epoch.rehome(sale)
        return epoch
      })
      const paths = [chain, clone, ...renewed].map((writer) => writer.push())
      const pushes = [...order, ...paths.keys()].flatMap((path) => paths[path] ?? [])
      for (const push of pushes) {
        server.push(push)
        for (const { hash } of sales) expect(server.rows.effects.get(hash) ?? 0).toBeLessThanOrEqual(1)
      }
      expect(sales.map((sale) => fateOf(server, sale))).toEqual([acted, acted])
      expect([server.rows.sold.get(1), server.rows.sold.get(2)]).toEqual([1000, 1000])
    }
    fc.assert(fc.property(fc.array(fc.nat(3), { maxLength: 10 }), acting))
  })

  test('[JRN-7j] of a wrapper in a wrapper the innermost entry acts', () => {
    const server = openServer()
    const sale = new ChainWriter().sell()
    const second = new ChainWriter({ epoch: uuidOf(101) })
    const third = new ChainWriter({ epoch: uuidOf(102) })
    third.rehome(second.rehome(sale))
    server.push(third.push())
    expect(fateOf(server, sale)).toEqual(acted)
  })

  test('[JRN-7m] a re-homed entry keeps its place and takes its wrapper’s slot', () => {
    const server = openServer()
    const sale = new ChainWriter().sell()
    const renewed = new ChainWriter({ epoch: uuidOf(101), code: 'KOR2B' })
    renewed.openDrawer()
    renewed.rehome(sale)
    const effects = decideOn(server, renewed.push()).rows.effects
    expect(effects.at(-1)).toMatchObject({
      identity: sale.hash,
      place: { epoch: uuidOf(100), seq: 2 },
      slot: { epoch: uuidOf(101), seq: 3 },
      via: 'rehomed',
    })
  })

  test('[JRN-10c] a re-homed entry that cannot be read waits in quarantine, its wrapper’s slot is taken', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const odd = chain.add(changed(chain.openDrawer(), { type: 'teleport' }), chain.openDrawer().entry)
    const renewed = new ChainWriter({ epoch: uuidOf(101) })
    renewed.rehome(odd)
    const sale = renewed.sell()
    expect(server.push(renewed.push()).head.seq).toBe(3)
    expect(fateOf(server, odd)).toEqual(inQuarantine)
    expect(fateOf(server, sale)).toEqual(acted)
  })

  test('[JRN-10c] a wrapper whose bytes are not of the identity that it names waits', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const renewed = new ChainWriter({ epoch: uuidOf(101) })
    const place = { epoch: uuidOf(100), seq: 2 }
    const bytes = toBase64Url(chain.sell().bytes)
    const wrapper = renewed.write('rehomed', { identity: 'A'.repeat(43), place, bytes })
    server.push(renewed.push())
    expect(fateOf(server, wrapper)).toEqual(inQuarantine)
    expect(server.rows.quarantine.get(wrapper.hash)?.reason).toBe('inner-mismatch')
  })

  test('[JRN-7n] a fork whose predecessor is accepted after all takes its slots', () => {
    const server = openServer()
    const chain = new ChainWriter()
    server.push(chain.push())
    const early = server.backup()
    const first = chain.sell()
    const second = chain.sell()
    const clone = new ChainWriter().fork()
    clone.openDrawer()
    server.push(clone.push())
    server.push(chain.push())
    expect(fateOf(server, second)).toEqual(inFork)
    // A backup of before the clone comes back, with the forks that were kept.
    server.restore({ ...early, forks: server.rows.forks, identities: server.rows.identities })
    server.rows.identities.delete(first.hash)
    server.rows.forks.delete(first.hash)
    expect(server.push(chain.push(2, 2)).head).toMatchObject({ seq: 3, hash: second.hash })
    expect(fateOf(server, second)).toEqual(acted)
    expect(server.rows.forks.has(second.hash)).toBe(false)
  })
})

describe('quarantine', () => {
  const unread: [reason: string, bytes: (chain: ChainWriter) => Uint8Array][] = [
    ['unreadable', () => Uint8Array.of(0xff, 0xfe)],
    ['unknown-type', (chain) => changed(chain.fork().openDrawer(), { type: 'teleport' })],
    ['schema-failed', (chain) => changed(chain.fork().openDrawer(), { body: { reason: 5 } })],
    ['too-large', (chain) => changed(chain.fork().openDrawer(), { padding: 'x'.repeat(90 * 1024) })],
    ['wrong-place', (chain) => changed(chain.fork().openDrawer(), { seq: 7 })],
    ['wrong-place', (chain) => changed(chain.fork().openDrawer(), { epoch: uuidOf(55) })],
  ]
  test.each(unread)(
    '[JRN-10c, JRN-10g] %s bytes take their slot, wait, and block nothing behind',
    (reason, bytesOf) => {
      const server = openServer()
      const chain = new ChainWriter()
      const odd = chain.add(bytesOf(chain), chain.fork().openDrawer().entry)
      const sale = chain.sell()
      const answer = server.push(chain.push())
      expect(answer).toMatchObject({ quarantined: [2], forked: [], head: { seq: 3, hash: sale.hash } })
      expect(server.rows.quarantine.get(odd.hash)).toMatchObject({ reason, bytes: new Uint8Array(odd.bytes) })
      expect(fateOf(server, odd)).toEqual(inQuarantine)
      expect(fateOf(server, sale)).toEqual(acted)
      expect(server.push(chain.push()).quarantined).toEqual([2])
    },
  )

  test('[JRN-8d, JRN-10e] a body of another place waits even when its prevHash fits', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const misplaced = chain.add(changed(chain.fork().sell(), { seq: 3 }), chain.fork().sell().entry)
    server.push(chain.push())
    expect(fateOf(server, misplaced)).toEqual(inQuarantine)
  })

  test('[JRN-10d] released by a person, an entry acts once', () => {
    const server = openServer()
    const till = new ChainWriter()
    server.unknownTypes = new Set(['drawer-opened'])
    const waiting = till.openDrawer()
    server.push(till.push())
    server.unknownTypes = new Set()
    const hq = serverChain(server)
    const place = { epoch: waiting.entry.epoch, seq: waiting.seq }
    const release = {
      identity: waiting.hash,
      place,
      outcome: 'act',
      reason: 'newer',
      personalHash: null,
    } as const
    hq.write('quarantine-released', release)
    server.push(hq.push(2))
    expect(fateOf(server, waiting)).toEqual(acted)
    hq.write('quarantine-released', release)
    server.push(hq.push(3))
    expect(fateOf(server, waiting)).toEqual(acted)
    expect(server.rows.quarantine.size).toBe(0)
  })

  test('[JRN-10d] an entry that a person drops never acts, whatever comes later', () => {
    const server = openServer()
    const till = new ChainWriter()
    server.unknownTypes = new Set(['drawer-opened'])
    const waiting = till.openDrawer()
    server.push(till.push())
    server.unknownTypes = new Set()
    const hq = serverChain(server)
    const place = { epoch: waiting.entry.epoch, seq: waiting.seq }
    const drop = {
      identity: waiting.hash,
      place,
      outcome: 'drop',
      reason: 'test',
      personalHash: null,
    } as const
    hq.write('quarantine-released', drop)
    server.push(hq.push(2))
    const renewed = new ChainWriter({ epoch: uuidOf(101) })
    renewed.rehome(waiting)
    server.push(renewed.push())
    expect(fateOf(server, waiting)).toEqual({ state: 'acted', effects: 0 })
  })

  test('[JRN-10d] a release that names another place than the entry’s own releases nothing', () => {
    const server = openServer()
    const till = new ChainWriter()
    server.unknownTypes = new Set(['drawer-opened'])
    const waiting = till.openDrawer()
    server.push(till.push())
    server.unknownTypes = new Set()
    const hq = serverChain(server)
    const place = { epoch: waiting.entry.epoch, seq: waiting.seq + 1 }
    hq.write('quarantine-released', {
      identity: waiting.hash,
      place,
      outcome: 'act',
      reason: 'test',
      personalHash: null,
    })
    expect(decideOn(server, hq.push(2)).rows.decided).toEqual([])
    server.push(hq.push(2))
    expect(fateOf(server, waiting)).toEqual(inQuarantine)
  })

  test('[JRN-10d, JRN-14c] a released sale is compared with the bills that came meanwhile', () => {
    const server = openServer()
    const till = new ChainWriter()
    const twin = till.fork()
    server.push(till.push())
    setState(server, till, 'stolen')
    const waiting = till.sell({ cart: uuidOf(42) })
    server.push(till.push(2))
    const renewed = new ChainWriter({ epoch: uuidOf(101), code: 'KOR2B' })
    const other = twin.sell({ cart: uuidOf(42), product: 2 })
    renewed.rehome(other)
    server.push(renewed.push())
    const hq = serverChain(server)
    const place = { epoch: waiting.entry.epoch, seq: waiting.seq }
    const outcome = 'act' as const
    hq.write('quarantine-released', {
      identity: waiting.hash,
      place,
      outcome,
      reason: 'test',
      personalHash: null,
    })
    const { rows } = decideOn(server, hq.push(2))
    expect(rows.notices.map(({ code }) => code)).toEqual(['cart-closed-twice', 'number-twice'])
    expect(rows.bearers.map(({ identity, number }) => [identity, number])).toEqual([
      [other.hash, 'KOR2AI26-000001'],
      [waiting.hash, 'KOR2AI26-000001'],
    ])
  })

  test('[JRN-21a, JRN-21b, JRN-10j] a handover closes the epoch it names, and the last one rules', () => {
    const server = openServer()
    const till = new ChainWriter()
    server.push(till.push())
    const hq = serverChain(server)
    const { register, epoch } = till.certificate
    const body = { register, epoch, afterSeq: 1, lostNumbers: [], reason: 'broken', personalHash: null }
    const stateOf = () => server.rows.epochs.get(epoch)?.state
    hq.write('handover', { ...body, declaration: 'clean' })
    server.push(hq.push(2))
    expect([stateOf(), codes(server)]).toEqual(['closed', []])
    hq.write('handover', { ...body, declaration: 'stolen' })
    server.push(hq.push(3))
    expect([stateOf(), codes(server)]).toEqual(['stolen', ['device-stolen']])
    hq.write('handover', { ...body, register: uuidOf(77), declaration: 'clean' })
    hq.write('handover', { ...body, epoch: hq.certificate.epoch, declaration: 'clean' })
    expect(decideOn(server, hq.push(4)).rows.decided).toEqual([])
    server.push(hq.push(4))
    expect(stateOf()).toBe('stolen')
  })

  test('[JRN-10j] a stolen device that begins a new life stays stolen; another device of the register does not', () => {
    const server = openServer()
    const till = new ChainWriter()
    server.push(till.push())
    setState(server, till, 'stolen')
    const predecessor = { epoch: till.certificate.epoch, ...till.head }
    const spare = new ChainWriter({ epoch: uuidOf(101), code: 'KOR2B', predecessor })
    const replacement = new ChainWriter({ epoch: uuidOf(102), code: 'KOR2C' })
    const [theirs, ours] = [spare.sell(), replacement.sell({ cart: uuidOf(5) })]
    server.pushGroup([spare.push(), replacement.push()])
    expect([fateOf(server, theirs), fateOf(server, ours)]).toEqual([inQuarantine, acted])
  })

  test.each([
    ['a hole of its own', 2, 3, true],
    ['a part of it', 3, 3, true],
    ['more than was declared', 2, 4, false],
    ['what is no hole', 5, 5, false],
    ['an order that is none', 3, 2, false],
  ])('[JRN-9d, I10] giving up %s', (_, fromSeq, toSeq, counts) => {
    const server = openServer()
    const till = new ChainWriter()
    for (let n = 0; n < 4; n++) till.sell({ cart: uuidOf(40 + n) })
    server.push(till.push(1, 1))
    const lastHash = till.entries[2]?.hash ?? ''
    server.push(till.push(4, 5, { hole: { fromSeq: 2, toSeq: 3, lastHash } }))
    const hq = serverChain(server)
    const { epoch } = till.certificate
    const claim = hq.write('hole-lost', { epoch, fromSeq, toSeq, reason: 'test', personalHash: null })
    expect(decideOn(server, hq.push(2)).rows.decided).toEqual(counts ? [claim.hash] : [])
    server.push(hq.push(2))
    expect(codes(server).filter((code) => code === 'hole-lost')).toHaveLength(counts ? 1 : 0)
    // The entry of the till that has them all the same fills the hole.
    server.push(till.push(2, 3))
    expect(server.rows.epochs.get(epoch)?.holes).toEqual([])
  })

  test('[JRN-14c] one number of the recovery series is for one bill that acted', () => {
    const server = openServer()
    const till = new ChainWriter()
    const [first, second] = [till.sell({ cart: uuidOf(41) }), till.sell({ cart: uuidOf(42) })]
    server.push(till.push())
    const recovery = serverChain(server)
    const body = {
      oldNumber: 'KOR2AI26-000001',
      number: 'HQI26-000001',
      kind: 'I' as const,
      issueDate: '2026-11-23',
      personalHash: null,
    }
    const renumbered = recovery.write('renumbered', { ...body, identity: second.hash })
    recovery.write('renumbered', { ...body, identity: first.hash })
    recovery.write('renumbered', {
      ...body,
      number: 'HQI26-000002',
      identity: renumbered.hash.replace(/^./, 'x'),
    })
    const { rows } = decideOn(server, recovery.push(2))
    expect(rows.decided).toEqual([renumbered.hash])
    expect(rows.renumbered).toEqual([
      { identity: second.hash, oldNumber: body.oldNumber, number: 'HQI26-000001' },
    ])
  })

  test('[JRN-20d] a till cannot make a server’s decisions', () => {
    const server = openServer()
    const till = new ChainWriter()
    const body = { epoch: uuidOf(9), fromSeq: 1, toSeq: 2, reason: 'test', personalHash: null }
    const claim = till.write('hole-lost', body)
    server.push(till.push())
    expect(server.rows.quarantine.get(claim.hash)?.reason).toBe('wrong-writer')
  })

  test('[JRN-22a] the closing of a shift, a day and a month is an entry that acts', () => {
    const server = openServer()
    const till = new ChainWriter()
    const office = new ChainWriter({ epoch: uuidOf(101), code: 'KOR2B' })
    server.pushGroup([till.push(), office.push()])
    const known = server.rows.epochs.get(office.certificate.epoch)
    if (known) server.rows.epochs.set(known.epoch, { ...known, kind: 'hq' })
    const covers = [{ epoch: till.certificate.epoch, lastSeq: 1, except: [] }]
    const count = { totalMinor: 0, pieces: [] }
    const closings = [
      till.write('shift-closed', {
        drawer: uuidOf(5),
        count,
        expectedMinor: 0,
        differenceMinor: 0,
        reason: null,
        notDurable: 0,
        covers,
        tenders: [],
        personalHash: null,
      }),
      till.write('day-settled', { covers, totals: {}, approvedBy: null, personalHash: null }),
      office.write('month-closed', {
        month: '2026-11',
        gstin: '29AABCN1234M1Z5',
        covers,
        totals: {},
        personalHash: null,
      }),
    ]
    server.pushGroup([till.push(2), office.push(2)])
    expect(closings.map((closing) => fateOf(server, closing))).toEqual([acted, acted, acted])
  })

  test('[JRN-10j] entries of a stolen epoch wait for a person', () => {
    const server = openServer()
    const chain = new ChainWriter()
    server.push(chain.push())
    setState(server, chain, 'stolen')
    const sale = chain.sell()
    expect(server.push(chain.push(2)).head.seq).toBe(2)
    expect(fateOf(server, sale)).toEqual(inQuarantine)
    expect(codes(server)).toEqual(['stolen-entry'])
  })

  test('[JRN-21b] a closed epoch accepts its tail for ever', () => {
    const server = openServer()
    const chain = new ChainWriter()
    server.push(chain.push())
    setState(server, chain, 'closed')
    const sale = chain.sell()
    server.push(chain.push(2))
    expect(fateOf(server, sale)).toEqual(acted)
  })

  test('[JRN-10g] a push that cannot be derived is stored by its bytes and slots alone', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const sale = chain.sell()
    const { answer, rows } = decideOn(server, chain.push(), { withoutEffects: true })
    expect(answer).toMatchObject({ quarantined: [1, 2], head: { seq: 2 } })
    expect(rows.effects).toEqual([])
    expect(rows.slots.map(({ hash }) => hash)).toContain(sale.hash)
    expect(rows.quarantine.map(({ reason }) => reason)).toEqual(['underivable', 'underivable'])
  })
})

describe('holes', () => {
  test('[JRN-8g, JRN-8h] behind a declared hole the push is taken, people are told, and the bytes may turn up later', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const lost = [chain.sell(), chain.sell(), chain.sell()]
    const behind = chain.sell()
    server.push(chain.push(1, 1))
    const hole = { fromSeq: 2, toSeq: 4, lastHash: lost[2]?.hash ?? '' }
    expect(server.push(chain.push(5, 5, { hole })).head).toMatchObject({ seq: 5, hash: behind.hash })
    expect(fateOf(server, behind)).toEqual(acted)
    expect(codes(server)).toEqual(['hole-declared'])
    // What turns up from below cannot be told from another branch until the bytes above it link.
    // Its till writes it again meanwhile; where it is the same after all, its identity acts once.
    const below = server.push(chain.push(2, 3, { checkpoint: chain.checkpoint() }))
    expect(below.forked).toEqual([2, 3])
    expect(lost.map((entry) => fateOf(server, entry).effects)).toEqual([0, 0, 0])
    server.push(chain.push(4, 4, { checkpoint: chain.checkpoint() }))
    expect(lost.map((entry) => fateOf(server, entry))).toEqual([acted, acted, acted])
    expect(server.rows.epochs.get(chain.certificate.epoch)?.holes).toEqual([])
  })

  test('[JRN-7h, JRN-8h] another entry at the place of a hole is forked, so that its till writes it again', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const clone = chain.fork()
    const lost = chain.sell()
    chain.sell()
    server.push(chain.push(1, 1))
    server.push(chain.push(3, 3, { hole: { fromSeq: 2, toSeq: 2, lastHash: lost.hash } }))
    const other = clone.sell({ cart: uuidOf(77) })
    expect(server.push(clone.push(2, 2))).toMatchObject({ forked: [2], head: { seq: 3 } })
    expect(fateOf(server, other)).toMatchObject({ effects: 0 })
  })

  test('[JRN-8g] a hole that does not link to the entry behind it is no hole', () => {
    const server = openServer()
    const chain = new ChainWriter()
    chain.sell()
    chain.sell()
    server.push(chain.push(1, 1))
    const hole = { fromSeq: 2, toSeq: 2, lastHash: 'A'.repeat(43) }
    expect(server.push(chain.push(3, 3, { hole })).head.seq).toBe(1)
  })
})

describe('figures', () => {
  test('[JRN-5b, JRN-5c, JRN-10a, JRN-10b, JRN-18a, F36] odd totals are a discrepancy; the sale acts by its own figures', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const odd = { sales: 9, documents: 9, soldMinor: 1, taxMinor: 1, returnedMinor: 0, returnedTaxMinor: 0 }
    const sale = chain.sell({ changes: { totals: odd } })
    server.push(chain.push())
    expect(server.rows.discrepancies).toEqual(['totals'])
    expect(fateOf(server, sale)).toEqual(acted)
    expect(server.rows.slots.get(`${chain.certificate.epoch}/2`)?.bytes).toEqual(new Uint8Array(sale.bytes))
  })

  test('[JRN-18a] totals that are missing, or stand where none belong, are flagged', () => {
    const server = openServer()
    const chain = new ChainWriter()
    chain.sell({ changes: { totals: null } })
    const zero = { sales: 0, documents: 0, soldMinor: 0, taxMinor: 0, returnedMinor: 0, returnedTaxMinor: 0 }
    chain.write('drawer-opened', { drawer: null, reason: 'x', personalHash: null }, { totals: zero })
    server.push(chain.push())
    expect(server.rows.discrepancies).toEqual(['totals-missing', 'totals-unexpected'])
  })

  test('[JRN-18a] behind a slot that nobody can read the next totals are taken as they stand', () => {
    const server = openServer()
    const chain = new ChainWriter()
    chain.add(Uint8Array.of(0xff), chain.fork().openDrawer().entry)
    chain.sell()
    chain.sell()
    server.push(chain.push())
    expect(server.rows.discrepancies).toEqual([])
    expect(server.rows.epochs.get(chain.certificate.epoch)?.totals).toMatchObject({ sales: 2 })
  })

  test('[JRN-7c, F29] one cart sold under two identities acts twice and people are asked', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const [first, second] = [chain.sell({ cart: uuidOf(42) }), chain.sell({ cart: uuidOf(42) })]
    server.push(chain.push())
    expect([fateOf(server, first), fateOf(server, second)]).toEqual([acted, acted])
    expect(codes(server)).toEqual(['cart-closed-twice'])
  })

  test('[JRN-7f] two sales of one root are the same incident', () => {
    const server = openServer()
    const chain = new ChainWriter()
    chain.sell({ cart: uuidOf(42) })
    chain.sell({ cart: uuidOf(43), root: uuidOf(42) })
    server.push(chain.push())
    expect(codes(server)).toEqual(['cart-closed-twice'])
  })

  test('[JRN-7b] a voided cart closes nothing: a sale of it is no second act', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const cart = uuidOf(42)
    const body = {
      reason: 'left',
      lines: 1,
      grossMinor: 100,
      recalledFrom: null,
      root: cart,
      personalHash: null,
    }
    chain.write('void-cart', body, { cart })
    chain.sell({ cart })
    server.push(chain.push())
    expect(codes(server)).toEqual([])
  })

  test('[JRN-14c, F44] a number on two bills stays on both and people are told', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const clone = chain.fork()
    const first = chain.sell()
    const second = clone.sell({ cart: uuidOf(77) })
    const renewed = new ChainWriter({ epoch: uuidOf(101), code: 'KOR2B' })
    renewed.rehome(second)
    server.push(chain.push())
    server.push(renewed.push())
    expect([fateOf(server, first), fateOf(server, second)]).toEqual([acted, acted])
    expect(server.rows.notices).toMatchObject([{ code: 'number-twice', identity: second.hash }])
  })

  test('[JRN-14aa] a number of another epoch’s series is flagged', () => {
    const server = openServer()
    const chain = new ChainWriter({ code: 'KOR2A' })
    const { entry } = new ChainWriter({ code: 'MUM1A' }).sell()
    if (entry.type !== 'sale') throw new Error('sell writes sales')
    chain.write('sale', entry.body, { cart: uuidOf(5) })
    server.push(chain.push())
    expect(server.rows.discrepancies).toEqual(['number-foreign'])
  })
})

describe('personal data', () => {
  test('[JRN-19e] data and salt that fit the entry’s hash are kept beside it', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const { hash, item } = personalOf({ name: 'Asha' })
    const sale = chain.sell({ personalHash: hash })
    server.push(chain.push(1, 2, { personal: [{ identity: sale.hash, ...item }] }))
    expect(server.rows.personal.get(sale.hash)?.data).toBe('{"name":"Asha"}')
  })

  test('[JRN-19e] they travel with a re-homed entry too', () => {
    const server = openServer()
    const { hash, item } = personalOf({ name: 'Asha' })
    const sale = new ChainWriter().sell({ personalHash: hash })
    const renewed = new ChainWriter({ epoch: uuidOf(101) })
    renewed.rehome(sale)
    server.push(renewed.push(1, 2, { personal: [{ identity: sale.hash, ...item }] }))
    expect(server.rows.personal.has(sale.hash)).toBe(true)
  })

  test('[JRN-19a] data that do not fit are not kept, the entry is, and people are told', () => {
    const server = openServer()
    const chain = new ChainWriter()
    const { item } = personalOf({ name: 'Asha' })
    const sale = chain.sell({ personalHash: personalOf({ name: 'Asha' }, 8).hash })
    server.push(chain.push(1, 2, { personal: [{ identity: sale.hash, ...item }] }))
    expect(server.rows.personal.size).toBe(0)
    expect(fateOf(server, sale)).toEqual(acted)
    expect(codes(server)).toEqual(['personal-mismatch'])
  })
})

/** An HQ journal that the server knows as its own. */
function serverChain(server: MemoryServer): ChainWriter {
  const chain = new ChainWriter({ epoch: uuidOf(200), register: uuidOf(201), code: 'HQ' })
  server.push(chain.push())
  const epoch = server.rows.epochs.get(chain.certificate.epoch)
  if (epoch === undefined) throw new Error('The push made the epoch known')
  server.rows.epochs.set(epoch.epoch, { ...epoch, kind: 'hq' })
  return chain
}

function setState(server: MemoryServer, chain: ChainWriter, state: 'closed' | 'stolen'): void {
  const epoch = server.rows.epochs.get(chain.certificate.epoch)
  if (epoch === undefined) throw new Error('The push made the epoch known')
  server.rows.epochs.set(epoch.epoch, { ...epoch, state })
}

/** The decision alone, without writing it. */
function decideOn(server: MemoryServer, request: PushRequest, changes: Partial<PreparedPush> = {}) {
  const tools = {
    sha256: nodeSha256,
    verify: memoryVerify,
    enrolmentKeys: ['enrolment-key'],
    findKey: (epoch: string) => server.rows.epochs.get(epoch),
  }
  const push = preparePush(request, tools)
  if ('kind' in push) throw new Error(`The push was refused: ${push.reason}`)
  const pushes = [{ ...push, ...changes }]
  const firstPrevHash = (epoch: string) => toBase64Url(nodeSha256(utf8(epoch)))
  const [decision] = decide(
    server.stateFor(pushes),
    pushes,
    { serverAt: now, retryAfterMs: null },
    firstPrevHash,
  )
  if (decision === undefined) throw new Error('A push has a decision')
  return decision
}
