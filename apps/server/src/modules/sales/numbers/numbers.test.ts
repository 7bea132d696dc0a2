import { exportNumberGaps, getInvariants, listNumberGaps } from '@nexus/contract'
import { expect, test } from 'vitest'
import { bookParts } from '../../../build-app.ts'
import { administrator, openShop } from '../../../testing/index.ts'
import { checkBooks } from '../../journal/index.ts'
import { openJournalBench } from '../../journal/testing/open-for-test.ts'
import { contextOn, setUpStore, storeId } from '../../stores/testing/world.ts'
import { numberProjector, salesProjector } from '../index.ts'

test('[JRN-14b] numbers left to explain are listed and exported, each with what explains it', async () => {
  await using shop = await openShop()
  const { database } = shop.context
  await setUpStore({ ...contextOn(database), clock: shop.clock })
  const bench = await openJournalBench(database, { projectors: [salesProjector, numberProjector] })
  const till = bench.till()
  for (const serial of ['000001', '000004', '000006']) till.sale({ number: `KOR1AI26-${serial}` })
  till.append('number-cancelled', {
    number: 'KOR1AI26-000005',
    kind: 'I',
    issueDate: '2026-11-22',
    reason: 'refused',
    personalHash: null,
  })
  await bench.journal.push(bench.callerOf(till), till.push())
  const tools = { ...bookParts, database, now: () => shop.clock.now() }
  const round = checkBooks(tools, 'new', (work) => database.write(work))
  while (!(await round.next()).done);

  const list = async (query: object = {}) =>
    (await shop.call(listNumberGaps, { query })).rows.map(({ number, state }) => [number, state])
  expect(await list()).toEqual([
    ['KOR1AI26-000002', 'unexplained'],
    ['KOR1AI26-000003', 'unexplained'],
    ['KOR1AI26-000005', 'cancelled'],
  ])
  expect(await list({ open: true, q: '0003' })).toEqual([['KOR1AI26-000003', 'unexplained']])
  const csv = await (await shop.fetch(exportNumberGaps.path)).text()
  expect(csv.split('\r\n').slice(0, 2)).toEqual([
    'number,series,kind,state,store,register,found,settled',
    'KOR1AI26-000002,KOR1AI26,missing,unexplained,Koramangala,,23-11-2026 12:00,',
  ])
  const elsewhere = shop.as({ ...administrator, storeIds: [] })
  expect((await elsewhere.call(listNumberGaps, { query: {} })).rows).toEqual([])
  const foreign = shop.as({ ...administrator, storeIds: ['01890000-0000-7000-8000-0000000000ff'] })
  await expect(foreign.call(listNumberGaps, { query: { store: storeId } })).rejects.toMatchObject({
    code: 'session/not-allowed',
  })
  expect(await shop.call(getInvariants, {})).toEqual({ run: null })
})
