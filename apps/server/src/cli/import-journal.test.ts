import { randomUUIDv7 } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { entryLine, type JournalFileLine, journalFileLine } from '@nexus/sync'
import { expect, test } from 'vitest'
import { ScriptedTill, testKey } from '../modules/journal/testing/scripted-till.ts'
import { registerId, setUpStore, storeId } from '../modules/stores/testing/world.ts'
import { openForCommand } from './open-for-command.ts'
import { commandLine } from './testing/run.ts'

/** A chain with a store, and a till of it that never sent anything. */
async function shopWithTill() {
  const line = commandLine()
  const env = { DATA_DIR: join(line.folder, 'data'), SQLITE_READERS: '1', PATH: process.env.PATH }
  await using context = await openForCommand({ print: () => undefined, ask: async () => '', env })
  await setUpStore(context)
  const place = { tenant: randomUUIDv7(), store: storeId, register: registerId }
  const till = new ScriptedTill(context.secrets.enrolment, { place, code: 'KOR2A' })
  till.open()
  for (let sale = 0; sale < 3; sale++) till.sale()
  return { line, till }
}

/** The till's file, its first `signed` entries under a signature. */
function fileOf(till: ScriptedTill, signed = till.entries.length): string {
  const { tenant, store, register } = till.place
  const header: JournalFileLine = {
    kind: 'nexus-journal',
    version: 1,
    tenant,
    store,
    register,
    exportedAt: 1,
  }
  const head = till.checkpoint(signed, till.entries[signed - 1]?.hash ?? '')
  return [
    journalFileLine(header),
    journalFileLine({ kind: 'epoch', epoch: till.epoch }),
    journalFileLine({ kind: 'checkpoint', signed: head }),
    ...till.entries.map(({ seq, bytes }) => entryLine(till.epoch, seq, bytes)),
  ].join('\n')
}

test('[JRN-12b] a till’s file is taken in, tells what was new, and may be taken in again', async () => {
  const { line, till } = await shopWithTill()
  const file = join(line.folder, 'till.jsonl')
  writeFileSync(file, fileOf(till, 3))
  const part = await line.run(['import-journal', file])
  expect([part.code, part.output]).toEqual([
    1,
    'Epoch KOR2A: 3 new, 0 known, 1 not signed by the till\nOne entry of the file was not taken.',
  ])
  writeFileSync(file, fileOf(till))
  const whole = await line.run(['import-journal', file])
  expect([whole.code, whole.output]).toEqual([0, 'Epoch KOR2A: 1 new, 3 known'])
  expect((await line.run(['import-journal', file])).output).toBe('Epoch KOR2A: 0 new, 4 known')
  // What came in by the file goes out again, and is the same journal.
  const out = join(line.folder, 'out.jsonl')
  expect((await line.run(['export-journal', 'KOR', '2', out])).code).toBe(0)
  const verified = await line.run(['verify', out, '--trusted', `KOR2A:4:${till.lastHash}`])
  expect([verified.code, verified.output]).toEqual([0, expect.stringContaining('Proven up to entry 4.')])
})

test('[JRN-12b] what is no file of this chain changes nothing and says why', async () => {
  const { line, till } = await shopWithTill()
  const file = join(line.folder, 'till.jsonl')
  const stranger = new ScriptedTill(testKey(), { place: till.place, code: 'KOR2A' })
  stranger.open()
  writeFileSync(file, fileOf(stranger))
  const foreign = await line.run(['import-journal', file])
  expect([foreign.code, foreign.output]).toEqual([
    1,
    expect.stringContaining('is not as it was written: from there on nothing was taken'),
  ])
  writeFileSync(file, 'hello')
  expect(await line.run(['import-journal', file])).toMatchObject({
    code: 1,
    output: expect.stringContaining('Line 1: it is no JSON'),
  })
  expect(await line.run(['import-journal', `${file}.no`])).toMatchObject({
    code: 1,
    output: expect.stringContaining('There is no file'),
  })
})
