import type { CouponClaim, TillBill, TillPlace } from '@nexus/contract'
import { indexRulebook, type Offer, type RulebookData, type RulebookProduct } from '@nexus/domain'
import { decodeEntry, type Entry, type EntryType } from '@nexus/sync'
import {
  directTransport,
  enrolledTill,
  MemoryServer,
  type MemoryTill,
  seededRandom,
  startTill,
  tenInTheMorning,
} from '@nexus/sync/testing'
import type { Parts } from '../app/core.ts'
import type { Kept } from '../app/keeper.ts'
import { createTill, type Till } from '../app/till.ts'
import { couponGrants, type KeptGrant } from '../cart/coupon-grants.ts'
import type { TillPerson } from '../device/index.ts'
import { type Bill, type JournalClient, JournalRefused, type JournalStatus } from '../journal/index.ts'
import { noStatus } from '../journal/no-status.ts'
import type { PrintOutcome } from '../print/index.ts'
import type { Catalogue, RulebookStore } from '../rulebook/index.ts'

/**
 * A counter for tests: the engine of the screens over the real journal core with its ports in memory,
 * and a handful of products of the Corner Shop.
 */
export type Counter = {
  till: Till
  memory: MemoryTill
  /** Entries of a type that the journal holds, oldest first. */
  entries(type: EntryType): Promise<Entry[]>
  /** Print jobs in order. */
  jobs: { number: string; duplicate: boolean }[]
  sounds: string[]
  /** What the next print job ends with. */
  paper: { outcome: PrintOutcome }
  /** Rows of the catalogue arrive only after `open()` while this is set. */
  rows: { slow: boolean; open(): void }
  /** The journal answers `completeSale` only after `open()` while this is set. */
  saving: { slow: boolean; open(): void }
  /** What headquarters answers about bills by their number; it is asked after `goOnline`. */
  elsewhere: Map<string, TillBill[]>
  goOnline(): void
  kept(): Kept
  /** Coupon codes as headquarters knows them; `offline`: it is not reached. */
  headquarters: { offline: boolean; codes: Map<string, CouponClaim>; released: string[] }
  /** Headquarters tells how often an offer with a limit was given. */
  tellUses(offerId: number, total: number): void
  /** A newer version of the rulebook arrives, with these offers. */
  publish(offers: readonly Offer[]): void
  /** The journal's status changes. */
  tellStatus(change: Partial<JournalStatus>): void
  /** Time goes by, on the device and in the journal. */
  advance(ms: number): void
  /** The same device after a reload. */
  reload(): Promise<Counter>
}

export const TEN = tenInTheMorning
const ASHA = '00000000-0000-7000-8000-0000000000a1'
const RAVI = '00000000-0000-7000-8000-0000000000a2'
const MEERA = '00000000-0000-7000-8000-0000000000a3'
export const people = { ASHA, RAVI, MEERA }

const product = (id: number, change: Partial<RulebookProduct> = {}): RulebookProduct => ({
  id,
  sku: `SKU-${id}`,
  names: { en: `Product ${id}`, hi: `उत्पाद ${id}` },
  brandId: 1,
  categoryId: 1,
  hsn: '330499',
  uqc: 'NOS',
  taxClassId: 'gst-18',
  barcodes: [`code-${id}`],
  batches: [],
  prices: [{ list: 1, unitMinor: 10_000, from: 0 }],
  ...change,
})

/** Lipstick ₹100, serum with two MRPs, cream that expired, gold at ₹2,50,000, one without tax class, one by weight. */
export const goods: RulebookData = {
  version: 3,
  checksum: 'corner-shop',
  rupeeRounding: false,
  products: [
    product(1),
    product(2, {
      prices: [{ list: 1, unitMinor: 60_000, from: 0 }],
      batches: [
        { id: 21, batchNo: 'OLD', mrpMinor: 55_000, expiry: { kind: 'expiry', month: '2027-03' } },
        { id: 22, batchNo: 'NEW', mrpMinor: 59_900, expiry: { kind: 'expiry', month: '2028-01' } },
      ],
    }),
    product(3, {
      batches: [{ id: 31, batchNo: 'X', mrpMinor: 9000, expiry: { kind: 'use-before', month: '2026-11' } }],
    }),
    product(4, { prices: [{ list: 1, unitMinor: 25_000_000, from: 0 }] }),
    product(5, { taxClassId: 'none' }),
    product(6, { uqc: 'GMS', prices: [{ list: 1, unitMinor: 40_000, from: 0 }] }),
    // Dearer from 10:10 on.
    product(7, {
      prices: [
        { list: 1, unitMinor: 10_000, from: 0, until: TEN + 600_000 },
        { list: 1, unitMinor: 12_000, from: TEN + 600_000 },
      ],
    }),
    // No price any more from 10:10 on.
    product(8, { prices: [{ list: 1, unitMinor: 10_000, from: 0, until: TEN + 600_000 }] }),
  ],
  taxClasses: [{ id: 'gst-18', name: 'GST 18%', rates: [{ from: 0, kind: 'taxable', rateBp: 1800 }] }],
  priceLists: [{ id: 1, name: 'Chain', scope: 'chain', scopeId: '', inclusive: true }],
  offers: [],
}

const place: TillPlace = {
  tenant: '00000000-0000-7000-8000-000000000001',
  company: {
    legalName: 'Corner Shop Private Limited',
    tradeName: 'Corner Shop',
    pan: 'AABCC1234D',
    upiId: 'corner@bank',
    billFooter: '',
    rupeeRounding: false,
  },
  store: {
    id: '00000000-0000-7000-8000-000000000002',
    code: 'KOR',
    name: 'Koramangala',
    gstin: '29AABCC1234D1Z5',
    state: '29',
    regionId: 'south',
    address: '80 Feet Road',
    city: 'Bengaluru',
    pin: '560034',
    phone: '',
    language: 'en',
    cutOver: '04:00',
  },
  register: { id: '00000000-0000-7000-8000-000000000003', number: 2, name: 'Counter 2' },
}

const person = (id: string, name: string, role: TillPerson['role'] = 'cashier'): TillPerson => ({
  id,
  name,
  login: name.toLowerCase(),
  role,
  language: 'en',
  hasPin: true,
})

type Device = {
  goods: RulebookData
  headquarters: Counter['headquarters']
  grants: Map<string, KeptGrant>
  server: MemoryServer
  /** Runs before this one. */
  starts: number
  memory: MemoryTill
  status: JournalStatus
  prints: Map<string, number>
  kept: Kept | undefined
  /** What headquarters answers about bills, by number. */
  elsewhere: Map<string, TillBill[]>
}

/** A counter with Asha signed in and her shift open; Meera manages the store. */
export async function openCounter(changes: Partial<RulebookData> = {}): Promise<Counter> {
  const server = new MemoryServer(seededRandom(7), () => TEN)
  const memory = await enrolledTill(server, { wallMs: TEN })
  const asha = person(ASHA, 'Asha')
  const status: JournalStatus = {
    ...noStatus,
    state: 'ready',
    place,
    people: [asha, person(RAVI, 'Ravi'), person(MEERA, 'Meera', 'store-manager')],
    signedIn: asha,
    shift: {
      id: '00000000-0000-7000-8000-00000000000a',
      drawer: '00000000-0000-7000-8000-00000000000d',
      openedAt: TEN,
      tradingDay: '2026-11-22',
      openedBy: ASHA,
      floatMinor: 100_000,
    },
  }
  return await startCounter({
    goods: { ...goods, ...changes },
    headquarters: { offline: false, codes: new Map(), released: [] },
    grants: new Map(),
    server,
    starts: 0,
    memory,
    status,
    prints: new Map(),
    kept: undefined,
    elsewhere: new Map(),
  })
}

async function startCounter(device: Device): Promise<Counter> {
  const { memory, headquarters, grants } = device
  const listeners = new Set<() => void>()
  const sounds: string[] = []
  const jobs: Counter['jobs'] = []
  const paper: Counter['paper'] = { outcome: { outcome: 'printed' } }
  const rows = gate()
  const saving = gate()

  const context = () => ({
    shift: device.status.shift?.id ?? null,
    tradingDay: device.status.shift?.tradingDay ?? null,
    rulebook: { version: device.goods.version, checksum: device.goods.checksum },
    staff: device.status.signedIn?.id ?? null,
  })
  const change = (next: Partial<JournalStatus>) => {
    device.status = { ...device.status, ...next }
    for (const listener of listeners) listener()
  }
  const journal: JournalClient = {
    getStatus: () => device.status,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    enrol: refuse,
    async signIn(personId, pin) {
      const found = device.status.people.find((each) => each.id === personId)
      if (found === undefined || pin !== '2580') return { outcome: 'wrong-pin', retryAfterMs: 0 }
      change({ signedIn: found })
      return { outcome: 'signed-in', person: found }
    },
    async checkPin(personId, pin) {
      const found = device.status.people.find((each) => each.id === personId)
      if (found === undefined || pin !== '2580') return { outcome: 'wrong-pin', retryAfterMs: 0 }
      return { outcome: 'signed-in', person: found }
    },
    async claimCoupon(code) {
      if (headquarters.offline) throw new JournalRefused('offline', 'not reached')
      return headquarters.codes.get(code) ?? { code, state: 'unknown' }
    },
    async releaseCoupon(code) {
      if (headquarters.offline) throw new JournalRefused('offline', 'not reached')
      headquarters.released.push(code)
    },
    async signOut(reason) {
      await memory.journal.append({
        type: 'sign-out',
        context: context(),
        body: { reason, notDurable: memory.journal.status().notDurable.entries },
      })
      change({ signedIn: null })
    },
    openShift: refuse,
    shiftSummary: refuse,
    closeShift: refuse,
    async append(entry) {
      const { type, body, cart } = entry
      // as: the member `type` ties the body to it, which the spread forgets.
      const written = await memory.journal.append({ type, body, cart, context: context() } as never)
      return { epoch: written.epoch, seq: written.seq, hash: written.identity, at: TEN }
    },
    async beginAttempt({ cart, body, dueMinor }) {
      const draft = { cart, body, dueMinor, context: context() }
      const written = await memory.journal.beginAttempt(draft).catch(refusal)
      change({ attempts: memory.journal.status().attempts })
      return { epoch: written.epoch, seq: written.seq, hash: written.identity, at: TEN }
    },
    async endAttempt(body) {
      const { state } = await memory.journal.endAttempt({ body, context: context() })
      change({ attempts: memory.journal.status().attempts })
      return state
    },
    async completeSale({ cart, documents, tenders, changeMinor, language, recalledFrom, root, personal }) {
      await saving.pass()
      const sale = await memory.journal
        .completeSale({
          cart,
          context: context(),
          body: { documents, tenders: [...tenders], changeMinor, recalledFrom, root, language },
          ...(personal && { personal }),
        })
        .catch(refusal)
      change({ attempts: memory.journal.status().attempts })
      return view({ identity: sale.identity, entry: sale.entry })
    },
    lastBills: async (limit) => (await memory.journal.lastBills(limit)).map(view),
    findBill: async (number) => {
      const found = await memory.journal.findBill(number)
      return found && view(found)
    },
    findReturns: async (number, issueDate) => (await memory.journal.findReturns(number, issueDate)).map(view),
    async askForBills(number) {
      const bills = device.elsewhere.get(number)
      if (bills === undefined) throw new JournalRefused('bill/not-found', 'no such bill')
      return bills
    },
    async beginReprint(identity, job, reason) {
      const bill = (await memory.journal.lastBills(100)).find((each) => each.identity === identity)
      const number = bill?.entry.body.documents[0]?.number ?? ''
      const body = { identity, number, job, copy: (device.prints.get(identity) ?? 0) + 1, reason }
      await memory.journal.append({ type: 'reprint', context: context(), body })
    },
    async confirmPrint(identity) {
      device.prints.set(identity, (device.prints.get(identity) ?? 0) + 1)
      const bill = (await memory.journal.lastBills(100)).find((each) => each.identity === identity)
      if (bill === undefined) throw new Error('no such bill')
      return view(bill)
    },
    settleDoubt: refuse,
    takeOver: refuse,
    personalOf: (identity) => memory.journal.personalOf(identity),
    exportJournal: refuse,
    approveRemoval: refuse,
    removeRegister: refuse,
    deviceToken: refuse,
    nudge: () => undefined,
  }

  function view({ identity, entry }: Awaited<ReturnType<MemoryTill['journal']['lastBills']>>[number]): Bill {
    const { epoch, seq, at, cart, staff, shift, tradingDay, body, totals } = entry
    return {
      identity,
      epoch,
      seq,
      shortHash: identity.slice(0, 8),
      at,
      cart: cart ?? '',
      staff,
      shift,
      tradingDay,
      body,
      totals,
      where: 'here',
      prints: device.prints.get(identity) ?? 0,
    }
  }

  const loaded = new Set<number>()
  const following = new Set<() => void>()
  let catalogue = catalogueOf(device.goods, loaded, rows)
  const rulebookStore: RulebookStore = {
    getState: () => ({
      phase: 'ready',
      syncing: false,
      progress: null,
      problem: null,
      version: catalogue.version,
    }),
    current: () => catalogue,
    subscribe(listener) {
      following.add(listener)
      return () => following.delete(listener)
    },
    sync: async () => undefined,
  }
  const parts: Parts = {
    journal,
    rulebook: rulebookStore,
    keeper: {
      kept: device.kept,
      keep: (kept) => {
        // A copy: what is kept must survive as text.
        device.kept = JSON.parse(JSON.stringify(kept)) as Kept
      },
    },
    coupons: couponGrants(
      journal,
      {
        get: async (code) => grants.get(code),
        put: async (grant) => void grants.set(grant.code, grant),
        delete: async (code) => void grants.delete(code),
      },
      () => memory.clock.wallMs(),
    ),
    async printBill(bill, { duplicate }) {
      jobs.push({ number: bill.body.documents[0]?.number ?? '', duplicate })
      return paper.outcome
    },
    layOut: async () => [],
    playSound: (sound) => sounds.push(sound),
    wallMs: () => memory.clock.wallMs(),
    newId: () => memory.random.uuid(memory.clock.wallMs()),
    language: () => 'en',
  }
  const till = createTill(parts)
  return {
    till,
    memory,
    async entries(type) {
      const { head } = memory.journal.status()
      const records = head === null ? [] : await memory.ports.primary.readEntries(head.epoch, 1, 1000)
      return records.flatMap(({ bytes }) => {
        const decoded = decodeEntry(bytes)
        return decoded.kind === 'ok' && decoded.entry.type === type ? [decoded.entry] : []
      })
    },
    jobs,
    sounds,
    paper,
    rows,
    saving,
    headquarters,
    tellStatus: change,
    tellUses(offerId, total) {
      change({ offerUses: { asOf: memory.clock.wallMs(), uses: [{ offerId, total, givenMinor: 0 }] } })
    },
    publish(offers) {
      device.goods = { ...device.goods, version: device.goods.version + 1, offers }
      catalogue = catalogueOf(device.goods, loaded, rows)
      for (const listener of following) listener()
    },
    elsewhere: device.elsewhere,
    goOnline: () => change({ hop: { ...device.status.hop, reachable: true } }),
    kept: () => device.kept ?? { draft: null, pay: null, holder: null },
    advance: (ms) => memory.clock.advance(ms),
    async reload() {
      const { disk, clock } = memory
      const restarted = await startTill(directTransport(device.server), {
        disk,
        seed: device.starts + 2,
        wallMs: clock.wallMs(),
      })
      const status = { ...device.status, attempts: restarted.journal.status().attempts }
      return await startCounter({ ...device, status, starts: device.starts + 1, memory: restarted })
    },
  }
}

/** A refusal as it arrives from the worker. */
function refusal(cause: { code?: string; message: string }): never {
  throw cause.code === undefined ? cause : new JournalRefused(cause.code, cause.message)
}

/** One version of the rulebook over the products that were loaded. */
function catalogueOf(data: RulebookData, loaded: Set<number>, rows: { pass(): Promise<void> }): Catalogue {
  const rulebook = indexRulebook(data)
  return {
    version: data.version,
    checksum: `${data.checksum} ${data.version}`,
    products: data.products.length,
    findByCode: (code) =>
      data.products
        .filter(({ barcodes, sku }) => barcodes.includes(code) || sku === code)
        .map(({ id }) => id),
    search: (text, limit) =>
      data.products
        .filter(({ names }) => names.en.toLowerCase().startsWith(text.toLowerCase()))
        .slice(0, limit)
        .map(({ id }) => id),
    async ensure(ids) {
      await rows.pass()
      for (const id of ids) loaded.add(id)
    },
    has: (id) => loaded.has(id),
    product: (id) => rulebook.findProduct(id),
    brandName: () => 'Corner',
    categoryName: () => 'Things',
    offer: (id) => data.offers.find((offer) => offer.id === id),
    rulebook,
  }
}

/** Lets callers through at once, or holds them until it opens. */
function gate(): { slow: boolean; pass(): Promise<void>; open(): void } {
  let waiting: (() => void)[] = []
  const made = {
    slow: false,
    async pass() {
      if (made.slow) await new Promise<void>((resolve) => waiting.push(resolve))
    },
    open() {
      made.slow = false
      for (const go of waiting) go()
      waiting = []
    },
  }
  return made
}

/** What no test here asks for. */
function refuse(): Promise<never> {
  return Promise.reject(new Error('not part of this counter'))
}
