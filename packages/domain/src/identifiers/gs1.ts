import { addDays, isDate } from '../calendar/calendar.ts'
import { isGtin, normaliseGtin } from './gtin.ts'

/** What a GS1 symbol on a pack says, as far as a till uses it. */
export type Gs1Elements = {
  gtin: string
  batchNo?: string
  /** Last day, `YYYY-MM-DD`. */
  expiryDate?: string
  serial?: string
}

/** FNC1 as scanners send it: ends an element of variable length. */
const FNC1 = '\u001d'

/** Length of the elements that have a fixed one; the others run to FNC1 or the end. */
const FIXED: Readonly<Record<string, number>> = {
  '00': 18,
  '01': 14,
  '11': 6,
  '13': 6,
  '15': 6,
  '17': 6,
  '20': 2,
}
const VARIABLE = new Set([
  '10',
  '21',
  '22',
  '30',
  '37',
  '90',
  '91',
  '92',
  '93',
  '94',
  '95',
  '96',
  '97',
  '98',
  '99',
])

/**
 * Reads the element string of a GS1-128 or GS1 DataMatrix: GTIN (01), batch (10), expiry (17) and
 * serial (21). Other elements of two digits are passed over. undefined when the text is no element
 * string with a valid GTIN, so that a plain barcode falls through.
 */
export function parseGs1(text: string): Gs1Elements | undefined {
  let rest = text.replace(/^\](?:C1|d2|Q3|e0)/, '')
  const found = new Map<string, string>()
  while (rest !== '') {
    if (rest.startsWith(FNC1)) {
      rest = rest.slice(1)
      continue
    }
    const identifier = rest.slice(0, 2)
    const length = FIXED[identifier]
    if (length === undefined && !VARIABLE.has(identifier)) return undefined
    const end = length === undefined ? endOfVariable(rest) : 2 + length
    if (rest.length < end || end === 2) return undefined
    found.set(identifier, rest.slice(2, end))
    rest = rest.slice(end)
  }
  const carried = found.get('01') ?? ''
  const gtin = carried.length === 14 && isGtin(carried) ? normaliseGtin(carried) : undefined
  if (gtin === undefined) return undefined
  const batchNo = found.get('10')
  const serial = found.get('21')
  const expiryDate = dateOf(found.get('17') ?? '')
  return {
    gtin,
    ...(batchNo !== undefined && { batchNo }),
    ...(expiryDate !== undefined && { expiryDate }),
    ...(serial !== undefined && { serial }),
  }
}

function endOfVariable(rest: string): number {
  const end = rest.indexOf(FNC1)
  return end === -1 ? rest.length : end
}

/** YYMMDD in this century; day 00 is the last of the month. */
function dateOf(digits: string): string | undefined {
  if (!/^[0-9]{6}$/.test(digits)) return undefined
  const month = `20${digits.slice(0, 2)}-${digits.slice(2, 4)}`
  if (digits.slice(4) !== '00')
    return isDate(`${month}-${digits.slice(4)}`) ? `${month}-${digits.slice(4)}` : undefined
  if (!isDate(`${month}-28`)) return undefined
  // 28 + 4 days is in the next month everywhere; its first day less one ends this month.
  return addDays(`${addDays(`${month}-28`, 4).slice(0, 7)}-01`, -1)
}
