import type { Batch, PricedCart, PricedLine, Rulebook, RulebookProduct } from '@nexus/domain'
import { mrpChoices, needsExpiryLook } from './batches.ts'
import type { Draft, DraftLine, LineRefusal } from './cart.ts'

/** One line of the cart as it is drawn. Amounts in paise; members of a refused line without price are 0. */
export type Row = {
  uid: string
  /** 1 for the first. */
  position: number
  /** By language; undefined for an unknown code. */
  names: RulebookProduct['names'] | undefined
  code: string
  quantityMilli: number
  unitMinor: number
  grossMinor: number
  paidMinor: number
  discountMinor: number
  /** Name of the offer that took most off; undefined without one. */
  offerName: string | undefined
  expiry: Batch['expiry']
  /** Several MRPs are on the shelf and nobody said which: the lowest rules. */
  asksMrp: boolean
  /** Some batch has expired: look at the pack. */
  asksExpiry: boolean
  refusal: LineRefusal | undefined
}

/** The rows of a draft. Rows that did not change keep their identity, so that React draws only the others. */
export function rowsOf(
  draft: Draft,
  priced: PricedCart,
  rulebook: Rulebook,
  tradingDay: string,
  before: readonly Row[],
): readonly Row[] {
  const pricedByUid = new Map(priced.lines.map((line) => [line.uid, line]))
  const beforeByUid = new Map(before.map((row) => [row.uid, row]))
  return draft.lines.map((line, index) => {
    const row = rowOf(line, index + 1, pricedByUid.get(line.uid), rulebook, tradingDay)
    const old = beforeByUid.get(line.uid)
    return old !== undefined && isSameRow(old, row) ? old : row
  })
}

function rowOf(
  line: DraftLine,
  position: number,
  priced: PricedLine | undefined,
  rulebook: Rulebook,
  tradingDay: string,
): Row {
  const product = line.productId === undefined ? undefined : rulebook.findProduct(line.productId)
  const open = product !== undefined && line.batchId === undefined && product.batches.length > 1
  return {
    uid: line.uid,
    position,
    names: product?.names,
    code: line.code,
    quantityMilli: line.quantityMilli,
    unitMinor: priced?.unitMinor ?? 0,
    grossMinor: priced?.grossMinor ?? 0,
    paidMinor: priced?.paidMinor ?? 0,
    discountMinor: priced?.discountMinor ?? 0,
    offerName: priced && strongestOffer(priced, rulebook),
    expiry: product?.batches.find((batch) => batch.id === line.batchId)?.expiry,
    asksMrp: open && mrpChoices(product, tradingDay).length > 1,
    asksExpiry: open && needsExpiryLook(product, tradingDay),
    refusal: line.refusal,
  }
}

function strongestOffer(line: PricedLine, rulebook: Rulebook): string | undefined {
  let best: { offerId: number; amountMinor: number } | undefined
  for (const step of line.steps) {
    if (step.kind === 'offer' && step.amountMinor > (best?.amountMinor ?? 0)) best = step
  }
  return best && rulebook.offers.find((offer) => offer.id === best.offerId)?.name
}

/** Names and refusals are compared as objects: both come from the catalogue and the draft unchanged. */
function isSameRow(one: Row, other: Row): boolean {
  // `Row` is a plain record, so its keys are the ones of the type.
  return (Object.keys(one) as (keyof Row)[]).every((key) => one[key] === other[key])
}
