import { batchState, internalCode, isGtin, isHsn, isPin, parseGstin, pinMatchesState } from '@nexus/domain'
import { expect, test } from 'vitest'
import { inventChain } from './chain.ts'
import { popularity, shoppingDay } from './shopping.ts'

const options = { seed: 7, stores: 15, registersPerStore: 2, products: 2000, staff: 48 }
const chain = inventChain(options)

test('equal seeds give equal chains, other seeds others', () => {
  expect(inventChain(options)).toEqual(chain)
  expect(inventChain({ ...options, seed: 8 }).products[0]).not.toEqual(chain.products[0])
})

test('stores lie in three States, five each, with a valid GSTIN and a PIN code of the State', () => {
  const perState = Map.groupBy(chain.stores, (store) => store.state)
  expect([...perState.values()].map((stores) => stores.length)).toEqual([5, 5, 5])
  for (const store of chain.stores) {
    expect(parseGstin(store.gstin)).not.toHaveProperty('fault')
    expect(store.gstin.slice(0, 2)).toBe(store.state)
    expect(isPin(store.pin) && pinMatchesState(store.pin, store.state)).toBe(true)
  }
  expect(new Set(chain.stores.map((store) => store.code)).size).toBe(15)
})

test('a hundred stores still have codes of their own', () => {
  const codes = inventChain({ ...options, stores: 120, products: 1, staff: 3 }).stores.map(
    (store) => store.code,
  )
  expect(new Set(codes).size).toBe(120)
  for (const code of codes) expect(code).toMatch(/^[A-Z][A-Z0-9]{2}$/)
})

test('goods have codes of the demonstration prefix, an HSN, and a price up to the lowest MRP', () => {
  const barcodes = new Set<string>()
  for (const product of chain.products) {
    expect(isGtin(product.barcode) && product.barcode.startsWith('952')).toBe(true)
    expect(isHsn(product.hsn)).toBe(true)
    expect(product.priceMinor).toBeGreaterThan(0)
    expect(product.priceMinor).toBeLessThanOrEqual(
      Math.min(...product.batches.map((batch) => batch.mrpMinor)),
    )
    barcodes.add(product.barcode)
  }
  expect(barcodes.size).toBe(2000)
  expect(new Set(chain.products.map((product) => product.names.en)).size).toBe(2000)
  expect(barcodes.has(internalCode(1))).toBe(false)
  expect(
    batchState(
      { expiry: { kind: 'use-before', month: chain.products[0]?.batches[0]?.expiryMonth ?? '2027-01' } },
      '2026-11-23',
    ),
  ).toBe('sellable')
})

test('a day of a register does not depend on the days drawn before it', () => {
  const draw = popularity(chain)
  const first = shoppingDay(7, 3, 1, 20, 12, draw)
  shoppingDay(7, 3, 1, 19, 12, draw)
  expect(shoppingDay(7, 3, 1, 20, 12, draw)).toEqual(first)
  expect(first.purchases.map((purchase) => purchase.atMs)).toEqual(
    first.purchases.map((purchase) => purchase.atMs).toSorted((a, b) => a - b),
  )
})

test('nobody has a PIN that a server refuses: digits that repeat or count', () => {
  for (const person of inventChain({ ...options, products: 1, staff: 600 }).staff) {
    expect(new Set(person.pin).size).toBe(4)
    expect(['0123456789012', '9876543210987'].some((run) => run.includes(person.pin))).toBe(false)
  }
})
