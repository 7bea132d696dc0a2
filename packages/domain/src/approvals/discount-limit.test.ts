import { expect, test } from 'vitest'
import { discountLimitBp } from './discount-limit.ts'

test('[PRC-14a] a cashier gives a tenth, a manager half, an administrator all, and others nothing', () => {
  const roles = ['cashier', 'store-manager', 'administrator', 'merchandiser', 'accountant', 'constructor']
  expect(roles.map(discountLimitBp)).toEqual([1000, 5000, 10_000, 0, 0, 0])
})
