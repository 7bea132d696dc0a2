import type { Batch, PricedCart, PricedLine, RulebookProduct } from '@nexus/domain'
import type { Catalogue } from '../rulebook/index.ts'
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
  /** What takes off the price, in the order of the layers; the ceiling's step is no reduction of a price. */
  reductions: readonly Reduction[]
  /** The line was taken as a gift. */
  gift: PricedLine['gift']
  expiry: Batch['expiry']
  /** Several MRPs are on the shelf and nobody said which: the lowest rules. */
  asksMrp: boolean
  /** Some batch has expired: look at the pack. */
  asksExpiry: boolean
  refusal: LineRefusal | undefined
  /** Comes back: its amounts are negative. */
  returned: boolean
}

/** What one offer, coupon or person takes off a line, paise; `id` tells those of one kind apart. */
export type Reduction =
  | { kind: 'offer' | 'coupon'; id: number | string; name: string; amountMinor: number }
  | { kind: 'by-hand' | 'points'; id: ''; amountMinor: number }

/** The rows of a draft. Rows that did not change keep their identity, so that React draws only the others. */
export function rowsOf(
  draft: Draft,
  priced: PricedCart,
  catalogue: Pick<Catalogue, 'rulebook' | 'offer'>,
  tradingDay: string,
  before: readonly Row[],
): readonly Row[] {
  const pricedByUid = new Map(priced.lines.map((line) => [line.uid, line]))
  const beforeByUid = new Map(before.map((row) => [row.uid, row]))
  return draft.lines.map((line, index) => {
    const row = rowOf(line, index + 1, pricedByUid.get(line.uid), catalogue, tradingDay)
    const old = beforeByUid.get(line.uid)
    return old !== undefined && isSameRow(old, row) ? old : row
  })
}

function rowOf(
  line: DraftLine,
  position: number,
  priced: PricedLine | undefined,
  { rulebook, offer }: Pick<Catalogue, 'rulebook' | 'offer'>,
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
    reductions: priced === undefined ? [] : reductionsOf(priced, (id) => offer(id)?.name ?? ''),
    gift: priced?.gift,
    expiry: product?.batches.find((batch) => batch.id === line.batchId)?.expiry,
    asksMrp: open && mrpChoices(product, tradingDay).length > 1,
    asksExpiry: open && needsExpiryLook(product, tradingDay),
    refusal: line.refusal,
    returned: false,
  }
}

function reductionsOf({ steps }: PricedLine, nameOf: (offerId: number) => string): Reduction[] {
  const reductions: Reduction[] = []
  let byHandMinor = 0
  for (const step of steps) {
    const { kind, amountMinor } = step
    if (kind === 'offer') {
      reductions.push({ kind, id: step.offerId, name: nameOf(step.offerId), amountMinor })
    } else if (kind === 'coupon') {
      reductions.push({ kind, id: step.code, name: step.code, amountMinor })
    } else if (kind === 'points') {
      reductions.push({ kind, id: '', amountMinor })
    } else if (kind === 'manual') {
      // On the line and on the bill: on the row it is one.
      byHandMinor += amountMinor
    }
  }
  if (byHandMinor > 0) reductions.push({ kind: 'by-hand', id: '', amountMinor: byHandMinor })
  return reductions
}

/** Names and refusals are compared as objects: both come from the catalogue and the draft unchanged. */
function isSameRow(one: Row, other: Row): boolean {
  // `Row` is a plain record, so its keys are the ones of the type.
  return (Object.keys(one) as (keyof Row)[]).every((key) =>
    key === 'reductions' || key === 'gift' ? isSameData(one[key], other[key]) : one[key] === other[key],
  )
}

/** Both are made anew at each pricing. */
function isSameData(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
