import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { entryLine, type JournalFileLine, journalFileLine } from '@nexus/sync'
import { expect, test } from 'vitest'
import { ScriptedTill, testKey } from '../modules/journal/testing/scripted-till.ts'
import { commandLine } from './testing/run.ts'

const enrolment = testKey()

/** A journal of three sales, exported as the till does it; `change` may do harm before. */
function exported(change: (till: ScriptedTill) => void = () => undefined): {
  till: ScriptedTill
  text: string
} {
  const till = new ScriptedTill(enrolment)
  till.open()
  for (let sale = 0; sale < 3; sale++) till.sale()
  const checkpoint = till.checkpoint(till.entries.length, till.lastHash)
  change(till)
  const { tenant, store, register } = till.place
  const header: JournalFileLine = {
    kind: 'nexus-journal',
    version: 1,
    tenant,
    store,
    register,
    exportedAt: till.at,
  }
  const lines = [
    journalFileLine(header),
    journalFileLine({ kind: 'epoch', epoch: till.epoch }),
    journalFileLine({ kind: 'checkpoint', signed: checkpoint }),
    ...till.entries.map(({ seq, bytes }) => entryLine(till.epoch, seq, bytes)),
  ]
  return { till, text: lines.join('\n') }
}

async function verify(text: string | Buffer, ...options: string[]) {
  const line = commandLine()
  const file = join(line.folder, 'journal.jsonl')
  writeFileSync(file, text)
  return await line.run(['verify', file, '--enrolment-key', enrolment.publicKey, ...options])
}

test('[JRN-17d] a journal as it was written is proven up to its signed head, without a server', async () => {
  const { code, output } = await verify(exported().text)
  expect(code, output).toBe(0)
  expect(output).toMatch(/entries 1 to 4\nThe chain holds\.\nProven up to entry 4\.\n3 sales, ₹/)
})

test('[JRN-17d] the first bad entry is named with its neighbours, and the exit code says so', async () => {
  const { text, till } = exported((till) => {
    const third = till.entries[2]
    if (third) third.bytes = Buffer.from(Buffer.from(third.bytes).toString().replace('"at":1', '"at":2'))
  })
  const { code, output } = await verify(text)
  expect(code).toBe(1)
  expect(output).toContain('BAD: entry 3 was changed')
  expect(output).toMatch(/ {2}line 5, entry 2, sale, 22-11-2026 10:00, KOR1AI26-000001\n/)
  expect(output).toMatch(/→ line 6, entry 3, sale, .*, KOR1AI26-000002\n/)
  expect(output).toMatch(/ {2}line 7, entry 4, sale, .*, KOR1AI26-000003\n/)
  const json = JSON.parse((await verify(text, '--json')).output)
  expect(json).toMatchObject({
    verdict: 'bad',
    firstBad: { epoch: till.epoch, seq: 3, cause: 'broken-link', slot: { line: 6 } },
  })
})

test('[JRN-17e] what no signature covers is named, and is not called proven', async () => {
  const { text } = exported((till) => void till.sale())
  const { code, output } = await verify(text)
  expect([code, output]).toEqual([3, expect.stringContaining('Nothing vouches for entries 5 to 5.')])
  const unsigned = await verify(text.split('\n').toSpliced(2, 1).join('\n'))
  expect([unsigned.code, unsigned.output]).toEqual([3, expect.stringContaining('Nothing vouches for it')])
})

test('[JRN-17d] with another enrolment key nothing is believed', async () => {
  const { text } = exported()
  const { code, output } = await verify(text, '--enrolment-key', testKey().publicKey)
  expect([code, output]).toEqual([1, expect.stringContaining('is the enrolment key the right one?')])
})

test('[JRN-17c, JRN-18g] a trusted head that the journal does not have is seen, also by the short hash of a bill', async () => {
  const { till, text } = exported()
  const short = till.lastHash.slice(0, 8)
  for (const head of [`${till.epoch}:4:${'A'.repeat(43)}`, 'KOR1A:4:AAAAAAAA']) {
    const wrong = await verify(text, '--trusted', head)
    expect([wrong.code, wrong.output]).toEqual([1, expect.stringContaining('not the head that you trust')])
  }
  for (const head of [`${till.epoch}:4:${till.lastHash}`, `KOR1A:4:${short}`]) {
    expect((await verify(text, '--trusted', head)).code).toBe(0)
  }
  // A tail that was cut off after the bill was printed.
  const cut = text.split('\n').filter((_, index) => index !== 2 && index !== 6)
  const missing = await verify(cut.join('\n'), '--trusted', `KOR1A:4:${short}`)
  expect([missing.code, missing.output]).toEqual([1, expect.stringContaining('BAD: entry 4')])
  expect((await verify(text, '--trusted', `NONE:4:${short}`)).output).toContain('does not have the epoch')
})

test('who asks for the signatures of headquarters gets no file without them', async () => {
  const { text } = exported()
  const { code, output } = await verify(text, '--hq-key', testKey().publicKey)
  expect([code, output]).toEqual([1, expect.stringContaining('no statement of headquarters')])
})

test.each([
  ['hello', 'Line 1: it is no JSON'],
  ['', 'Line 1: the file is empty'],
  ['{}', 'Line 1: it is no line of a journal file'],
  ['[1]', 'Line 1: it is no line of a journal file'],
  ['{"kind":"nexus-journal","version":2}', 'Line 1: version 2 of the form is unknown here; a newer version'],
  ['{"kind":"nexus-journal","version":1}', 'Line 1: it is no line of the kind "nexus-journal"'],
  ['{"kind":"holes"}', 'Line 1: "holes" is unknown here; a newer version may have written it'],
  ['{"kind":"epoch","epoch":"00000000-0000-7000-8000-00000000000b"}', 'Line 1: a journal file begins'],
])('a file that is no journal is refused by line: %s', async (text, words) => {
  const { code, output } = await verify(text)
  expect([code, output]).toEqual([2, expect.stringContaining(words)])
})

test('a journal file with a line that is none is refused by line', async () => {
  const lines = exported().text.split('\n')
  const cases: [change: (lines: string[]) => (string | Buffer)[], words: string][] = [
    [
      (all) => [...all.slice(0, -1), all.at(-1)?.slice(0, 300) ?? ''],
      'Line 7: it is no JSON; the file ends in the middle',
    ],
    [(all) => all.toSpliced(4, 0, 'x'), 'Line 5: it is no JSON.'],
    [(all) => all.toSpliced(4, 0, 'x'.repeat(2 ** 21)), 'Line 5: it is longer than 1 MiB'],
    [(all) => all.toSpliced(4, 0, Buffer.from([0xff, 0xfe]) as never), 'Line 5: it is not UTF-8'],
    [(all) => all.toSpliced(1, 1), 'Line 2: it stands above the first epoch'],
    [(all) => [...all, all[0] ?? ''], 'Line 8: a journal file begins with its one header'],
    [(all) => [...all, all[1] ?? ''], 'Line 8: epoch'],
    [(all) => [...all, all[2] ?? ''], 'Line 8: a checkpoint stands above the entry that it signs'],
    [
      (all) => all.map((one) => one.replace(/"bytes":"./, '"bytes":"ab=')),
      'Line 4: it is no line of the kind "entry"',
    ],
  ]
  for (const [change, words] of cases) {
    const parts = change(lines)
      .flatMap((one) => [Buffer.from(one as string), Buffer.from('\n')])
      .slice(0, -1)
    const { code, output } = await verify(Buffer.concat(parts))
    expect([code, output]).toEqual([2, expect.stringContaining(words)])
  }
})
