import { createPublicKey, verify } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Mark, markBytes, toBase64Url } from '@nexus/sync'
import fc from 'fast-check'
import { Registry } from 'prom-client'
import { afterEach, expect, test } from 'vitest'
import type { Context } from '../../../context.ts'
import type { Database } from '../../../db/database.ts'
import { forEachDialect } from '../../../testing/index.ts'
import { salesProjector } from '../../sales/index.ts'
import { readGeneration, startNewGeneration } from '../generation.ts'
import { standing } from '../queries.ts'
import { type JournalBench, openJournalBench } from '../testing/open-for-test.ts'
import { rehome, type ScriptedTill } from '../testing/scripted-till.ts'
import { alongRuns, gapsOf } from './archive-some.ts'
import { domainOf } from './domain.ts'
import { type ArchiveFiles, archiveFolder } from './files.ts'
import { archiveJob } from './job.ts'
import { readLines } from './lines.ts'
import { selectBehind } from './sql.ts'
import { archiveStatus } from './status.ts'

const hour = 3_600_000
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-archive-'))
  folders.push(folder)
  return folder
}

/** A folder that says it lies on a disk of its own: one machine's temporary folders share one. */
function elsewhere(folder: string, change: Partial<ArchiveFiles> = {}): ArchiveFiles {
  return { ...archiveFolder(folder), device: async () => -1, ...change }
}

/** A worker that keeps the archive in a folder; `run` does rounds until there is nothing more to do. */
function openWorker({ context }: JournalBench, folder: string, files = elsewhere(folder)) {
  const config = { DATA_DIR: tmpdir() } as Context['config'] // as: the job reads nothing else of it
  const parts = () => ({
    projectors: [salesProjector],
    checkSale: async () => [],
    resolvePlace: async () => ({ storeNo: 1, registerNo: 1 }),
  })
  const job = archiveJob({ ...context, config, metrics: new Registry() }, parts, files)
  const lease = { hold: async () => undefined }
  return {
    async run() {
      while (await job.run(lease));
    },
  }
}

/** `durable` of a till's epoch as hello answers it. */
async function durableOf(bench: JournalBench, database: Database, till: ScriptedTill): Promise<Mark | null> {
  const head = { epoch: till.epoch, seq: till.entries.length, hash: till.lastHash }
  const answer = await standing(database.read, bench.context.secrets, { heads: [head], cursors: {} })
  return answer.marks[0]?.durable ?? null
}

/** Everything that the archive's files hold, as lines. */
function linesIn(folder: string, content = 'entries') {
  return readdirSync(folder)
    .filter((name) => name.startsWith(content))
    .sort()
    .flatMap((name) => [...readLines(readFileSync(join(folder, name)))])
}

function archivedBytes(folder: string): string[] {
  return linesIn(folder).flatMap((line) => (line.kind === 'entry' ? [line.bytes] : []))
}

const bytesOf = (till: ScriptedTill) => till.entries.map(({ bytes }) => toBase64Url(bytes))
const personal = { name: 'Asha', mobile: '9800000000' }

forEachDialect((dialect) => {
  test('[JRN-9b, I5] `durable` is what the archive holds, signed by HQ, in every answer', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const folder = newFolder()
    const worker = openWorker(bench, folder)
    const till = bench.till()
    till.sale()
    till.sale()
    const caller = bench.callerOf(till)
    const first = await bench.journal.push(caller, till.push())
    expect(first.marks).toMatchObject({ received: { seq: 3 }, durable: null })
    await worker.run()
    const mark = await durableOf(bench, database, till)
    expect(mark).toMatchObject({
      epoch: till.epoch,
      seq: 3,
      hash: till.lastHash,
      generation: first.generation,
    })
    const hq = createPublicKey(bench.context.secrets.hq.privateKey)
    for (const [kind, signed] of [
      ['durable', mark],
      ['received', first.marks.received],
    ] as const) {
      const { signature, ...body } = signed ?? first.marks.stored ?? ({} as Mark)
      const key = { key: hq, dsaEncoding: 'ieee-p1363' } as const
      expect(verify('sha256', markBytes(kind, body), key, Buffer.from(signature ?? '', 'base64url'))).toBe(
        true,
      )
    }
    till.sale()
    const second = await bench.journal.push(caller, till.push(4))
    expect(second.marks).toMatchObject({ stored: { seq: 4 }, received: { seq: 4 }, durable: mark })
    await worker.run()
    expect((await durableOf(bench, database, till))?.seq).toBe(4)
    // Anybody can read it: every byte, and the till's own signature over it.
    expect(archivedBytes(folder)).toEqual(bytesOf(till))
    const signed = linesIn(folder).flatMap((line) =>
      line.kind === 'checkpoint' ? [line.signed.checkpoint] : [],
    )
    expect(signed).toContainEqual(till.checkpoint(4, till.lastHash).checkpoint)
    expect(await archiveStatus(database.read, bench.clock.now())).toMatchObject({ state: 'good', entries: 0 })
  })

  test('[JRN-9b] without a second place nothing is durable, and it says why', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    await bench.journal.push(bench.callerOf(till), till.push())
    const folder = newFolder()
    const config = { DATA_DIR: folder } as Context['config'] // as: only this is read
    const context = { ...bench.context, config }
    expect(await domainOf(context, undefined)).toBe('none')
    // The very disk of the data folder.
    expect(await domainOf(context, archiveFolder(join(folder, 'archive')))).toBe('same-disk')
    const broken = elsewhere(folder, { list: () => Promise.reject(new Error('the share is gone')) })
    expect(await domainOf(context, broken)).toBe('unreachable')
    const other = await openJournalBench(await dialect.open())
    const stranger = other.till()
    await other.journal.push(other.callerOf(stranger), stranger.push())
    await openWorker(other, folder).run()
    expect(await domainOf(context, elsewhere(folder))).toBe('foreign')
    await openWorker(bench, folder, elsewhere(folder)).run()
    expect(await durableOf(bench, database, till)).toBeNull()
    expect(await archiveStatus(database.read, bench.clock.now())).toMatchObject({
      state: 'foreign',
      entries: 1,
    })
  })

  test('[F58, JRN-9b] a folder that takes what it does not keep makes nothing durable', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    till.sale()
    await bench.journal.push(bench.callerOf(till), till.push())
    const folder = newFolder()
    const real = archiveFolder(folder)
    let lie: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes
    const append: ArchiveFiles['append'] = (no, content, bytes) => real.append(no, content, lie(bytes))
    const worker = openWorker(bench, folder, elsewhere(folder, { append }))
    for (const each of [
      () => new Uint8Array(),
      (bytes: Uint8Array) => bytes.subarray(0, -1),
      (bytes: Uint8Array) => bytes.map((byte, at) => (at === 20 ? byte ^ 1 : byte)),
    ]) {
      lie = each
      await expect(worker.run()).rejects.toThrow('does not hold what was written')
      expect(await durableOf(bench, database, till)).toBeNull()
    }
    // It stands still for all to see.
    bench.clock.advance(hour)
    const late = await archiveStatus(database.read, bench.clock.now())
    expect(late).toMatchObject({ entries: 2 })
    expect(late.oldestAt).toBe(bench.clock.now() - hour)
    lie = (bytes) => bytes
    await worker.run()
    expect((await durableOf(bench, database, till))?.seq).toBe(2)
  })

  test('[JRN-9b, F01] what a worker had half written when it stopped does not count, and the next one goes on', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    await bench.journal.push(bench.callerOf(till), till.push())
    const folder = newFolder()
    await openWorker(bench, folder).run()
    for (let sale = 0; sale < 3; sale++) till.sale()
    await bench.journal.push(bench.callerOf(till), till.push(2))
    const real = archiveFolder(folder)
    const half = elsewhere(folder, {
      append: async (no, content, bytes) => {
        await real.append(no, content, bytes.subarray(0, bytes.length / 2))
        throw new Error('the power went')
      },
    })
    await expect(openWorker(bench, folder, half).run()).rejects.toThrow('the power went')
    expect((await durableOf(bench, database, till))?.seq).toBe(1)
    await openWorker(bench, folder).run()
    expect((await durableOf(bench, database, till))?.seq).toBe(4)
    expect(new Set(archivedBytes(folder))).toEqual(new Set(bytesOf(till)))
  })

  test('[JRN-9d] `durable` stops at a hole until it is filled', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const worker = openWorker(bench, newFolder())
    const till = bench.till()
    for (let sale = 0; sale < 9; sale++) till.sale()
    const caller = bench.callerOf(till)
    await bench.journal.push(caller, till.push(1, 2))
    const hole = { fromSeq: 3, toSeq: 6, lastHash: till.entries[5]?.hash ?? '' }
    await bench.journal.push(caller, { ...till.push(7), hole })
    await worker.run()
    expect((await durableOf(bench, database, till))?.seq).toBe(2)
    expect((await archiveStatus(database.read, bench.clock.now())).waiting.hole).toBe(1)
    await bench.journal.push(caller, till.push(5, 6))
    bench.clock.advance(hour)
    await worker.run()
    expect((await durableOf(bench, database, till))?.seq).toBe(2)
    await bench.journal.push(caller, till.push(3, 4))
    bench.clock.advance(hour)
    await worker.run()
    expect(await durableOf(bench, database, till)).toMatchObject({ seq: 10, hash: till.lastHash })
    expect((await archiveStatus(database.read, bench.clock.now())).waiting.hole).toBe(0)
  })

  test('[JRN-9d, I10] `durable` passes a hole that a person declared lost, once the declaration is durable', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const folder = newFolder()
    const till = bench.till()
    for (let sale = 0; sale < 5; sale++) till.sale()
    await bench.journal.push(bench.callerOf(till), till.push(1, 2))
    const hole = { fromSeq: 3, toSeq: 4, lastHash: till.entries[3]?.hash ?? '' }
    await bench.journal.push(bench.callerOf(till), { ...till.push(5), hole })
    const server = bench.till('HQ1')
    const body = { epoch: till.epoch, fromSeq: 3, toSeq: 4, reason: 'device burnt', personalHash: null }
    const declared = server.append('hole-lost', body)
    await openWorker(bench, folder).run()
    expect((await durableOf(bench, database, till))?.seq).toBe(2)
    await bench.journal.push(bench.callerOf(server), server.push())
    // A till's journal cannot declare anything: it waits for a person, and so does the hole (JRN-20).
    bench.clock.advance(hour)
    const worker = openWorker(bench, newFolder())
    await worker.run()
    bench.clock.advance(hour)
    await worker.run()
    expect((await durableOf(bench, database, till))?.seq).toBe(2)
    // As a server's own journal has it.
    const identity = Buffer.from(declared.hash, 'base64url')
    await database.write(async (tx) => {
      await tx
        .updateTable('entry_identity')
        .set({ state: 'acted' })
        .where('identity', '=', identity)
        .execute()
      for (const table of ['archive_mark', 'archive_manifest', 'archive_segment'] as const) {
        await tx.deleteFrom(table).execute()
      }
    })
    const fresh = openWorker(bench, newFolder())
    for (let round = 0; round < 3; round++) {
      await fresh.run()
      bench.clock.advance(hour)
    }
    expect((await durableOf(bench, database, till))?.seq).toBe(6)
  })

  test('[JRN-9d, JRN-19e] `durable` waits for data of people, and no longer for what was erased', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const folder = newFolder()
    const worker = openWorker(bench, folder)
    const till = bench.till()
    till.sale({ personal })
    till.sale()
    till.sale({ personal: { name: 'Bala' } })
    till.sale()
    const caller = bench.callerOf(till)
    const push = till.push()
    await bench.journal.push(caller, { ...push, personal: [] })
    await worker.run()
    expect((await durableOf(bench, database, till))?.seq).toBe(1)
    expect((await archiveStatus(database.read, bench.clock.now())).waiting.personal).toBe(1)
    await bench.journal.push(caller, { ...push, personal: push.personal.slice(0, 1) })
    bench.clock.advance(hour)
    await worker.run()
    expect((await durableOf(bench, database, till))?.seq).toBe(3)
    const items = () =>
      linesIn(folder, 'personal').flatMap((line) => (line.kind === 'personal' ? [line.item] : []))
    expect(items()).toEqual(push.personal.slice(0, 1))
    const erased = Buffer.from(push.personal[1]?.identity ?? '', 'base64url')
    await database.write((tx) =>
      tx
        .insertInto('personal_data')
        .values({ store_no: 1, identity: erased, salt: null, data: null, received_at: 1, erased_at: 2 })
        .execute(),
    )
    bench.clock.advance(hour)
    await worker.run()
    expect((await durableOf(bench, database, till))?.seq).toBe(5)
    expect(items()).toEqual(push.personal.slice(0, 1))
  })

  test('[JRN-9c, JRN-19e] a re-homed entry is durable with the data of the entry in it', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const worker = openWorker(bench, newFolder())
    const till = bench.till()
    const lost = till.sale({ personal })
    const next = till.nextEpoch('KOR1B')
    next.open()
    rehome(next, till.epoch, lost)
    const push = next.push()
    await bench.journal.push(bench.callerOf(next), push)
    await worker.run()
    expect((await durableOf(bench, database, next))?.seq).toBe(1)
    const item = till.push(2).personal
    await bench.journal.push(bench.callerOf(next), { ...push, personal: item })
    bench.clock.advance(hour)
    await worker.run()
    expect((await durableOf(bench, database, next))?.seq).toBe(2)
  })

  test('[JRN-9l] a segment that was damaged or lost is told, and archived again; `durable` stays', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const folder = newFolder()
    const till = bench.till()
    till.sale({ personal })
    // Nobody can read which epoch these are of; the archive says it all the same.
    till.appendBytes(Buffer.from('no entry'))
    await bench.journal.push(bench.callerOf(till), till.push())
    await openWorker(bench, folder).run()
    const damagedOnes = async () =>
      (await database.read.selectFrom('incident').select('kind').execute()).filter(
        ({ kind }) => kind === 'archive-damaged',
      ).length
    const spoil = async (change: (file: string) => void) => {
      for (const name of readdirSync(folder)) change(join(folder, name))
      bench.clock.advance(24 * hour)
      const worker = openWorker(bench, folder)
      for (let round = 0; round < 4; round++) {
        await worker.run()
        bench.clock.advance(hour)
      }
      expect((await durableOf(bench, database, till))?.seq).toBe(3)
    }
    await spoil((file) => {
      const bytes = readFileSync(file)
      bytes[bytes.length - 30] = (bytes[bytes.length - 30] ?? 0) ^ 1
      writeFileSync(file, bytes)
    })
    // The file of the journals and that of people.
    expect(await damagedOnes()).toBe(2)
    await spoil((file) => unlinkSync(file))
    expect(await damagedOnes()).toBe(4)
    const epochs = linesIn(folder).flatMap((line) => (line.kind === 'entry' ? [line.epoch] : []))
    expect(new Set(epochs)).toEqual(new Set([till.epoch]))
    expect(archivedBytes(folder)).toEqual(bytesOf(till))
    expect(linesIn(folder, 'personal').filter(({ kind }) => kind === 'personal').length).toBe(1)
    expect((await archiveStatus(database.read, bench.clock.now())).damaged).toBe(0)
  })

  test('[JRN-9l, I10] what neither a damaged segment nor the database has any more is told', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const folder = newFolder()
    const till = bench.till()
    till.sale()
    till.sale()
    await bench.journal.push(bench.callerOf(till), till.push())
    await openWorker(bench, folder).run()
    for (const name of readdirSync(folder)) unlinkSync(join(folder, name))
    await database.write((tx) => tx.deleteFrom('journal_entry').where('seq', '=', 2).execute())
    await openWorker(bench, folder).run()
    const told = await database.read.selectFrom('incident').select(['kind', 'params']).execute()
    expect(told.map(({ kind }) => kind).sort()).toEqual(['archive-damaged', 'archive-lost'])
    const lost = told.find(({ kind }) => kind === 'archive-lost')
    expect(JSON.parse(lost?.params ?? '')).toMatchObject({ fromSeq: 1, toSeq: 3, entries: 1 })
    expect(archivedBytes(folder)).toEqual([bytesOf(till)[0], bytesOf(till)[2]])
  })

  test('[I2] bytes that changed in the database are not archived as if they were the till’s', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const folder = newFolder()
    const till = bench.till()
    till.sale()
    till.sale()
    await bench.journal.push(bench.callerOf(till), till.push())
    const bytes = Buffer.from('{"not":"what the till wrote"}')
    await database.write((tx) =>
      tx.updateTable('journal_entry').set({ bytes }).where('seq', '=', 2).execute(),
    )
    await openWorker(bench, folder).run()
    expect((await durableOf(bench, database, till))?.seq).toBe(1)
    expect(archivedBytes(folder)).toEqual(bytesOf(till).slice(0, 1))
    const told = await database.read.selectFrom('incident').select(['kind', 'seq']).execute()
    expect(told).toEqual([{ kind: 'entry-damaged', seq: 2 }])
  })

  test('[JRN-19f] what was erased leaves the archive too', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const folder = newFolder()
    const till = bench.till()
    const erased = till.sale({ personal })
    till.sale({ personal: { name: 'Bala' } })
    await bench.journal.push(bench.callerOf(till), till.push())
    const worker = openWorker(bench, folder)
    await worker.run()
    await database.write((tx) =>
      tx
        .updateTable('personal_data')
        .set({ salt: null, data: null, erased_at: bench.clock.now() })
        .where('identity', '=', Buffer.from(erased.hash, 'base64url'))
        .execute(),
    )
    bench.clock.advance(hour)
    await worker.run()
    const text = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    expect(text.join('')).not.toContain('Asha')
    expect(text.join('')).toContain('Bala')
    // It is no damage, and what comes later is archived as before.
    bench.clock.advance(48 * hour)
    till.sale({ personal: { name: 'Chitra' } })
    await bench.journal.push(bench.callerOf(till), till.push(4))
    await worker.run()
    expect(await database.read.selectFrom('incident').select('kind').execute()).toEqual([])
    expect((await durableOf(bench, database, till))?.seq).toBe(4)
  })

  test('[JRN-9m, JRN-9j] a restored server gets back what the archive holds, and marks begin anew', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const folder = newFolder()
    const till = bench.till()
    for (let sale = 0; sale < 3; sale++) till.sale({ personal })
    const other = bench.till('KOR2A')
    other.sale()
    await bench.journal.push(bench.callerOf(till), till.push())
    await bench.journal.push(bench.callerOf(other), other.push())
    const worker = openWorker(bench, folder)
    await worker.run()
    till.sale({ personal })
    await bench.journal.push(bench.callerOf(till), till.push(5))
    await worker.run()
    const before = await durableOf(bench, database, till)

    // Another database that knows the first two entries of one till and nothing of the other.
    const older = await dialect.open()
    const restored = await openJournalBench(older, {}, bench.context.secrets)
    await restored.journal.push(restored.callerOf(till), till.push(1, 2))
    restored.clock.advance(hour)
    await older.write((tx) => startNewGeneration(tx, restored.clock.now()))
    expect(await durableOf(restored, older, till)).toBeNull()
    await openWorker(restored, folder).run()
    const after = await durableOf(restored, older, till)
    expect(after).toMatchObject({ seq: 5, hash: till.lastHash })
    expect(after?.generation).not.toBe(before?.generation)
    expect(await durableOf(restored, older, other)).toMatchObject({ seq: 2, hash: other.lastHash })
    const rows = await older.read.selectFrom('journal_entry').select('bytes').execute()
    expect(rows.map(({ bytes }) => toBase64Url(bytes)).sort()).toEqual(
      [...bytesOf(till), ...bytesOf(other)].sort(),
    )
    const people = await older.read.selectFrom('personal_data').select('data').execute()
    expect(people.length).toBe(4)
    expect((await older.read.selectFrom('bill').select('seq').execute()).length).toBe(5)
    // A till that still has them sends the same again: nothing comes twice.
    const answer = await restored.journal.push(restored.callerOf(till), till.push())
    expect(answer).toMatchObject({ head: { seq: 5 }, forked: [], quarantined: [] })
    expect((await older.read.selectFrom('bill').select('seq').execute()).length).toBe(5)
    expect(await older.read.selectFrom('incident').select('kind').execute()).toEqual([])
  })

  test('[JRN-9i, JRN-9m] a mark of a generation that was left is answered to nobody', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const folder = newFolder()
    const till = bench.till()
    await bench.journal.push(bench.callerOf(till), till.push())
    await openWorker(bench, folder).run()
    const before = await durableOf(bench, database, till)
    expect(before?.seq).toBe(1)
    await database.write((tx) => startNewGeneration(tx, bench.clock.now()))
    expect(await durableOf(bench, database, till)).toBeNull()
    const again = await bench.reopen()
    till.sale()
    expect((await again.push(bench.callerOf(till), till.push(2))).marks.durable).toBeNull()
    await openWorker(bench, folder).run()
    const after = await durableOf(bench, database, till)
    expect(after).toMatchObject({ seq: 2, hash: till.lastHash })
    expect(after?.generation).not.toBe(before?.generation)
  })

  test('[JRN-9b] where more tills send than a round takes, each has its turn', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const tills = Array.from({ length: 12 }, (_, n) => bench.till(`K${n}`))
    for (const till of tills) await bench.journal.push(bench.callerOf(till), till.push())
    const generation = Buffer.from(await readGeneration(database.read), 'base64url')
    const first = await selectBehind(database.read, generation, bench.clock.now(), 5)
    const second = await selectBehind(database.read, generation, bench.clock.now(), 5, first.at(-1))
    expect(new Set([...first, ...second].map(({ epoch }) => epoch)).size).toBe(10)
  })

  test('[JRN-9m, JRN-8h] what the archive brings back fills the hole that a till had to declare meanwhile', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const folder = newFolder()
    const till = bench.till()
    for (let sale = 0; sale < 5; sale++) till.sale()
    await bench.journal.push(bench.callerOf(till), till.push())
    await openWorker(bench, folder).run()
    const older = await dialect.open()
    const restored = await openJournalBench(older, {}, bench.context.secrets)
    await restored.journal.push(restored.callerOf(till), till.push(1, 1))
    till.sale()
    const hole = { fromSeq: 2, toSeq: 5, lastHash: till.entries[4]?.hash ?? '' }
    await restored.journal.push(restored.callerOf(till), { ...till.push(6), hole })
    await older.write((tx) => startNewGeneration(tx, restored.clock.now()))
    const worker = openWorker(restored, folder)
    await worker.run()
    restored.clock.advance(hour)
    await worker.run()
    expect(await durableOf(restored, older, till)).toMatchObject({ seq: 7, hash: till.lastHash })
    expect((await older.read.selectFrom('bill').select('seq').execute()).length).toBe(6)
  })

  test('[JRN-9m] entries of a register that the restored data does not know are told to people', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const folder = newFolder()
    const till = bench.till()
    await bench.journal.push(bench.callerOf(till), till.push())
    await openWorker(bench, folder).run()
    const older = await dialect.open()
    const restored = await openJournalBench(older, {}, { ...bench.context.secrets })
    // As if it was certified by a key that this installation never had.
    const stranger = await openJournalBench(older)
    const context = { ...stranger.context, secrets: { ...restored.context.secrets } }
    const enrolment = { ...stranger.context.secrets.enrolment, keyId: bench.context.secrets.enrolment.keyId }
    await openWorker(
      { ...restored, context: { ...context, secrets: { ...context.secrets, enrolment } } },
      folder,
    ).run()
    const told = await older.read.selectFrom('incident').select('kind').execute()
    expect(told).toEqual([{ kind: 'archive-not-replayed' }])
    expect(await older.read.selectFrom('journal_entry').select('seq').execute()).toEqual([])
  })
})

const ranges = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 10 })).map(([fromSeq, more]) => ({
    fromSeq,
    toSeq: fromSeq + more,
  })),
  { maxLength: 8 },
)

test('[JRN-9d] gaps and runs together are the whole range, once', () => {
  fc.assert(
    fc.property(
      ranges,
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 0, max: 40 }),
      (runs, from, length) => {
        const to = from + length
        const covered = (seq: number) => runs.some(({ fromSeq, toSeq }) => fromSeq <= seq && seq <= toSeq)
        const missing = gapsOf(runs, from, to).flatMap(({ fromSeq, toSeq }) =>
          Array.from({ length: toSeq - fromSeq + 1 }, (_, n) => fromSeq + n),
        )
        const expected = Array.from({ length: length + 1 }, (_, n) => from + n).filter((seq) => !covered(seq))
        expect(missing).toEqual(expected)
      },
    ),
  )
})

test('[JRN-9d] `durable` reaches the slot before the first one that no run holds', () => {
  fc.assert(
    fc.property(ranges, fc.integer({ min: 0, max: 20 }), (runs, from) => {
      let expected = from
      while (runs.some(({ fromSeq, toSeq }) => fromSeq <= expected + 1 && expected + 1 <= toSeq)) expected++
      expect(alongRuns(from, runs)).toBe(expected)
    }),
  )
})
