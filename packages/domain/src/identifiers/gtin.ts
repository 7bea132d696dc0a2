/** The check digit of GS1's modulo 10: weights 3, 1, 3 … from the right, over the digits before it. */
export function gtinCheckDigit(digitsBefore: string): string {
  let sum = 0
  for (let at = digitsBefore.length - 1, weight = 3; at >= 0; at--, weight = 4 - weight) {
    sum += (digitsBefore.charCodeAt(at) - 48) * weight
  }
  return String((10 - (sum % 10)) % 10)
}

/** True for a GTIN-8, -12, -13 or -14 whose check digit is right. */
export function isGtin(text: string): boolean {
  return /^(?:[0-9]{8}|[0-9]{12,14})$/.test(text) && gtinCheckDigit(text.slice(0, -1)) === text.slice(-1)
}

/**
 * One form for every way a GTIN is scanned or typed: 13 digits, 8 for a GTIN-8, 14 for a case of
 * goods. Blanks and hyphens are dropped; a scanner's leading zeros are added or taken away.
 * undefined for anything else.
 */
export function normaliseGtin(text: string): string | undefined {
  const digits = text.replace(/[\s-]/g, '')
  if (!isGtin(digits)) return undefined
  const full = digits.padStart(14, '0')
  // A number system below this is only ever a GTIN-8 with zeros before it.
  if (full.startsWith('000000')) return full.slice(6)
  return full.startsWith('0') ? full.slice(1) : full
}

/**
 * True for a code that a spreadsheet turned into a number and shortened, such as `8.90123E+12`: its
 * last digits are lost, and only the original file or the pack can give them back.
 */
export function isMangledBarcode(text: string): boolean {
  return /^[0-9](?:[.,][0-9]+)?e\+?[0-9]{1,2}$/i.test(text.trim())
}
