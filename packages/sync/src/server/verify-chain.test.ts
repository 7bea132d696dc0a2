import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChainWriter, uuidOf } from '../testing/entries.ts'
import { memoryVerify, nodeSha256 } from '../testing/memory-ports.ts'
import { type ChainInput, verifyChain } from './verify-chain.ts'

const tools = { sha256: nodeSha256, verify: memoryVerify, enrolmentKeys: ['enrolment-key'] }

function longChain(): ChainWriter {
  const chain = new ChainWriter()
  for (let n = 0; n < 4; n++) {
    chain.sell()
    chain.openDrawer()
  }
  return chain
}

function inputOf(chain: ChainWriter, changes: Partial<ChainInput> = {}): ChainInput {
  const entries = chain.entries.map(({ seq, bytes }) => ({ seq, bytes }))
  return { epoch: chain.certificate.epoch, entries, holes: [], checkpoints: [], trusted: null, ...changes }
}

test('[JRN-17d] a whole chain has no bad entry and is proven up to its signed head', () => {
  const chain = longChain()
  const report = verifyChain(inputOf(chain, { checkpoints: [chain.checkpoint(chain.entries[6])] }), tools)
  expect(report).toMatchObject({ firstBad: null, provenSeq: 7, firstSeq: 1, lastSeq: 9, code: 'KOR2A' })
  expect(report).toMatchObject({ unread: [], wrongTotals: [], wrongNumbers: [], totals: { sales: 4 } })
})

test('[JRN-17e] with neither head nor checkpoint nothing is proven', () => {
  expect(verifyChain(inputOf(longChain()), tools)).toMatchObject({ firstBad: null, provenSeq: 0 })
})

test('[JRN-17d] against a trusted head every changed byte is found, and the entry named is the one', () => {
  const chain = longChain()
  const trusted = chain.head
  fc.assert(
    fc.property(fc.nat(8), fc.nat(), fc.integer({ min: 1, max: 255 }), (index, at, flip) => {
      const entries = chain.entries.map(({ seq, bytes }) => ({ seq, bytes: Uint8Array.from(bytes) }))
      const { bytes } = entries[index] ?? { bytes: new Uint8Array(1) }
      const where = at % bytes.length
      bytes[where] = (bytes[where] ?? 0) ^ flip
      const { firstBad } = verifyChain(inputOf(chain, { entries, trusted }), tools)
      expect(firstBad?.seq).toBe(index + 1)
    }),
  )
})

test('[JRN-17d] an entry taken out, put in, or exchanged with its neighbour is found', () => {
  const chain = longChain()
  const whole = chain.entries.map(({ seq, bytes }) => ({ seq, bytes }))
  const renumbered = (list: typeof whole) => list.map(({ bytes }, index) => ({ seq: index + 1, bytes }))
  const without = whole.filter(({ seq }) => seq !== 4)
  expect(verifyChain(inputOf(chain, { entries: without }), tools).firstBad).toEqual({
    seq: 4,
    cause: 'missing',
  })
  expect(verifyChain(inputOf(chain, { entries: renumbered(without) }), tools).firstBad).not.toBeNull()
  const [a, b, ...rest] = whole.slice(3)
  const exchanged = renumbered([...whole.slice(0, 3), ...(a && b ? [b, a] : []), ...rest])
  expect(verifyChain(inputOf(chain, { entries: exchanged }), tools).firstBad).not.toBeNull()
  const foreign = chain.fork()
  const extra = { seq: 10, bytes: foreign.openDrawer().bytes }
  const doubled = [...whole, extra, { ...extra, seq: 11 }]
  expect(verifyChain(inputOf(chain, { entries: doubled }), tools).firstBad).not.toBeNull()
})

test('[JRN-17d] a tail cut off after a checkpoint or trusted head shows', () => {
  const chain = longChain()
  const entries = chain.entries.slice(0, 5).map(({ seq, bytes }) => ({ seq, bytes }))
  const cut = verifyChain(inputOf(chain, { entries, trusted: chain.head }), tools)
  expect(cut.firstBad).toEqual({ seq: 9, cause: 'trusted-head' })
  const signed = verifyChain(inputOf(chain, { entries, checkpoints: [chain.checkpoint()] }), tools)
  expect(signed.firstBad).toEqual({ seq: 6, cause: 'missing' })
})

test('[JRN-17d] a checkpoint over other bytes or by another key is named', () => {
  const chain = longChain()
  const other = chain.checkpoint({ seq: 5, hash: 'A'.repeat(43) })
  const bad = { seq: 5, cause: 'checkpoint', since: 1 }
  expect(verifyChain(inputOf(chain, { checkpoints: [other] }), tools).firstBad).toEqual(bad)
  const signed = chain.checkpoint(chain.entries[4])
  const forged = { ...signed, signature: 'A'.repeat(86) }
  expect(verifyChain(inputOf(chain, { checkpoints: [forged] }), tools).firstBad).toEqual(bad)
})

test('[JRN-4r] a first entry without a genuine certificate of this epoch is bad', () => {
  const chain = longChain()
  const report = verifyChain({ ...inputOf(chain), epoch: uuidOf(101) }, tools)
  expect(report.firstBad?.seq).toBe(1)
  expect(verifyChain(inputOf(chain), { ...tools, enrolmentKeys: ['another'] }).firstBad).toEqual({
    seq: 1,
    cause: 'first-entry',
  })
})

test('[JRN-17d] declared holes and slots that nobody can read are named apart from bad entries', () => {
  const chain = new ChainWriter()
  chain.add(Uint8Array.of(0xff), chain.fork().openDrawer().entry)
  const lost = chain.sell()
  chain.sell()
  const entries = chain.entries.filter(({ seq }) => seq !== 3).map(({ seq, bytes }) => ({ seq, bytes }))
  const holes = [{ fromSeq: 3, toSeq: 3, lastHash: lost.hash }]
  expect(verifyChain(inputOf(chain, { entries, holes }), tools)).toMatchObject({
    firstBad: null,
    unread: [2],
    holes,
  })
})

test('[JRN-18f] wrong totals are found; re-homed sales stand apart from the chain’s', () => {
  const chain = new ChainWriter({ epoch: uuidOf(101) })
  const sale = new ChainWriter().sell()
  chain.rehome(sale)
  chain.sell()
  const odd = { sales: 2, documents: 2, soldMinor: 1, taxMinor: 1, returnedMinor: 0, returnedTaxMinor: 0 }
  chain.sell({ changes: { totals: odd } })
  const report = verifyChain(inputOf(chain), tools)
  expect(report.wrongTotals).toEqual([4])
  const place = { epoch: uuidOf(100), seq: sale.seq }
  const figures = { soldMinor: 49_900, returnedMinor: 0 }
  expect(report.rehomedSales).toEqual([{ seq: 2, identity: sale.hash, place, ...figures }])
})

test('[JRN-14ad] a number left out in a series is found', () => {
  const chain = new ChainWriter()
  chain.sell()
  const skipped = chain.fork()
  skipped.sell()
  const third = skipped.sell()
  if (third.entry.type !== 'sale') throw new Error('sell writes sales')
  chain.write('sale', third.entry.body, { cart: uuidOf(9) })
  expect(verifyChain(inputOf(chain), tools).wrongNumbers).toEqual([{ seq: 3, number: 'KOR2AI26-000003' }])
})
