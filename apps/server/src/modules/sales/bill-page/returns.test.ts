import { randomUUIDv7 } from 'node:crypto'
import { creditNoteOf, exchangeOf, quantitiesReturned, type ReturnPick } from '@nexus/domain'
import type { BillDocument, BodyOf } from '@nexus/sync'
import { invoiceOf, soldLine, tenInTheMorning } from '@nexus/sync/testing'
import { expect, test } from 'vitest'
import type { StaffCaller } from '../../../http/serve.ts'
import { forEachDialect } from '../../../testing/index.ts'
import type { ScriptedTill, Written } from '../../journal/testing/scripted-till.ts'
import { storeId } from '../../stores/testing/world.ts'
import { salesProjector } from '../index.ts'
import { openShopWithTills } from '../testing/shop-with-tills.ts'
import { getBill } from './queries.ts'
import { tillBills } from './till-bills.ts'

const everywhere: StaffCaller = {
  kind: 'staff',
  staffId: randomUUIDv7(),
  name: 'Asha',
  permissions: new Set(),
  storeIds: undefined,
}

function settle(till: ScriptedTill, ...documents: BillDocument[]): Written {
  const cart = randomUUIDv7()
  const back = documents.find(({ kind }) => kind === 'C')
  const bill = documents.find(({ kind }) => kind !== 'C')
  const body: BodyOf<'sale'> = {
    documents,
    tenders: [{ kind: 'cash', reference: null, attempt: null, ...exchangeOf(back, bill) }],
    changeMinor: 0,
    recalledFrom: null,
    root: cart,
    language: 'en',
    personalHash: null,
  }
  return till.append('sale', body, { cart })
}

const invoice = (till: ScriptedTill): BillDocument => ({
  ...invoiceOf([soldLine('a', 1, 3000, 11_800), soldLine('b', 2, 1000, 5000)]),
  number: till.nextNumber(),
  issueDate: '2026-11-22',
})

/** A credit note over a bill, as a till that knows of these returns writes it. */
function creditNote(
  till: ScriptedTill,
  original: BillDocument & { identity: string | null },
  known: readonly BillDocument[],
  quantityMilli: number,
): BillDocument {
  const picks: ReturnPick[] = [{ uid: 'r', of: 'a', quantityMilli }]
  const returned = quantitiesReturned(original, known)
  const note = creditNoteOf(original, returned, picks, { pricedAt: tenInTheMorning })
  return { ...note, number: till.nextNumber('C'), issueDate: '2026-11-22' }
}

forEachDialect((dialect) => {
  const open = async () => await openShopWithTills(await dialect.open(), { projectors: [salesProjector] })

  test('[RET-2a, RET-2h] a till of any store finds a bill with what came back of it anywhere', async () => {
    const { till, other, push, context } = await open()
    const db = context.database.read
    const bill = invoice(till)
    const original = { ...bill, identity: settle(till, bill).hash }
    await push(till)
    const [found, ...more] = await tillBills(db, ` ${bill.number.toLowerCase()} `)
    expect(more).toEqual([])
    expect(found).toMatchObject({
      identity: original.identity,
      document: 0,
      storeId,
      storeName: 'Koramangala',
      engine: 1,
      rulebookVersion: 1,
      returned: [],
      returns: [],
    })
    expect(found?.content).toEqual(bill)

    // One piece comes back in the other store; two tills without a line then take the second one each.
    const first = creditNote(other, original, [], 1000)
    const second = creditNote(till, original, [first], 1000)
    const overlapping = creditNote(other, original, [first], 1000)
    const notes = [
      [other, first],
      [till, second],
      [other, overlapping],
    ] as const
    const identities: string[] = []
    for (const [at, note] of notes) {
      identities.push(settle(at, note).hash)
      await push(at)
    }
    const [again] = await tillBills(db, bill.number)
    expect(again?.returned).toEqual([{ uid: 'a', quantityMilli: 3000 }])
    expect(new Set(again?.returns.map(({ number }) => number))).toEqual(
      new Set(notes.map(([, { number }]) => number)),
    )
    expect(new Set(again?.returns.map(({ identity }) => identity))).toEqual(new Set(identities))
  })

  test('[JRN-14c] of two bills with one number, each has its own returns; a paper alone is counted for both', async () => {
    const { till, other, push, context } = await open()
    const bill = invoice(till)
    const one = { ...bill, identity: settle(till, bill).hash }
    const twin = { ...bill, identity: settle(other, bill).hash }
    settle(till, creditNote(till, one, [], 1000))
    settle(other, creditNote(other, { ...twin, identity: null }, [], 1000))
    await push(till)
    await push(other)
    const found = await tillBills(context.database.read, bill.number)
    expect(new Map(found.map(({ identity, returned }) => [identity, returned]))).toEqual(
      new Map([
        [one.identity, [{ uid: 'a', quantityMilli: 2000 }]],
        [twin.identity, [{ uid: 'a', quantityMilli: 1000 }]],
      ]),
    )
  })

  test('a number that nobody knows is refused with a way out', async () => {
    const { context } = await open()
    await expect(tillBills(context.database.read, 'KOR2AI26-999999')).rejects.toMatchObject({
      code: 'bill/not-found',
      message: expect.stringContaining('Compare the number with the paper'),
    })
  })

  test('[RET-1b] a bill, its credit note and the invoice of the exchange lead to each other', async () => {
    const { till, push, context } = await open()
    const db = context.database.read
    const bill = invoice(till)
    const original = { ...bill, identity: settle(till, bill).hash }
    const note = creditNote(till, original, [], 1000)
    const next = { ...invoice(till), of: note.of }
    const exchange = settle(till, note, next)
    await push(till)
    const pageOf = async (identity: string, document: number) =>
      await getBill(db, everywhere, { identity, document })
    const link = (of: BillDocument, identity: string, document: number) => ({
      identity,
      document,
      number: of.number,
      kind: of.kind,
      issueDate: of.issueDate,
      totalMinor: of.totalMinor,
    })
    const toBill = link(bill, original.identity, 0)
    const toNote = link(note, exchange.hash, 0)
    const toNext = link(next, exchange.hash, 1)
    expect(await pageOf(original.identity, 0)).toMatchObject({
      original: null,
      returns: [toNote],
      exchange: null,
    })
    expect(await pageOf(exchange.hash, 0)).toMatchObject({ original: toBill, returns: [], exchange: toNext })
    expect(await pageOf(exchange.hash, 1)).toMatchObject({ original: toBill, returns: [], exchange: toNote })
  })
})
