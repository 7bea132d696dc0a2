import type { Advice, PricedCart, PricingContext, ReturnDocument, RulebookProduct } from '@nexus/domain'
import type { BatchChoice } from '../cart/batches.ts'
import type { ByHandTarget } from '../cart/by-hand.ts'
import type { Draft, VoidedLine } from '../cart/cart.ts'
import type { Row } from '../cart/rows.ts'
import type { Bill } from '../journal/index.ts'
import type { Buyer } from '../pay/buyer.ts'
import type { Taken, TenderFault } from '../pay/tenders.ts'
import type { PrintFault } from '../print/index.ts'
import type { Returning } from '../returns/return-state.ts'

/** A product as the search shows it. */
export type SearchResult = {
  productId: number
  names: RulebookProduct['names']
  brand: string
  sku: string
  /** One unit now; undefined where it cannot be sold, e.g. without a tax class. Paise. */
  unitMinor: number | undefined
  mrpMinor: number | undefined
}

export type SearchState = {
  /** As it stood in the box when typing paused. */
  text: string
  results: readonly SearchResult[]
  /** Row that Enter takes. */
  at: number
  /** The search answers for this text; an older answer is not shown as if it were for a newer one. */
  answered: string
}

/** A UPI attempt that the customer was shown (JRN-15). Its money is in doubt until the cashier says. */
export type UpiAttempt = {
  attempt: string
  amountMinor: number
  /** Content of the QR. */
  link: string
  startedAt: number
  /** `intent`: being journalled, nothing shown yet; `result`: the cashier's word is being journalled. */
  step: 'intent' | 'waiting' | 'result'
}

export type PayMethod = 'cash' | 'upi' | 'card'

export type PayState = {
  /** Frozen when Pay opened (PRC-5); dates the document (JRN-13). */
  pricedAt: number
  /** What was known of limited offers then (PRC-11a); it decides prices too. */
  uses: PricingContext['uses']
  method: PayMethod
  /** The amount box. */
  text: string
  taken: readonly Taken[]
  upi: UpiAttempt | undefined
  /** An attempt of which nobody can say what became of it; other money is taken meanwhile (JRN-15e). */
  doubt: UpiAttempt | undefined
  /** Asked for where the law wants it on the invoice. */
  buyer: Buyer | undefined
  fault: TenderFault | 'not-saved' | 'upi-in-doubt' | undefined
  /** The sale is being made durable; everything waits. */
  completing: boolean
}

/** The bill that was just completed; shown until the next scan. */
export type PaidState = {
  bill: Bill
  totalMinor: number
  changeMinor: number
  /** Given back for returned goods. */
  refundMinor: number
  print: PrintState
}
export type PrintState = 'printing' | 'printed' | PrintFault

export type NoticeCode =
  | 'line-voided'
  | 'cart-voided'
  | 'cart-full'
  | 'nothing-found'
  | 'quantity-refused'
  | 'codes-not-on-bill'
  | 'cart-empty'
  | 'scan-while-paying'
  | 'scan-before-sign-in'
  | 'scan-before-shift'
  | 'scan-while-closed'
  | 'no-products'
  | 'tenders-taken'
  | 'upi-waits'
  | 'priced-again'
  | 'journal-failed'
  | 'no-camera'
  | 'printer-chosen'
  | 'printer-refused'
  | 'upi-off'
  | 'cart-open'
  | 'update-elsewhere'
  | 'storage-full'
  | 'sold-before'
  | 'price-moved'
  | 'by-hand-taken-back'
  | 'coupon-unknown'
  | 'coupon-repeated'
  | 'coupons-full'
  | 'coupon-offline'
  | 'coupon-asking'
  | 'gift-not-sellable'
  | 'returned-meanwhile'

/** A sentence over the cart for a while. `serial` makes a repeated one a new one. */
export type Notice = {
  code: NoticeCode
  params: Readonly<Record<string, string | number>>
  tone: 'info' | 'bad'
  undo: 'line' | 'cart' | undefined
  serial: number
}

export type Dialog =
  | { kind: 'line'; uid: string }
  | { kind: 'mrp'; uid: string; choices: readonly BatchChoice[] }
  | { kind: 'by-hand'; target: ByHandTarget }
  | { kind: 'coupons' }
  | { kind: 'gift'; offerId: number }
  | { kind: 'void-cart' }
  | { kind: 'bills' }
  | { kind: 'bill'; bill: Bill; from: 'bills' | 'paid' }
  | { kind: 'help' }
  | { kind: 'close-shift' }
  | { kind: 'sign-out' }
  | { kind: 'queue' }
  | { kind: 'remove-register' }
  | { kind: 'camera' }
  | { kind: 'return' }

/** What can be undone: the last void, until the next change. */
export type Undo = { kind: 'line'; voided: VoidedLine } | { kind: 'cart'; draft: Draft }

/** Everything that the screens show and the device does not keep. Journal and rulebook have their own stores. */
export type TillState = {
  locked: boolean
  draft: Draft | undefined
  priced: PricedCart | undefined
  /** What the cashier may say beyond the price; it follows the price a moment later. */
  advice: Advice | undefined
  /** The credit note of the goods that come back; undefined while none does. */
  back: ReturnDocument | undefined
  rows: readonly Row[]
  selected: string | undefined
  /** The newest line, highlighted for a second; `serial` starts it anew. */
  flash: { uid: string; serial: number } | undefined
  search: SearchState
  pay: PayState | undefined
  paid: PaidState | undefined
  notice: Notice | undefined
  undo: Undo | undefined
  dialog: Dialog | undefined
  /** The return screen while it is open. */
  returning: Returning | undefined
  /** An interrupted cart is on its way back; scans wait for it. */
  restoring: boolean
  /** Scans that wait for rows of the catalogue or for a sale to become durable. */
  waitingScans: number
  /** Counts the times that the search box was emptied: what it shows while somebody types is its own. */
  clears: number
  /** Counts wishes to have the cursor in the search box. */
  finds: number
  /** Who took over the drawer of another's shift here. */
  holder: { shift: string; person: string } | undefined
  /** Somebody put off the new enrolment of a till that lost its key; asked for again after the next sign-out. */
  sellsWithoutKey: boolean
}

export const NO_SEARCH: SearchState = { text: '', results: [], at: 0, answered: '' }

export const EMPTY_STATE: TillState = {
  locked: false,
  draft: undefined,
  priced: undefined,
  advice: undefined,
  back: undefined,
  rows: [],
  selected: undefined,
  flash: undefined,
  search: NO_SEARCH,
  pay: undefined,
  paid: undefined,
  notice: undefined,
  undo: undefined,
  dialog: undefined,
  returning: undefined,
  restoring: false,
  waitingScans: 0,
  clears: 0,
  finds: 0,
  holder: undefined,
  sellsWithoutKey: false,
}
