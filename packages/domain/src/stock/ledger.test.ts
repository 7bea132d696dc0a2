import fc from 'fast-check'
import { expect, test } from 'vitest'
import { balancesAfter, movesOfSale, type StockMove, stockKey } from './ledger.ts'

const move: fc.Arbitrary<StockMove> = fc.record(
  {
    productId: fc.integer({ min: 1, max: 3 }),
    batchId: fc.integer({ min: 1, max: 2 }),
    quantityMilli: fc.integer({ min: -9000, max: 9000 }),
  },
  { requiredKeys: ['productId', 'quantityMilli'] },
)
const moves = fc.array(move)

test('a balance is the sum of its moves, in whatever order they arrive', () => {
  fc.assert(
    fc.property(
      moves.chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
      ),
      ([list, shuffled]) => {
        expect(balancesAfter(shuffled)).toEqual(balancesAfter(list))
      },
    ),
  )
})

test('folding in two steps is folding once', () => {
  fc.assert(
    fc.property(moves, moves, (first, second) => {
      expect(balancesAfter(second, balancesAfter(first))).toEqual(balancesAfter([...first, ...second]))
    }),
  )
})

test('a sale takes out what it sold, and its balance before stays as it was', () => {
  const before = new Map([['1:7', 3000]])
  const sold = movesOfSale([
    { productId: 1, batchId: 7, quantityMilli: 2000 },
    { productId: 2, quantityMilli: 500 },
  ])
  expect(balancesAfter(sold, before)).toEqual(
    new Map([
      ['1:7', 1000],
      ['2', -500],
    ]),
  )
  expect(before.get('1:7')).toBe(3000)
  expect(sold[1]).not.toHaveProperty('batchId')
})

test('a product without batch is kept apart from its batches', () => {
  expect(stockKey(1)).toBe('1')
  expect(stockKey(1, 12)).toBe('1:12')
})

test('a sale of nothing, or of a fraction of a thousandth, is refused', () => {
  expect(() => movesOfSale([{ productId: 1, quantityMilli: 0 }])).toThrow('more than nothing')
  expect(() => balancesAfter([{ productId: 1, quantityMilli: 0.5 }])).toThrow('whole number')
})
