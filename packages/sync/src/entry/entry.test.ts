import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../canonical/json.ts'
import { fromUtf8, utf8 } from '../canonical/utf8.ts'
import { invoiceOf, soldLine } from '../testing/bills.ts'
import { ChainWriter, uuidOf } from '../testing/entries.ts'
import { nodeSha256 } from '../testing/memory-ports.ts'
import { storedSale } from '../testing/stored-sale.ts'
import { webCryptoKeys, webCryptoVerify } from '../testing/web-crypto-keys.ts'
import { decodeEntry } from './decode.ts'
import { encodeEntry } from './encode.ts'
import { firstPrevHash } from './hash.ts'
import { maxCartLines, maxEntryBytes, maxWrapperBytes } from './limits.ts'
import { linesToTable, tableToLines } from './lines.ts'
import type { DocumentLine, Entry, SaleBody } from './schema.ts'
import { totalsAfter, zeroTotals } from './totals.ts'

/** Bytes of an entry whose parsed form was changed. */
function changed(bytes: Uint8Array, change: (entry: { [member: string]: unknown }) => void): Uint8Array {
  const entry = JSON.parse(fromUtf8(bytes))
  change(entry)
  return utf8(canonicalJson(entry))
}

function saleOf(lines: DocumentLine[]): Entry<'sale'> {
  const { entry } = new ChainWriter().sell()
  const sale = entry as Entry<'sale'> // as: sell writes sales
  const documents = [{ ...invoiceOf(lines), number: 'KOR2AI26-000001', issueDate: '2026-11-22' }]
  return { ...sale, body: { ...sale.body, documents } }
}

test('[JRN-4a, F14] an entry is canonical JSON and reads back as it was written', () => {
  const { entry, bytes } = new ChainWriter().sell()
  const text = fromUtf8(bytes)
  expect(canonicalJson(JSON.parse(text))).toBe(text)
  expect(decodeEntry(bytes)).toEqual({ kind: 'ok', entry, outline: expect.anything() })
})

test('[JRN-4m] the first prevHash is the SHA-256 of the epoch id as text', async () => {
  expect(await firstPrevHash('01a20184-a540-7395-9586-e84eef2bf3e9', nodeSha256)).toBe(
    Buffer.from(nodeSha256(Buffer.from('01a20184-a540-7395-9586-e84eef2bf3e9', 'ascii'))).toString(
      'base64url',
    ),
  )
})

test('[JRN-4w] a key is named by the hash of its SubjectPublicKeyInfo', async () => {
  const signer = await webCryptoKeys().create()
  const spki = Buffer.from(signer.publicKey, 'base64url')
  expect(signer.keyId).toBe(Buffer.from(nodeSha256(spki)).toString('base64url'))
  const bytes = utf8('signed')
  expect(await webCryptoVerify(signer.publicKey, bytes, await signer.sign(bytes))).toBe(true)
  expect(await webCryptoVerify(signer.publicKey, utf8('other'), await signer.sign(bytes))).toBe(false)
})

test('[JRN-4g] an exchange has two documents, each with number, kind, lines and pricing', () => {
  const sale = saleOf([soldLine('1', 1, 1000, 100)])
  const [invoice] = sale.body.documents
  if (invoice === undefined) throw new Error('A sale has a document')
  const documents = [invoice, { ...invoice, kind: 'C' as const, number: 'KOR2AC26-000001' }]
  const decoded = decodeEntry(encodeEntry({ ...sale, body: { ...sale.body, documents } }))
  expect(decoded).toMatchObject({ kind: 'ok', entry: { body: { documents } } })
  const three = { ...sale, body: { ...sale.body, documents: [...documents, invoice] } }
  expect(decodeEntry(encodeEntry(three)).kind).toBe('schema-failed')
})

test('[JRN-4j] an entry without one of the header keys does not fit the schema', () => {
  const { bytes } = new ChainWriter().sell()
  const keys =
    'v app engine tenant store register epoch seq prevHash cart type at bootId monotonicMs clockOffsetMs trustAgeMs shift tradingDay rulebook staff totals body'
  for (const key of keys.split(' ')) {
    const without = changed(bytes, (entry) => delete entry[key])
    expect(decodeEntry(without).kind, key).toBe('schema-failed')
  }
})

test('[JRN-4l] null is allowed in seven header members and in no other', () => {
  const { bytes } = new ChainWriter().openDrawer()
  const nullable = ['cart', 'shift', 'tradingDay', 'rulebook', 'staff', 'trustAgeMs', 'totals']
  for (const key of Object.keys(JSON.parse(fromUtf8(bytes)))) {
    const decoded = decodeEntry(changed(bytes, (entry) => Object.assign(entry, { [key]: null })))
    expect(decoded.kind === 'ok', key).toBe(nullable.includes(key))
  }
})

const wrongHeaders: [member: string, value: unknown][] = [
  ['tenant', 'A0000000-0000-7000-8000-000000000001'],
  ['cart', 'not-a-uuid'],
  ['seq', 0],
  ['seq', 1.5],
  ['at', 2 ** 53],
  ['at', 250_000_000_000_001],
  ['at', -1],
  ['clockOffsetMs', -(2 ** 53)],
  ['monotonicMs', '5'],
  ['tradingDay', '2026-1-2'],
  ['prevHash', 'A'.repeat(42)],
  ['prevHash', `${'A'.repeat(42)}B`],
  ['rulebook', { version: 1 }],
  ['v', 2],
]
test.each(wrongHeaders)('[JRN-4k] %s cannot be %o', (member, value) => {
  const { bytes } = new ChainWriter().sell()
  expect(decodeEntry(changed(bytes, (entry) => Object.assign(entry, { [member]: value }))).kind).toBe(
    'schema-failed',
  )
})

test('[JRN-4k, JRN-4g] a cart priced beyond the years of dates does not fit the schema', () => {
  const sale = saleOf([soldLine('1', 1, 1000, 100)])
  const priced = (pricedAt: number) => {
    const documents = sale.body.documents.map((each) => ({ ...each, pricing: { ...each.pricing, pricedAt } }))
    return decodeEntry(encodeEntry({ ...sale, body: { ...sale.body, documents } })).kind
  }
  expect(priced(250_000_000_000_000)).toBe('ok')
  expect(priced(250_000_000_000_001)).toBe('schema-failed')
})

test('[JRN-4n] unknown members are ignored wherever they stand', () => {
  const { bytes } = new ChainWriter().sell()
  const newer = changed(bytes, (entry) => {
    entry.newMember = { anything: [1] }
    const { documents } = entry.body as { documents: { lines: { [member: string]: unknown[] } }[] } // as: a sale
    for (const { lines } of documents) lines.newColumn = ['x']
  })
  expect(decodeEntry(newer).kind).toBe('ok')
})

test('[JRN-10c] what cannot be read is told apart: no JSON, unknown type, failed schema', () => {
  const { bytes } = new ChainWriter().sell()
  expect(decodeEntry(Uint8Array.of(0xff, 0x00)).kind).toBe('unreadable')
  expect(decodeEntry(utf8('[]')).kind).toBe('unreadable')
  expect(decodeEntry(utf8('{"a":')).kind).toBe('unreadable')
  expect(decodeEntry(utf8('\ufeff{}')).kind).toBe('unreadable')
  expect(decodeEntry(changed(bytes, (entry) => Object.assign(entry, { type: 'teleport' }))).kind).toBe(
    'unknown-type',
  )
  expect(decodeEntry(changed(bytes, (entry) => Object.assign(entry, { type: 'toString' }))).kind).toBe(
    'unknown-type',
  )
  expect(decodeEntry(changed(bytes, (entry) => Object.assign(entry, { body: {} }))).kind).toBe(
    'schema-failed',
  )
  expect(decodeEntry(utf8('{}')).kind).toBe('schema-failed')
})

test('entries are read alike where a page forbids eval', () => {
  const { bytes } = new ChainWriter().sell()
  const program = `
    const { decodeEntry } = await import('${new URL('./decode.ts', import.meta.url)}')
    let evalWorks = true
    try { new Function('1') } catch { evalWorks = false }
    const bytes = Buffer.from('${Buffer.from(bytes).toString('base64url')}', 'base64url')
    const bad = Buffer.from(bytes.toString().replace('"v":1', '"v":9'))
    console.log(evalWorks, decodeEntry(bytes).kind, decodeEntry(bad).kind)`
  const forbidden = '--disallow-code-generation-from-strings'
  const output = execFileSync(process.execPath, [forbidden, '--input-type=module', '--eval', program])
  expect(output.toString().trim()).toBe('false ok schema-failed')
})

test('[JRN-4n] reading never throws, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(decodeEntry(bytes).kind).not.toBe('ok')
    }),
  )
  const { bytes } = new ChainWriter().sell()
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom('body', 'documents', 'lines'),
      (value, where) => {
        const mangled = changed(bytes, (entry) => {
          const { body } = entry as { body: SaleBody } // as: a sale's bytes
          if (where === 'body') entry.body = value
          else if (where === 'documents') Object.assign(body, { documents: [value] })
          else Object.assign(body.documents[0] ?? {}, { lines: value })
        })
        expect(() => decodeEntry(mangled)).not.toThrow()
      },
    ),
  )
})

test('[JRN-4v] lines come back from their table as they went in', () => {
  const line = fc.record(
    {
      uid: fc.string({ minLength: 1, maxLength: 8 }),
      batch: fc.option(fc.nat()),
      offers: fc.array(
        fc.record(
          { id: fc.nat(), amountMinor: fc.nat(), code: fc.string({ minLength: 1 }) },
          { requiredKeys: ['id', 'amountMinor'] },
        ),
        { maxLength: 3 },
      ),
      giftOf: fc.nat(),
      manual: fc
        .record({
          figure: fc.constantFrom('percentBp', 'amountMinor', 'unitMinor'),
          value: fc.nat(),
          reason: fc.constantFrom('damaged', 'goodwill'),
          approval: fc.constantFrom(null, uuidOf(8), uuidOf(9)),
        })
        .map(({ figure, value, ...reasoned }) => ({ [figure]: value, ...reasoned })),
      manualMinor: fc.nat(),
      pointsMinor: fc.nat(),
      salesperson: fc.constant(uuidOf(7)),
      returnReason: fc.constant('faulty'),
      condition: fc.constantFrom('sellable', 'tester'),
      of: fc.record({
        number: fc.constant('A-1'),
        identity: fc.option(fc.constant('h')),
        uid: fc.constant('1'),
        fromMilli: fc.nat(),
        toMilli: fc.nat(),
      }),
    },
    { requiredKeys: ['uid', 'batch', 'offers'] },
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), (lines) => {
      const table = linesToTable(lines as unknown as DocumentLine[]) // as: the table looks at members, not at all of them
      expect(tableToLines(JSON.parse(JSON.stringify(table)))).toEqual(lines)
    }),
  )
})

test('[JRN-4n] a sale without offers, coupons and manual discounts reads and hashes as it always did', () => {
  const bytes = utf8(storedSale.text)
  expect(Buffer.from(nodeSha256(bytes)).toString('base64url')).toBe(storedSale.hash)
  const decoded = decodeEntry(bytes)
  if (decoded.kind !== 'ok' || decoded.entry.type !== 'sale') throw new Error('it is a sale')
  expect(fromUtf8(encodeEntry(decoded.entry))).toBe(storedSale.text)
  const [document] = decoded.entry.body.documents
  expect(document?.lines[0]?.offers).toEqual([
    { id: 7, amountMinor: 4990 },
    { id: 9, amountMinor: 1 },
  ])
  expect(Object.keys(document?.lines[1] ?? {})).not.toContain('manual')
})

const wrongManuals: unknown[] = [
  ['unitMinor', 1], // nothing before that its reason could be
  ['percentBp', 0, 'damaged', null],
  ['amountMinor', -1, 'damaged', null],
  ['discount', 1, 'damaged', null],
  ['__proto__', 1, 'damaged', null],
  [1, 1, 'damaged', null],
  [],
  {},
  5,
]
test.each(wrongManuals)('[JRN-4v] %o is nothing that a person gave on a line', (manual) => {
  const sale = saleOf([soldLine('1', 1, 1000, 100)])
  const mangled = changed(encodeEntry(sale), (entry) => {
    const { documents } = entry.body as { documents: { lines: { [member: string]: unknown[] } }[] } // as: a sale
    for (const { lines } of documents) lines.manual = [manual]
  })
  expect(decodeEntry(mangled).kind).toBe('schema-failed')
})

test.each([null, 3, 'x', [], [[1]], { uid: ['1'], batch: [] }, { uid: 'ab' }])(
  '[JRN-4v] %o is no table of lines',
  (table) => {
    expect(tableToLines(table)).toBeUndefined()
  },
)

/**
 * The longest line that a till writes: a full name, code and salesperson, three offers and a coupon, a
 * unit price set by hand, points, large figures.
 */
function longestLine(n: number): DocumentLine {
  return {
    ...soldLine(`u${n}`, 99_000_000 + n, 99_999, 9_999_900),
    batch: 99_000_000 + n,
    code: '9'.repeat(48),
    name: 'क'.repeat(26),
    hsn: '33049990',
    list: 99_999,
    offers: [1, 2, 3, 4].map((id) => ({
      id: 99_990 + id,
      amountMinor: 9_999_900,
      ...(id === 4 && { code: 'MONSOON-7K2M9QXW' }),
    })),
    manual: { unitMinor: 9_999_900, reason: 'price-match', approval: uuidOf(1) },
    manualMinor: 9_999_900,
    pointsMinor: 9_999_900,
    salesperson: uuidOf(n),
  }
}

test('[JRN-4h] a bill of 200 longest lines fits an entry', () => {
  const lines = Array.from({ length: maxCartLines }, (_, n) => longestLine(n))
  const sale = saleOf(lines)
  const tender = sale.body.tenders[0]
  const tenders = tender
    ? Array.from({ length: 8 }, () => ({ ...tender, reference: 'r'.repeat(64), attempt: uuidOf(1) }))
    : []
  const bytes = encodeEntry({ ...sale, body: { ...sale.body, tenders } })
  expect(bytes.length).toBeLessThanOrEqual(maxEntryBytes)
  expect(decodeEntry(bytes).kind).toBe('ok')
})

test('[JRN-4h] a credit note of 200 returned lines fits an entry', () => {
  const of = {
    number: 'KOR2AI26-000321',
    identity: 'A'.repeat(43),
    uid: 'u123',
    fromMilli: 100_000,
    toMilli: 200_000,
  }
  const returned = { offers: [], of, returnReason: 'wrong-goods', condition: 'sellable' }
  const lines = Array.from({ length: maxCartLines }, (_, n) => ({ ...longestLine(n), ...returned }))
  for (const line of lines) delete line.salesperson
  expect(encodeEntry(saleOf(lines)).length).toBeLessThanOrEqual(maxEntryBytes)
})

test('[JRN-4h] an entry above 88 KiB is not written, and waits where it arrives', () => {
  const chain = new ChainWriter()
  const long = { params: { text: 'x'.repeat(maxEntryBytes) }, place: null, personalHash: null }
  expect(() => chain.write('incident', { kind: 'test', ...long })).toThrow(RangeError)
  const { bytes } = chain.openDrawer()
  const tooLong = changed(bytes, (entry) => Object.assign(entry, { padding: 'x'.repeat(maxEntryBytes) }))
  expect(decodeEntry(tooLong).kind).toBe('too-large')
})

test('[JRN-4i] a re-homed entry and an incident that carries bytes may reach 128 KiB', () => {
  const chain = new ChainWriter()
  const body = { identity: 'A'.repeat(43), place: { epoch: uuidOf(1), seq: 1 } }
  const { bytes } = chain.write('rehomed', { ...body, bytes: 'A'.repeat(120_150) })
  expect(decodeEntry(bytes).kind).toBe('ok')
  const told = { kind: 'test', params: {}, place: null, personalHash: null }
  expect(decodeEntry(chain.write('incident', { ...told, bytes: 'A'.repeat(120_150) }).bytes).kind).toBe('ok')
  expect(() => chain.write('rehomed', { ...body, bytes: 'A'.repeat(maxWrapperBytes) })).toThrow(RangeError)
})

test('[JRN-18b, JRN-18c, JRN-18d] each letter counts where it belongs', () => {
  const { entry } = new ChainWriter().sell()
  const sale = entry as Entry<'sale'> // as: sell writes sales
  const ofKind = (kind: 'I' | 'B' | 'C' | 'R' | 'P' | 'G'): Entry<'sale'> => {
    return {
      ...sale,
      body: { ...sale.body, documents: sale.body.documents.map((each) => ({ ...each, kind })) },
    }
  }
  const sold = { soldMinor: 49_900, taxMinor: 2 * 3_806 }
  const one = { ...zeroTotals, sales: 1, documents: 1 }
  expect(totalsAfter(zeroTotals, ofKind('I'))).toEqual({ ...one, ...sold })
  expect(totalsAfter(zeroTotals, ofKind('B'))).toEqual({ ...one, ...sold })
  expect(totalsAfter(zeroTotals, ofKind('C'))).toEqual({
    ...one,
    returnedMinor: 49_900,
    returnedTaxMinor: 2 * 3_806,
  })
  expect(totalsAfter(zeroTotals, ofKind('R'))).toEqual({ ...one, returnedMinor: 49_900 })
  expect(totalsAfter(zeroTotals, ofKind('P'))).toEqual(one)
  expect(totalsAfter(zeroTotals, ofKind('G'))).toEqual(one)
})

test('[JRN-18b] an invoice that is issued later counts without being a sale', () => {
  const { entry } = new ChainWriter().sell()
  const document = (entry as Entry<'sale'>).body.documents[0] // as: sell writes sales
  if (document === undefined) throw new Error('A sale has a document')
  const body = { slip: 'A'.repeat(43), document, irn: 'irn', signedQr: null, personalHash: null }
  const issued = new ChainWriter().write('invoice-issued', body)
  const totals = { ...zeroTotals, documents: 1, soldMinor: 49_900, taxMinor: 2 * 3_806 }
  expect(totalsAfter(zeroTotals, issued.entry)).toEqual(totals)
  expect(decodeEntry(issued.bytes)).toEqual({ kind: 'ok', entry: issued.entry, outline: expect.anything() })
})

test('[JRN-18e] training adds nothing', () => {
  const body = { action: 'sale', lines: 3, totalMinor: 99_900, personalHash: null }
  expect(totalsAfter(zeroTotals, new ChainWriter().write('training', body).entry)).toEqual(zeroTotals)
})
