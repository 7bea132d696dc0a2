import { randomUUIDv7 } from 'node:crypto'
import { creditNoteOf, type ReturnPick } from '@nexus/domain'
import type { BillDocument, BodyOf, Entry } from '@nexus/sync'
import { invoiceOf, soldLine, tenInTheMorning } from '@nexus/sync/testing'
import { expect, test } from 'vitest'
import { forEachDialect } from '../../testing/index.ts'
import type { ScriptedTill } from '../journal/testing/scripted-till.ts'
import { returnCheck, salesProjector } from './index.ts'
import { openShopWithTills } from './testing/shop-with-tills.ts'

function sold(documents: BillDocument[]): BodyOf<'sale'> {
  return {
    documents,
    tenders: [],
    changeMinor: 0,
    recalledFrom: null,
    root: randomUUIDv7(),
    language: 'en',
    personalHash: null,
  }
}

function noteOver(till: ScriptedTill, original: BillDocument & { identity: string }): BillDocument {
  const picks: ReturnPick[] = [
    { uid: 'r', of: 'a', quantityMilli: 1000 },
    { uid: 's', of: 'b', quantityMilli: 1000 },
  ]
  const note = creditNoteOf(original, new Map([['a', 1000]]), picks, { pricedAt: tenInTheMorning })
  return { ...note, number: till.nextNumber('C'), issueDate: '2026-11-22' }
}

forEachDialect((dialect) => {
  const open = async () => {
    const shop = await openShopWithTills(await dialect.open(), { projectors: [salesProjector] })
    const { till, push, context } = shop
    const bill: BillDocument = {
      ...invoiceOf([soldLine('a', 1, 3000, 11_801), soldLine('b', 2, 1000, 5000)]),
      number: till.nextNumber(),
      issueDate: '2026-11-22',
    }
    const cart = randomUUIDv7()
    const { hash } = till.append('sale', { ...sold([bill]), root: cart }, { cart })
    await push(till)
    const check = async (note: BillDocument) => {
      // as: the check reads the body alone.
      const found = await returnCheck(context)({ body: sold([note]) } as Entry<'sale'>)
      return found.map(({ kind, params }) => [kind, params.figure])
    }
    return { note: noteOver(till, { ...bill, identity: hash }), check }
  }

  test('[RET-2a, RET-2j] a credit note that gives back the shares of its bill is in order', async () => {
    const { note, check } = await open()
    expect(await check(note)).toEqual([])
  })

  test('[RET-2a, RET-2j] each figure that is not the share of its interval is told, and so is the sum', async () => {
    const { note, check } = await open()
    const [first, second] = note.lines
    if (!first?.of || !second) throw new Error('the note has two lines')
    const changed = (change: Partial<typeof first>) => ({ ...note, lines: [{ ...first, ...change }, second] })
    for (const figure of ['grossMinor', 'discountMinor', 'taxableMinor', 'cgstMinor', 'rupeeMinor'] as const)
      expect(await check(changed({ [figure]: first[figure] + 1 }))).toEqual([['return/differs', figure]])
    expect(await check(changed({ paidMinor: first.paidMinor + 1 }))).toEqual([
      ['return/differs', 'paidMinor'],
      ['return/total', 'totalMinor'],
    ])
    expect(await check(changed({ of: { ...first.of, uid: 'x' } }))).toEqual([['return/differs', 'line']])
    expect(await check(changed({ of: { ...first.of, toMilli: 4000 } }))).toEqual([
      ['return/differs', 'toMilli'],
    ])
    expect(await check({ ...note, totalMinor: note.totalMinor + 1 })).toEqual([
      ['return/total', 'totalMinor'],
    ])
  })

  test('[RET-2j] a bill that has not arrived, or of which only the paper is known, is not compared', async () => {
    const { note, check } = await open()
    const [first, second] = note.lines
    if (!first?.of || !second) throw new Error('the note has two lines')
    for (const of of [
      { ...first.of, identity: null },
      { ...first.of, number: 'MYL1AI26-000009' },
    ])
      expect(await check({ ...note, lines: [{ ...first, paidMinor: 1, of }, second] })).toEqual([])
  })
})
