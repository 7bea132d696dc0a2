import fc from 'fast-check'
import { expect, test } from 'vitest'
import reference from '../../../../docs/spec/cases/pricing.json' with { type: 'json' }
import thresholds from '../../../../docs/spec/cases/thresholds.json' with { type: 'json' }
import { startOfDate } from '../calendar/calendar.ts'
import { price } from '../pricing/engines.ts'
import { indexRulebook } from '../pricing/rulebook.ts'
import { cart, context, cornerShop, NOW, product } from '../testing/corner-shop.ts'
import { billOf, partReturnsOf, soldBill } from '../testing/sold-bill.ts'
import { creditNoteOf, quantitiesReturned, type ReturnPick } from './credit-note.ts'
import { creditNoteDeadline } from './credit-note-deadline.ts'
import { ReturnRefusal } from './refusal.ts'
import type { ReturnDocument, SoldDocument, SoldLine } from './types.ts'

const now = { pricedAt: NOW }
const nothing = new Map<string, number>()

/** Sells these products at their price on Corner Shop's list: [product, quantity] each. */
function sell(
  lines: readonly [number, number][],
  changes: Parameters<typeof cornerShop>[0] = {},
): SoldDocument {
  const rulebook = indexRulebook(cornerShop(changes))
  const where = context()
  return billOf(price(cart(...lines), rulebook, where), rulebook, where)
}

/** Credit notes for these parts, one after the other. */
function giveBack(
  bill: SoldDocument,
  notes: readonly (readonly Omit<ReturnPick, 'uid'>[])[],
): ReturnDocument[] {
  const made: ReturnDocument[] = []
  for (const parts of notes) {
    const picks = parts.map((part, at) => ({ ...part, uid: `r${at}` }))
    made.push(creditNoteOf(bill, quantitiesReturned(bill, made), picks, now))
  }
  return made
}

const sum = <T>(list: readonly T[], figure: (each: T) => number) =>
  list.reduce((total, each) => total + figure(each), 0)

const lineFigures = [
  'quantityMilli',
  'discountMinor',
  'paidMinor',
  'taxableMinor',
  'cgstMinor',
  'igstMinor',
  'roundOffMinor',
  'rupeeMinor',
] as const
const documentFigures = [
  'discountMinor',
  'taxableMinor',
  'cgstMinor',
  'igstMinor',
  'roundOffMinor',
  'rupeeMinor',
  'mrpTotalMinor',
] as const

const returnedBill = soldBill.chain(({ bill, priced }) =>
  partReturnsOf(bill).map((notes) => ({ bill, priced, notes })),
)

test('[RET-2a, RET-2d, RET-2g, RET-3a] all units in any split and order give back exactly what was paid, head by head', () => {
  fc.assert(
    fc.property(returnedBill, ({ bill, priced, notes }) => {
      const made = giveBack(bill, notes)
      const back = made.flatMap((note) => note.lines)
      for (const line of bill.lines) {
        const parts = back.filter((each) => each.of?.uid === line.uid)
        for (const figure of lineFigures) expect(sum(parts, (part) => part[figure])).toBe(line[figure])
        for (const { id, code } of line.offers) {
          const given = (of: readonly { offers: SoldLine['offers'] }[]) =>
            of.flatMap(({ offers }) => offers).filter((share) => share.id === id && share.code === code)
          expect(sum(given(parts), (share) => share.amountMinor)).toBe(
            sum(given([line]), (share) => share.amountMinor),
          )
        }
        for (const by of ['manualMinor', 'pointsMinor'] as const) {
          expect(sum(parts, (part) => part[by] ?? 0)).toBe(line[by] ?? 0)
        }
      }
      for (const figure of documentFigures) expect(sum(made, (note) => note[figure])).toBe(priced[figure])
      expect(sum(made, (note) => note.totalMinor)).toBe(priced.toPayMinor)
    }),
    { numRuns: 3000 },
  )
})

test('[RET-2d] no note gives back less than nothing, and never is more back than was paid for the units', () => {
  fc.assert(
    fc.property(returnedBill, ({ bill, notes }) => {
      let backMinor = 0
      let paidMinor = 0
      for (const note of giveBack(bill, notes)) {
        for (const line of note.lines) {
          for (const figure of [
            'grossMinor',
            'discountMinor',
            'paidMinor',
            'taxableMinor',
            'cgstMinor',
            'igstMinor',
          ] as const) {
            expect(line[figure]).toBeGreaterThanOrEqual(0)
          }
          paidMinor += line.paidMinor
        }
        expect(note.totalMinor).toBeGreaterThanOrEqual(0)
        backMinor += note.totalMinor
        expect(backMinor).toBeLessThanOrEqual(paidMinor)
      }
    }),
    { numRuns: 2000 },
  )
})

test('[RET-2b] with rupee rounding, what is back is the nearest rupee, or the one below where that is more', () => {
  fc.assert(
    fc.property(returnedBill, ({ bill, notes }) => {
      let backMinor = 0
      let paidMinor = 0
      for (const note of giveBack(bill, notes)) {
        backMinor += note.totalMinor
        paidMinor += sum(note.lines, (line) => line.paidMinor)
        const nearest = Math.floor((paidMinor + 50) / 100) * 100
        const whole = nearest > paidMinor ? nearest - 100 : nearest
        expect(backMinor).toBe(bill.pricing.rupeeRounding ? whole : paidMinor)
      }
    }),
    { numRuns: 1000 },
  )
})

test('[RET-2a] part returns commute: what is back depends on the quantities alone', () => {
  fc.assert(
    fc.property(returnedBill, fc.nat(), ({ bill, notes }, seed) => {
      const some = notes.slice(0, 1 + (seed % notes.length))
      const forwards = giveBack(bill, some)
      const backwards = giveBack(bill, some.toReversed())
      for (const figure of [...documentFigures, 'totalMinor'] as const) {
        expect(sum(backwards, (note) => note[figure])).toBe(sum(forwards, (note) => note[figure]))
      }
    }),
    { numRuns: 3000 },
  )
})

test('[TAX-2b, RET-2e] a credit note adds up, and its rate table is the sum of its lines', () => {
  fc.assert(
    fc.property(returnedBill, ({ bill, notes }) => {
      for (const note of giveBack(bill, notes)) {
        const heads = 2 * note.cgstMinor + note.igstMinor
        expect(note.taxableMinor + heads + note.roundOffMinor + note.rupeeMinor).toBe(note.totalMinor)
        for (const figure of ['taxableMinor', 'cgstMinor', 'igstMinor', 'roundOffMinor'] as const) {
          expect(sum(note.taxes, (row) => row[figure])).toBe(note[figure])
        }
        for (const { taxKind, rateBp, taxableMinor } of note.taxes) {
          const lines = note.lines.filter((line) => line.rateBp === rateBp && line.taxKind === taxKind)
          expect(sum(lines, (line) => line.taxableMinor)).toBe(taxableMinor)
        }
        const rates = note.taxes.map((row) => row.rateBp)
        expect(rates).toEqual(rates.toSorted((one, other) => other - one))
      }
    }),
    { numRuns: 1000 },
  )
})

test('[RET-2a, RET-2g] every line adds up: taxable, heads, round-off and rupee are what is given back', () => {
  fc.assert(
    fc.property(returnedBill, ({ bill, notes }) => {
      for (const line of giveBack(bill, notes).flatMap((note) => note.lines)) {
        const heads = 2 * line.cgstMinor + line.igstMinor
        expect(line.taxableMinor + heads + line.roundOffMinor + line.rupeeMinor).toBe(line.paidMinor)
        const valueMinor = bill.pricing.inclusive ? line.paidMinor - line.rupeeMinor : line.taxableMinor
        if (valueMinor >= 0) expect(line.grossMinor - line.discountMinor).toBe(valueMinor)
      }
    }),
    { numRuns: 1000 },
  )
})

test('[RET-2c] units of one line are worth its average, the rounding cumulative', () => {
  const products = [product(1, 'Soap', 'gst-18', 100)]
  const offers = [
    { id: 7, name: 'Half', effect: 'percent-off-bill' as const, priority: 0, from: 0, percentBp: 3333 },
  ]
  // 3 soaps at 1.00, 33.33% off: 2.00 in all.
  const bill = sell([[1, 3]], { products, offers })
  expect(bill.lines[0]).toMatchObject({ paidMinor: 200, taxableMinor: 169, cgstMinor: 15, roundOffMinor: 1 })
  const one = [{ of: 'l0', quantityMilli: 1000 }]
  const uid = bill.lines[0]?.uid ?? ''
  const notes = giveBack(
    bill,
    [one, one, one].map((parts) => parts.map((part) => ({ ...part, of: uid }))),
  )
  expect(
    notes.map(({ lines: [line] }) => [
      line?.paidMinor,
      line?.taxableMinor,
      line?.cgstMinor,
      line?.roundOffMinor,
      line?.offers,
    ]),
  ).toEqual([
    [67, 56, 5, 1, [{ id: 7, amountMinor: 33 }]],
    [66, 57, 5, -1, [{ id: 7, amountMinor: 34 }]],
    [67, 56, 5, 1, [{ id: 7, amountMinor: 33 }]],
  ])
})

test('[RET-2f] each line names the interval that comes back, also where one line is picked twice', () => {
  const bill = sell([[1, 3]])
  const uid = bill.lines[0]?.uid ?? ''
  const of = (fromMilli: number, toMilli: number) => ({
    number: bill.number,
    identity: 'sold',
    uid,
    fromMilli,
    toMilli,
  })
  const first = creditNoteOf(bill, nothing, [{ uid: 'a', of: uid, quantityMilli: 1000 }], now)
  expect(first.lines[0]?.of).toEqual(of(0, 1000))
  const rest = [
    { uid: 'b', of: uid, quantityMilli: 1000 },
    { uid: 'c', of: uid, quantityMilli: 1000 },
  ]
  const second = creditNoteOf(bill, quantitiesReturned(bill, [first]), rest, now)
  expect(second.lines.map((line) => line.of)).toEqual([of(1000, 2000), of(2000, 3000)])
  expect(second.of).toEqual({ number: bill.number, identity: 'sold', issueDate: '2026-11-22' })
})

test('[RET-2f] what came back of another bill counts for nothing, not even under the same number', () => {
  const bill = sell([[1, 2]])
  const uid = bill.lines[0]?.uid ?? ''
  const note = creditNoteOf(bill, nothing, [{ uid: 'a', of: uid, quantityMilli: 1000 }], now)
  expect(quantitiesReturned(bill, [note])).toEqual(new Map([[uid, 1000]]))
  expect(quantitiesReturned({ ...bill, number: 'KOR2AI26-000002' }, [note])).toEqual(nothing)
  expect(quantitiesReturned({ ...bill, identity: 'its clone' }, [note])).toEqual(nothing)
  expect(quantitiesReturned({ ...bill, identity: null }, [note])).toEqual(new Map([[uid, 1000]]))
  const blank = note.lines.map(({ of, ...line }) => ({
    ...line,
    ...(of && { of: { ...of, identity: null } }),
  }))
  expect(quantitiesReturned(bill, [{ lines: blank }])).toEqual(new Map([[uid, 1000]]))
  expect(quantitiesReturned(bill, [{ lines: [{}] }])).toEqual(nothing)
})

test('[RET-2h] what two tills took back without knowing of each other counts twice, up to what was sold', () => {
  const bill = sell([[1, 3]])
  const uid = bill.lines[0]?.uid ?? ''
  const note = (units: number) =>
    creditNoteOf(bill, nothing, [{ uid: 'a', of: uid, quantityMilli: units * 1000 }], now)
  expect(quantitiesReturned(bill, [note(1), note(1)])).toEqual(new Map([[uid, 2000]]))
  const all = quantitiesReturned(bill, [note(2), note(2)])
  expect(all).toEqual(new Map([[uid, 3000]]))
  expect(() => creditNoteOf(bill, all, [{ uid: 'b', of: uid, quantityMilli: 1000 }], now)).toThrow(
    'return/more-than-sold',
  )
})

test('a return that does not fit its bill is refused, and says which line', () => {
  const bill = sell([
    [1, 2],
    [9, 0.5],
  ])
  const [serum = '', henna = ''] = bill.lines.map((line) => line.uid)
  const refusal = (picks: readonly ReturnPick[], back = nothing, of = bill) => {
    try {
      creditNoteOf(of, back, picks, now)
    } catch (error) {
      if (error instanceof ReturnRefusal) return [error.code, error.uid, error.leftMilli]
      throw error
    }
    return undefined
  }
  const pick = (of: string, quantityMilli: number, uid = 'a') => ({ uid, of, quantityMilli })
  expect(refusal([pick(serum, 1000)], nothing, { ...bill, kind: 'C' })).toEqual([
    'return/not-a-sale',
    undefined,
    undefined,
  ])
  expect(refusal([])).toEqual(['return/nothing-picked', undefined, undefined])
  expect(refusal([pick('zz', 1000)])).toEqual(['return/line-unknown', 'a', undefined])
  for (const quantityMilli of [0, -1000, 0.5, Number.NaN]) {
    expect(refusal([pick(serum, quantityMilli)])).toEqual(['return/quantity-not-positive', 'a', undefined])
  }
  expect(refusal([pick(serum, 500)])).toEqual(['return/quantity-fractional', 'a', undefined])
  expect(refusal([pick(henna, 250)])).toBeUndefined()
  expect(refusal([pick(serum, 3000)])).toEqual(['return/more-than-sold', 'a', 2000])
  expect(refusal([pick(serum, 2000)], new Map([[serum, 1000]]))).toEqual(['return/more-than-sold', 'a', 1000])
  expect(refusal([pick(serum, 1000), pick(serum, 2000, 'b')])).toEqual(['return/more-than-sold', 'b', 1000])
  expect(refusal([pick(serum, 1000), pick(henna, 500)])).toEqual(['return/uid-repeated', 'a', undefined])
})

test('[RET-4b, RET-4c] after the last day for credit notes the money goes back without GST, kind R', () => {
  const bill = { ...sell([[1, 2]], { rupeeRounding: true }), issueDate: '2026-03-15' }
  const uid = bill.lines[0]?.uid ?? ''
  const at = (date: string) =>
    creditNoteOf(bill, nothing, [{ uid: 'a', of: uid, quantityMilli: 1000 }], { pricedAt: startOfDate(date) })
  const note = at('2026-11-30')
  const refund = at('2026-12-01')
  expect([note.kind, note.taxes.length, note.cgstMinor]).toEqual(['C', 1, 3806])
  expect(refund).toMatchObject({
    kind: 'R',
    taxes: [],
    taxableMinor: 0,
    cgstMinor: 0,
    igstMinor: 0,
    roundOffMinor: 0,
    totalMinor: note.totalMinor,
    lines: [{ taxKind: 'non-gst', rateBp: 0, taxableMinor: 0, cgstMinor: 0, paidMinor: 49_900 }],
  })
})

test('[RET-4b] a refund without GST for a bill with tax on top gives back the tax in its value', () => {
  const priceLists = [{ id: 1, name: 'Trade', scope: 'chain' as const, scopeId: '', inclusive: false }]
  const products = [{ ...product(1, 'Serum', 'gst-18', 10_000), batches: [] }]
  const bill = { ...sell([[1, 2]], { priceLists, products }), issueDate: '2020-05-01' }
  const uid = bill.lines[0]?.uid ?? ''
  const refund = creditNoteOf(bill, nothing, [{ uid: 'a', of: uid, quantityMilli: 1000 }], now)
  expect(refund).toMatchObject({
    kind: 'R',
    grossMinor: 11_800,
    totalMinor: 11_800,
    pricing: { inclusive: true },
  })
})

test('[TAX-2a, RET-2e] the rate table of a credit note stands in the order of a bill’s', () => {
  const bill = sell([
    [8, 1],
    [5, 1],
    [4, 1],
    [1, 1],
  ])
  const all = bill.lines.map(({ uid, quantityMilli }) => ({ of: uid, quantityMilli }))
  const [note] = giveBack(bill, [all])
  expect(note?.taxes.map(({ taxKind, rateBp }) => [taxKind, rateBp])).toEqual([
    ['taxable', 1800],
    ['taxable', 500],
    ['nil', 0],
    ['exempt', 0],
  ])
})

test('[RET-2d] a book that says that more came back than was sold is refused, and so is less than nothing', () => {
  const bill = sell([
    [1, 2],
    [3, 1],
  ])
  const [serum, shampoo] = bill.lines.map(({ uid }) => uid)
  const back = (milli: number) => () =>
    creditNoteOf(
      bill,
      new Map([[serum ?? '', milli]]),
      [{ uid: 'r', of: shampoo ?? '', quantityMilli: 1000 }],
      now,
    )
  expect(back(2000)).not.toThrow()
  expect(back(2001)).toThrow('no more came back than was sold')
  expect(back(-1)).toThrow('no more came back than was sold')
})

/** Decimal rupees to paise. */
const minor = (decimal: string) => Math.abs(Number(decimal.replace('.', '')))
type Reference = {
  id: string
  input: { lines: { qty: string; unit_price: string; rate: string }[]; round_to_rupee: boolean }
  expected_returns?: { basis: string; taxable: string; cgst: string }[]
  expected_credit_note?: { taxable: string; cgst: string; igst: string; round_off: string; total: string }
}
// The file is data: its type is what the two cases that are read here have in common.
const cases = reference.cases as unknown as Reference[]

function sellCase(given: Reference | undefined): SoldDocument {
  const lines = given?.input.lines ?? []
  const taxClasses = lines.map(({ rate }, at) => {
    const kind = rate === '0' ? ('nil' as const) : ('taxable' as const)
    return { id: `class-${at + 1}`, name: rate, rates: [{ from: 0, kind, rateBp: Number(rate) * 100 }] }
  })
  const products = lines.map(({ unit_price }, at) => {
    const unitMinor = unit_price.includes('.')
      ? minor(unit_price.padEnd(unit_price.indexOf('.') + 3, '0'))
      : minor(unit_price) * 100
    return { ...product(at + 1, 'Thing', `class-${at + 1}`, unitMinor), batches: [] }
  })
  return sell(
    lines.map((line, at) => [at + 1, Number(line.qty)]),
    { taxClasses, products, rupeeRounding: given?.input.round_to_rupee === true },
  )
}

test('[RET-2a] reference case PB-030: three units one at a time give back exactly the line', () => {
  const given = cases.find((each) => each.id === 'PB-030')
  const bill = sellCase(given)
  const one = [{ of: bill.lines[0]?.uid ?? '', quantityMilli: 1000 }]
  const expected = given?.expected_returns ?? []
  expect(expected).toHaveLength(3)
  expect(
    giveBack(bill, [one, one, one]).map(({ lines: [line] }) => [
      line?.paidMinor,
      line?.taxableMinor,
      line?.cgstMinor,
    ]),
  ).toEqual(expected.map(({ basis, taxable, cgst }) => [minor(basis), minor(taxable), minor(cgst)]))
})

test('[RET-2b] reference case PB-031: a full return gives back the rounded total', () => {
  const given = cases.find((each) => each.id === 'PB-031')
  const bill = sellCase(given)
  const all = bill.lines.map((line) => ({ of: line.uid, quantityMilli: line.quantityMilli }))
  const expected = given?.expected_credit_note
  const [note] = giveBack(bill, [all])
  expect(note).toMatchObject({
    taxableMinor: minor(expected?.taxable ?? ''),
    cgstMinor: minor(expected?.cgst ?? ''),
    igstMinor: minor(expected?.igst ?? ''),
    totalMinor: minor(expected?.total ?? ''),
  })
  expect((note?.roundOffMinor ?? Number.NaN) + (note?.rupeeMinor ?? 0)).toBe(minor(expected?.round_off ?? ''))
})

test.each(thresholds.groups.credit_note_cut_off)('[RET-4c] reference case $id', ({ input, expected }) => {
  expect(creditNoteDeadline(input.original_invoice_date)).toBe(expected.last_day_to_declare_tax_reduction)
})

test.each(thresholds.groups.credit_note_allowed_after_cut_off)(
  '[RET-4c] reference case $id',
  ({ input, expected }) => {
    const allowed = input.return_date <= creditNoteDeadline(input.original_invoice_date)
    expect(allowed).toBe(expected.gst_credit_note)
  },
)
