import { randomBytes, randomUUIDv7, sign } from 'node:crypto'
import {
  certificateBytes,
  Forwarder,
  type HopJournal,
  type HqLink,
  type KnownKey,
  type Parcel,
  type PushRequest,
  signedCertificate,
  toBase64Url,
} from '@nexus/sync'
import { expect, test } from 'vitest'
import type { Database } from '../../db/database.ts'
import { forEachDialect } from '../../testing/index.ts'
import { type JournalParts, readParcel, selectHqMarks, standingForHop } from '../journal/index.ts'
import { type JournalBench, openJournalBench } from '../journal/testing/open-for-test.ts'
import { rehome, ScriptedTill } from '../journal/testing/scripted-till.ts'
import { proveCertificate } from '../stores/index.ts'
import { ownJournal } from './own-journal.ts'
import { openVouchedKeys } from './vouched-keys.ts'

type TwoServers = {
  shop: JournalBench
  hq: JournalBench
  own: HopJournal
  forwarder: Forwarder
  /** The line; false: nothing passes. */
  line: { up: boolean }
  /** Registers a push at the store server, as a till does. */
  push(till: ScriptedTill, from?: number, to?: number): ReturnType<JournalBench['journal']['push']>
  forward(): Promise<void>
}

/** A store server and a headquarters over databases of their own, one chain. */
async function openTwo(open: () => Promise<Database>): Promise<TwoServers> {
  const adopted = new Map<string, KnownKey>()
  const hq: JournalBench = await openJournalBench(await open(), {
    issuedKeys: {
      find: async (_, epoch) => adopted.get(epoch),
      async keep(signed) {
        const certificate = proveCertificate(hq.context.secrets, signed)
        if (certificate) adopted.set(certificate.epoch, certificate)
      },
    },
  })
  const { enrolment } = hq
  // The store server has the chain's public key and another private one.
  const issuedKeys: JournalParts['issuedKeys'] = {
    find: (db, epoch) => openVouchedKeys(shop.context).find(db, epoch),
    keep: (signed) => openVouchedKeys(shop.context).keep(signed),
  }
  const shop: JournalBench = await openJournalBench(await open(), { issuedKeys }, hq.context.secrets)
  shop.clock.set(hq.clock.now())
  const line = { up: true }
  const now = { ms: 1 }
  const own = ownJournal(shop.context, {
    journal: shop.journal,
    storeId: 'store',
    onGeneration: () => undefined,
    vouched: openVouchedKeys(shop.context),
  })
  const cross = async <T>(work: () => Promise<T>): Promise<T> => {
    if (!line.up) throw new Error('no line')
    return await work()
  }
  const link: HqLink = {
    standing: (request) =>
      cross(() => standingForHop(hq.context.database.read, hq.context.secrets, request, hq.clock.now())),
    push: (request) => cross(() => hq.journal.push(callerOf(request), request)),
    parcel: ({ epoch, fromSeq }) =>
      cross(async () => {
        return { parcel: (await readParcel(hq.context.database.read, { epoch, fromSeq })) ?? null }
      }),
  }
  const forwarder = new Forwarder({
    journal: own,
    hq: link,
    random: { uuid: () => randomUUIDv7(), bytes: (length) => randomBytes(length) },
    now: () => now.ms,
  })
  expect(enrolment.publicKey).toBe(shop.enrolment.publicKey)
  return {
    shop,
    hq,
    own,
    forwarder,
    line,
    async push(till, from = 1, to = till.entries.length) {
      const answer = await shop.journal.push(shop.callerOf(till), till.push(from, to))
      forwarder.moved({ register: till.place.register, ...answer.head })
      return answer
    },
    async forward() {
      for (let calm = 0, steps = 0; calm < 3 && steps < 200; steps++) {
        const { kind } = await forwarder.step()
        calm = kind === 'idle' || kind === 'asked' ? calm + 1 : 0
        now.ms += Math.max(1, forwarder.nextDelayMs())
      }
    },
  }
}

function callerOf({ register, epoch }: PushRequest) {
  return { kind: 'device', registerId: register, storeId: 'store', epoch } as const
}

/** Every entry of a journal, by place. */
async function entriesOf({ context }: JournalBench): Promise<string[]> {
  const rows = await context.database.read
    .selectFrom('journal_entry as e')
    .innerJoin('journal_epoch as p', 'p.epoch_no', 'e.epoch_no')
    .select(['p.epoch', 'e.seq', 'e.hash', 'e.bytes'])
    .execute()
  return rows
    .map(({ epoch, seq, hash, bytes }) => [epoch, hash, bytes].map(toBase64Url).join(' ') + seq)
    .sort()
}

async function billsOf({ context }: JournalBench): Promise<string[]> {
  const rows = await context.database.read.selectFrom('bill').select('number').orderBy('number').execute()
  return rows.map(({ number }) => number)
}

async function forksOf({ context }: JournalBench): Promise<number> {
  const rows = await context.database.read
    .selectFrom('journal_fork')
    .select('seq')
    .where('settled', 'is', null)
    .execute()
  return rows.length
}

/** One register on two devices: the same entries up to a place, then each its own. */
function cloneOf(till: ScriptedTill, enrolment: JournalBench['enrolment']): ScriptedTill {
  const clone = new ScriptedTill(enrolment, {
    place: till.place,
    code: till.code,
    epoch: till.epoch,
    key: till.key,
  })
  clone.entries.push(...till.entries)
  clone.totals = till.totals
  clone.at = till.at + 500
  return clone
}

forEachDialect((dialect) => {
  test('[JRN-20a, JRN-5a, JRN-19e, JRN-17b] what tills sent arrives byte for byte, with people’s data and the signed head', async () => {
    const two = await openTwo(() => dialect.open())
    const till = two.shop.till()
    for (let sale = 0; sale < 150; sale++) till.sale(sale === 7 ? { personal: { name: 'Asha' } } : {})
    await two.push(till, 1, 90)
    await two.push(till, 91, 151)
    await two.forward()
    expect(await entriesOf(two.hq)).toEqual(await entriesOf(two.shop))
    expect(await billsOf(two.hq)).toEqual(await billsOf(two.shop))
    expect((await billsOf(two.hq)).length).toBe(150)
    const [person] = await two.hq.context.database.read.selectFrom('personal_data').selectAll().execute()
    expect(person?.data).toBe('{"name":"Asha"}')
    const wanted = { epoch: till.epoch, fromSeq: 150 }
    const parcel = await readParcel(two.hq.context.database.read, wanted)
    expect(parcel).toEqual(await readParcel(two.shop.context.database.read, wanted))
    expect(parcel?.checkpoint.checkpoint).toMatchObject({ seq: 151, hash: till.lastHash })
  })

  test('[JRN-9b] marks of headquarters are kept as it said them', async () => {
    const two = await openTwo(() => dialect.open())
    const till = two.shop.till()
    till.sale()
    await two.push(till)
    const said = async () =>
      (await selectHqMarks(two.shop.context.database.read, [till.epoch])).get(till.epoch)
    expect(await said()).toBeUndefined()
    await two.forward()
    await two.own.keep({ generation: 'x', marks: [], closed: [] })
    expect(await said(), 'of another generation').toBeUndefined()
    await two.forward()
    const kept = await said()
    expect(kept?.received).toMatchObject({ epoch: till.epoch, seq: 2, hash: till.lastHash })
    expect(kept?.received?.signature).toMatch(/^[A-Za-z0-9_-]{86}$/)
  })

  test('[JRN-10c, JRN-20a] what nobody can read is forwarded, and so is a hole with what came later into it', async () => {
    const two = await openTwo(() => dialect.open())
    const till = two.shop.till()
    till.sale()
    till.appendBytes(Buffer.from('no entry at all'))
    till.append('incident', { kind: 'x', params: {}, place: null, personalHash: null })
    for (let sale = 0; sale < 3; sale++) till.sale()
    await two.push(till, 1, 3)
    const behind: PushRequest = {
      ...till.push(6, 7),
      hole: { fromSeq: 4, toSeq: 5, lastHash: till.entries[4]?.hash ?? '' },
    }
    const answer = await two.shop.journal.push(two.shop.callerOf(till), behind)
    two.forwarder.moved({ register: till.place.register, ...answer.head })
    await two.forward()
    expect(await entriesOf(two.hq)).toEqual(await entriesOf(two.shop))
    expect((await entriesOf(two.hq)).length).toBe(5)
    await two.push(till, 4, 5)
    await two.forward()
    expect((await entriesOf(two.hq)).length).toBe(7)
    expect(await entriesOf(two.hq)).toEqual(await entriesOf(two.shop))
  })

  test('[JRN-3e, JRN-4s, JRN-20a] headquarters that forgot the epoch which signed for another learn of it by its certificate', async () => {
    const two = await openTwo(() => dialect.open())
    const till = two.shop.till()
    till.sale()
    const next = till.nextEpoch('KOR1B')
    const push = { ...till.push(), checkpoint: next.checkpoint(0, 'A'.repeat(43)) }
    const callerOfTill = two.shop.callerOf(till)
    const signature = sign('sha256', certificateBytes(next.certificate), {
      key: two.shop.enrolment.privateKey,
      dsaEncoding: 'ieee-p1363',
    }).toString('base64url')
    const certificate = signedCertificate(next.certificate, signature)
    const stranger = { ...certificate, signature: 'A'.repeat(86) }
    for (const brought of [{}, { certificate: null }, { certificate: stranger }]) {
      const { head } = await two.shop.journal.push(callerOfTill, { ...push, ...brought })
      expect(head.seq).toBe(0)
    }
    const answer = await two.shop.journal.push(callerOfTill, { ...push, certificate })
    expect(answer.head.seq).toBe(2)
    two.forwarder.moved({ register: till.place.register, ...answer.head })
    await two.forward()
    expect(await entriesOf(two.hq)).toEqual(await entriesOf(two.shop))
    expect((await entriesOf(two.hq)).length).toBe(2)
  })

  test('[JRN-20a] entries signed by a later epoch’s key reach headquarters under that signature', async () => {
    const two = await openTwo(() => dialect.open())
    const till = two.shop.till()
    till.sale()
    const next = till.nextEpoch('KOR1B')
    next.open()
    await two.push(next)
    const old = { ...till.push(), checkpoint: next.checkpoint(1, next.lastHash) }
    const answer = await two.shop.journal.push(two.shop.callerOf(till), old)
    two.forwarder.moved({ register: till.place.register, ...answer.head })
    await two.forward()
    expect(await entriesOf(two.hq)).toEqual(await entriesOf(two.shop))
    expect((await entriesOf(two.hq)).length).toBe(3)
  })

  test('[JRN-20e, JRN-20i] entries that headquarters got by another path are fetched, and sent never', async () => {
    const two = await openTwo(() => dialect.open())
    const till = two.shop.till()
    for (let sale = 0; sale < 3; sale++) till.sale()
    await two.push(till, 1, 2)
    await two.hq.journal.push(two.hq.callerOf(till), till.push())
    await two.forward()
    expect(await entriesOf(two.shop)).toEqual(await entriesOf(two.hq))
    expect((await billsOf(two.shop)).length).toBe(3)
  })

  test('[JRN-7n, JRN-7o, JRN-7l, JRN-20h] headquarters’ branch is taken over with its figures, in a new generation; re-homed sales act once', async () => {
    const two = await openTwo(() => dialect.open())
    const till = two.shop.till()
    till.sale()
    const clone = cloneOf(till, two.hq.enrolment)
    for (let sale = 0; sale < 3; sale++) till.sale()
    clone.sale({ number: 'KOR1AI26-000777' })
    const before = await two.push(till)
    await two.hq.journal.push(two.hq.callerOf(till), clone.push())
    await two.forward()
    expect(await entriesOf(two.shop)).toEqual(await entriesOf(two.hq))
    expect(await billsOf(two.shop)).toEqual(await billsOf(two.hq))
    expect(await billsOf(two.shop)).toContain('KOR1AI26-000777')
    expect(await forksOf(two.shop)).toBe(3)
    expect(await forksOf(two.hq)).toBe(3)
    // Its till hears that it forked, in another generation, and writes its sales again.
    const again = await two.push(till, 3, 5)
    expect(again.forked).toEqual([3, 4, 5])
    expect(again.generation).not.toBe(before.generation)
    const next = till.nextEpoch('KOR1B')
    next.open()
    for (const entry of till.entries.slice(2)) rehome(next, till.epoch, entry)
    await two.push(next)
    await two.forward()
    expect(await entriesOf(two.shop)).toEqual(await entriesOf(two.hq))
    expect(await billsOf(two.shop)).toEqual(await billsOf(two.hq))
    expect((await billsOf(two.hq)).length).toBe(5)
    expect(await forksOf(two.hq)).toBe(0)
    expect(await forksOf(two.shop)).toBe(0)
  })

  test('[JRN-7n, JRN-10f] headquarters’ branch is taken over where it begins with a hole, behind one of the store server', async () => {
    const two = await openTwo(() => dialect.open())
    const till = two.shop.till()
    till.sale()
    till.sale()
    const clone = cloneOf(till, two.hq.enrolment)
    for (const branch of [till, clone]) branch.sale()
    for (const branch of [till, clone]) branch.sale()
    const behindHole = (branch: ScriptedTill, seq: number): PushRequest => ({
      ...branch.push(seq + 1, 5),
      hole: { fromSeq: seq, toSeq: seq, lastHash: branch.entries[seq - 1]?.hash ?? '' },
    })
    await two.push(till, 1, 2)
    const answer = await two.shop.journal.push(two.shop.callerOf(till), behindHole(till, 3))
    two.forwarder.moved({ register: till.place.register, ...answer.head })
    await two.hq.journal.push(two.hq.callerOf(till), clone.push(1, 3))
    await two.hq.journal.push(two.hq.callerOf(till), behindHole(clone, 4))
    await two.forward()
    const atHq = await entriesOf(two.hq)
    const atShop = await entriesOf(two.shop)
    expect(atHq.length).toBe(4)
    expect(atShop.length).toBe(3)
    expect(atShop.filter((entry) => !atHq.includes(entry))).toEqual([])
    expect(await forksOf(two.shop)).toBe(2)
  })

  test('[JRN-20a, JRN-7h] forks of a till that is gone reach headquarters, more than one push takes', async () => {
    const two = await openTwo(() => dialect.open())
    const till = two.shop.till()
    const clone = cloneOf(till, two.hq.enrolment)
    for (let sale = 0; sale < 120; sale++) till.sale()
    clone.sale()
    await two.push(till, 1, 60)
    await two.push(till, 61, 121)
    await two.hq.journal.push(two.hq.callerOf(till), clone.push())
    await two.forward()
    expect(await forksOf(two.hq)).toBe(120)
    expect(await forksOf(two.shop)).toBe(120)
    expect(await entriesOf(two.shop)).toEqual(await entriesOf(two.hq))
  })

  test('without a signed head that covers them entries wait', async () => {
    const two = await openTwo(() => dialect.open())
    const till = two.shop.till()
    till.sale()
    await two.push(till)
    await two.shop.context.database.write((tx) =>
      tx.updateTable('journal_head').set({ checkpoint_signature: null }).execute(),
    )
    const parcel: Parcel | undefined = await two.own.read(till.epoch, 1)
    expect(parcel).toBeUndefined()
    await two.forward()
    expect(await entriesOf(two.hq)).toEqual([])
  })
})
