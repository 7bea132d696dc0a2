import { invariant } from '../invariant.ts'
import { formatPlain } from '../money/format.ts'

/** What a dynamic UPI QR of a till says. */
export type UpiRequest = {
  /** UPI address of the payee, e.g. `store017@bank`. */
  payeeAddress: string
  payeeName: string
  /** Merchant category; 5977 is cosmetics. */
  merchantCode: string
  /** Names the attempt, so that the money finds its bill: letters, digits, `-` and `_`, at most 35. */
  reference: string
  /** Read by the payer; cut at 50 characters. */
  note: string
  /** More than 0: a paid bill asks for nothing. */
  amountMinor: number
}

/**
 * The `upi://pay` link for one attempt to pay (linking specification 1.6). Amount with two decimals
 * and no grouping, blanks as `%20`. A new attempt takes a new reference.
 */
export function upiLink(request: UpiRequest): string {
  invariant(request.amountMinor > 0, 'a UPI link asks for more than nothing')
  invariant(/^[A-Za-z0-9_-]{1,35}$/.test(request.reference), 'a UPI reference is of letters, digits, - and _')
  invariant(isUpiAddress(request.payeeAddress), 'the payee has a UPI address')
  const note = [...request.note].slice(0, 50).join('')
  const parameters = [
    ['ver', '01'],
    ['mode', '15'],
    ['pa', request.payeeAddress],
    ['pn', request.payeeName],
    ['mc', request.merchantCode],
    ['tr', request.reference],
    ['tn', note],
    ['am', formatPlain(request.amountMinor)],
    ['cu', 'INR'],
  ]
  return `upi://pay?${parameters.map(([key, value]) => `${key}=${encode(value ?? '')}`).join('&')}`
}

/** True for the form of a UPI address (`name@handle`). */
export function isUpiAddress(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,256}@[A-Za-z][A-Za-z0-9.-]{1,63}$/.test(text)
}

/** Payment apps expect the address with its @ as it is. */
function encode(value: string): string {
  return encodeURIComponent(value).replaceAll('%40', '@')
}
