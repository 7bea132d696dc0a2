import { invariant } from '../invariant.ts'

/** Unit quantity codes of the GST portal that are measured, so that a fraction can be sold. */
const MEASURED = new Set(['GMS', 'KGS', 'MLT', 'LTR', 'KLR', 'MTR', 'CMS', 'KME', 'SQF', 'SQM', 'SQY', 'YDS'])

/** True for goods that are weighed or measured; the others are sold in whole units. */
export function isMeasured(uqc: string): boolean {
  return MEASURED.has(uqc)
}

/** Thousandths as people write them: 2000 → `2`, 250 → `0.25`. */
export function formatQuantity(quantityMilli: number): string {
  invariant(Number.isSafeInteger(quantityMilli), 'a quantity is a whole number of thousandths')
  const units = Math.abs(quantityMilli)
  const rest = units % 1000
  const whole = (units - rest) / 1000
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(3, '0').replace(/0+$/, '')}`
  return `${quantityMilli < 0 ? '-' : ''}${whole}${fraction}`
}

/** Why a typed quantity was not taken. */
export type QuantityFault = 'empty' | 'not-a-number' | 'too-many-decimals' | 'too-large' | 'zero'

/** Reads a quantity as typed, up to a million units and three decimals: `2`, `0.25`, `.5`. */
export function parseQuantity(text: string): { quantityMilli: number } | { fault: QuantityFault } {
  const bare = text.trim()
  if (bare === '') return { fault: 'empty' }
  const parts = /^([0-9]*)(?:\.([0-9]*))?$/.exec(bare)
  const whole = parts?.[1] ?? ''
  const decimals = parts?.[2] ?? ''
  if (parts === null || (whole === '' && decimals === '')) return { fault: 'not-a-number' }
  if (/[1-9]/.test(decimals.slice(3))) return { fault: 'too-many-decimals' }
  if (Number(whole || '0') > 1_000_000) return { fault: 'too-large' }
  const quantityMilli = Number(whole || '0') * 1000 + Number(decimals.slice(0, 3).padEnd(3, '0'))
  return quantityMilli === 0 ? { fault: 'zero' } : { quantityMilli }
}
