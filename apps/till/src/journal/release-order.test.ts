import { expect, test } from 'vitest'
import { isOlder } from './release-order.ts'

test.each([
  ['till-0.1.0', 'till-0.2.0', true],
  ['till-0.9.0', 'till-0.10.0', true],
  ['till-1.0', 'till-1.0.1', true],
  ['till-0.2.0', 'till-0.2.0', false],
  ['till-0.2.0', 'till-0.1.9', false],
  ['till-1.0.0', '1.0', false],
])('[JRN-16c] %s is older than %s: %s', (release, than, older) => {
  expect(isOlder(release, than)).toBe(older)
})
