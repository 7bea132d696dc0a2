import { normaliseGtin, parseGs1 } from '@nexus/domain'
import type { Entered, ReadCode } from './types.ts'

/**
 * Splits what was typed or scanned into quantity and text: `3*8901…` is three of that code. A prefix
 * may have a decimal point for goods sold by weight. A prefix of zero, or above 9999, is no prefix.
 */
export function readEntered(typed: string): Entered {
  const prefix = /^\s*([0-9]{1,4})(?:\.([0-9]{1,3}))?\s*\*/.exec(typed)
  const quantityMilli = prefix ? Number(prefix[1]) * 1000 + Number((prefix[2] ?? '').padEnd(3, '0')) : 0
  if (prefix === null || quantityMilli === 0) {
    return { quantityMilli: 1000, quantityGiven: false, text: typed.trim() }
  }
  return { quantityMilli, quantityGiven: true, text: typed.slice(prefix[0].length).trim() }
}

/**
 * Reads a code: a GS1 element string gives GTIN, batch, expiry and serial; a GTIN its normal form; any
 * other text stays as it is, without blanks at its ends.
 */
export function readCode(text: string): ReadCode {
  const trimmed = text.trim()
  const elements = parseGs1(trimmed)
  if (elements !== undefined) {
    const { gtin, ...rest } = elements
    return { code: gtin, damaged: false, ...rest }
  }
  const gtin = normaliseGtin(trimmed)
  if (gtin !== undefined) return { code: gtin, damaged: false }
  return { code: trimmed, damaged: /^(?:[0-9]{8}|[0-9]{12,14})$/.test(trimmed) }
}
