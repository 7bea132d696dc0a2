/** Why a typed amount was not taken; screens have a sentence for each. */
export type AmountFault =
  | 'empty'
  | 'not-a-number'
  | 'negative'
  | 'grouping'
  | 'too-many-decimals'
  | 'too-large'

/** The largest amount anyone may type: a hundred crore rupees. */
const MAX_RUPEES = 1_000_000_000

/**
 * Reads an amount as people type or export it: `1,234.5`, `₹ 99`, `Rs. 1,23,456.50`.
 *
 * Commas may group in the Indian or the western manner; a comma elsewhere is refused rather than
 * taken for a decimal point. A third decimal is refused unless it is zero: rounding would guess.
 */
export function parseAmount(text: string): { amountMinor: number } | { fault: AmountFault } {
  const bare = text
    .trim()
    .replace(/^(?:₹|rs\.?|inr)\s*/i, '')
    .replace(/\s*\/-$/, '')
  if (bare === '') return { fault: 'empty' }
  if (/^[-−]/.test(bare)) return { fault: 'negative' }
  const parts = /^([0-9,]*)(?:\.([0-9]*))?$/.exec(bare)
  const whole = parts?.[1] ?? ''
  const decimals = parts?.[2] ?? ''
  if (parts === null || (whole === '' && decimals === '')) return { fault: 'not-a-number' }
  if (whole.includes(',') && !/^[0-9]{1,3}(?:(?:,[0-9]{2})*|(?:,[0-9]{3})*),[0-9]{3}$/.test(whole)) {
    return { fault: 'grouping' }
  }
  if (/[1-9]/.test(decimals.slice(2))) return { fault: 'too-many-decimals' }
  const rupees = Number(whole.replaceAll(',', '') || '0')
  if (rupees > MAX_RUPEES) return { fault: 'too-large' }
  return { amountMinor: rupees * 100 + Number(decimals.slice(0, 2).padEnd(2, '0')) }
}
