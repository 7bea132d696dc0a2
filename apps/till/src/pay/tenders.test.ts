import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bankFault,
  CASH_LIMIT_MINOR,
  cardReference,
  cashFault,
  holdsCardNumber,
  nextNotes,
  settle,
  type Taken,
  tendersOf,
  typedAmount,
  upiReference,
} from './tenders.ts'

const cash = (handedMinor: number): Taken => ({ kind: 'cash', handedMinor })
const card = (amountMinor: number): Taken => ({ kind: 'card', amountMinor, reference: 'A1B2 ****1234' })
const upi = (amountMinor: number): Taken => ({
  kind: 'upi',
  amountMinor,
  reference: '412345678901',
  attempt: 'a',
})

/** A bill, and tenders taken one after another as the rules allow. */
const payments = fc
  .tuple(
    fc.integer({ min: 1, max: 15_000_000 }),
    fc.array(fc.tuple(fc.constantFrom('cash', 'card', 'upi'), fc.integer({ min: 1, max: 3_000_000 })), {
      maxLength: 8,
    }),
  )
  .map(([toPayMinor, tries]) => {
    const taken: Taken[] = []
    for (const [kind, amount] of tries) {
      const fault =
        kind === 'cash' ? cashFault(toPayMinor, taken, amount) : bankFault(toPayMinor, taken, amount)
      if (fault === undefined)
        taken.push(kind === 'cash' ? cash(amount) : kind === 'card' ? card(amount) : upi(amount))
    }
    return { toPayMinor, taken }
  })

test('what counts, what is left and the bill always add up to the paisa', () => {
  fc.assert(
    fc.property(payments, ({ toPayMinor, taken }) => {
      const { remainingMinor, changeMinor, cashMinor } = settle(toPayMinor, taken)
      const tenders = tendersOf(toPayMinor, taken)
      const counted = tenders.reduce((sum, tender) => sum + tender.amountMinor, 0)
      expect(counted + remainingMinor).toBe(toPayMinor)
      const handed = taken.reduce((sum, tender) => sum + (tender.kind === 'cash' ? tender.handedMinor : 0), 0)
      expect(cashMinor + changeMinor).toBe(handed)
      expect(changeMinor === 0 || remainingMinor === 0).toBe(true)
    }),
  )
})

test('only cash gives change, and cash is one tender however often it was handed over', () => {
  const taken = [cash(20_000), upi(30_000), cash(100_000)]
  expect(settle(124_750, taken)).toEqual({ remainingMinor: 0, changeMinor: 25_250, cashMinor: 94_750 })
  expect(tendersOf(124_750, taken)).toEqual([
    {
      kind: 'cash',
      direction: 'in',
      amountMinor: 94_750,
      handedMinor: 120_000,
      reference: null,
      attempt: null,
    },
    { kind: 'upi', direction: 'in', amountMinor: 30_000, reference: '412345678901', attempt: 'a' },
  ])
})

test('a bill of nothing needs no tender', () => {
  expect(settle(0, [])).toEqual({ remainingMinor: 0, changeMinor: 0, cashMinor: 0 })
  expect(tendersOf(0, [])).toEqual([])
})

test('cash of two lakh or more for one bill is a hard stop; a paisa less is not', () => {
  const bill = 30_000_000
  expect(cashFault(bill, [], CASH_LIMIT_MINOR)).toBe('cash-limit')
  expect(cashFault(bill, [], CASH_LIMIT_MINOR - 1)).toBeUndefined()
  expect(cashFault(bill, [cash(CASH_LIMIT_MINOR - 1)], 1)).toBe('cash-limit')
  expect(cashFault(bill, [card(bill - 100)], 100)).toBeUndefined()
})

test('the limit counts what is kept, not what changes hands', () => {
  expect(cashFault(19_950_000, [], CASH_LIMIT_MINOR)).toBeUndefined()
  expect(settle(19_950_000, [cash(CASH_LIMIT_MINOR)])).toEqual({
    remainingMinor: 0,
    changeMinor: 50_000,
    cashMinor: 19_950_000,
  })
})

test('a bank is never asked for more than is left', () => {
  expect(bankFault(50_000, [cash(20_000)], 30_001)).toBe('more-than-left')
  expect(bankFault(50_000, [cash(20_000)], 30_000)).toBeUndefined()
  expect(bankFault(50_000, [cash(60_000)], 1)).toBe('nothing-left')
  expect(bankFault(50_000, [], 0)).toBe('not-an-amount')
})

test('the chips are sums that people hand over: above the amount, rising, of whole notes', () => {
  expect(nextNotes(124_750)).toEqual([125_000, 130_000, 150_000, 200_000])
  expect(nextNotes(50_000)).toEqual([200_000])
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50_000_000 }), (amount) => {
      const notes = nextNotes(amount)
      expect(notes.every((sum) => sum > amount && sum % 1000 === 0)).toBe(true)
      expect(notes).toEqual(notes.toSorted((one, other) => one - other))
    }),
  )
})

test('an empty box means all that is left; anything that is no amount means nothing', () => {
  expect(typedAmount('', 4321)).toBe(4321)
  expect(typedAmount('499.50', 4321)).toBe(49_950)
  expect(typedAmount('4,9', 4321)).toBeUndefined()
})

test('card numbers are refused wherever they are typed, also grouped', () => {
  for (const text of [
    '4111111111111111',
    '4111 1111 1111 1111',
    '3782-822463-10005',
    'ref 4111111111111111',
  ]) {
    expect(holdsCardNumber(text), text).toBe(true)
    expect('fault' in upiReference(text) && upiReference(text), text).toEqual({ fault: 'card-number' })
    expect(cardReference(text, '1234'), text).toEqual({ fault: 'card-number' })
  }
  // As long as a card's, but the check digit of card networks does not fit, and letters stand with it.
  for (const text of ['412345678901', 'T2311221834567890123456', 'UTIB4111111111111112', '']) {
    expect(holdsCardNumber(text), text).toBe(false)
  }
})

test('a card is kept by approval code and last four digits alone', () => {
  expect(cardReference(' a1b2c3 ', '0042')).toEqual({ reference: 'A1B2C3 ****0042' })
  expect(cardReference('12', '0042')).toEqual({ fault: 'approval-code' })
  expect(cardReference('123456', '42')).toEqual({ fault: 'last-four' })
})

test('a UPI reference is taken as phones show it', () => {
  expect(upiReference(' 4123 4567 8901 ')).toEqual({ reference: '412345678901' })
  expect(upiReference('12')).toEqual({ fault: 'upi-reference' })
})
