import { stateName } from './states.ts'

/** A GST registration as its number tells it. Whether it is active only the portal knows. */
export type Gstin = {
  gstin: string
  stateCode: string
  pan: string
  /** A collector of tax at source (e-commerce) is no buyer of goods. */
  kind: 'regular' | 'ecommerce-tcs'
}

/** Why a GSTIN was not taken. */
export type GstinFault = 'length' | 'format' | 'state' | 'check-character'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const REGULAR = /^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z][Z1-9ABD-J][0-9A-Z]$/
const ECOMMERCE = /^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]C[0-9A-Z]$/

/**
 * Reads a GSTIN: form, State and check character. Lower case and blanks are taken, the answer is
 * upper case. The portal's sandbox numbers fail the check character and are refused.
 */
export function parseGstin(text: string): Gstin | { fault: GstinFault } {
  const gstin = text.replace(/\s/g, '').toUpperCase()
  if (gstin.length !== 15) return { fault: 'length' }
  const kind = REGULAR.test(gstin) ? 'regular' : ECOMMERCE.test(gstin) ? 'ecommerce-tcs' : undefined
  if (kind === undefined) return { fault: 'format' }
  const stateCode = gstin.slice(0, 2)
  if (stateName(stateCode) === undefined) return { fault: 'state' }
  if (gstinCheckCharacter(gstin.slice(0, 14)) !== gstin[14]) return { fault: 'check-character' }
  return { gstin, stateCode, pan: gstin.slice(2, 12), kind }
}

/** The 15th character of a GSTIN, from the 14 before it (digits and capitals). */
export function gstinCheckCharacter(first14: string): string {
  let sum = 0
  for (let at = 0; at < first14.length; at++) {
    const product = ALPHABET.indexOf(first14.charAt(at)) * (1 + (at % 2))
    sum += Math.floor(product / 36) + (product % 36)
  }
  return ALPHABET.charAt((36 - (sum % 36)) % 36)
}

/** True for the form of an income-tax PAN, capitals only. It has no check that can be computed. */
export function isPan(text: string): boolean {
  return /^[A-Z]{5}[0-9]{4}[A-Z]$/.test(text)
}
