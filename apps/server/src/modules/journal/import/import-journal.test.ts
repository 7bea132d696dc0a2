import { randomUUIDv7 } from 'node:crypto'
import {
  entryLine,
  JournalFileError,
  type JournalFileLine,
  journalFileLine,
  readJournalLines,
  toBase64Url,
} from '@nexus/sync'
import { expect, test } from 'vitest'
import { forEachDialect } from '../../../testing/index.ts'
import { type JournalBench, openJournalBench } from '../testing/open-for-test.ts'
import { rehome, type ScriptedTill } from '../testing/scripted-till.ts'
import { importJournal } from './import-journal.ts'

/** The file that a till saves: its epochs, each signed at these entries. */
function fileOf(tills: readonly { till: ScriptedTill; signed: readonly number[] }[]): string[] {
  const [first] = tills
  const place = first?.till.place ?? { tenant: '', store: '', register: '' }
  const header: JournalFileLine = { kind: 'nexus-journal', version: 1, ...place, exportedAt: 1 }
  const epochs = tills.flatMap(({ till, signed }) => [
    journalFileLine({ kind: 'epoch', epoch: till.epoch }),
    ...till.entries.flatMap(({ seq, bytes, hash, personal }) => {
      const checkpoint: JournalFileLine = { kind: 'checkpoint', signed: till.checkpoint(seq, hash) }
      const item = personal && { identity: hash, salt: toBase64Url(personal.salt), data: personal.data }
      return [
        ...(signed.includes(seq) ? [journalFileLine(checkpoint)] : []),
        entryLine(till.epoch, seq, bytes),
        ...(item ? [journalFileLine({ kind: 'personal', item })] : []),
      ]
    }),
  ])
  return [journalFileLine(header), ...epochs]
}

async function importOf(bench: JournalBench, lines: readonly string[] | string) {
  const bytes = Buffer.from(typeof lines === 'string' ? lines : `${lines.join('\n')}\n`)
  return await importJournal({ ...bench.context, journal: bench.journal }, () => readJournalLines([bytes]))
}

async function storedOf(
  bench: JournalBench,
): Promise<{ entries: number; sales: number; incidents: string[] }> {
  const { read } = bench.context.database
  const count = async (table: 'journal_entry' | 'bill') =>
    Number(
      (
        await read
          .selectFrom(table)
          .select(({ fn }) => fn.countAll().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    )
  const incidents = await read.selectFrom('incident').select('kind').orderBy('kind').execute()
  return {
    entries: await count('journal_entry'),
    sales: await count('bill'),
    incidents: incidents.map(({ kind }) => kind),
  }
}

/** A till with so many sales, nothing of which was sent. */
function tillWith(bench: JournalBench, sales: number): ScriptedTill {
  const till = bench.till()
  for (let sale = 0; sale < sales; sale++) till.sale({ personal: { mobile: `98000${sale}` } })
  return till
}

forEachDialect((dialect) => {
  test('[JRN-12b] the file of a destroyed till brings in what nobody else holds; twice it is the same', async () => {
    const bench = await openJournalBench(await dialect.open())
    const till = tillWith(bench, 250)
    await bench.journal.push(bench.callerOf(till), till.push(1, 3))
    const lines = fileOf([{ till, signed: [251] }])
    expect((await importOf(bench, lines)).epochs).toMatchObject([
      { code: 'KOR1A', fresh: 248, known: 3, forked: 0, unsigned: 0, refused: 0 },
    ])
    const stored = await storedOf(bench)
    expect(stored).toEqual({ entries: 251, sales: 250, incidents: [] })
    expect((await importOf(bench, lines)).epochs).toMatchObject([{ fresh: 0, known: 251 }])
    expect(await storedOf(bench)).toEqual(stored)
    const { n } = await bench.context.database.read
      .selectFrom('personal_data')
      .select(({ fn }) => fn.countAll().as('n'))
      .executeTakeFirstOrThrow()
    expect(Number(n)).toBe(250)
  })

  test('[JRN-12b] before or after the till’s own push, everything is there once', async () => {
    const bench = await openJournalBench(await dialect.open())
    const till = tillWith(bench, 6)
    const lines = fileOf([{ till, signed: [7] }])
    expect((await importOf(bench, lines)).epochs).toMatchObject([{ fresh: 7, known: 0 }])
    const answer = await bench.journal.push(bench.callerOf(till), till.push())
    expect(answer).toMatchObject({ head: { seq: 7, hash: till.lastHash }, forked: [] })
    expect(await storedOf(bench)).toEqual({ entries: 7, sales: 6, incidents: [] })
  })

  test('[JRN-12b] half a file brings in what it holds up to its last signature', async () => {
    const bench = await openJournalBench(await dialect.open())
    const till = tillWith(bench, 9)
    const text = fileOf([{ till, signed: [4, 10] }]).join('\n')
    const cut = text.slice(0, text.lastIndexOf('"kind":"entry"') + 40)
    const { epochs, brokenAt } = await importOf(bench, cut)
    expect(epochs).toMatchObject([{ fresh: 4, unsigned: 5 }])
    expect(brokenAt).toContain('the file ends in the middle of it')
    expect(await storedOf(bench)).toMatchObject({ entries: 4 })
    expect((await importOf(bench, text)).epochs).toMatchObject([{ fresh: 6, known: 4, unsigned: 0 }])
  })

  test('[JRN-12b] what a till did not sign is not taken, even under a checkpoint that it did sign', async () => {
    const bench = await openJournalBench(await dialect.open())
    const till = tillWith(bench, 4)
    const genuine = fileOf([{ till, signed: [5] }])
    const forged = genuine.map((line) => {
      const parsed = JSON.parse(line)
      if (parsed.kind !== 'entry' || parsed.seq !== 4) return line
      const bytes = Buffer.from(parsed.bytes, 'base64url').toString().replace('"at":1', '"at":2')
      return entryLine(till.epoch, 4, Buffer.from(bytes))
    })
    const { epochs, report } = await importOf(bench, forged)
    expect(report.firstBad).toMatchObject({ seq: 4 })
    expect(epochs).toMatchObject([{ fresh: 0, unsigned: 5 }])
    expect(await storedOf(bench)).toMatchObject({ entries: 0 })
  })

  test('[JRN-12b] earlier epochs come in by the key of the newest, which names them', async () => {
    const bench = await openJournalBench(await dialect.open())
    const till = tillWith(bench, 3)
    const next = till.nextEpoch('KOR1B')
    const last = till.entries.at(-1)
    next.open({ epoch: till.epoch, seq: till.entries.length, hash: last?.hash ?? '' })
    if (last) rehome(next, till.epoch, last)
    next.sale()
    const lines = fileOf([
      { till, signed: [] },
      { till: next, signed: [3] },
    ])
    expect((await importOf(bench, lines)).epochs).toMatchObject([
      // One of them acted by the bytes that the newer epoch wrote again.
      { code: 'KOR1A', fresh: 3, known: 1 },
      { code: 'KOR1B', fresh: 3 },
    ])
    expect(await storedOf(bench)).toMatchObject({ entries: 7, sales: 4 })
  })

  test('[JRN-12b] a slot that the till has lost is a declared hole, and fills when it turns up', async () => {
    const bench = await openJournalBench(await dialect.open())
    const till = tillWith(bench, 5)
    const lines = fileOf([{ till, signed: [2, 6] }])
    const lost = lines.findIndex((line) => line.includes('"seq":3,"bytes"'))
    const lastHash = till.entries[2]?.hash ?? ''
    const hole = journalFileLine({
      kind: 'hole',
      epoch: till.epoch,
      hole: { fromSeq: 3, toSeq: 3, lastHash },
    })
    const holed = lines.toSpliced(lost, 2, hole)
    expect((await importOf(bench, holed)).epochs).toMatchObject([{ fresh: 5 }])
    expect(await storedOf(bench)).toMatchObject({ entries: 5, incidents: ['hole-declared'] })
    expect((await importOf(bench, lines)).epochs).toMatchObject([{ fresh: 1, known: 5 }])
    expect(await storedOf(bench)).toMatchObject({ entries: 6, sales: 5 })
  })

  test('[JRN-12b] entries whose places hold others are kept aside, those that cannot be read wait', async () => {
    const bench = await openJournalBench(await dialect.open())
    const till = tillWith(bench, 2)
    till.appendBytes(Buffer.from('not an entry'))
    till.sale()
    expect((await importOf(bench, fileOf([{ till, signed: [3, 5] }]))).epochs).toMatchObject([
      { fresh: 5, waiting: 1 },
    ])
    const clone = bench.till()
    const clones = Object.assign(clone, { epoch: till.epoch, key: till.key, place: till.place })
    clones.entries.splice(0, 1, ...till.entries.slice(0, 3))
    clones.sale({ number: 'KOR1AI26-000003' })
    expect((await importOf(bench, fileOf([{ till: clones, signed: [4] }]))).epochs).toMatchObject([
      { known: 3, forked: 1 },
    ])
  })

  test('[JRN-12b] a file of another register, chain or kind is refused', async () => {
    let known = ''
    const bench = await openJournalBench(await dialect.open(), {
      resolvePlace: async (_, __, register) =>
        register === known ? { storeNo: 1, registerNo: 1 } : undefined,
    })
    const till = tillWith(bench, 2)
    known = till.place.register
    const lines = fileOf([{ till, signed: [3] }])
    // Another register's name on the file: its entries are not those of its certificates.
    const renamed = lines.map((line, index) => (index === 0 ? line.replace(known, randomUUIDv7()) : line))
    const { report, epochs } = await importOf(bench, renamed)
    expect(report.firstBad).toMatchObject({ seq: 1, cause: 'first-entry' })
    expect(epochs).toMatchObject([{ fresh: 0, unsigned: 3 }])
    const stranger = bench.till()
    await expect(importOf(bench, fileOf([{ till: stranger, signed: [1] }]))).rejects.toMatchObject({
      code: 'device/unknown',
    })
    await expect(importOf(bench, 'hello')).rejects.toThrow(JournalFileError)
    expect(await storedOf(bench)).toMatchObject({ entries: 0 })
  })
})
