import { randomUUIDv7, verify } from 'node:crypto'
import { verifyChain } from '@nexus/sync'
import { readJournalFile } from '@nexus/sync/testing'
import { expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { forEachDialect } from '../../../testing/index.ts'
import { exportJournal } from '../export/export-journal.ts'
import { startNewGeneration } from '../generation.ts'
import { sha256 } from '../sha256.ts'
import { selectHeads } from '../sql.ts'
import { type JournalBench, openJournalBench } from '../testing/open-for-test.ts'
import type { OwnDraft, OwnJournals } from './own-journals.ts'
import { selectOwnEpochs } from './sql.ts'

const hq = { kind: 'hq', storeNo: 0 } as const
const staff = '00000000-0000-7000-8000-0000000000ad'

/** An entry that decides nothing: it is written however often. */
function closed(month: string): OwnDraft {
  return { type: 'month-closed', body: { month, gstin: '29AABCN1234M1Z5', covers: [], totals: {} } }
}

async function write(own: OwnJournals, ...drafts: OwnDraft[]) {
  return await own.write({ address: hq, staff, compose: async () => drafts })
}

/** What `nexus verify` says of every epoch of the register that wrote these. */
async function verified(bench: JournalBench, database: Database, epoch: string) {
  const register = (await selectHeads(database.read, [epoch])).get(epoch)?.register ?? ''
  const lines = exportJournal(database.read, bench.context.secrets, register, { exportedAt: 1 })
  const file = await readJournalFile(lines)
  return file.epochs.map((one) =>
    verifyChain(
      { ...one, holes: [], trusted: null },
      {
        sha256,
        enrolmentKeys: [bench.enrolment.publicKey],
        verify: (key, bytes, signature) =>
          verify(
            'sha256',
            bytes,
            { key: Buffer.from(key, 'base64url'), format: 'der', type: 'spki', dsaEncoding: 'ieee-p1363' },
            Buffer.from(signature, 'base64url'),
          ),
      },
    ),
  )
}

forEachDialect((dialect) => {
  test('[JRN-20c] a server’s journal is a chain like a till’s: certificate, links, signed head', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const [first] = await write(bench.journal.own, closed('2026-09'))
    const [second, third] = await write(bench.journal.own, closed('2026-10'), closed('2026-11'))
    expect([first?.seq, second?.seq, third?.seq]).toEqual([2, 3, 4])
    const [report] = await verified(bench, database, first?.epoch ?? '')
    expect(report).toMatchObject({ firstBad: null, provenSeq: 4, lastSeq: 4, code: 'HQ' })
    const epochs = await database.read.selectFrom('journal_epoch').select(['kind', 'store_no']).execute()
    expect(epochs).toEqual([{ kind: 'hq', store_no: 0 }])
  })

  test('[JRN-20c] a restart goes on with the same epoch and key', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const [before] = await write(bench.journal.own, closed('2026-10'))
    const again = await bench.reopen()
    const [after] = await write(again.own, closed('2026-11'))
    expect(after).toMatchObject({ epoch: before?.epoch, seq: 3 })
  })

  test('[JRN-20c] processes that write at once write one chain', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const other = await bench.reopen()
    const written = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        write(n % 2 === 0 ? bench.journal.own : other.own, closed(`2026-${String(n + 1).padStart(2, '0')}`)),
      ),
    )
    const places = written.flat().map(({ epoch, seq }) => ({ epoch, seq }))
    expect(new Set(places.map(({ epoch }) => epoch)).size).toBe(1)
    expect(places.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, n) => n + 2),
    )
    const [report] = await verified(bench, database, places[0]?.epoch ?? '')
    expect(report).toMatchObject({ firstBad: null, lastSeq: 13 })
  })

  test('[JRN-20c] over data from a backup a new epoch begins, which names the one before', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const [before] = await write(bench.journal.own, closed('2026-10'))
    await database.write((tx) => startNewGeneration(tx, bench.clock.now()))
    const restored = await bench.reopen()
    const [after] = await write(restored.own, closed('2026-11'))
    expect(after?.epoch).not.toBe(before?.epoch)
    const reports = await verified(bench, database, after?.epoch ?? '')
    expect(reports).toMatchObject([
      { firstBad: null, lastSeq: 2 },
      { firstBad: null, lastSeq: 2 },
    ])
    expect((await selectOwnEpochs(database.read)).map(({ epoch }) => epoch)).toEqual([
      before?.epoch,
      after?.epoch,
    ])
  })

  test('[JRN-20d] a decision that changes nothing is not written, and neither is what was decided with it', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const [first] = await write(bench.journal.own, closed('2026-10'))
    const pointless: OwnDraft = {
      type: 'hole-lost',
      body: { epoch: randomUUIDv7(), fromSeq: 1, toSeq: 2, reason: 'device-destroyed' },
    }
    await expect(write(bench.journal.own, closed('2026-11'), pointless)).rejects.toMatchObject({
      code: 'decision/too-late',
    })
    const heads = await selectHeads(database.read, [first?.epoch ?? ''])
    expect(heads.get(first?.epoch ?? '')?.seq).toBe(2)
  })

  test('[JRN-19d] a free remark is kept beside the chain', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const [written] = await write(bench.journal.own, {
      ...closed('2026-10'),
      personal: { remark: 'Asha said so' },
    })
    const rows = await database.read.selectFrom('personal_data').select(['identity', 'data']).execute()
    expect(rows.map((row) => [Buffer.from(row.identity).toString('base64url'), row.data])).toEqual([
      [written?.identity, '{"remark":"Asha said so"}'],
    ])
  })
})
