import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toBase64Url } from '../canonical/base64url.ts'
import { entryRecord, joined, personalRecord, readSegment, withoutPersonal } from './twin-record.ts'

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toBase64Url)
const entry = fc.record({
  epoch: fc.uuid(),
  seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  hash,
  bytes: fc.uint8Array({ maxLength: 300 }),
})
const personal = fc.record({ identity: hash, salt: hash, data: fc.string({ unit: 'grapheme' }) })

test('[JRN-2a] a segment reads back what was appended to it', () => {
  fc.assert(
    fc.property(fc.array(entry), fc.array(personal), (entries, items) => {
      const segment = readSegment(joined([...entries.map(entryRecord), ...items.map(personalRecord)]))
      expect(segment).toEqual({ entries, personal: items, bases: [], damaged: 0, torn: false })
    }),
  )
})

test('[JRN-2a] a segment cut anywhere gives the records before the cut', () => {
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 4 }), fc.nat(), (entries, at) => {
      const records = entries.map(entryRecord)
      const bytes = joined(records)
      const cut = at % bytes.length
      let whole = 0
      for (let end = 0; whole < records.length && end + (records[whole]?.length ?? 0) <= cut; whole++) {
        end += records[whole]?.length ?? 0
      }
      expect(readSegment(bytes.subarray(0, cut)).entries).toEqual(entries.slice(0, whole))
    }),
  )
})

test('[JRN-2a] a record with a flipped bit in its payload is passed over, those behind it are read', () => {
  fc.assert(
    fc.property(entry, entry, fc.nat(), fc.integer({ min: 0, max: 7 }), (first, second, at, bit) => {
      const damaged = entryRecord(first)
      const where = 8 + (at % (damaged.length - 8))
      damaged[where] = (damaged[where] ?? 0) ^ (1 << bit)
      const segment = readSegment(joined([damaged, entryRecord(second)]))
      expect(segment).toEqual({ entries: [second], personal: [], bases: [], damaged: 1, torn: false })
    }),
  )
})

test('[JRN-19f] erasing leaves the entries and the data of others', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 3 }), personal, personal, (entries, erased, kept) => {
      fc.pre(erased.identity !== kept.identity)
      const bytes = joined([...entries.map(entryRecord), personalRecord(erased), personalRecord(kept)])
      const after = withoutPersonal(bytes, new Set([erased.identity]))
      expect(after && readSegment(after)).toMatchObject({ entries, personal: [kept] })
      expect(withoutPersonal(bytes, new Set(['other']))).toBeUndefined()
    }),
  )
})
