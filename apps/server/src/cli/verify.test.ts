import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { entryLine, type JournalFileLine, journalFileLine, signedCertificate } from '@nexus/sync'
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
    journalFileLine({
      kind: 'epoch',
      epoch: till.epoch,
      certificate: signedCertificate(till.certificate, 'x'),
    }),
    ...till.entries.map(({ seq, bytes }) => entryLine(till.epoch, seq, bytes)),
    journalFileLine({ kind: 'checkpoint', signed: checkpoint }),
  ]
  return { till, text: lines.join('\n') }
}

async function verify(text: string, ...options: string[]) {
  const line = commandLine()
  const file = join(line.folder, 'journal.jsonl')
  writeFileSync(file, text)
  return await line.run(['verify', file, '--enrolment-key', enrolment.publicKey, ...options])
}

test('[JRN-17c] a journal as it was written is proven up to its signed head, without a server', async () => {
  const { code, output } = await verify(exported().text)
  expect(code, output).toBe(0)
  expect(output).toMatch(/entries 1 to 4\nThe chain holds\.\nProven up to entry 4\.\n3 sales, ₹/)
})

test('[JRN-17c] the first bad entry is named, and the exit code says so', async () => {
  const { code, output } = await verify(
    exported((till) => {
      const third = till.entries[2]
      if (third) third.bytes = Buffer.from(Buffer.from(third.bytes).toString().replace('"at":1', '"at":2'))
    }).text,
  )
  expect(code).toBe(1)
  expect(output).toContain('BAD: entry 3 was changed')
})

test('[JRN-17d] with another enrolment key nothing is believed', async () => {
  const { text } = exported()
  const { code, output } = await verify(text, '--enrolment-key', testKey().publicKey)
  expect([code, output]).toEqual([1, expect.stringContaining('is the enrolment key the right one?')])
})

test('[JRN-17c] a trusted head that the journal does not have is seen', async () => {
  const { till, text } = exported()
  const wrong = await verify(text, '--trusted', `${till.epoch}:4:${'A'.repeat(43)}`)
  expect([wrong.code, wrong.output]).toEqual([1, expect.stringContaining('not the head that you trust')])
  const right = await verify(text, '--trusted', `${till.epoch}:4:${till.lastHash}`)
  expect(right.code).toBe(0)
})

test('a file that is no journal is refused by line', async () => {
  expect((await verify('hello')).output).toContain('Line 1 is no JSON')
  expect((await verify('')).output).toContain('empty')
})
