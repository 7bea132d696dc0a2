import {
  addDays,
  type Cart,
  type CartLine,
  type CashPieces,
  countTotal,
  creditNoteOf,
  DENOMINATIONS_MINOR,
  ENGINE,
  type PricingContext,
  price,
  type Rulebook,
  startOfDate,
} from '@nexus/domain'
import {
  type CompletedSale,
  documentDraftOf,
  type EntryContext,
  openTillJournal,
  type Tender,
  type TillJournal,
  type Transport,
} from '@nexus/sync'
import { type Dice, dice } from './random.ts'
import {
  type SeedClock,
  type SeedDisk,
  type SeedTwin,
  seedClock,
  seedKeys,
  seedPrimary,
  seedRandom,
  seedSha256,
  seedTwin,
  seedVerify,
} from './seeding-ports.ts'
import type { Purchase, RegisterDay } from './shopping.ts'

/** What a register of the seeded chain sells by. */
export type RegisterPlace = {
  storeId: string
  registerId: string
  regionId: string
  state: string
  /** Products that the server numbered, in the order of the plan. */
  productIds: readonly number[]
  rulebook: Rulebook
  /** Cashiers in turn, by day. */
  staffIds: readonly string[]
  language: string
}

export type RegisterLife = {
  journal: TillJournal
  clock: SeedClock
  /** Lives one trading day: sign-in, shift, bills, count, sign-out. Answers the number of bills. */
  liveDay(tradingDay: string, day: RegisterDay): Promise<number>
  /** Hands everything to the server. */
  push(): Promise<void>
  /** The till as it is now: another run starts it again from this. */
  save(): SavedTill
}

/** An imagined till between two runs of a seeding; plain JSON. */
export type SavedTill = {
  disk: SeedDisk
  twin: SeedTwin
  dice: number[]
  keys: string[]
  bootId: string
  wallMs: number
}

const app = 'seed'

/** Starts the till core of one register over imagined storage and a real connection to the server. */
export async function startRegister(
  seed: number,
  stream: number,
  place: RegisterPlace,
  transport: Transport,
  firstDay: string,
  saved?: SavedTill,
): Promise<RegisterLife> {
  const startMs = startOfDate(firstDay)
  const roll = dice(seed, 77_000_017 + stream, saved?.dice)
  const clock = seedClock(startMs, saved?.bootId ?? roll.uuid(startMs))
  if (saved) clock.set(saved.wallMs)
  const primary = seedPrimary(saved?.disk)
  const twin = seedTwin(saved?.twin)
  const keys = seedKeys(roll, saved?.keys)
  const journal = await openTillJournal(
    {
      clock,
      random: seedRandom(roll),
      sha256: seedSha256,
      keys,
      verify: seedVerify,
      primary,
      twin,
      transport,
    },
    { app, engine: ENGINE },
  )
  return {
    journal,
    clock,
    save: () => ({
      disk: primary.disk(),
      twin: twin.disk(),
      dice: roll.state(),
      keys: keys.secrets(),
      bootId: clock.bootId,
      wallMs: clock.wallMs(),
    }),
    liveDay: (tradingDay, day) => liveDay(journal, clock, roll, place, tradingDay, day),
    async push() {
      for (;;) {
        const outcome = await journal.pushOnce()
        if (outcome.kind === 'failed') throw outcome.cause
        if (outcome.kind === 'idle' || outcome.kind === 'beat') break
      }
      primary.forget()
      twin.forget()
    },
  }
}

async function liveDay(
  journal: TillJournal,
  clock: SeedClock,
  roll: Dice,
  place: RegisterPlace,
  tradingDay: string,
  day: RegisterDay,
): Promise<number> {
  const midnight = startOfDate(tradingDay)
  clock.set(midnight + day.openAtMs)
  const staff =
    place.staffIds[(roll.whole(0, 1) + Number(tradingDay.slice(-2))) % place.staffIds.length] ?? null
  const shift = roll.uuid(clock.wallMs())
  const drawer = roll.uuid(clock.wallMs())
  const rulebook = { version: place.rulebook.version, checksum: place.rulebook.checksum }
  const context: EntryContext = { shift, tradingDay, rulebook, staff }
  await journal.append({
    type: 'sign-in',
    context: { ...context, shift: null, tradingDay: null },
    body: { offline: false, staffUnverified: false },
  })
  const float = piecesOf(day.floatMinor)
  await journal.append({
    type: 'shift-opened',
    context,
    body: { drawer, float: { totalMinor: countTotal(float), pieces: float }, clockConfirmed: true },
  })
  const taken = new Map<string, { kind: string; inMinor: number; outMinor: number; count: number }>()
  const counter = { journal, clock, roll, place, context }
  let earlier: CompletedSale | undefined
  for (const purchase of day.purchases) {
    clock.set(midnight + purchase.atMs)
    const back = purchase.wish === 'return' && earlier ? await takeBack(counter, earlier) : undefined
    const sale = back ?? (await sell(counter, purchase))
    // Goods of a bill come back once: the next return is of a later bill.
    earlier = back === undefined ? sale : undefined
    for (const { kind, direction, amountMinor } of sale.entry.body.tenders) {
      const sum = taken.get(kind) ?? { kind, inMinor: 0, outMinor: 0, count: 0 }
      const side = direction === 'in' ? 'inMinor' : 'outMinor'
      taken.set(kind, { ...sum, [side]: sum[side] + amountMinor, count: sum.count + 1 })
    }
  }
  clock.set(midnight + day.closeAtMs)
  const cash = taken.get('cash')
  const expectedMinor = day.floatMinor + (cash?.inMinor ?? 0) - (cash?.outMinor ?? 0)
  const counted = piecesOf(Math.max(0, expectedMinor + day.differenceMinor))
  const countedMinor = countTotal(counted)
  const { head, notDurable } = journal.status()
  await journal.append({
    type: 'shift-closed',
    context,
    body: {
      drawer,
      count: { totalMinor: countedMinor, pieces: counted },
      expectedMinor,
      differenceMinor: countedMinor - expectedMinor,
      reason: countedMinor === expectedMinor ? null : 'counted-again',
      notDurable: notDurable.entries,
      covers: head ? [{ epoch: head.epoch, lastSeq: head.seq, except: [] }] : [],
      tenders: [...taken.values()],
    },
  })
  await journal.append({
    type: 'sign-out',
    context: { ...context, shift: null, tradingDay: null },
    body: { reason: 'shift-closed', notDurable: notDurable.entries },
  })
  return day.purchases.length
}

/** Where and by what a register sells on one day. */
type Counter = {
  journal: TillJournal
  clock: SeedClock
  roll: Dice
  place: RegisterPlace
  context: EntryContext
}

async function sell(counter: Counter, purchase: Purchase): Promise<CompletedSale> {
  const { journal, clock, roll, place, context } = counter
  const id = roll.uuid(clock.wallMs())
  // About 6 s a line and 20 s to pay, so that Pay opens after the last scan.
  clock.set(clock.wallMs() + purchase.lines.length * 6000)
  const { rulebook, language } = place
  const pricing: PricingContext = {
    pricedAt: clock.wallMs(),
    storeId: place.storeId,
    regionId: place.regionId,
    storeState: place.state,
    placeOfSupply: place.state,
  }
  let cart: Cart = {
    lines: purchase.lines.map((line, index) => cartLine(place, purchase, line, index)),
    ...(purchase.wish === 'coupon' && { coupons: codesOf(rulebook) }),
    ...(purchase.wish === 'discount' && { manual: { percentBp: 500 } }),
  }
  let priced = price(cart, rulebook, pricing)
  const gift = priced.gifts?.[0]
  if (gift?.products[0] !== undefined) {
    const line = { uid: 'g', productId: gift.products[0], quantityMilli: 1000, giftOf: gift.offerId }
    cart = { ...cart, lines: [...cart.lines, line] }
    priced = price(cart, rulebook, pricing)
  }
  clock.set(clock.wallMs() + 20_000)
  const tenders = tendersFor(roll, purchase.pays, priced.toPayMinor)
  const changeMinor = tenders.reduce(
    (sum, tender) => sum + (tender.handedMinor ?? tender.amountMinor) - tender.amountMinor,
    0,
  )
  const reasons = { bill: { reason: 'goodwill', approval: null } }
  const document = documentDraftOf({ priced, cart, rulebook, context: pricing, language, reasons })
  return await journal.completeSale({
    cart: id,
    context,
    body: { documents: [document], tenders, changeMinor, recalledFrom: null, root: id, language },
  })
}

function cartLine(
  { productIds, rulebook }: RegisterPlace,
  { scansBatches }: Purchase,
  { product, quantity }: Purchase['lines'][number],
  index: number,
): CartLine {
  const productId = productIds[product] ?? 0
  const batchId = scansBatches ? rulebook.findProduct(productId)?.batches[0]?.id : undefined
  return {
    uid: String(index + 1),
    productId,
    quantityMilli: quantity * 1000,
    ...(batchId !== undefined && { batchId }),
  }
}

/** The code that customers of the chain have heard of. */
function codesOf({ offers }: Rulebook): string[] {
  return offers.flatMap((offer) =>
    offer.effect === 'coupon' && offer.code.kind === 'public' ? [offer.code.text] : [],
  )
}

/** One unit of a bill comes back for cash; undefined where nothing of it was paid for. */
async function takeBack(
  { journal, clock, roll, place, context }: Counter,
  { identity, entry }: CompletedSale,
): Promise<CompletedSale | undefined> {
  const bill = entry.body.documents[0]
  const line = bill?.lines.find((one) => one.giftOf === undefined && one.paidMinor >= 100)
  if (bill === undefined || line === undefined) return undefined
  const id = roll.uuid(clock.wallMs())
  clock.set(clock.wallMs() + 30_000)
  const pick = { uid: '1', of: line.uid, quantityMilli: Math.min(1000, line.quantityMilli) }
  const settings = { pricedAt: clock.wallMs() }
  const note = creditNoteOf({ ...bill, identity }, new Map(), [pick], settings)
  const lines = note.lines.map((one) => ({ ...one, returnReason: 'not-wanted', condition: 'sellable' }))
  const amountMinor = note.totalMinor
  const cash: Tender = { kind: 'cash', direction: 'out', amountMinor, reference: null, attempt: null }
  return await journal.completeSale({
    cart: id,
    context,
    body: {
      documents: [{ ...note, lines }],
      tenders: [cash],
      changeMinor: 0,
      recalledFrom: null,
      root: id,
      language: place.language,
    },
  })
}

function tendersFor(roll: Dice, pays: Purchase['pays'], toPayMinor: number): Tender[] {
  const upi = (amountMinor: number): Tender => ({
    kind: 'upi',
    direction: 'in',
    amountMinor,
    reference: String(roll.whole(100_000_000_000, 999_999_999_999)),
    attempt: null,
  })
  if (pays === 'upi') return [upi(toPayMinor)]
  if (pays === 'card') {
    return [
      {
        kind: 'card',
        direction: 'in',
        amountMinor: toPayMinor,
        reference: `${roll.whole(100_000, 999_999)}/${roll.whole(1000, 9999)}`,
        attempt: null,
      },
    ]
  }
  const cashMinor = pays === 'split' ? Math.floor(toPayMinor / 20_000) * 10_000 : toPayMinor
  const notes = [10_000, 50_000, 100_000].find((step) => step >= cashMinor) ?? 50_000
  const cash: Tender = {
    kind: 'cash',
    direction: 'in',
    amountMinor: cashMinor,
    handedMinor: roll.fraction() < 0.4 ? cashMinor : Math.ceil(cashMinor / notes) * notes,
    reference: null,
    attempt: null,
  }
  if (pays === 'cash') return [cash]
  return cashMinor === 0 ? [upi(toPayMinor)] : [cash, upi(toPayMinor - cashMinor)]
}

/** A sum in the largest notes and coins that make it; paise below fifty are left out. */
function piecesOf(amountMinor: number): CashPieces[] {
  let left = amountMinor
  return DENOMINATIONS_MINOR.flatMap((denominationMinor) => {
    const count = Math.floor(left / denominationMinor)
    left -= count * denominationMinor
    return count > 0 ? [{ denominationMinor, count }] : []
  })
}

/** Trading days of a seeding, oldest first: `days` days that end the day before `today`. */
export function tradingDays(today: string, days: number): string[] {
  return Array.from({ length: days }, (_, index) => addDays(today, index - days))
}
