import { expect, test } from 'vitest'
import { utf8 } from '../canonical/utf8.ts'
import { entryLine, type JournalFileLine, journalFileLine, readJournalLines } from '../entry/journal-file.ts'
import { ChainWriter, testEnrolmentKey, uuidOf } from '../testing/entries.ts'
import { memoryVerify, nodeSha256 } from '../testing/memory-ports.ts'
import { checkJournal, type JournalCheckTools, type JournalReport } from './check-journal.ts'

const tools = { sha256: nodeSha256, verify: memoryVerify, enrolmentKeys: [testEnrolmentKey] }

/** Lines of a file of epochs, each signed at its end unless told otherwise. */
function linesOf(chains: readonly { chain: ChainWriter; isSigned?: boolean; upTo?: number }[]): string[] {
  const { tenant, store, register } = chains[0]?.chain.certificate ?? new ChainWriter().certificate
  const header: JournalFileLine = {
    kind: 'nexus-journal',
    version: 1,
    tenant,
    store,
    register,
    exportedAt: 1,
  }
  return [
    journalFileLine(header),
    ...chains.flatMap(({ chain, isSigned = true, upTo = chain.head.seq }) => {
      const { epoch } = chain.certificate
      return [
        journalFileLine({ kind: 'epoch', epoch }),
        ...(isSigned ? [journalFileLine({ kind: 'checkpoint', signed: chain.checkpoint() })] : []),
        ...chain.entries
          .filter(({ seq }) => seq <= upTo)
          .map(({ seq, bytes }) => entryLine(epoch, seq, bytes)),
      ]
    }),
  ]
}

async function check(
  lines: readonly string[],
  given: Partial<JournalCheckTools> = {},
): Promise<JournalReport> {
  const text = utf8(`${lines.join('\n')}\n`)
  return await checkJournal(() => readJournalLines([text]), { ...tools, ...given })
}

/** Two lives of one register; the second names the head of the first. */
function twoLives(): { first: ChainWriter; second: ChainWriter } {
  const first = new ChainWriter()
  first.sell()
  first.openDrawer()
  const head = { epoch: first.certificate.epoch, ...first.head }
  const second = new ChainWriter({ epoch: uuidOf(101), code: 'KOR2B', predecessor: head })
  second.sell()
  return { first, second }
}

test('[JRN-17b, JRN-4r] the end of an epoch without a signature of its own is proven by the next one', async () => {
  const { first, second } = twoLives()
  const report = await check(linesOf([{ chain: first, isSigned: false }, { chain: second }]))
  expect(report).toMatchObject({ verdict: 'good', doubts: [] })
  expect(report.epochs.map(({ signedSeq }) => signedSeq)).toEqual([3, 2])
})

test('[JRN-17d] an epoch that ends before its successor says leaves a doubt, which is no accusation', async () => {
  const { first, second } = twoLives()
  const report = await check(linesOf([{ chain: first, isSigned: false, upTo: 2 }, { chain: second }]))
  expect(report).toMatchObject({
    verdict: 'unproven',
    firstBad: null,
    doubts: [{ cause: 'predecessor', epoch: first.certificate.epoch, seq: 3 }],
  })
})

test('[JRN-17d] an epoch whose successor was signed cannot be exchanged', async () => {
  const { first, second } = twoLives()
  const other = new ChainWriter()
  other.sell()
  other.sell()
  expect(other.certificate.epoch).toBe(first.certificate.epoch)
  const report = await check(linesOf([{ chain: other, isSigned: false }, { chain: second }]))
  expect(report.verdict).toBe('unproven')
  expect(report.epochs[0]).toMatchObject({ provenSeq: 0 })
})

test('[JRN-17d] entries in a wrong order, and one that stands twice, are named', async () => {
  const chain = new ChainWriter()
  for (let n = 0; n < 4; n++) chain.openDrawer()
  const lines = linesOf([{ chain }])
  const [third = '', fourth = ''] = [lines[5], lines[6]]
  expect((await check(lines.toSpliced(5, 2, fourth, third))).firstBad).toMatchObject({
    seq: 3,
    cause: 'missing',
  })
  expect((await check(lines.toSpliced(6, 0, third))).firstBad).toMatchObject({
    seq: 3,
    cause: 'order',
    slot: { line: 6, seq: 3, type: 'drawer-opened' },
  })
})

test('[JRN-17d] which of two entries was changed is left open where no signature and no successor says', async () => {
  const chain = new ChainWriter()
  chain.openDrawer()
  const second = chain.openDrawer()
  const last = chain.openDrawer()
  const changed = Uint8Array.from(second.bytes)
  changed[20] = (changed[20] ?? 0) ^ 1
  const lines = linesOf([{ chain, isSigned: false }])
  const epoch = chain.certificate.epoch
  const swapped = lines.map((line) => (line.includes('"seq":3,') ? entryLine(epoch, 3, changed) : line))
  expect((await check(swapped)).firstBad).toMatchObject({ seq: 4, cause: 'broken-link', since: 3 })
  const trusted = { epoch, seq: 4, hash: last.hash }
  expect((await check(swapped, { trusted })).firstBad).toMatchObject({ seq: 3, cause: 'broken-link' })
})

test('[JRN-18f] totals that fall are found, also behind entries that are missing', async () => {
  const chain = new ChainWriter()
  chain.sell()
  chain.sell()
  const lost = chain.sell()
  const low = { sales: 1, documents: 1, soldMinor: 1, taxMinor: 1, returnedMinor: 0, returnedTaxMinor: 0 }
  chain.sell({ changes: { totals: low } })
  const epoch = chain.certificate.epoch
  const hole = { fromSeq: 4, toSeq: 4, lastHash: lost.hash }
  const lines = linesOf([{ chain }]).map((line) =>
    line.includes('"seq":4,"bytes"') ? journalFileLine({ kind: 'hole', epoch, hole }) : line,
  )
  const report = await check(lines)
  expect(report).toMatchObject({ verdict: 'bad', firstBad: null })
  expect(report.epochs[0]).toMatchObject({ wrongTotals: [5], holes: [hole] })
})

test('[JRN-14d] a number that an intent took is repeated by its sale, not taken again', async () => {
  const chain = new ChainWriter()
  chain.sell()
  const number = 'KOR2AI26-000002'
  const intent = { number, kind: 'I', issueDate: '2026-11-22', requestHash: chain.head.hash } as const
  chain.write('invoice-intent', { ...intent, personalHash: null })
  chain.sell()
  chain.sell()
  expect(await check(linesOf([{ chain }]))).toMatchObject({ verdict: 'good' })
})
