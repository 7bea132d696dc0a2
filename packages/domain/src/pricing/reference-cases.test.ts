import { expect, test } from 'vitest'
import rates from '../../../../docs/spec/cases/gst_rates.json' with { type: 'json' }
import reference from '../../../../docs/spec/cases/pricing.json' with { type: 'json' }
import thresholds from '../../../../docs/spec/cases/thresholds.json' with { type: 'json' }
import { startOfDate } from '../calendar/calendar.ts'
import { multiplyDivide } from '../money/round.ts'
import { headOf } from '../tax/rate.ts'
import { cart, context, cornerShop, GST_2, product } from '../testing/corner-shop.ts'
import { price } from './engines.ts'
import { indexRulebook } from './rulebook.ts'
import type { Batch, CartLine, ManualReduction, PricedCart } from './types.ts'

/** Cases of pricing.json that are no target here, each with the reason. */
const notRun: Record<string, string> = {
  'PX-011': 'a line of no units is refused before it is priced',
  'PI-002': 'there is no cess on these goods since 1 February 2026',
}

type Line = {
  qty: string
  unit_price: string
  rate: string
  inclusive: boolean
  discount?: { type: string; value: string }
}
type Input = {
  lines: Line[]
  supply?: string
  round_to_rupee?: boolean
  doc_discount?: { type: string; value: string }
}
type Figures = {
  taxable: string
  cgst?: string
  sgst?: string
  igst: string
  total: string
  round_off?: string
}
type Case = {
  id: string
  title: string
  input: Input | { taxable: string; rate: string }
  matches_recommended_policy?: boolean
  expected?: Figures
  recommended_policy_gives?: Figures
  expected_unrounded?: { taxable: string }
  recommended_lines?: { basis: string; taxable: string; cgst: string; igst: string }[]
  groups?: { rate: string; taxable: string; cgst: string; igst: string; round_off: string }[]
  original?: Figures
  original_line?: { basis: string; taxable: string; cgst: string; igst: string }
}

// The file is data: its type is what the cases that are read here have in common.
const cases = reference.cases as unknown as Case[]

/** Decimal rupees to paise, decimal per cent to basis points: both have two places. */
function minor(decimal: string): number {
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.')
  const value = Number(whole) * 100 + Number(fraction.padEnd(2, '0'))
  return decimal.startsWith('-') ? 0 - value : value
}

/** The case as a cart of goods without MRP, line for line; a negative line is a reduction of the bill by hand. */
function sell(input: Input): PricedCart {
  const sold = input.lines.filter((line) => !line.unit_price.startsWith('-'))
  const taxClasses = sold.map((line, at) => {
    const rateBp = minor(line.rate)
    const kind = rateBp === 0 ? ('nil' as const) : ('taxable' as const)
    return { id: `class-${at + 1}`, name: line.rate, rates: [{ from: 0, kind, rateBp }] }
  })
  const products = sold.map((line, at) => {
    return { ...product(at + 1, 'Thing', `class-${at + 1}`, minor(line.unit_price)), batches: [] }
  })
  const shop = cornerShop({
    taxClasses,
    products,
    priceLists: [{ id: 1, name: 'List', scope: 'chain', scopeId: '', inclusive: sold[0]?.inclusive ?? true }],
    rupeeRounding: input.round_to_rupee === true,
  })
  const lines = sold.map(({ qty, discount }, at): CartLine => {
    const manual = discount && reductionOf(discount)
    return { uid: `l${at}`, productId: at + 1, quantityMilli: Number(qty) * 1000, ...(manual && { manual }) }
  })
  const takenMinor = input.lines
    .filter((line) => !sold.includes(line))
    .reduce((sum, line) => sum - minor(line.unit_price), minor(input.doc_discount?.value ?? '0'))
  const where = input.supply === 'inter' ? { placeOfSupply: '27' } : {}
  return price(
    { lines, ...(takenMinor > 0 && { manual: { amountMinor: takenMinor } }) },
    indexRulebook(shop),
    context(where),
  )
}

function reductionOf({ type, value }: { type: string; value: string }): ManualReduction {
  return type === 'percent' ? { percentBp: minor(value) } : { amountMinor: minor(value) }
}

function expectFigures(sold: PricedCart, expected: Figures): void {
  expect(sold).toMatchObject({
    taxableMinor: minor(expected.taxable),
    cgstMinor: minor(expected.cgst ?? '0'),
    igstMinor: minor(expected.igst),
    toPayMinor: minor(expected.total),
  })
  expect(expected.sgst).toBe(expected.cgst)
  if (expected.round_off !== undefined) {
    expect(sold.roundOffMinor + sold.rupeeMinor).toBe(minor(expected.round_off))
  }
}

const isCart = (input: Case['input']): input is Input => 'lines' in input
const runnable = cases.flatMap((given) =>
  isCart(given.input) && !(given.id in notRun) ? [{ ...given, input: given.input }] : [],
)

const targets = runnable.flatMap((given) => {
  const expected = given.recommended_policy_gives ?? given.original ?? given.expected
  return expected === undefined ? [] : [{ ...given, expected }]
})
test.each(targets)('[TAX-2c, TAX-2d, TAX-2e] reference case $id: $title', (given) => {
  const sold = sell(given.input)
  expectFigures(sold, given.expected)
  if (given.recommended_lines !== undefined) {
    expect(
      sold.lines.map(({ taxableMinor, cgstMinor, igstMinor }) => [taxableMinor, cgstMinor, igstMinor]),
    ).toEqual(
      given.recommended_lines.map((line) => [minor(line.taxable), minor(line.cgst), minor(line.igst)]),
    )
  }
  for (const group of given.groups ?? []) {
    expect(sold.groups.find((each) => each.rateBp === minor(group.rate))).toMatchObject({
      taxableMinor: minor(group.taxable),
      cgstMinor: minor(group.cgst),
      igstMinor: minor(group.igst),
      roundOffMinor: minor(group.round_off),
    })
  }
})

const unrounded = runnable.flatMap((given) =>
  given.expected_unrounded === undefined ? [] : [{ ...given, exact: given.expected_unrounded.taxable }],
)
test.each(unrounded)('[TAX-2c] reference case $id: $title, to the nearest paisa', (given) => {
  // Millionths of a rupee: half a paisa is 5,000 of them.
  const [whole = '0', fraction = ''] = given.exact.split('.')
  const millionths = Number(whole) * 1_000_000 + Number(fraction.padEnd(6, '0'))
  expect(Math.abs(sell(given.input).taxableMinor * 10_000 - millionths)).toBeLessThanOrEqual(5000)
})

test('[TAX-2g] reference case PB-030: the line as sold', () => {
  const given = runnable.find((each) => each.id === 'PB-030')
  const line = given?.original_line
  expect(given && sell(given.input).lines[0]).toMatchObject({
    paidMinor: minor(line?.basis ?? ''),
    taxableMinor: minor(line?.taxable ?? ''),
    cgstMinor: minor(line?.cgst ?? ''),
  })
})

test('[TAX-3a] reference case PI-038: heads that differ are wrong', () => {
  expect(headOf(minor('1.01'), minor('5'), true)).toBe(minor('0.03'))
})

test('every reference case of pricing is run, or named with its reason', () => {
  const run = [...targets, ...unrounded].map((given) => given.id)
  expect([...run, 'PB-030', 'PI-038', ...Object.keys(notRun)].toSorted()).toEqual(
    cases.map((given) => given.id).toSorted(),
  )
})

test.each(reference.rounding)(
  '[PRC-1b] reference rounding of $input to $places places',
  ({ input, places, expected }) => {
    // Thousandths, since the longest input has three places.
    const [whole = '0', fraction = ''] = input.replace('-', '').split('.')
    const thousandths =
      (Number(whole) * 1000 + Number(fraction.padEnd(3, '0'))) * (input.startsWith('-') ? -1 : 1)
    const rounded = multiplyDivide(thousandths, 1, places === 2 ? 10 : 1000)
    expect(rounded).toBe(places === 2 ? minor(expected) : Number(expected))
  },
)

test.each(rates.rates)('[TAX-1a] reference rate $id turns at midnight in Kolkata', (given) => {
  const before = given.rate_until_2025_09_21 * 100
  const after = given.rate_from_2025_09_22 * 100
  const at = (from: number, rateBp: number) => ({ from, kind: 'taxable' as const, rateBp })
  const taxClasses = [
    { id: 'class', name: given.goods, rates: [at(0, before), at(startOfDate('2025-09-22'), after)] },
  ]
  const rulebook = indexRulebook(
    cornerShop({ taxClasses, products: [product(1, given.goods, 'class', 10_000)] }),
  )
  const rateAt = (pricedAt: number) => price(cart([1, 1]), rulebook, context({ pricedAt })).lines[0]?.rateBp
  expect([rateAt(GST_2 - 1), rateAt(GST_2)]).toEqual([before, after])
})

/** Cases of thresholds.json about MRP: what is asked for, and what may be asked. */
test.each(thresholds.groups.mrp)('[PRC-3b, PRC-3c] reference case $id', ({ input, expected }) => {
  const line = 'lines' in input ? input.lines?.[0] : undefined
  const asked = minor(line?.price ?? input.price_incl_tax ?? '0')
  const batch: Batch = {
    id: 10,
    batchNo: 'B',
    mrpMinor: minor(line?.mrp ?? input.mrp ?? input.mrp_printed ?? '0'),
  }
  if (input.revised_mrp !== undefined) batch.revisedMrpMinor = minor(input.revised_mrp)
  const products = [{ ...product(1, 'Thing', 'gst-18', asked), batches: [batch] }]
  const rupeeRounding = input.round_to_rupee === true
  const sold = price(cart([1, 1]), indexRulebook(cornerShop({ products, rupeeRounding })), context())
  if (expected.payable !== undefined) expect(sold.toPayMinor).toBe(minor(expected.payable))
  else expect(sold.toPayMinor === asked).toBe(expected.allowed)
})

/** Groups of thresholds.json that are proved elsewhere, or later. */
const elsewhere: Record<string, string> = {
  expiry: 'batches/batch-state.test.ts',
  hsn_digits: 'bills/document-kind.test.ts',
  invoice_particulars: 'printing of bills',
  consolidated_bill: 'every sale is billed',
  cash_limit: 'the till refuses, headquarters adds up',
  credit_note_cut_off: 'returns/credit-note.test.ts',
  credit_note_allowed_after_cut_off: 'returns/credit-note.test.ts',
  dynamic_qr_b2c: 'payments',
  privacy_dates: 'law, not code',
  incident_clocks: 'runbooks',
  log_retention: 'configuration of logs',
  sms_window: 'messages come later',
  voucher: 'gift cards come later',
  stock_transfer: 'transfers come later',
}

test('every group of thresholds is run, or named with its reason', () => {
  expect(['mrp', ...Object.keys(elsewhere)].toSorted()).toEqual(Object.keys(thresholds.groups).toSorted())
})
