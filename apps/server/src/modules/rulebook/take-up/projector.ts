import { engines, PricingRefusal } from '@nexus/domain'
import { type BillDocument, cartOf, contextOf } from '@nexus/sync'
import type { Tx } from '../../../db/database.ts'
import type { Fact, Projector } from '../../journal/projector.ts'
import { headOf } from '../read-part.ts'
import { rulebookReader } from '../reader.ts'
import { findVersion } from '../sql.ts'
import { addTakeUp, clearTakeUp } from './sql.ts'
import type { OfferTakeUpTable } from './tables.ts'

/** Versions of which the limited offers are remembered. */
const versionsMax = 100

/**
 * What each offer gave, by store and day, out of sales (PRC-11). Credit notes take their share of the
 * amount back, not of the count (PRC-11d). Applications are counted of offers that are limited in all: an
 * entry does not hold them, so its documents are priced again.
 */
export function takeUpProjector(): Projector {
  const limitedByVersion = new Map<number, ReadonlySet<number>>()
  return {
    name: 'take-up',
    types: ['sale'],
    async apply(tx, facts) {
      const sums = new Map<string, OfferTakeUpTable>()
      for (const fact of facts) {
        const { entry } = fact
        if (entry.type !== 'sale') continue
        for (const document of entry.body.documents) {
          const sign = signOf(document)
          const given = givenBy(document)
          if (sign === 0 || given.size === 0) continue
          const applied =
            sign > 0 ? await limitedApplications(tx, fact, document, [...given.keys()]) : new Map()
          for (const [offerId, givenMinor] of given) {
            const row = rowOf(sums, fact, document, offerId)
            row.bills += sign > 0 ? 1 : 0
            row.applications += applied.get(offerId) ?? 0
            row.given_minor += sign * givenMinor
          }
        }
      }
      await addTakeUp(tx, inOrder(sums))
    },
    clear: clearTakeUp,
  }

  async function limitedApplications(
    tx: Tx,
    { entry }: Fact,
    document: BillDocument,
    offerIds: readonly number[],
  ): Promise<ReadonlyMap<number, number>> {
    const applications = new Map<number, number>()
    if (entry.rulebook === null) return applications
    const { version } = entry.rulebook
    const limited = await limitedOf(tx, version)
    const counted = offerIds.filter((id) => limited.has(id))
    // A bill that cannot be priced again counts once, as a bill does.
    for (const id of counted) applications.set(id, 1)
    if (counted.length === 0) return applications
    // A reader of this transaction: others read beside it, and the one in force keeps what it read.
    const products = document.lines.map((line) => line.product)
    const rulebook = await rulebookReader({ database: { read: tx } }).find(version, products)
    const engine = engines[entry.engine]
    if (rulebook === undefined || engine === undefined) return applications
    try {
      const priced = engine(cartOf(document), rulebook, contextOf(entry.store, document.pricing))
      for (const one of priced.applied ?? []) {
        if (limited.has(one.offerId)) applications.set(one.offerId, one.applications)
      }
    } catch (error) {
      if (!(error instanceof PricingRefusal)) throw error
    }
    return applications
  }

  /** Offers of a version that are limited in all; versions never change. */
  async function limitedOf(tx: Tx, version: number): Promise<ReadonlySet<number>> {
    const known = limitedByVersion.get(version)
    if (known !== undefined) return known
    const published = await findVersion(tx, version)
    if (published === undefined) return new Set()
    const { offers } = await headOf(tx, published.headHash)
    const limited = new Set(offers.flatMap(({ id, limits }) => (limits?.total === undefined ? [] : [id])))
    if (limitedByVersion.size >= versionsMax) limitedByVersion.clear()
    limitedByVersion.set(version, limited)
    return limited
  }
}

/** Invoices and bills of supply give; credit notes and refunds take back; slips are billed later. */
function signOf({ kind }: BillDocument): 1 | 0 | -1 {
  if (kind === 'I' || kind === 'B') return 1
  return kind === 'C' || kind === 'R' ? -1 : 0
}

function givenBy({ lines }: BillDocument): Map<number, number> {
  const given = new Map<number, number>()
  for (const line of lines) {
    for (const { id, amountMinor } of line.offers) given.set(id, (given.get(id) ?? 0) + amountMinor)
  }
  return given
}

function rowOf(
  sums: Map<string, OfferTakeUpTable>,
  { storeNo, entry }: Fact,
  { issueDate }: BillDocument,
  offerId: number,
): OfferTakeUpTable {
  const day = entry.tradingDay ?? issueDate
  const key = `${storeNo}/${offerId}/${day}`
  const row = sums.get(key) ?? {
    store_no: storeNo,
    offer_id: offerId,
    day,
    bills: 0,
    applications: 0,
    given_minor: 0,
  }
  sums.set(key, row)
  return row
}

/** In the order of the table's key, so that two writers lock in one order. */
function inOrder(sums: ReadonlyMap<string, OfferTakeUpTable>): OfferTakeUpTable[] {
  return [...sums.values()].sort(
    (one, other) =>
      one.store_no - other.store_no ||
      one.offer_id - other.offer_id ||
      (one.day < other.day ? -1 : one.day > other.day ? 1 : 0),
  )
}
