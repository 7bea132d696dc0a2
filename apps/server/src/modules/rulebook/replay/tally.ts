import type { ReplayClash, ReplayDifference, ReplayedBill, ReplayResult, ReplayStore } from '@nexus/contract'
import { ENGINE, type Offer, type OfferUses } from '@nexus/domain'
import { appliedBy, type Figures, type ReplayedDocument } from './replay-bill.ts'

const differencesMax = 100
const sampleMax = 50

/** A bill as results point at it; `storeNo` says which store's sums it belongs to. */
export type BillPlace = Pick<ReplayDifference, 'identity' | 'document' | 'number' | 'at'> & {
  storeNo: number
}

type BeforeAfter = { beforeMinor: number; afterMinor: number }
type StoreSums = Pick<ReplayStore, 'bills' | 'changed' | 'discountMinor' | 'netMinor'>

/** Adds replayed bills up to a result. */
export class Tally {
  readonly #draft: Offer
  readonly #stores = new Map<number, StoreSums>()
  readonly #clashes = new Map<number, { bills: number; lostMinor: number }>()
  readonly #draftSums = { bills: 0, applications: 0, givenMinor: 0 }
  #bills = 0
  #differing = 0
  #differences: (Omit<ReplayDifference, 'storeName'> & { storeNo: number })[] = []
  #sample: (Omit<ReplayedBill, 'storeName'> & { storeNo: number })[] = []

  constructor(draft: Offer) {
    this.#draft = draft
  }

  get bills(): number {
    return this.#bills
  }

  /** What the draft has used up of its limits so far. */
  get uses(): OfferUses {
    return { total: this.#draftSums.applications, givenMinor: this.#draftSums.givenMinor }
  }

  add(place: BillPlace, { differences, before, after }: ReplayedDocument): void {
    this.#bills++
    if (differences.length > 0) {
      this.#differing++
      const room = differencesMax - this.#differences.length
      for (const difference of differences.slice(0, room)) this.#differences.push({ ...place, ...difference })
    }
    const sums = this.#sumsOf(place.storeNo)
    sums.bills++
    addFigures(sums, before, after)
    if (after === before) return
    sums.changed++
    const applied = appliedBy(this.#draft, after)
    if (applied !== undefined) {
      this.#draftSums.bills++
      this.#draftSums.applications += applied.applications
      this.#draftSums.givenMinor += applied.amountMinor
    }
    this.#addClashes(before, after)
    this.#keep(place, before, after)
  }

  /** @param names of the live offers, newest last; @param stores by small key */
  result(
    names: ReadonlyMap<number, string>,
    stores: ReadonlyMap<number, { id: string; name: string }>,
  ): ReplayResult {
    const whole: StoreSums = emptySums()
    for (const sums of this.#stores.values()) addSums(whole, sums)
    const named = <T extends { storeNo: number }>({ storeNo, ...rest }: T) => ({
      ...rest,
      storeName: stores.get(storeNo)?.name ?? '',
    })
    return {
      bills: whole.bills,
      engine: ENGINE,
      reproduced: {
        bills: whole.bills - this.#differing,
        differing: this.#differing,
        differences: this.#differences.map(named),
      },
      changed: whole.changed,
      discountMinor: whole.discountMinor,
      netMinor: whole.netMinor,
      // The catalogue holds no cost of goods, and bills name no customer.
      marginMinor: null,
      customers: null,
      draft: { ...this.#draftSums },
      stores: [...this.#stores]
        .map(([storeNo, sums]) => ({
          storeId: stores.get(storeNo)?.id ?? '',
          storeName: stores.get(storeNo)?.name ?? '',
          ...sums,
        }))
        .sort((one, other) => other.changed - one.changed || compare(one.storeName, other.storeName)),
      clashes: [...this.#clashes]
        .map(([offerId, sums]): ReplayClash => ({ offerId, name: names.get(offerId) ?? '', ...sums }))
        .sort((one, other) => other.lostMinor - one.lostMinor || one.offerId - other.offerId),
      sample: this.#largest().map(named),
    }
  }

  #sumsOf(storeNo: number): StoreSums {
    const known = this.#stores.get(storeNo)
    if (known !== undefined) return known
    const sums = emptySums()
    this.#stores.set(storeNo, sums)
    return sums
  }

  #addClashes(before: Figures, after: Figures): void {
    for (const { offerId, amountMinor } of before.applied) {
      const now = after.applied.find((one) => one.offerId === offerId)?.amountMinor ?? 0
      if (now >= amountMinor) continue
      const sums = this.#clashes.get(offerId) ?? { bills: 0, lostMinor: 0 }
      sums.bills++
      sums.lostMinor += amountMinor - now
      this.#clashes.set(offerId, sums)
    }
  }

  #keep(place: BillPlace, before: Figures, after: Figures): void {
    this.#sample.push({
      ...place,
      discountMinor: { beforeMinor: before.discountMinor, afterMinor: after.discountMinor },
      totalMinor: { beforeMinor: before.netMinor, afterMinor: after.netMinor },
    })
    if (this.#sample.length > 20 * sampleMax) this.#sample = this.#largest()
  }

  #largest() {
    const change = ({ totalMinor }: { totalMinor: BeforeAfter }) =>
      Math.abs(totalMinor.afterMinor - totalMinor.beforeMinor)
    return this.#sample.toSorted((one, other) => change(other) - change(one)).slice(0, sampleMax)
  }
}

function emptySums(): StoreSums {
  return {
    bills: 0,
    changed: 0,
    discountMinor: { beforeMinor: 0, afterMinor: 0 },
    netMinor: { beforeMinor: 0, afterMinor: 0 },
  }
}

function addFigures({ discountMinor, netMinor }: StoreSums, before: Figures, after: Figures): void {
  discountMinor.beforeMinor += before.discountMinor
  discountMinor.afterMinor += after.discountMinor
  netMinor.beforeMinor += before.netMinor
  netMinor.afterMinor += after.netMinor
}

function addSums(whole: StoreSums, part: StoreSums): void {
  whole.bills += part.bills
  whole.changed += part.changed
  whole.discountMinor.beforeMinor += part.discountMinor.beforeMinor
  whole.discountMinor.afterMinor += part.discountMinor.afterMinor
  whole.netMinor.beforeMinor += part.netMinor.beforeMinor
  whole.netMinor.afterMinor += part.netMinor.afterMinor
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
