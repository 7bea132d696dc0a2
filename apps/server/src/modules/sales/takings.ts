import type { Insertable } from 'kysely'
import type { TakingsHourTable, TakingsTenderTable } from './tables.ts'

/** +1 for documents that are sold, −1 for those that go back, 0 for slips and gift-card receipts (JRN-18). */
function takingsSign(kind: string): 1 | 0 | -1 {
  if (kind === 'I' || kind === 'B') return 1
  return kind === 'C' || kind === 'R' ? -1 : 0
}

type Hour = Insertable<TakingsHourTable>
type TenderDay = Insertable<TakingsTenderTable>

/** Adds up a group's takings, so that each row of a store is touched once by a group. */
export class Takings {
  readonly #hours = new Map<string, Hour>()
  readonly #tenders = new Map<string, TenderDay>()

  /** `times` −1 takes a bill off again that counts no more. */
  addBill(
    place: { storeNo: number; day: string; hour: number },
    bill: { kind: string; totalMinor: number; unitsMilli: number; discountMinor: number; taxMinor: number },
    times: 1 | -1 = 1,
  ): void {
    const sign = times * takingsSign(bill.kind)
    if (sign === 0) return
    const key = `${place.storeNo}/${place.day}/${place.hour}`
    const row = this.#hours.get(key) ?? {
      store_no: place.storeNo,
      day: place.day,
      hour: place.hour,
      bills: 0,
      sold_minor: 0,
      units_milli: 0,
      discount_minor: 0,
      tax_minor: 0,
    }
    if (takingsSign(bill.kind) > 0) row.bills += times
    row.sold_minor += sign * bill.totalMinor
    row.units_milli += sign * bill.unitsMilli
    row.discount_minor += sign * bill.discountMinor
    row.tax_minor += sign * bill.taxMinor
    this.#hours.set(key, row)
  }

  addTender(
    place: { storeNo: number; day: string },
    tender: { kind: string; direction: 'in' | 'out'; amountMinor: number },
  ): void {
    const key = `${place.storeNo}/${place.day}/${tender.kind}`
    const row = this.#tenders.get(key) ?? {
      store_no: place.storeNo,
      day: place.day,
      kind: tender.kind,
      tenders: 0,
      amount_minor: 0,
    }
    row.tenders += 1
    row.amount_minor += tender.direction === 'in' ? tender.amountMinor : -tender.amountMinor
    this.#tenders.set(key, row)
  }

  /** In the order of the tables' keys, so that two writers lock in one order. */
  rows(): { hours: Hour[]; tenderDays: TenderDay[] } {
    const hours = [...this.#hours.values()].sort(
      (a, b) => a.store_no - b.store_no || compare(a.day, b.day) || a.hour - b.hour,
    )
    const tenderDays = [...this.#tenders.values()].sort(
      (a, b) => a.store_no - b.store_no || compare(a.day, b.day) || compare(a.kind, b.kind),
    )
    return { hours, tenderDays }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
