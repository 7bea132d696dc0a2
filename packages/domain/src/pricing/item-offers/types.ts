import type { ItemOffer } from '../offers.ts'

/** A line as the assignment sees it; its index in the array is its name. Lines come in canonical order (PRC-2c). */
export type ItemLine = {
  uid: string
  /** Layer-1 price of a unit. */
  unitMinor: number
  /** Whole units; 1 for a fractional line. */
  units: number
  fractional: boolean
  /** What the whole line is worth before layer 2; its units share it equally, the first ones the odd paise. */
  valueMinor: number
  /** Days to the batch's last sale day; undefined where unknown. */
  daysToExpiry: number | undefined
}

/** An offer that is live here and now: store, calendar, audience and limits were checked. */
export type LiveItemOffer = {
  offer: ItemOffer
  /** Indexes of the lines that it touches, ascending: by part (bundle: each part; buy-other: buy, get; others: one list). */
  parts: readonly (readonly number[])[]
  /** What limits leave. */
  applicationsMax: number
}

/** What one offer takes off one line, and how many of the line's units carry it. */
export type ItemStep = { line: number; offerId: number; amountMinor: number; units: number }

export type Assignment = {
  /** Ascending by line, then in order of application. */
  steps: readonly ItemStep[]
  /** By offer id, only those that applied. */
  applications: ReadonlyMap<number, number>
  discountMinor: number
  /** No assignment has a greater discount: proved. */
  optimal: boolean
  /** No assignment can have a greater discount than this. */
  boundMinor: number
  /** States that the search looked at; 0 when nothing competed. */
  nodes: number
}

/** Units that no offer can tell apart: of one line, of one value. */
export type UnitClass = {
  line: number
  /** Place of its first unit among all units in canonical order. */
  firstUnit: number
  count: number
  priceMinor: number
  valueMinor: number
  fractional: boolean
  daysToExpiry: number | undefined
}

/** What may happen to one unit: some single offers in order of application, and at most one group offer on top. */
export type Option = {
  /** Places in the component's offers. */
  singles: readonly number[]
  /** What each single takes off. */
  amountsMinor: readonly number[]
  singlesMinor: number
  /** Place of the group offer; −1 without. */
  group: number
  /** Part of the group offer that the unit plays. */
  part: number
  /** What the group offer takes off this unit where it is reduced (buy-get, buy-other), or its value left (bundle). */
  groupMinor: number
  /** Ids of all its offers, ascending. */
  ids: readonly number[]
  /** Priorities of its single offers together. */
  priorities: number
  /** Its place in the order of PRC-13k among the options of its class; equal ones share it. */
  rank: number
}
