import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeByHand, encodeByHand, fromBase64Url, toBase64Url } from './base64url.ts'

const bytes = fc.uint8Array({ maxLength: 200 })

test('[JRN-4k] base64url is what Node writes, with native help and without', () => {
  fc.assert(
    fc.property(bytes, (some) => {
      const text = Buffer.from(some).toString('base64url')
      expect(toBase64Url(some)).toBe(text)
      expect(encodeByHand(some)).toBe(text)
      expect([...fromBase64Url(text)]).toEqual([...some])
      expect([...decodeByHand(text)]).toEqual([...some])
    }),
  )
})

const bad = ['A', 'AB', 'AA==', 'AA=', 'A A', 'AA\n', '+A', '/A', 'é', 'AAAAB', '*AAA']
test.each(bad)('[JRN-4k] %o is refused, so that bytes and text stay one to one', (text) => {
  expect(() => fromBase64Url(text)).toThrow(SyntaxError)
  expect(() => decodeByHand(text)).toThrow(SyntaxError)
})
