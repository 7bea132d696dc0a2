import { decodeEntry } from '@nexus/sync'
import { expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { forEachDialect } from '../../../testing/index.ts'
import { bytesOf, rehome } from '../../journal/testing/scripted-till.ts'
import { salesProjector } from '../projector.ts'
import { openShopWithTills } from '../testing/shop-with-tills.ts'
import { countPastBills, type PastSpan, pastBills } from './queries.ts'

const hourMs = 3_600_000
const everything: PastSpan = { from: '2026-11-20', until: '2026-11-22', storeNos: undefined }

async function numbersIn(database: Database, span: PastSpan): Promise<string[]> {
  const numbers: string[] = []
  for await (const bills of pastBills(database.read, span)) {
    for (const { document } of bills) numbers.push(document.number)
  }
  expect(await countPastBills(database.read, span)).toBe(numbers.length)
  return numbers
}

forEachDialect((dialect) => {
  test('past bills come in order of day and time over all stores, each with its own entry', async () => {
    const database = await dialect.open()
    const { till, other, push } = await openShopWithTills(database)
    const at = till.at
    const sell = (by: typeof till, number: string, day: string, hours: number) => {
      by.tradingDay = day
      by.at = at + hours * hourMs
      return by.sale({ number })
    }
    sell(till, 'A-1', '2026-11-20', 1)
    sell(till, 'A-2', '2026-11-21', 5)
    sell(other, 'B-1', '2026-11-20', 2)
    sell(other, 'B-2', '2026-11-21', 3)
    // The same instant as A-2.
    sell(other, 'B-3', '2026-11-21', 5)
    sell(other, 'B-4', '2026-11-23', 1)
    await push(till)
    await push(other)
    expect(await numbersIn(database, everything)).toEqual(['A-1', 'B-1', 'B-2', 'A-2', 'B-3'])
    expect(await numbersIn(database, { ...everything, from: '2026-11-21' })).toEqual(['B-2', 'A-2', 'B-3'])
    const stores = await database.read.selectFrom('store').select(['no', 'code']).execute()
    const storeNos = stores.filter(({ code }) => code === 'MYL').map(({ no }) => no)
    expect(await numbersIn(database, { ...everything, storeNos })).toEqual(['B-1', 'B-2', 'B-3'])
    const [portion] = await Array.fromAsync(pastBills(database.read, { ...everything, storeNos }))
    expect(portion?.[0]).toMatchObject({
      storeNo: storeNos[0],
      index: 0,
      identity: other.entries[1]?.hash,
      entry: { type: 'sale', seq: 2 },
    })
  })

  test('credit notes are no past bills, and more bills than are read at once are all there', async () => {
    const database = await dialect.open()
    const { till, push } = await openShopWithTills(database)
    const count = 270
    for (let n = 0; n < count; n++) {
      // Many share an instant at the edge of a portion.
      if (n > 240 && n < 260) till.at = till.at - 1
      till.sale()
    }
    const decoded = decodeEntry(till.entries.at(-1)?.bytes ?? new Uint8Array())
    if (decoded.kind !== 'ok' || decoded.entry.type !== 'sale') throw new Error('the last entry is a sale')
    const { documents, ...body } = decoded.entry.body
    const notes = documents.map((bill) => ({ ...bill, kind: 'C' as const, number: 'KOR2AC26-000001' }))
    till.append('sale', { ...body, documents: notes })
    await push(till)
    const bills = await database.read.selectFrom('bill').select('kind').execute()
    expect(bills.filter(({ kind }) => kind === 'C').length).toBe(1)
    const numbers = await numbersIn(database, everything)
    expect([numbers.length, new Set(numbers).size]).toEqual([count, count])
  })

  test('[JRN-7] a bill that was re-homed or released from quarantine is read from where it stands', async () => {
    const database = await dialect.open()
    const older = {
      ...salesProjector,
      async apply(...[tx, facts]: Parameters<typeof salesProjector.apply>) {
        if (facts.some(({ entry }) => entry.seq === 3)) throw new Error('not in this release')
        await salesProjector.apply(tx, facts)
      },
    }
    const { till, push, bench } = await openShopWithTills(database, { projectors: [older] })
    till.sale({ number: 'A-1' })
    till.sale({ number: 'A-2' })
    till.appendBytes(bytesOf({ what: 'is this' }))
    await push(till)
    const next = till.nextEpoch('KOR2B')
    next.open()
    const lost = till.sale({ number: 'A-3' })
    rehome(next, till.epoch, lost)
    await bench.journal.push(bench.callerOf(next), next.push())
    expect(await numbersIn(database, everything)).toEqual(['A-1', 'A-3'])
    await bench.reopen({ projectors: [salesProjector] })
    expect(await numbersIn(database, everything)).toEqual(['A-1', 'A-2', 'A-3'])
  })
})
