import { expect, test } from 'vitest'
import cases from '../../../../docs/spec/cases/upi_qr.json' with { type: 'json' }
import { isUpiAddress, upiLink } from './upi.ts'

const request = {
  payeeAddress: 'store017@bank',
  payeeName: 'Beauty Store 17',
  merchantCode: '5977',
  reference: 'S17R2-20261122-000045',
  note: 'Bill 000045',
  amountMinor: 107_820,
}
const parameter = (link: string, name: string) => new RegExp(`[?&]${name}=([^&]*)`).exec(link)?.[1]

test.each(cases.build_cases)('reference case $id: $title', ({ input, uri }) => {
  const link = upiLink({
    payeeAddress: input.pa,
    payeeName: input.pn,
    merchantCode: input.mc,
    reference: input.tr,
    note: input.tn,
    amountMinor: Number(input.am.replace('.', '')),
  })
  expect(link).toBe(uri)
})

/** Cases of upi_qr.json that are not run: nothing here reads links, and attempts belong to payments. */
const notRun = [
  { ids: ['UPI-03', 'UPI-04', 'UPI-P1', 'UPI-P2', 'UPI-P3'], why: 'a till makes links and never reads them' },
  { ids: ['UPI-R8', 'UPI-R9', 'UPI-R10'], why: 'balance, attempts and webhooks belong to payments' },
]

test('every reference case is run or has a reason', () => {
  const run = ['UPI-B1', 'UPI-R1', 'UPI-R2', 'UPI-R3', 'UPI-R4', 'UPI-R6', 'UPI-R7']
  const { parse_cases, parser_edge, build_cases, rules } = cases
  const all = [...parse_cases, ...parser_edge, ...build_cases, ...rules].map((given) => given.id)
  expect(all.toSorted()).toEqual([...run, ...notRun.flatMap((group) => group.ids)].toSorted())
})

test('UPI-R1, R2, R4: the amount has two decimals and no grouping', () => {
  expect(parameter(upiLink({ ...request, amountMinor: 10_000 }), 'am')).toBe('100.00')
  expect(parameter(upiLink({ ...request, amountMinor: 12_345_678 }), 'am')).toBe('123456.78')
  expect(() => upiLink({ ...request, amountMinor: 1000.5 })).toThrow('whole number of paise')
})

test('UPI-R3: a bill of nothing asks for nothing', () => {
  expect(() => upiLink({ ...request, amountMinor: 0 })).toThrow('more than nothing')
})

test('UPI-R6: the note is cut at fifty characters, never through one', () => {
  const link = upiLink({ ...request, note: '🧴'.repeat(60) })
  expect(decodeURIComponent(parameter(link, 'tn') ?? '')).toBe('🧴'.repeat(50))
})

test('UPI-R7: a reference is of letters, digits, - and _, and must be there', () => {
  for (const reference of ['INV/26/1', '', 'a b', 'x'.repeat(36)]) {
    expect(() => upiLink({ ...request, reference })).toThrow('letters, digits')
  }
})

test('what a shop is called cannot break the link', () => {
  const link = upiLink({ ...request, payeeName: 'Sona & Sons + Co? 100% #1 ₹' })
  expect(parameter(link, 'pn')).toBe('Sona%20%26%20Sons%20%2B%20Co%3F%20100%25%20%231%20%E2%82%B9')
  expect(link.split('?')).toHaveLength(2)
})

test('a payee without an address is refused', () => {
  expect(['a@b', 'store', '@bank', 'a b@bank', 'a@bank&am=1'].some(isUpiAddress)).toBe(false)
  expect(() => upiLink({ ...request, payeeAddress: 'a@bank&am=1' })).toThrow('UPI address')
})
