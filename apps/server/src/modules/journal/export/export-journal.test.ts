import { hash, verify } from 'node:crypto'
import { readJournalFile, verifyChain } from '@nexus/sync'
import { expect, test } from 'vitest'
import { forEachDialect } from '../../../testing/index.ts'
import { openJournalBench } from '../testing/open-for-test.ts'
import { exportJournal } from './export-journal.ts'

const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer')

forEachDialect((dialect) => {
  test('[JRN-12] [JRN-17c] what the server exports holds every byte of the register, and verifies without it', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    for (let sale = 0; sale < 5; sale++) till.sale()
    await bench.journal.push(bench.callerOf(till), till.push())
    const next = till.nextEpoch('KOR1B')
    next.open()
    next.sale()
    await bench.journal.push(bench.callerOf(next), next.push())
    const other = bench.till('KOR2A')
    await bench.journal.push(bench.callerOf(other), other.push())

    const lines = await Array.fromAsync(exportJournal(database.read, till.place.register, 1))
    const file = await readJournalFile(lines)
    expect(
      file.epochs.map((epoch) => epoch.entries.map(({ bytes }) => Buffer.from(bytes).toString())),
    ).toEqual([till, next].map((one) => one.entries.map(({ bytes }) => Buffer.from(bytes).toString())))
    const reports = file.epochs.map((epoch) =>
      verifyChain(
        { ...epoch, holes: [], trusted: null },
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
    expect(reports).toMatchObject([
      { code: 'KOR1A', firstBad: null, provenSeq: 6, lastSeq: 6 },
      { code: 'KOR1B', firstBad: null, provenSeq: 2, lastSeq: 2 },
    ])
  })

  test('[JRN-19] personal data goes with its entry', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    const personal = { name: 'Asha' }
    till.append(
      'reprint',
      {
        identity: till.lastHash,
        number: 'KOR1AI26-000001',
        job: crypto.randomUUID(),
        copy: 1,
        reason: null,
        personalHash: null,
      },
      {},
      personal,
    )
    await bench.journal.push(bench.callerOf(till), till.push())
    const file = await readJournalFile(
      await Array.fromAsync(exportJournal(database.read, till.place.register, 1)),
    )
    expect(file.personal.map(({ data }) => JSON.parse(data))).toEqual([personal])
  })

  test('a register without entries has no journal', async () => {
    const database = await dialect.open()
    expect(await Array.fromAsync(exportJournal(database.read, crypto.randomUUID(), 1))).toEqual([])
  })
})
