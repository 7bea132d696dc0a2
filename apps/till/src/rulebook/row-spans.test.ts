import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowStarts } from './row-spans.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

test('every row of a chunk is found, whatever its texts contain', () => {
  const row = fc.record({
    id: fc.nat(),
    text: fc.string({ unit: 'binary' }),
    deep: fc.array(fc.dictionary(fc.string(), fc.json())),
  })
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const bytes = encoder.encode(JSON.stringify(rows))
      const starts = rowStarts(bytes)
      const found = starts.map((start, at) => {
        const end = (starts[at + 1] ?? bytes.length) - 1
        return JSON.parse(decoder.decode(bytes.subarray(start, end)))
      })
      expect(found).toEqual(JSON.parse(JSON.stringify(rows)))
    }),
  )
})
