import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalBytes, canonicalJson } from './json.ts'
import { fromUtf8 } from './utf8.ts'

/** Doubles by their bits and what RFC 8785, appendix B, prints for them. */
const numbers: [bits: string, text: string][] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
]

function doubleOf(bits: string): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, BigInt(`0x${bits}`))
  return view.getFloat64(0)
}

test.each(numbers)('[JRN-4a] the double %s is written %s, as RFC 8785 has it', (bits, text) => {
  expect(canonicalJson(doubleOf(bits))).toBe(text)
})

test.each(['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000'])(
  '[JRN-4a] the double %s, which is no number of JSON, is refused',
  (bits) => {
    expect(() => canonicalJson(doubleOf(bits))).toThrow(TypeError)
  },
)

test('[JRN-4a] numbers, texts and literals of the RFC are written as it prints them', () => {
  const sample = JSON.parse(
    String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
  )
  expect(canonicalJson(sample)).toBe(
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  )
  const hex = Buffer.from(canonicalBytes(sample)).toString('hex')
  expect(hex.startsWith('7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273')).toBe(
    true,
  )
  expect(hex.endsWith('22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d')).toBe(true)
})

test('[JRN-4a] members are sorted by UTF-16 code units, as in section 3.2.3 of the RFC', () => {
  const sample = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  }
  const values = [...canonicalJson(sample).matchAll(/:"([^"]*)"/g)].map((match) => match[1])
  expect(values).toEqual([
    'Carriage Return',
    'One',
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji: Grinning Face',
    'Hebrew Letter Dalet With Dagesh',
  ])
})

test('[JRN-4a] numeric member names are sorted as texts, not as numbers', () => {
  expect(canonicalJson({ 10: 0, 9: 0, 1: 0 })).toBe('{"1":0,"10":0,"9":0}')
})

test('[JRN-4a] control characters are escaped in the short form, else as lower-case hex', () => {
  expect(canonicalJson('\b\t\n\f\r\u0000\u001f\u007f\u2028')).toBe(
    `${String.raw`"\b\t\n\f\r\u0000\u001f`}\u007f\u2028"`,
  )
})

test.each(['\ud800', 'a\udc00b', '\udc00\ud800'])(
  '[JRN-4b] a lone surrogate is refused, in values and in names',
  (text) => {
    expect(() => canonicalJson(text)).toThrow(TypeError)
    expect(() => canonicalJson({ [text]: 1 })).toThrow(TypeError)
  },
)

test('[JRN-4a] members without a value are left out; a hole in an array is refused', () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}')
  expect(() => canonicalJson([undefined])).toThrow(TypeError)
})

test.each([new Date(0), new Map(), 10n, Symbol('x'), () => 0])(
  '[JRN-4a] %o is no JSON and is refused',
  (value) => {
    expect(() => canonicalJson({ value })).toThrow(TypeError)
  },
)

test('[JRN-4a] canonical JSON reads back as the same value and is its own canonical form', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 2 }), (value) => {
      const text = canonicalJson(value)
      // JSON has no −0; everything else comes back.
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(canonicalJson(JSON.parse(text))).toBe(text)
      expect(fromUtf8(canonicalBytes(value))).toBe(text)
    }),
  )
})
