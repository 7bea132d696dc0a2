import { parseAmount } from '@nexus/domain'
import type { Tender } from '@nexus/sync'

/** Money that the cashier holds or has seen, before the bill is complete. Plain JSON. */
export type Taken =
  | { kind: 'cash'; handedMinor: number }
  | { kind: 'card'; amountMinor: number; reference: string }
  /** `attempt` names the payment intent; the money is the bank's word, so it cannot be handed back here. */
  | { kind: 'upi'; amountMinor: number; reference: string; attempt: string }

/** How a bill stands with what was taken. All amounts in paise, none negative. */
export type Settlement = {
  remainingMinor: number
  changeMinor: number
  /** Cash that counts towards the bill: handed less change. */
  cashMinor: number
}

/** Why a tender was not taken; each has a sentence with a way out. */
export type TenderFault =
  | 'not-an-amount'
  | 'nothing-left'
  | 'more-than-left'
  | 'cash-limit'
  | 'too-much-cash'
  | 'card-number'
  | 'approval-code'
  | 'last-four'
  | 'upi-reference'
  | 'refund-reference'

/**
 * Cash of ₹2,00,000 or more for one bill is against the law (Income-tax Act 2025, s.186; before it
 * s.269ST): a hard stop, not a warning.
 */
export const CASH_LIMIT_MINOR = 20_000_000

/** A single hand-over above this is a slip of the finger or a barcode in the wrong box. */
const HANDED_MAX_MINOR = 100_000_000

export function settle(toPayMinor: number, taken: readonly Taken[]): Settlement {
  let handedMinor = 0
  let otherMinor = 0
  for (const tender of taken) {
    if (tender.kind === 'cash') handedMinor += tender.handedMinor
    else otherMinor += tender.amountMinor
  }
  // Only cash gives change; other tenders are never taken above what is left.
  const cashMinor = Math.min(handedMinor, Math.max(0, toPayMinor - otherMinor))
  return {
    remainingMinor: Math.max(0, toPayMinor - otherMinor - handedMinor),
    changeMinor: handedMinor - cashMinor,
    cashMinor,
  }
}

/** True once money was taken, asked of a bank, or is in doubt: the lines that it pays then stay as they are. */
export function bindsMoney(pay: { taken: readonly Taken[]; upi: unknown; doubt: unknown }): boolean {
  return pay.taken.length > 0 || pay.upi !== undefined || pay.doubt !== undefined
}

/** Why cash cannot be taken; undefined when it can. */
export function cashFault(
  toPayMinor: number,
  taken: readonly Taken[],
  handedMinor: number,
): TenderFault | undefined {
  if (settle(toPayMinor, taken).remainingMinor === 0) return 'nothing-left'
  if (handedMinor <= 0) return 'not-an-amount'
  if (handedMinor > HANDED_MAX_MINOR) return 'too-much-cash'
  const after = settle(toPayMinor, [...taken, { kind: 'cash', handedMinor }])
  return after.cashMinor >= CASH_LIMIT_MINOR ? 'cash-limit' : undefined
}

/** Why an amount cannot be asked of a bank; undefined when it can. */
export function bankFault(
  toPayMinor: number,
  taken: readonly Taken[],
  amountMinor: number,
): TenderFault | undefined {
  const { remainingMinor } = settle(toPayMinor, taken)
  if (remainingMinor === 0) return 'nothing-left'
  if (amountMinor <= 0) return 'not-an-amount'
  return amountMinor > remainingMinor ? 'more-than-left' : undefined
}

/** The tenders as the sale entry holds them: cash first and as one, then the others in order. */
export function tendersOf(toPayMinor: number, taken: readonly Taken[]): Tender[] {
  const { cashMinor, changeMinor } = settle(toPayMinor, taken)
  const tenders: Tender[] = []
  if (cashMinor + changeMinor > 0) {
    tenders.push({
      kind: 'cash',
      direction: 'in',
      amountMinor: cashMinor,
      handedMinor: cashMinor + changeMinor,
      reference: null,
      attempt: null,
    })
  }
  for (const tender of taken) {
    if (tender.kind === 'cash') continue
    const { kind, amountMinor, reference } = tender
    const attempt = tender.kind === 'upi' ? tender.attempt : null
    tenders.push({ kind, direction: 'in', amountMinor, reference, attempt })
  }
  return tenders
}

/** Money that goes back for returned goods, in one way (RET-1d). */
export function refundTender(
  amountMinor: number,
  { kind, reference }: { kind: Taken['kind']; reference: string | null },
): Tender {
  return { kind, direction: 'out', amountMinor, reference, attempt: null }
}

/** Sums that people hand over for an amount: the next multiples of the notes in use, lowest first, at most four. */
export function nextNotes(amountMinor: number): number[] {
  const steps = [1000, 5000, 10_000, 50_000, 200_000]
  const sums = steps.map((step) => Math.ceil(amountMinor / step) * step)
  return [...new Set(sums)].filter((sum) => sum > amountMinor).slice(0, 4)
}

/** Amount as typed in the pay box; an empty box means all that is left. */
export function typedAmount(text: string, remainingMinor: number): number | undefined {
  if (text.trim() === '') return remainingMinor
  const parsed = parseAmount(text)
  return 'fault' in parsed ? undefined : parsed.amountMinor
}

/**
 * True for text that could be a card number: 13 to 19 digits together, blanks and hyphens aside, that
 * stand alone or pass the card networks' check digit. A till never keeps one (PCI DSS). A bank's
 * 12-digit reference passes, and so does a provider's longer one.
 */
export function holdsCardNumber(text: string): boolean {
  const runs = text.replaceAll(/(?<=\d)[ -](?=\d)/g, '').match(/\d+/g) ?? []
  const alone = /^[\d\s-]*$/.test(text)
  return runs.some((digits) => digits.length >= 13 && digits.length <= 19 && (alone || passesLuhn(digits)))
}

/** The check digit of card numbers: every second digit from the right doubled, its digits added. */
function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let at = digits.length - 1, double = false; at >= 0; at--, double = !double) {
    const digit = digits.charCodeAt(at) - 48
    sum += double ? ((digit * 2) % 10) + (digit >= 5 ? 1 : 0) : digit
  }
  return sum % 10 === 0
}

/** Card as read off the terminal's slip: approval code and last four digits, kept as one reference. */
export function cardReference(
  approval: string,
  lastFour: string,
): { reference: string } | { fault: TenderFault } {
  if (holdsCardNumber(approval) || holdsCardNumber(lastFour)) return { fault: 'card-number' }
  const code = approval.trim().toUpperCase()
  if (!/^[A-Z0-9]{4,8}$/.test(code)) return { fault: 'approval-code' }
  if (!/^\d{4}$/.test(lastFour.trim())) return { fault: 'last-four' }
  return { reference: `${code} ****${lastFour.trim()}` }
}

/** UPI reference (UTR) as read off the customer's or the shop's phone: 4 to 35 letters and digits. */
export function upiReference(text: string): { reference: string } | { fault: TenderFault } {
  if (holdsCardNumber(text)) return { fault: 'card-number' }
  const reference = text.replaceAll(/\s/g, '').toUpperCase()
  return /^[A-Z0-9]{4,35}$/.test(reference) ? { reference } : { fault: 'upi-reference' }
}
