import { expect, test } from 'vitest'
import {
  cashSale,
  dice,
  enrolledTill,
  MemoryServer,
  pushAll,
  seededRandom,
  soldLine,
  tenInTheMorning,
} from '../testing/index.ts'

test('smoke', async () => {
  const server = new MemoryServer(seededRandom(7), () => tenInTheMorning)
  const till = await enrolledTill(server, { wallMs: tenInTheMorning })
  const cart = till.random.uuid(tenInTheMorning)
  const done = await till.journal.completeSale(cashSale(cart, [soldLine('1', 1, 1000, 49900)]))
  expect(done.numbers).toEqual(['T001I26-000001'])
  expect(till.journal.status().notStored).toMatchObject({ sales: 1, soldMinor: 49900 })
  await pushAll(till.journal)
  console.log(till.journal.status(), server.rows.notices, server.rows.discrepancies)
  expect(till.journal.status().notStored.entries).toBe(0)
})
