import type { TillBill } from '@nexus/contract'
import { giftTermsOf, quantitiesReturned } from '@nexus/domain'
import { type Bill, type JournalClient, JournalRefused } from '../journal/index.ts'
import type { Catalogue } from '../rulebook/index.ts'
import type { DraftReturn, Quantities, ReturnableBill } from './draft-return.ts'

/** A bill and what is known of its returns. */
export type FoundBill = Pick<DraftReturn, 'bill' | 'before' | 'here' | 'isWhole' | 'gifts'>

/**
 * Finds bills by number: on this till, and at headquarters where the network allows. Mostly one; a number
 * may stand on two (JRN-14c). What came back before is what headquarters knows and what this till took
 * back and has not sent (RET-2i).
 *
 * `elsewhere`: not made here, and headquarters does not answer.
 */
export async function findBills(
  number: string,
  journal: JournalClient,
  catalogue: Catalogue | undefined,
): Promise<readonly FoundBill[] | 'elsewhere'> {
  const own = await journal.findBill(number)
  const asked = await askHeadquarters(number, journal)
  const mine = own && documentOf(own, number)
  if (mine === undefined && asked === undefined) return 'elsewhere'

  const found: FoundBill[] = []
  for (const { content, identity, returned } of asked ?? []) {
    const bill = { ...content, identity }
    const known = returned.map(({ uid, quantityMilli }) => [uid, quantityMilli] as const)
    found.push(await withReturns(bill, known, journal, catalogue))
  }
  if (mine !== undefined && found.every(({ bill }) => bill.identity !== mine.identity)) {
    // Headquarters answered and has not got this bill yet: nobody else can have taken anything back.
    found.unshift(await withReturns(mine, asked && [], journal, catalogue))
  }
  return found
}

/** undefined where nobody answers. */
async function askHeadquarters(number: string, journal: JournalClient): Promise<TillBill[] | undefined> {
  if (!journal.getStatus().hop.reachable) return undefined
  try {
    return await journal.askForBills(number)
  } catch (cause) {
    return cause instanceof JournalRefused && cause.code === 'bill/not-found' ? [] : undefined
  }
}

/** @param returned what headquarters knows; undefined where it was not asked */
async function withReturns(
  bill: ReturnableBill,
  returned: Quantities | undefined,
  journal: JournalClient,
  catalogue: Catalogue | undefined,
): Promise<FoundBill> {
  const returns = await journal.findReturns(bill.number, bill.issueDate)
  const unsent = returns.filter(({ where }) => where === 'here' || where === 'store')
  const here = returnedBy(bill, returns)
  const before = returned === undefined ? here : together(bill, returned, returnedBy(bill, unsent))
  return { bill, before, here, gifts: await giftsOf(bill, catalogue), isWhole: returned !== undefined }
}

/** What this till's journal knows to have come back of a bill, the open cart's own sale aside. */
export async function returnedHere(
  bill: ReturnableBill,
  journal: JournalClient,
  cart: string,
): Promise<Quantities> {
  const returns = await journal.findReturns(bill.number, bill.issueDate)
  return returnedBy(
    bill,
    returns.filter((one) => one.cart !== cart),
  )
}

export function sameQuantities(one: Quantities, other: Quantities): boolean {
  const milli = new Map(other)
  return one.length === other.length && one.every(([uid, quantityMilli]) => milli.get(uid) === quantityMilli)
}

function documentOf({ body, identity }: Bill, number: string): ReturnableBill | undefined {
  const document = body.documents.find((each) => each.number === number)
  return document && { ...document, identity }
}

function returnedBy(bill: ReturnableBill, returns: readonly Bill[]): Quantities {
  const documents = returns.flatMap(({ body }) => body.documents)
  return [...quantitiesReturned(bill, documents)]
}

/** Both, up to what was sold: a bill that is on its way to headquarters may be counted twice for a moment. */
function together(bill: ReturnableBill, known: Quantities, unsent: Quantities): Quantities {
  const sum = new Map(known)
  for (const [uid, quantityMilli] of unsent) sum.set(uid, (sum.get(uid) ?? 0) + quantityMilli)
  return bill.lines.flatMap((line) => {
    const quantityMilli = Math.min(sum.get(line.uid) ?? 0, line.quantityMilli)
    return quantityMilli === 0 ? [] : [[line.uid, quantityMilli] as const]
  })
}

/** Terms of the bill's gifts by the rulebook of this till (RET-3c, RET-3d). */
async function giftsOf(
  bill: ReturnableBill,
  catalogue: Catalogue | undefined,
): Promise<DraftReturn['gifts']> {
  if (catalogue === undefined || bill.lines.every((line) => line.giftOf === undefined)) return []
  const known = { offers: catalogue.rulebook.offers, findProduct: catalogue.product }
  await catalogue.ensure(bill.lines.map((line) => line.product))
  return giftTermsOf(bill.lines, known, bill.pricing.pricedAt)
}
