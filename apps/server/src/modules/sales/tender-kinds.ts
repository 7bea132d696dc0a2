import type { Tender } from '@nexus/sync'

/** Ways of paying in the order of their bits in `bill.tender_kinds`; only ever appended to. */
const tenderKinds = [
  'cash',
  'upi',
  'card',
  'gift-card',
  'credit-note',
  'points',
  'voucher',
] as const satisfies readonly Tender['kind'][]

/** Every bit set. */
export const allTenderKinds = (1 << tenderKinds.length) - 1

/** Bit of a way of paying; 0 for a text that names none. */
export function tenderBit(kind: string): number {
  const index = (tenderKinds as readonly string[]).indexOf(kind)
  return index < 0 ? 0 : 1 << index
}

/** Bits of all ways of paying that a sale used. */
export function tenderBits(tenders: readonly Pick<Tender, 'kind'>[]): number {
  return tenders.reduce((bits, { kind }) => bits | tenderBit(kind), 0)
}

/** The ways of paying that bits stand for, e.g. `cash,upi`. */
export function tenderList(bits: number): string {
  return tenderKinds.filter((_, index) => (bits & (1 << index)) !== 0).join(',')
}
