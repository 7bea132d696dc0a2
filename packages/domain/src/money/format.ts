import { invariant } from '../invariant.ts'

/** An amount with the rupee sign and Indian grouping, always with paise: `₹1,23,456.50`, `-₹99.00`. */
export function formatRupees(amountMinor: number): string {
  return amountMinor < 0 ? `-₹${formatAmount(-amountMinor)}` : `₹${formatAmount(amountMinor)}`
}

/** The same without the currency sign, which thermal printers lack: `1,23,456.50`. */
export function formatAmount(amountMinor: number): string {
  invariant(Number.isSafeInteger(amountMinor), 'an amount is a whole number of paise')
  const units = Math.abs(amountMinor)
  const paise = units % 100
  const rupees = String((units - paise) / 100)
  const sign = amountMinor < 0 ? '-' : ''
  return `${sign}${groupIndian(rupees)}.${String(paise).padStart(2, '0')}`
}

/** Rupees without grouping, two decimals: what UPI, CSV files and return forms take. */
export function formatPlain(amountMinor: number): string {
  return formatAmount(amountMinor).replaceAll(',', '')
}

/** The last three digits stand together, the ones before them in pairs. */
function groupIndian(digits: string): string {
  let grouped = digits.slice(-3)
  for (let end = digits.length - 3; end > 0; end -= 2) {
    grouped = `${digits.slice(Math.max(0, end - 2), end)},${grouped}`
  }
  return grouped
}
