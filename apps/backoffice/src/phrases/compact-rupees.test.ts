import { expect, test } from 'vitest'
import { changePercent, compactRupees } from './compact-rupees.ts'

test('amounts are told in thousands, lakhs and crores', () => {
  expect(compactRupees(0)).toBe('₹0')
  expect(compactRupees(90_000)).toBe('₹900')
  expect(compactRupees(4_512_300)).toBe('₹45 K')
  expect(compactRupees(12_000_000)).toBe('₹1.2 L')
  expect(compactRupees(-3_500_000_000)).toBe('-₹3.5 Cr')
})

test('a change is in per cent of what was, and nothing where nothing was', () => {
  expect(changePercent(112, 100)).toBe(12)
  expect(changePercent(50, 100)).toBe(-50)
  expect(changePercent(5, 0)).toBeUndefined()
})
