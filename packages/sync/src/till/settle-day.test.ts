import { expect, test } from 'vitest'
import { counterContext, tenInTheMorning } from '../testing/bills.ts'
import { MemoryServer } from '../testing/memory-server.ts'
import { enrolledTill, pushAll } from '../testing/memory-till.ts'
import { seededRandom } from '../testing/seeded-random.ts'

const other = '0190a1b2-0000-7000-8000-0000000000ff'

test('[JRN-22a, JRN-22b] a till settles the day of its store: all that it wrote, and of the others what the hop has', async () => {
  const server = new MemoryServer(seededRandom(7), () => tenInTheMorning)
  const till = await enrolledTill(server, { wallMs: tenInTheMorning })
  const { journal } = till
  for (let opened = 0; opened < 3; opened++) {
    const body = { drawer: null, reason: 'x' }
    await journal.append({ type: 'drawer-opened', context: counterContext, body })
  }
  const { epoch = '', seq = 0 } = journal.status().head ?? {}
  const { entry } = await journal.settleDay({
    context: { ...counterContext, tradingDay: '2026-11-22' },
    totals: { soldMinor: 0 },
    approvedBy: null,
    others: [
      { epoch: other, lastSeq: 12, except: [7] },
      // The hop is behind this till: the till's own figure counts.
      { epoch, lastSeq: 1, except: [] },
    ],
  })
  expect(entry.body.covers).toEqual([
    { epoch, lastSeq: seq, except: [] },
    { epoch: other, lastSeq: 12, except: [7] },
  ])
  expect(entry).toMatchObject({ seq: seq + 1, tradingDay: '2026-11-22', body: { approvedBy: null } })
  await pushAll(journal)
  expect(journal.status().notStored.entries).toBe(0)
})
