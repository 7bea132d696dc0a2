import { expect, test } from 'vitest'
import { counterOf } from './counters.ts'
import { layOut } from './digits.ts'

const counter = (...radices: number[]) => {
  const made = counterOf({ offer: free, parts: [[0]], applicationsMax: 1 }, [[unit]])
  if (made === undefined) throw new Error('An offer on a unit can apply')
  return { ...made, radices }
}
const free = {
  id: 1,
  name: 'Offer',
  priority: 0,
  from: 0,
  effect: 'unit-off' as const,
  selector: { everything: true as const },
  off: { percentBp: 1000 },
}
const unit = {
  line: 0,
  firstUnit: 0,
  count: 1,
  priceMinor: 100,
  valueMinor: 100,
  fractional: false,
  daysToExpiry: undefined,
}

test('digits stand beside each other, each with as many bits as its radix needs', () => {
  expect(layOut([counter(2), counter(), counter(5, 8, 9)])).toEqual({
    digits: [
      [{ word: 0, shift: 0, mask: 1 }],
      [],
      [
        { word: 0, shift: 1, mask: 7 },
        { word: 0, shift: 4, mask: 7 },
        { word: 0, shift: 7, mask: 15 },
      ],
    ],
    words: 1,
  })
})

test('a word holds thirty bits, and a digit is never cut', () => {
  const digits = layOut([counter(2 ** 15, 2 ** 15, 2), counter(2 ** 29, 4)])
  expect(digits.words).toBe(3)
  expect(digits.digits.flat().map(({ word, shift }) => [word, shift])).toEqual([
    [0, 0],
    [0, 15],
    [1, 0],
    [1, 1],
    [2, 0],
  ])
})
