import { expect, test } from 'vitest'
import { keepSample, readSample, withBatch, withProduct, withUnits } from './preview-cart.ts'

function machine(stored: string | null = null) {
  let kept = stored
  return {
    getItem: () => kept,
    setItem: (_: string, value: string) => {
      kept = value
    },
  }
}

test('a sample cart stays on the machine, and an odd one is as good as none', () => {
  const storage = machine()
  const cart = withProduct(readSample(storage), 7, 'Soap')
  keepSample(storage, cart)
  expect(readSample(storage)).toEqual({
    lines: [{ productId: 7, name: 'Soap', units: 1, batchId: null }],
    storeId: null,
  })
  for (const odd of ['{', '[]', '{"lines":[{"productId":"x"}],"storeId":null}']) {
    expect(readSample(machine(odd)).lines).toEqual([])
  }
  const full = () => {
    throw new Error('no room')
  }
  expect(() => keepSample({ setItem: full }, cart)).not.toThrow()
})

test('a product that is added again is one more of its line, unless that names a batch', () => {
  const once = withProduct({ lines: [], storeId: null }, 7, 'Soap')
  const twice = withProduct(once, 7, 'Soap')
  expect(twice.lines.map(({ units }) => units)).toEqual([2])
  const apart = withProduct(withBatch(twice, 0, 70), 7, 'Soap')
  expect(apart.lines.map(({ units, batchId }) => [units, batchId])).toEqual([
    [2, 70],
    [1, null],
  ])
  expect(withUnits(apart, 0, 0).lines).toHaveLength(1)
})
