import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitUtf8, fromUtf8, utf8 } from './utf8.ts'

test('a text that fits stays, a longer one is cut at the end of a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, maxBytes) => {
      const fitting = fitUtf8(text, maxBytes)
      expect(text.startsWith(fitting)).toBe(true)
      expect(utf8(fitting).length).toBeLessThanOrEqual(maxBytes)
      const next = [...text.slice(fitting.length)][0]
      if (next !== undefined) expect(utf8(fitting + next).length).toBeGreaterThan(maxBytes)
    }),
  )
})

test('bytes that are no UTF-8 are refused, and a byte-order mark is not swallowed', () => {
  expect(() => fromUtf8(Uint8Array.of(0xc3, 0x28))).toThrow(TypeError)
  expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b))).toBe('\ufeff{')
})
