import { setupI18n } from '@lingui/core'
import { expect, test } from 'vitest'
import { bodyOf, emptyStore, stateOf, storeFaults, valuesOf } from './store-values.ts'

const i18n = setupI18n({ locale: 'en', messages: { en: {} } })
const store = {
  ...emptyStore,
  code: 'PUN',
  name: 'Pune Camp',
  gstin: '27AAPFU0939F1ZV',
  address: '1 MG Road',
  city: 'Pune',
  pin: '411001',
}
const faultsOf = (change: Partial<typeof store>) => Object.keys(storeFaults(i18n, { ...store, ...change }))

test('the State follows from the GSTIN, however it is typed', () => {
  expect(stateOf(' 27aapfu0939f1zv ')).toBe('Maharashtra')
  expect(stateOf('27AAPFU0939F1Z')).toBeUndefined()
  expect(bodyOf({ ...store, gstin: '27aapfu 0939f1zv', code: 'pun ' })).toMatchObject({
    gstin: '27AAPFU0939F1ZV',
    state: '27',
    code: 'PUN',
  })
})

test('a stored store comes back as it was', () => {
  const id = '0192f0c1-0000-7000-8000-000000000001'
  expect(bodyOf(valuesOf({ id, ...bodyOf(store), registers: [] }))).toEqual(bodyOf(store))
})

test('a whole store has no fault; each wrong field has its own', () => {
  expect(faultsOf({})).toEqual([])
  expect(faultsOf({ gstin: '27AAPFU0939F1ZX' })).toEqual(['gstin'])
  expect(faultsOf({ pin: '560034' })).toEqual(['pin'])
  expect(faultsOf({ pin: '011001' })).toEqual(['pin'])
  expect(faultsOf({ code: '1AB', name: ' ', cutOver: '' })).toEqual(['name', 'code', 'cutOver'])
})
