import type { Cart, CartLine, CouponState, ManualReduction, PricingRefusalCode } from '@nexus/domain'
import type { DraftReturn } from '../returns/draft-return.ts'
import type { CouponReason } from './coupon-grants.ts'

/** Why a scanned code is not on the bill; each has a sentence with a way out. */
export type LineRefusal =
  | { code: 'unknown-code' }
  /** The digits are wrong: a torn or badly printed label. */
  | { code: 'damaged-code' }
  /** The product is known, its record could not be read from this device. */
  | { code: 'not-loaded' }
  | { code: 'expired'; kind: 'use-before' | 'expiry'; month: string }
  | { code: PricingRefusalCode }

/** A line as scanned. With a refusal it is shown in red and is not sold. */
export type DraftLine = {
  uid: string
  /** As scanned or typed; for a product chosen by name its first barcode or SKU. */
  code: string
  /** undefined while nobody knows what the code means. */
  productId?: number
  /** undefined while nobody chose a batch. */
  batchId?: number
  quantityMilli: number
  /** The gift offer that the line is taken from; it never joins a line that was scanned. */
  giftOf?: number
  manual?: ByHand<NonNullable<CartLine['manual']>>
  refusal?: LineRefusal
}

/** What a person takes off (layer 4), why, and whose limit allows it (PRC-14). */
export type ByHand<Reduction> = {
  reduction: Reduction
  /** A code; words in reason-words.ts. */
  reason: string
  /** Id of the journalled approval; null where the cashier's own role allows it. */
  approval: string | null
  /** Limit of the role that allowed it, basis points. */
  allowedBp: number
}

/** A coupon as it was entered: trimmed, in capitals. */
export type DraftCoupon = {
  code: string
  /** What is known of a code of a series; undefined for a public code, which needs no asking. */
  state?: CouponState
  /** Headquarters is being asked. */
  asking?: true
  /** Why it is not usable, where headquarters said so. */
  why?: CouponReason
}

/** An open cart, in order of scanning. Plain JSON: it is kept for a reload. */
export type Draft = {
  /** UUIDv7 of the cart, minted with its first line (JRN-4). */
  cart: string
  /** First cart of the row when this one brings back a voided one (JRN-7), else its own id. */
  root: string
  recalledFrom: string | null
  lines: readonly DraftLine[]
  lastUid: number
  coupons?: readonly DraftCoupon[]
  /** On the whole bill. */
  manual?: ByHand<ManualReduction>
  /** Goods of a bill that come back in the same cart (RET-1a). */
  returned?: DraftReturn
}

/** Lines that a cart may hold (JRN-4). */
export const LINES_MAX = 200

export function openDraft(cart: string): Draft {
  return { cart, root: cart, recalledFrom: null, lines: [], lastUid: 0 }
}

/** Nothing is sold and nothing comes back. */
export function isEmptyDraft({ lines, returned }: Draft): boolean {
  return lines.length === 0 && returned === undefined
}

/** A new cart with the lines of one that was voided by mistake; the row of carts keeps its root. */
export function reopenDraft(voided: Draft, cart: string): Draft {
  return { ...voided, cart, recalledFrom: voided.cart }
}

/** What a scan or a choice by name brings. */
export type NewLine = Omit<DraftLine, 'uid'>

/**
 * Adds to the line of the same product and batch, or as a new last line. A refused code is always a
 * line of its own, so that none is swallowed. undefined when the cart is full.
 */
export function addLine(draft: Draft, added: NewLine): { draft: Draft; uid: string } | undefined {
  const same =
    added.refusal === undefined
      ? draft.lines.find((line) => line.refusal === undefined && isSameGoods(line, added))
      : undefined
  if (same) {
    const quantityMilli = same.quantityMilli + added.quantityMilli
    return { draft: replaceLine(draft, { ...same, quantityMilli }), uid: same.uid }
  }
  if (draft.lines.length + (draft.returned?.picks.length ?? 0) >= LINES_MAX) return undefined
  const lastUid = draft.lastUid + 1
  const uid = String(lastUid)
  return { draft: { ...draft, lastUid, lines: [...draft.lines, { ...added, uid }] }, uid }
}

/** The draft with one line replaced by uid; unchanged where there is no such line. */
export function replaceLine(draft: Draft, line: DraftLine): Draft {
  return { ...draft, lines: draft.lines.map((old) => (old.uid === line.uid ? line : old)) }
}

/** A line that was taken off, and where it stood, so that it can be put back. */
export type VoidedLine = { line: DraftLine; at: number }

export function voidLine(draft: Draft, uid: string): { draft: Draft; voided: VoidedLine } | undefined {
  const at = draft.lines.findIndex((line) => line.uid === uid)
  const line = draft.lines[at]
  if (line === undefined) return undefined
  return { draft: { ...draft, lines: draft.lines.toSpliced(at, 1) }, voided: { line, at } }
}

/** Puts a voided line back where it stood, or at the end of a cart that has become shorter. */
export function unvoidLine(draft: Draft, { line, at }: VoidedLine): Draft {
  return { ...draft, lines: draft.lines.toSpliced(Math.min(at, draft.lines.length), 0, line) }
}

/** Gives a line its batch, and so its MRP; where a line of that batch stands already, both become one. */
export function chooseBatch(draft: Draft, uid: string, batchId: number): { draft: Draft; uid: string } {
  const line = draft.lines.find((one) => one.uid === uid)
  if (line === undefined) return { draft, uid }
  const chosen = { ...line, batchId }
  const other = draft.lines.find(
    (one) => one.uid !== uid && one.refusal === undefined && isSameGoods(one, chosen),
  )
  if (other === undefined) return { draft: replaceLine(draft, chosen), uid }
  const joined = { ...other, quantityMilli: other.quantityMilli + line.quantityMilli }
  const lines = draft.lines.filter((one) => one.uid !== uid)
  return { draft: replaceLine({ ...draft, lines }, joined), uid: other.uid }
}

/** The cart as `price` takes it: lines with a refusal are left out. */
export function cartOfDraft(draft: Draft): Cart {
  const { coupons, manual } = draft
  return {
    lines: sellableLines(draft),
    ...(coupons !== undefined && { coupons: coupons.map(({ code }) => code) }),
    ...(manual !== undefined && { manual: manual.reduction }),
  }
}

function sellableLines(draft: Draft): CartLine[] {
  const lines: CartLine[] = []
  for (const { uid, productId, batchId, quantityMilli, giftOf, manual, refusal } of draft.lines) {
    if (refusal !== undefined || productId === undefined) continue
    lines.push({
      uid,
      productId,
      quantityMilli,
      ...(batchId !== undefined && { batchId }),
      ...(giftOf !== undefined && { giftOf }),
      ...(manual !== undefined && { manual: manual.reduction }),
    })
  }
  return lines
}

/** What is known of the entered codes, as `price` takes it. */
export function couponStatesOf({ coupons = [] }: Draft): Record<string, CouponState> {
  return Object.fromEntries(
    coupons.flatMap(({ code, state }) => (state === undefined ? [] : [[code, state]])),
  )
}

/** A line that somebody reduced stays by itself: what is scanned later has its own price. */
function isSameGoods(one: NewLine, other: NewLine): boolean {
  return (
    one.productId !== undefined &&
    one.productId === other.productId &&
    one.batchId === other.batchId &&
    one.giftOf === other.giftOf &&
    one.manual === undefined &&
    other.manual === undefined
  )
}
