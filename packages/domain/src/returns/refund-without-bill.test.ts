import { expect, test } from 'vitest'
import { refundWithoutBill, type UnbilledLine } from './refund-without-bill.ts'
import { ReturnRefusal } from './refusal.ts'

const pricing = {
  pricedAt: 1_795_321_800_000,
  region: 'south',
  storeState: '29',
  placeOfSupply: '29',
  tier: null,
  rupeeRounding: true,
}
const soap: UnbilledLine = {
  uid: 'a',
  product: 1,
  batch: null,
  code: 'SKU-1',
  name: 'Soap',
  hsn: '340111',
  uqc: 'NOS',
  list: 1,
  unitMinor: 3350,
  mrpMinor: 4000,
  quantityMilli: 2000,
  valueMinor: 6690,
}

test('[RET-4b] goods without a bill are refunded at the value given, without GST and in no tax total', () => {
  expect(refundWithoutBill([soap], pricing)).toMatchObject({
    kind: 'R',
    pricing: { ...pricing, inclusive: true },
    taxes: [],
    of: null,
    lines: [
      {
        uid: 'a',
        paidMinor: 6690,
        taxKind: 'non-gst',
        taxableMinor: 0,
        cgstMinor: 0,
        igstMinor: 0,
        offers: [],
      },
    ],
    mrpTotalMinor: 8000,
    grossMinor: 6690,
    taxableMinor: 0,
    cgstMinor: 0,
    igstMinor: 0,
    roundOffMinor: 0,
    rupeeMinor: -90,
    totalMinor: 6600,
  })
  expect(refundWithoutBill([soap], { ...pricing, rupeeRounding: false }).totalMinor).toBe(6690)
})

test('[RET-4b] goods that cannot come back as they stand are refused by name', () => {
  const refusal = (...lines: UnbilledLine[]) => {
    try {
      refundWithoutBill(lines, pricing)
    } catch (error) {
      if (error instanceof ReturnRefusal) return [error.code, error.uid]
      throw error
    }
    return undefined
  }
  expect(refusal()).toEqual(['return/nothing-picked', undefined])
  expect(refusal(soap, soap)).toEqual(['return/uid-repeated', 'a'])
  expect(refusal({ ...soap, quantityMilli: 0 })).toEqual(['return/quantity-not-positive', 'a'])
  expect(refusal({ ...soap, quantityMilli: 500 })).toEqual(['return/quantity-fractional', 'a'])
  expect(refusal({ ...soap, uqc: 'GMS', quantityMilli: 500 })).toBeUndefined()
  expect(refusal({ ...soap, valueMinor: -1 })).toEqual(['return/value-not-whole', 'a'])
  expect(refusal({ ...soap, valueMinor: 0 })).toBeUndefined()
  expect(refusal({ ...soap, valueMinor: 0.5 })).toEqual(['return/value-not-whole', 'a'])
})

test('a refusal says which line it means, where it means one', () => {
  expect(String(new ReturnRefusal('return/uid-repeated', 'a'))).toBe(
    'ReturnRefusal: return/uid-repeated (line a)',
  )
  expect(String(new ReturnRefusal('return/nothing-picked'))).toBe('ReturnRefusal: return/nothing-picked')
})
