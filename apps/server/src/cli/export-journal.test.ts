import { randomUUIDv7 } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { toBase64Url } from '@nexus/sync'
import { readJournalFile } from '@nexus/sync/testing'
import { expect, test } from 'vitest'
import { openJournalBench } from '../modules/journal/testing/open-for-test.ts'
import { rehome, ScriptedTill } from '../modules/journal/testing/scripted-till.ts'
import { placeResolver } from '../modules/stores/index.ts'
import { registerId, setUpStore, storeId } from '../modules/stores/testing/world.ts'
import { openForCommand } from './open-for-command.ts'
import { commandLine } from './testing/run.ts'

/** A data folder with a store whose register 2 has pushed two lives. */
async function journalled() {
  const line = commandLine()
  const io = {
    print: () => undefined,
    ask: async () => '',
    env: { DATA_DIR: join(line.folder, 'data'), SQLITE_READERS: '1', PATH: process.env.PATH },
  }
  await using context = await openForCommand(io)
  await setUpStore(context)
  const bench = await openJournalBench(context.database, { resolvePlace: placeResolver() }, context.secrets)
  const place = { tenant: randomUUIDv7(), store: storeId, register: registerId }
  const till = new ScriptedTill(context.secrets.enrolment, { place, code: 'KOR2A' })
  till.open()
  till.sale({ personal: { mobile: '9800000001' } })
  till.appendBytes(Buffer.from('not an entry'))
  till.sale()
  const lost = till.sale({ personal: { name: 'Asha' } })
  const next = till.nextEpoch('KOR2B')
  next.open()
  rehome(next, till.epoch, lost)
  await bench.journal.push(bench.callerOf(till), till.push(1, 4))
  const push = next.push()
  const { personal } = till.pushOf(5, [lost])
  await bench.journal.push(bench.callerOf(next), { ...push, personal })
  return { line, till, next, file: join(line.folder, 'kor-2.jsonl') }
}

test('[JRN-12b] an exported journal has every entry byte for byte, and verifies without the server', async () => {
  const { line, till, next, file } = await journalled()
  const { code, output } = await line.run(['export-journal', 'KOR', '2', file])
  expect(code, output).toBe(0)
  // Data of people: nobody else on the machine reads it.
  expect(statSync(file).mode & 0o077).toBe(0)
  const journal = await readJournalFile(readFileSync(file, 'utf8').split('\n'))
  expect(journal.header).toMatchObject({ store: storeId, register: registerId })
  expect(journal.epochs.map(({ epoch }) => epoch)).toEqual([till.epoch, next.epoch])
  const [first, second] = journal.epochs
  expect(first?.entries.map(({ bytes }) => toBase64Url(bytes))).toEqual(
    till.entries.slice(0, 4).map(({ bytes }) => toBase64Url(bytes)),
  )
  expect(second?.entries.length).toBe(2)
  expect(journal.personal).toMatchObject([
    { identity: till.entries[1]?.hash, data: '{"mobile":"9800000001"}' },
    { identity: till.entries[4]?.hash, data: '{"name":"Asha"}' },
  ])
  const verified = await line.run(['verify', file])
  expect(verified.code, verified.output).toBe(0)
  expect(verified.output).toContain('Proven up to entry 4.')
  expect(verified.output).toContain('Proven up to entry 2.')
  expect(verified.output).toContain('Headquarters held exactly this')
})

test('[JRN-19g] data of people can be left out, and nothing else is missing', async () => {
  const { line, file } = await journalled()
  const { code } = await line.run(['export-journal', 'KOR', '2', file, '--without-personal'])
  expect(code).toBe(0)
  expect(readFileSync(file, 'utf8')).not.toContain('Asha')
  expect((await line.run(['verify', file])).code).toBe(0)
})
