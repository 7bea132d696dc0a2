import { creditNoteOf } from '@nexus/domain'
import { expect, test } from 'vitest'
import {
  counterContext,
  enrolledTill,
  invoiceOf,
  MemoryServer,
  soldLine,
  tenInTheMorning,
} from '../testing/index.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import type { DocumentDraft } from './types.ts'

test('[RET-2i] a till finds every bill that took goods of another bill back, and no other', async () => {
  const server = new MemoryServer(seededRandom(7), () => tenInTheMorning)
  const { journal, random } = await enrolledTill(server, { wallMs: tenInTheMorning })
  const complete = (documents: DocumentDraft[]) => {
    const cart = random.uuid(tenInTheMorning)
    const body = { documents, tenders: [], changeMinor: 0, recalledFrom: null, root: cart, language: 'en' }
    return journal.completeSale({ cart, context: counterContext, body })
  }
  const sell = () => complete([invoiceOf([soldLine('1', 1, 3000, 10_000)])])
  const other = await sell()
  const sold = await sell()
  const takeBack = async ({ identity, entry }: typeof sold, fromMilli: number) => {
    const [document] = entry.body.documents
    if (document === undefined) throw new Error('a sale has a document')
    const pick = { uid: 'r1', of: '1', quantityMilli: 1000 }
    const back = creditNoteOf(
      { ...document, identity },
      new Map([['1', fromMilli]]),
      [pick],
      document.pricing,
    )
    return complete([back])
  }
  const first = await takeBack(sold, 0)
  await takeBack(other, 0)
  const second = await takeBack(sold, 1000)

  const [number = ''] = sold.numbers
  expect((await journal.findBill(number))?.identity).toBe(sold.identity)
  const found = await journal.findReturns(number, '2026-11-22')
  expect(found.map(({ identity }) => identity)).toEqual([second.identity, first.identity])
  expect(await journal.findReturns(number, '2026-12-25')).toEqual([])
})
