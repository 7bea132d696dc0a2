import { creditNoteOf, type Difference, exchangeOf, type GiftTerms, type ReturnDocument } from '@nexus/domain'
import type { BillDocument, DocumentDraft } from '@nexus/sync'
import type { Row } from '../cart/rows.ts'

/** Why goods come back, for the whole return; words in return-words.ts. Kept in the journal as the code. */
export const RETURN_REASONS = ['not-wanted', 'faulty', 'wrong-goods', 'reaction', 'near-expiry'] as const
export type ReturnReason = (typeof RETURN_REASONS)[number]

/** In what state one line comes back. */
export const CONDITIONS = ['sellable', 'damaged', 'tester'] as const
export type Condition = (typeof CONDITIONS)[number]

/** A document of a bill, and the identity of the entry that it stands in. */
export type ReturnableBill = BillDocument & { identity: string | null }

/** So much of one line of the bill. */
export type DraftPick = { of: string; quantityMilli: number; condition: Condition }

/** Thousandths by uid of the bill's line; plain JSON. */
export type Quantities = readonly (readonly [string, number])[]

/** Goods of one bill that come back, as an open cart holds them. Plain JSON: they are kept for a reload. */
export type DraftReturn = {
  bill: ReturnableBill
  /** What came back before this return. */
  before: Quantities
  /** The part of it that this till's journal knows. When it grows, the picks are no longer right. */
  here: Quantities
  /** Headquarters was asked too: what other tills took back is in `before`. */
  isWhole: boolean
  /** Terms of the bill's gifts. */
  gifts: readonly GiftTerms[]
  reason: ReturnReason
  /** One a line of the bill, in the bill's order. */
  picks: readonly DraftPick[]
}

/** Uid of a returned line, in the cart and on the credit note; sold lines have bare numbers. */
function returnedUid(at: number): string {
  return `r${at + 1}`
}

/** The credit note of these goods, priced by nothing but their bill (RET-2). The picks fit the bill. */
export function returnDocumentOf(
  { bill, before, picks }: Pick<DraftReturn, 'bill' | 'before' | 'picks'>,
  pricedAt: number,
): ReturnDocument {
  const named = picks.map(({ of, quantityMilli }, at) => ({ uid: returnedUid(at), of, quantityMilli }))
  return creditNoteOf(bill, new Map(before), named, { pricedAt })
}

/** The same as the journal takes it: each line says why and in what state it came back (RET-4e). */
function returnDraftOf(draft: DraftReturn, pricedAt: number): DocumentDraft {
  const document = returnDocumentOf(draft, pricedAt)
  const lines = document.lines.map((line, at) => ({
    ...line,
    returnReason: draft.reason,
    condition: draft.picks[at]?.condition ?? 'sellable',
  }))
  return { ...document, lines }
}

/** The documents of a sale: what comes back before what is sold, both linked to the bill (RET-1b, RET-1c). */
export function withReturn(
  { lines, returned }: { lines: readonly unknown[]; returned?: DraftReturn },
  pricedAt: number,
  sold: () => DocumentDraft,
): DocumentDraft[] {
  if (returned === undefined) return [sold()]
  const back = returnDraftOf(returned, pricedAt)
  return lines.length === 0 ? [back] : [back, { ...sold(), of: back.of }]
}

/** Rows of what comes back, below what is sold; their amounts are negative. */
export function returnedRows(
  document: ReturnDocument,
  soldRows: number,
  before: readonly Row[],
): readonly Row[] {
  const old = new Map(before.map((row) => [row.uid, row]))
  return document.lines.map((line, at): Row => {
    const row: Row = {
      uid: line.uid,
      position: soldRows + at + 1,
      names: { en: line.name },
      code: line.code,
      quantityMilli: line.quantityMilli,
      unitMinor: line.unitMinor,
      grossMinor: -line.grossMinor,
      paidMinor: -line.paidMinor,
      discountMinor: 0,
      reductions: [],
      gift: undefined,
      expiry: undefined,
      asksMrp: false,
      asksExpiry: false,
      refusal: undefined,
      returned: true,
    }
    const known = old.get(line.uid)
    const same =
      known?.position === row.position && known.code === row.code && known.paidMinor === row.paidMinor
    return same && known.quantityMilli === row.quantityMilli ? known : row
  })
}

/** The return without the line of that uid: another return, or undefined when nothing is left of it. */
export function withoutReturned(draft: DraftReturn, uid: string): DraftReturn | undefined {
  const picks = draft.picks.filter((_, at) => returnedUid(at) !== uid)
  return picks.length === 0 ? undefined : { ...draft, picks }
}

/** What is left to settle of a cart with sold and returned lines (RET-1a). */
export function differenceOf(
  back: Pick<ReturnDocument, 'totalMinor'> | undefined,
  priced: { toPayMinor: number } | undefined,
): Difference {
  return exchangeOf(back, priced && { totalMinor: priced.toPayMinor })
}
