import type { Offer } from '@nexus/domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Counter, openCounter } from '../testing/counter.ts'

/** Commands return before what they started has settled; all of it is microtasks here. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

const state = ({ till }: Counter) => till.store.getState()

async function scan(counter: Counter, ...codes: string[]): Promise<void> {
  for (const code of codes) counter.till.cart.scan(code)
  await settled()
}

/** Sells these goods for exact cash; the number of the bill. */
async function sell(counter: Counter, ...codes: string[]): Promise<string> {
  await scan(counter, ...codes)
  await pay(counter)
  return state(counter).paid?.bill.body.documents.at(-1)?.number ?? ''
}

async function pay(counter: Counter): Promise<void> {
  counter.till.pay.open()
  await counter.till.pay.takeCash(undefined)
}

async function find(counter: Counter, number: string): Promise<void> {
  counter.till.returns.open()
  await counter.till.returns.find(number)
}

/** Takes back so many pieces of lines by their uid, and puts them into the cart. */
async function takeBack(counter: Counter, number: string, pieces: Record<string, number>): Promise<void> {
  await find(counter, number)
  for (const [uid, count] of Object.entries(pieces)) counter.till.returns.setQuantity(uid, count * 1000)
  counter.till.returns.add()
}

test('[RET-1b, RET-1c] an exchange is one entry: the credit note before the invoice, both linked to the bill', async () => {
  const counter = await openCounter()
  const number = await sell(counter, '3*code-1')
  await takeBack(counter, number, { 1: 1 })
  await scan(counter, 'code-7', 'code-7')
  const { rows, back, priced } = state(counter)
  expect(rows.map((row) => [row.uid, row.returned, row.paidMinor])).toEqual([
    ['1', false, 20_000],
    ['r1', true, -10_000],
  ])
  expect([back?.totalMinor, priced?.toPayMinor]).toEqual([10_000, 20_000])
  await pay(counter)
  const { paid } = state(counter)
  expect([paid?.totalMinor, paid?.refundMinor]).toEqual([10_000, 0])
  const documents = paid?.bill.body.documents ?? []
  const of = {
    number,
    identity: (await counter.till.parts.journal.findBill(number))?.identity,
    issueDate: '2026-11-22',
  }
  expect(documents.map((document) => [document.kind, document.of])).toEqual([
    ['C', of],
    ['I', of],
  ])
  expect(documents.map((document) => document.number.slice(-8))).toEqual(['6-000001', '6-000002'])
  expect(paid?.bill.body.tenders).toMatchObject([{ kind: 'cash', direction: 'in', amountMinor: 10_000 }])
})

test('[RET-1d] a return alone gives cash back, and writes a credit note only', async () => {
  const counter = await openCounter()
  const number = await sell(counter, '2*code-1')
  await takeBack(counter, number, { 1: 2 })
  await pay(counter)
  const { paid, draft } = state(counter)
  expect([draft, paid?.totalMinor, paid?.refundMinor]).toEqual([undefined, 0, 20_000])
  expect(paid?.bill.body).toMatchObject({
    documents: [{ kind: 'C', totalMinor: 20_000 }],
    tenders: [{ kind: 'cash', direction: 'out', amountMinor: 20_000, reference: null }],
    changeMinor: 0,
  })
})

test('[RET-1d] a refund by UPI or card is entered with the reference of what was sent', async () => {
  const counter = await openCounter()
  const number = await sell(counter, '2*code-1')
  await takeBack(counter, number, { 1: 1 })
  counter.till.pay.open()
  counter.till.pay.askCard()
  expect(state(counter).pay?.method).toBe('card')
  await counter.till.pay.refundBy('card', '4111 1111 1111 1111')
  expect(state(counter).pay?.fault).toBe('card-number')
  await counter.till.pay.refundBy('card', '  ')
  expect(state(counter).pay?.fault).toBe('refund-reference')
  await counter.till.pay.refundBy('card', 'rrn 552211')
  expect(state(counter).paid?.bill.body.tenders).toEqual([
    { kind: 'card', direction: 'out', amountMinor: 10_000, reference: 'RRN552211', attempt: null },
  ])
})

test('[RET-1a] an even exchange asks for no money', async () => {
  const counter = await openCounter()
  const number = await sell(counter, 'code-1')
  await takeBack(counter, number, { 1: 1 })
  await scan(counter, 'code-7')
  await pay(counter)
  expect(state(counter).paid?.bill.body.tenders).toEqual([])
})

test('[RET-4e] each returned line names its reason and its condition in the entry', async () => {
  const counter = await openCounter()
  const number = await sell(counter, 'code-1', 'code-7')
  await find(counter, number)
  counter.till.returns.takeAll()
  counter.till.returns.setCondition('2', 'tester')
  counter.till.returns.setReason('reaction')
  counter.till.returns.add()
  await pay(counter)
  const lines = state(counter).paid?.bill.body.documents[0]?.lines
  expect(lines?.map((line) => [line.of?.uid, line.returnReason, line.condition])).toEqual([
    ['1', 'reaction', 'sellable'],
    ['2', 'reaction', 'tester'],
  ])
})

test('[RET-2i] offline, what this till took back before is counted, also after a reload', async () => {
  const counter = await openCounter()
  const number = await sell(counter, '3*code-1')
  await takeBack(counter, number, { 1: 2 })
  await pay(counter)
  const again = await counter.reload()
  await settled()
  await find(again, number)
  expect(state(again).returning?.found).toMatchObject({ before: [['1', 2000]], isWhole: false })
  again.till.returns.setQuantity('1', 3000)
  expect(state(again).returning?.picks).toMatchObject([{ of: '1', quantityMilli: 1000 }])
  again.till.returns.add()
  await pay(again)
  await find(again, number)
  expect(state(again).returning).toMatchObject({ found: undefined, fault: { code: 'all-returned', number } })
})

test('[RET-2i] online, returns that headquarters knows add to those that are still on this till only', async () => {
  const counter = await openCounter()
  const number = await sell(counter, '4*code-1')
  await takeBack(counter, number, { 1: 1 })
  await pay(counter)
  const sold = await counter.till.parts.journal.findBill(number)
  const [content] = sold?.body.documents ?? []
  if (sold === undefined || content === undefined) throw new Error('the bill was sold')
  const { identity } = sold
  counter.elsewhere.set(number, [
    {
      identity,
      document: 0,
      storeId: '',
      storeName: '',
      at: 0,
      engine: 2,
      rulebookVersion: 3,
      content,
      returned: [{ uid: '1', quantityMilli: 2000 }],
      returns: [],
    },
  ])
  counter.goOnline()
  await find(counter, number)
  expect(state(counter).returning?.found).toMatchObject({ before: [['1', 3000]], isWhole: true })
})

test('[RET-2i] a return that went stale in a recalled cart is taken out before anything is written', async () => {
  const counter = await openCounter()
  const number = await sell(counter, '2*code-1')
  await takeBack(counter, number, { 1: 2 })
  await scan(counter, 'code-7')
  await counter.till.cart.voidCart('mistake')
  const voided = state(counter).undo
  await takeBack(counter, number, { 1: 1 })
  await pay(counter)
  counter.till.store.setState({ undo: voided })
  counter.till.cart.undo()
  expect(state(counter).back?.totalMinor).toBe(20_000)
  await pay(counter)
  const { notice, back, draft, pay: open } = state(counter)
  expect(notice).toMatchObject({ code: 'returned-meanwhile', params: { number } })
  expect([back, draft?.lines.length, open?.completing]).toEqual([undefined, 1, false])
  expect(await counter.entries('sale')).toHaveLength(2)
})

test.each([
  ['', 'no-number'],
  ['KOR9ZI26-000009', 'bill-elsewhere'],
])('offline, the number “%s” is answered with a sentence', async (number, code) => {
  const counter = await openCounter()
  await find(counter, number)
  expect(state(counter).returning?.fault?.code).toBe(code)
})

test('a number that nobody knows, a credit note and a second bill are refused, each in its own words', async () => {
  const counter = await openCounter()
  const number = await sell(counter, '2*code-1')
  const other = await sell(counter, 'code-7')
  counter.goOnline()
  await find(counter, 'KOR9ZI26-000009')
  expect(state(counter).returning?.fault?.code).toBe('bill-unknown')
  await takeBack(counter, number, { 1: 1 })
  await find(counter, number)
  counter.till.returns.another()
  await counter.till.returns.find(other)
  expect(state(counter).returning?.fault).toEqual({ code: 'one-bill', number })
  counter.till.returns.close()
  await pay(counter)
  const note = state(counter).paid?.bill.body.documents[0]?.number ?? ''
  await find(counter, note)
  expect(state(counter).returning?.fault?.code).toBe('not-a-sale')
})

test('[RET-4a, RET-4d] goods come back up to 30 days after the bill’s date; the refusal says so', async () => {
  const counter = await openCounter()
  const number = await sell(counter, 'code-1')
  const day = 86_400_000
  counter.advance(30 * day)
  await find(counter, number)
  expect(state(counter).returning?.found?.bill.number).toBe(number)
  counter.advance(day)
  await find(counter, number)
  expect(state(counter).returning?.fault).toEqual({ code: 'window-over', lastDay: '2026-12-22' })
})

test('a scan on the return screen is the bill, then one piece of the goods; it never reaches the cart', async () => {
  const counter = await openCounter()
  const number = await sell(counter, 'code-1', 'code-7')
  counter.till.returns.open()
  counter.till.returns.scan(number.toLowerCase())
  await settled()
  counter.till.returns.scan('code-7')
  expect(state(counter).returning?.picks).toMatchObject([{ of: '2', quantityMilli: 1000 }])
  counter.till.returns.scan('code-7')
  expect(state(counter).returning?.fault?.code).toBe('nothing-left')
  counter.till.returns.scan('code-4')
  expect(state(counter).returning?.fault).toEqual({ code: 'not-on-bill', scanned: 'code-4' })
  expect(state(counter).draft).toBeUndefined()
})

test('[JRN-4h] sold and returned lines together are at most 200', async () => {
  const counter = await openCounter()
  const number = await sell(counter, 'code-1', 'code-7')
  await scan(counter, ...Array.from({ length: 198 }, () => 'torn-label'))
  await find(counter, number)
  counter.till.returns.add()
  expect(state(counter).returning?.fault?.code).toBe('nothing-picked')
  counter.till.returns.takeAll()
  counter.till.returns.add()
  expect(state(counter).rows).toHaveLength(200)
  await scan(counter, 'torn-label')
  expect(state(counter).notice?.code).toBe('cart-full')
  counter.till.cart.voidOne('r2')
  await scan(counter, 'torn-label')
  await find(counter, number)
  counter.till.returns.takeAll()
  counter.till.returns.add()
  expect(state(counter).returning?.fault?.code).toBe('cart-full')
})

test('[JRN-1h] completing the same cart again gives the same credit note, and does not call its own goods returned', async () => {
  const counter = await openCounter()
  const number = await sell(counter, '2*code-1')
  await takeBack(counter, number, { 1: 1 })
  const { draft } = state(counter)
  await pay(counter)
  const first = state(counter).paid?.bill.identity
  counter.till.showDraft(draft, { paid: undefined })
  await pay(counter)
  expect(state(counter).paid?.bill.identity).toBe(first)
  expect(await counter.entries('sale')).toHaveLength(2)
})

test('goods by weight come back as they were sold', async () => {
  const counter = await openCounter()
  const number = await sell(counter, '2.25*code-6')
  await find(counter, number)
  counter.till.returns.step('1', 1)
  expect(state(counter).returning?.picks).toMatchObject([{ quantityMilli: 2250 }])
  counter.till.returns.step('1', -1)
  expect(state(counter).returning?.picks).toEqual([])
})

test('[RET-3b, RET-3c] a return that breaks a gift is not added before the gift comes back too', async () => {
  const gift: Offer = {
    id: 6,
    name: 'A free article from 150',
    priority: 1,
    from: 0,
    effect: 'gift',
    selector: { products: [1] },
    fromMinor: 15_000,
    gifts: [7],
    unitMinor: 0,
  }
  const counter = await openCounter({ offers: [gift] })
  await scan(counter, '3*code-1', 'code-7')
  counter.till.cart.voidOne('2')
  await counter.till.cart.openGift(6)
  counter.till.cart.takeGift(6, 7)
  await pay(counter)
  const [sold] = state(counter).paid?.bill.body.documents ?? []
  expect(sold?.lines.map((line) => [line.product, line.giftOf, line.paidMinor])).toEqual([
    [1, undefined, 30_000],
    [7, 6, 0],
  ])
  const [goods = '', free = ''] = sold?.lines.map(({ uid }) => uid) ?? []
  await find(counter, sold?.number ?? '')
  counter.till.returns.setQuantity(goods, 1000)
  expect(state(counter).returning?.broken).toEqual([])
  counter.till.returns.setQuantity(goods, 2000)
  counter.till.returns.add()
  expect(state(counter).returning?.fault?.code).toBe('gifts-come-back')
  counter.till.returns.takeGifts()
  expect(state(counter).returning?.picks.map(({ of, quantityMilli }) => [of, quantityMilli])).toEqual([
    [goods, 2000],
    [free, 1000],
  ])
  counter.till.returns.add()
  await pay(counter)
  expect(state(counter).paid?.refundMinor).toBe(20_000)
})

test('a line that the customer keeps leaves the cart, the rest stays; F6 shows what is chosen', async () => {
  const counter = await openCounter()
  const number = await sell(counter, 'code-1', 'code-7')
  await takeBack(counter, number, { 1: 1, 2: 1 })
  counter.till.cart.voidOne('r1')
  expect(state(counter).rows.map((row) => row.code)).toEqual(['code-7'])
  expect(state(counter).back?.totalMinor).toBe(10_000)
  counter.till.returns.open()
  expect(state(counter).returning?.picks).toMatchObject([{ of: '2' }])
  counter.till.returns.close()
  counter.till.cart.voidOne('r1')
  expect([state(counter).draft?.returned, state(counter).back]).toEqual([undefined, undefined])
  counter.till.pay.open()
  expect(state(counter).notice?.code).toBe('cart-empty')
})

test('[JRN-11] an open return outlives a reload', async () => {
  const counter = await openCounter()
  const number = await sell(counter, '2*code-1')
  await takeBack(counter, number, { 1: 1 })
  const again = await counter.reload()
  await settled()
  expect(state(again).back?.totalMinor).toBe(10_000)
  expect(again.till.session.mayLeave()).toBe(false)
  await pay(again)
  expect(state(again).paid?.refundMinor).toBe(10_000)
})

test('[RET-2d] part returns in any order give back exactly what was paid, never more', async () => {
  const sold = fc.array(
    fc.tuple(fc.constantFrom('code-1', 'code-2', 'code-7'), fc.integer({ min: 1, max: 4 })),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  // Each takes a piece at least, and the last finds nothing left.
  const wishes = fc.array(fc.tuple(fc.nat({ max: 9 }), fc.integer({ min: 1, max: 5 })), {
    minLength: 17,
    maxLength: 17,
  })
  await fc.assert(
    fc.asyncProperty(sold, wishes, async (goods, all) => {
      const offer = {
        ...third,
        effect: 'unit-off',
        selector: { everything: true },
        off: { percentBp: 3333 },
      } as const
      const counter = await openCounter({ offers: [offer], rupeeRounding: true })
      for (const [code, count] of goods) await scan(counter, `${count}*${code}`)
      await pay(counter)
      const bill = state(counter).paid
      const number = bill?.bill.body.documents[0]?.number ?? ''
      let backMinor = 0
      for (const [line, count] of all) {
        await find(counter, number)
        const { found, fault } = state(counter).returning ?? {}
        if (found === undefined) {
          expect(fault?.code).toBe('all-returned')
          break
        }
        const open = found.bill.lines.filter(({ uid, quantityMilli }) => {
          const before = found.before.find(([of]) => of === uid)?.[1] ?? 0
          return before < quantityMilli
        })
        const uid = open[line % open.length]?.uid ?? ''
        counter.till.returns.setQuantity(uid, count * 1000)
        counter.till.returns.add()
        await pay(counter)
        backMinor += state(counter).paid?.refundMinor ?? 0
        expect(backMinor).toBeLessThanOrEqual(bill?.totalMinor ?? 0)
      }
      expect(backMinor).toBe(bill?.totalMinor)
    }),
    { numRuns: 15 },
  )
})

const third = { id: 5, name: 'A third off', priority: 1, from: 0 } as const
