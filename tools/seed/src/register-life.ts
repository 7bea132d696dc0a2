import {
  addDays,
  type CashPieces,
  countTotal,
  DENOMINATIONS_MINOR,
  ENGINE,
  type PricingContext,
  price,
  type Rulebook,
  startOfDate,
} from '@nexus/domain'
import {
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
    { clock, random: seedRandom(roll), sha256: seedSha256, keys, primary, twin, transport },
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
  for (const purchase of day.purchases) {
    clock.set(midnight + purchase.atMs)
    for (const tender of await sell(journal, clock, roll, place, context, purchase)) {
      const sum = taken.get(tender.kind) ?? { kind: tender.kind, inMinor: 0, outMinor: 0, count: 0 }
      taken.set(tender.kind, { ...sum, inMinor: sum.inMinor + tender.amountMinor, count: sum.count + 1 })
    }
  }
  clock.set(midnight + day.closeAtMs)
  const expectedMinor = day.floatMinor + (taken.get('cash')?.inMinor ?? 0)
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

async function sell(
  journal: TillJournal,
  clock: SeedClock,
  roll: Dice,
  place: RegisterPlace,
  context: EntryContext,
  purchase: Purchase,
): Promise<Tender[]> {
  const cart = roll.uuid(clock.wallMs())
  // About 6 s a line and 20 s to pay, so that Pay opens after the last scan.
  clock.set(clock.wallMs() + purchase.lines.length * 6000)
  const pricing: PricingContext = {
    pricedAt: clock.wallMs(),
    storeId: place.storeId,
    regionId: place.regionId,
    storeState: place.state,
    placeOfSupply: place.state,
  }
  const lines = purchase.lines.map((line, index) => ({
    uid: String(index + 1),
    productId: place.productIds[line.product] ?? 0,
    quantityMilli: line.quantity * 1000,
  }))
  const priced = price({ lines }, place.rulebook, pricing)
  clock.set(clock.wallMs() + 20_000)
  const tenders = tendersFor(roll, purchase.pays, priced.toPayMinor)
  const changeMinor = tenders.reduce(
    (sum, tender) => sum + (tender.handedMinor ?? tender.amountMinor) - tender.amountMinor,
    0,
  )
  await journal.completeSale({
    cart,
    context,
    body: {
      documents: [
        documentDraftOf({
          priced,
          cart: { lines },
          rulebook: place.rulebook,
          context: pricing,
          language: place.language,
        }),
      ],
      tenders,
      changeMinor,
      recalledFrom: null,
      root: cart,
      language: place.language,
    },
  })
  return tenders
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
