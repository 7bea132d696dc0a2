import { expect, test } from 'vitest'
import { noStatus } from '../journal/no-status.ts'
import { PAY_MS_MAX } from '../pay/pay-commands.ts'
import { openCounter, people, TEN } from '../testing/counter.ts'
import { overdueDay } from './shift-end.ts'

const rows = (counter: Awaited<ReturnType<typeof openCounter>>) =>
  counter.till.store.getState().rows.map((row) => [row.code, row.quantityMilli / 1000, row.refusal?.code])

/** Commands return before what they started has settled; all of it is microtasks here. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

async function scan(counter: Awaited<ReturnType<typeof openCounter>>, ...codes: string[]): Promise<void> {
  for (const code of codes) counter.till.cart.scan(code)
  await settled()
}

test('scans stand on the bill in their order, also when the first one has to wait for its record', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  counter.rows.slow = true
  await scan(counter, 'code-4', 'code-1', 'torn-label', '3*code-1')
  expect(rows(counter)).toEqual([['code-1', 1, undefined]])
  expect(counter.till.store.getState().waitingScans).toBe(4)
  counter.rows.open()
  await settled()
  expect(rows(counter)).toEqual([
    ['code-1', 5, undefined],
    ['code-4', 1, undefined],
    ['torn-label', 1, 'unknown-code'],
  ])
})

test('a code that nobody knows becomes a red row with a sound, and blocks Pay with a sentence', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1', '8909999999990', '8909999999991')
  expect(rows(counter).slice(1)).toEqual([
    ['8909999999990', 1, 'damaged-code'],
    ['8909999999991', 1, 'damaged-code'],
  ])
  expect(counter.sounds).toEqual(['good', 'bad', 'bad'])
  counter.till.pay.open()
  const { pay, notice } = counter.till.store.getState()
  expect(pay).toBeUndefined()
  expect([notice?.code, notice?.params]).toEqual(['codes-not-on-bill', { count: 2 }])
})

test('a red row gives way to the product that is found by name', async () => {
  const counter = await openCounter()
  await scan(counter, '8909999999990')
  await counter.till.cart.search('2*product 1')
  await counter.till.cart.enter('2*product 1')
  await settled()
  expect(rows(counter)).toEqual([['code-1', 2, undefined]])
})

test('an expired pack is a red row that says so, and is not sold', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-3')
  expect(rows(counter)).toEqual([['code-3', 1, 'expired']])
  expect(counter.till.store.getState().priced?.toPayMinor).toBe(0)
})

test('[PRC-3a] several MRPs ask; the next scan leaves the lowest and the question stays', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-2')
  expect(counter.till.store.getState().dialog).toMatchObject({ kind: 'mrp', uid: '1' })
  await scan(counter, 'code-1')
  const { dialog, rows: shown, priced } = counter.till.store.getState()
  expect(dialog).toBeUndefined()
  expect(shown.map((row) => row.asksMrp)).toEqual([true, false])
  expect(priced?.toPayMinor).toBe(55_000 + 10_000)
  counter.till.cart.chooseMrp('1', 22)
  expect(counter.till.store.getState().priced?.toPayMinor).toBe(59_900 + 10_000)
})

test('[JRN-1a] an exact-cash sale is the scans and two commands', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1', 'code-1')
  counter.till.pay.open()
  await counter.till.pay.takeCash(undefined)
  const { paid, draft, pay } = counter.till.store.getState()
  expect([draft, pay]).toEqual([undefined, undefined])
  expect([paid?.totalMinor, paid?.changeMinor, paid?.print]).toEqual([20_000, 0, 'printed'])
  const [sale] = await counter.entries('sale')
  expect(sale?.body).toMatchObject({
    tenders: [{ kind: 'cash', amountMinor: 20_000, handedMinor: 20_000 }],
    changeMinor: 0,
  })
  expect(counter.jobs).toEqual([{ number: paid?.bill.body.documents[0]?.number, duplicate: false }])
  expect(counter.sounds.at(-1)).toBe('done')
})

test('[JRN-1b] nothing says paid or prints before the journal has the sale; scans meanwhile are the next bill', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  counter.saving.slow = true
  counter.till.pay.open()
  const done = counter.till.pay.takeCash(50_000)
  await scan(counter, 'code-4')
  expect(counter.till.store.getState().paid).toBeUndefined()
  expect(counter.jobs).toEqual([])
  expect(rows(counter)).toEqual([['code-1', 1, undefined]])
  counter.saving.open()
  await done
  await settled()
  expect(rows(counter)).toEqual([['code-4', 1, undefined]])
  expect(await counter.entries('sale')).toHaveLength(1)
})

test('the paid bill stays until the next scan, which starts the next bill at once', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  counter.till.pay.open()
  await counter.till.pay.takeCash(50_000)
  expect(counter.till.store.getState().paid?.changeMinor).toBe(40_000)
  await scan(counter, 'code-4')
  expect(counter.till.store.getState().paid).toBeUndefined()
  expect(rows(counter)).toEqual([['code-4', 1, undefined]])
})

test('[JRN-1h] a journal that cannot save says so; after a reload the same bill is made once', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  counter.till.pay.open()
  counter.memory.power.primaryFails = 'error'
  counter.memory.power.twinFails = true
  await counter.till.pay.takeCash(50_000)
  expect(counter.till.store.getState().pay).toMatchObject({ fault: 'not-saved', completing: false })
  expect([counter.till.store.getState().paid, counter.jobs]).toEqual([undefined, []])

  const reloaded = await counter.reload()
  await settled()
  expect(reloaded.till.store.getState().pay?.taken).toEqual([{ kind: 'cash', handedMinor: 50_000 }])
  await reloaded.till.pay.takeCash(undefined)
  expect(reloaded.till.store.getState().paid).toMatchObject({ totalMinor: 10_000, changeMinor: 40_000 })
  expect(await reloaded.entries('sale')).toHaveLength(1)
})

test('a split bill takes a part in cash, a part by card, and gives change on the last cash', async () => {
  const counter = await openCounter()
  await scan(counter, '3*code-1')
  const { pay, store } = counter.till
  pay.open()
  pay.type('50')
  await pay.takeCash(undefined)
  expect(pay.settlement().remainingMinor).toBe(25_000)
  pay.type('100')
  pay.askCard()
  await pay.confirmCard('A1B2C3', '0042')
  expect(pay.settlement().remainingMinor).toBe(15_000)
  await pay.takeCash(20_000)
  expect(store.getState().paid?.changeMinor).toBe(5000)
  const [sale] = await counter.entries('sale')
  expect(sale?.body).toMatchObject({
    changeMinor: 5000,
    tenders: [
      { kind: 'cash', amountMinor: 20_000, handedMinor: 25_000 },
      { kind: 'card', amountMinor: 10_000, reference: 'A1B2C3 ****0042', attempt: null },
    ],
  })
})

test('a card number in the approval code is refused and nothing is kept of it', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  counter.till.pay.open()
  counter.till.pay.askCard()
  await counter.till.pay.confirmCard('4111111111111111', '1111')
  expect(counter.till.store.getState().pay).toMatchObject({ fault: 'card-number', taken: [] })
  expect(JSON.stringify(counter.kept())).not.toContain('4111')
})

test('cash of two lakh is refused until a part is paid otherwise', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-4')
  const { pay, store } = counter.till
  pay.open()
  pay.setBuyer({ name: 'Meera Iyer', address: '4th Block', state: '29' })
  await pay.takeCash(undefined)
  expect(store.getState().pay?.fault).toBe('cash-limit')
  pay.type('60000')
  pay.askCard()
  await pay.confirmCard('123456', '0042')
  await pay.takeCash(undefined)
  expect(store.getState().paid?.totalMinor).toBe(25_000_000)
})

test('[JRN-19d] a large bill takes no money before it names its buyer, and keeps the name beside the chain', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-4')
  const { pay, store } = counter.till
  pay.open()
  await pay.takeCash(undefined)
  await pay.askUpi()
  expect(store.getState().pay).toMatchObject({ taken: [], upi: undefined })
  pay.setBuyer({ name: 'Meera Iyer', address: '4th Block', state: '29' })
  pay.askCard()
  await pay.confirmCard('123456', '0042')
  const bill = store.getState().paid?.bill
  expect(await counter.till.parts.journal.personalOf(bill?.identity ?? '')).toEqual({
    buyer: { name: 'Meera Iyer', address: '4th Block', state: '29' },
  })
  expect(JSON.stringify(bill?.body)).not.toContain('Meera')
})

test('[JRN-15a] a UPI intent is journalled before the QR, and its result when the cashier says', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  const { pay, store } = counter.till
  pay.open()
  const asked = pay.askUpi()
  expect(store.getState().pay?.upi?.step).toBe('intent')
  await asked
  const upi = store.getState().pay?.upi
  expect(upi?.step).toBe('waiting')
  expect(upi?.link).toContain('am=100.00')
  expect(upi?.link).toContain(`tr=${upi?.attempt.replaceAll('-', '')}`)
  expect((await counter.entries('payment-intent')).map(({ body }) => body)).toEqual([
    expect.objectContaining({ attempt: upi?.attempt, amountMinor: 10_000 }),
  ])
  await pay.confirmUpi('4123 4567 8901')
  const [result] = await counter.entries('payment-result')
  expect(result?.body).toMatchObject({ attempt: upi?.attempt, state: 'paid', by: 'cashier' })
  const [sale] = await counter.entries('sale')
  expect(sale?.body).toMatchObject({
    tenders: [{ kind: 'upi', amountMinor: 10_000, reference: '412345678901', attempt: upi?.attempt }],
  })
})

test('[JRN-15a, F47] a new UPI attempt begins only after the first was cancelled', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  const { pay, store } = counter.till
  pay.open()
  await pay.askUpi()
  const first = store.getState().pay?.upi?.attempt
  await pay.askUpi()
  pay.back()
  expect(store.getState().pay?.upi?.attempt).toBe(first)
  expect(store.getState().notice?.code).toBe('upi-waits')
  await pay.cancelUpi()
  const [result] = await counter.entries('payment-result')
  expect(result?.body).toMatchObject({ attempt: first, state: 'failed' })
  await pay.askUpi()
  expect(store.getState().pay?.upi?.attempt).not.toBe(first)
})

test('[JRN-15e, F50] a UPI payment in doubt blocks neither the till nor the money', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  const { pay, store } = counter.till
  pay.open()
  await pay.askUpi()
  const attempt = store.getState().pay?.upi?.attempt
  pay.leaveUpiOpen()
  await pay.askUpi()
  expect(store.getState().pay).toMatchObject({ fault: 'upi-in-doubt', upi: undefined })
  pay.type('')
  await pay.takeCash(undefined)
  expect(store.getState().paid?.totalMinor).toBe(10_000)
  expect(await counter.entries('payment-result')).toEqual([])
  const [incident] = (await counter.entries('incident')).filter(
    ({ body }) => 'kind' in body && body.kind === 'payment-in-doubt',
  )
  expect(incident?.body).toMatchObject({ params: { attempt, amountMinor: 10_000 } })
})

test('a doubtful UPI payment whose money came after all is taken as paid', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  const { pay, store } = counter.till
  pay.open()
  await pay.askUpi()
  pay.leaveUpiOpen()
  pay.reopenUpi()
  await pay.confirmUpi('412345678901')
  expect(store.getState().paid?.bill.body.tenders.map(({ kind }) => kind)).toEqual(['upi'])
})

test('[JRN-15a, JRN-15b, F49] what was asked of a bank comes back from the journal where the screens lost it', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  counter.till.pay.open()
  counter.till.pay.type('30')
  await counter.till.pay.askUpi()
  await counter.till.pay.confirmUpi('412345678901')
  await counter.till.pay.askUpi()
  const [first, second] = (await counter.entries('payment-intent')).map(({ body }) => body)
  counter.kept().pay = null
  const { till } = await counter.reload()
  await settled()
  till.pay.open()
  expect(till.store.getState().pay).toMatchObject({
    taken: [
      {
        kind: 'upi',
        amountMinor: 3000,
        reference: '412345678901',
        attempt: first && 'attempt' in first && first.attempt,
      },
    ],
    doubt: { amountMinor: 7000, attempt: second && 'attempt' in second && second.attempt },
  })
  await till.pay.askUpi()
  expect(till.store.getState().pay?.fault).toBe('upi-in-doubt')
  till.pay.reopenUpi()
  expect(till.store.getState().pay?.upi?.link).toContain('am=70.00')
  await till.pay.confirmUpi('412345678902')
  expect(till.store.getState().paid?.bill.body.tenders.map(({ amountMinor }) => amountMinor)).toEqual([
    3000, 7000,
  ])
})

test('[JRN-13i] Pay that stood open for 15 minutes is closed and priced again', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-7')
  const { pay, store } = counter.till
  pay.open()
  expect(store.getState().priced?.toPayMinor).toBe(10_000)
  counter.advance(PAY_MS_MAX - 1)
  pay.tick()
  expect([store.getState().pay?.pricedAt, store.getState().priced?.toPayMinor]).toEqual([TEN, 10_000])
  counter.advance(1)
  pay.tick()
  expect([store.getState().pay, store.getState().priced?.toPayMinor]).toEqual([undefined, 12_000])
})

test('a price that ended since the scan stops Pay with a sentence, and the line is red', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1', 'code-8')
  counter.advance(600_000)
  counter.till.pay.open()
  const { pay, notice } = counter.till.store.getState()
  expect([pay, notice?.code]).toEqual([undefined, 'codes-not-on-bill'])
  expect(rows(counter)[1]).toEqual(['code-8', 1, 'product/no-price'])
})

test('[JRN-13i, F49] an attempt under way keeps its prices however long it takes', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-7')
  const { pay, store } = counter.till
  pay.open()
  await pay.askUpi()
  counter.advance(2 * PAY_MS_MAX)
  pay.tick()
  expect([store.getState().pay?.pricedAt, store.getState().priced?.toPayMinor]).toEqual([TEN, 10_000])
})

test('[PRC-5c] the bill is priced at the instant that Pay opened, and dated by it', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-7')
  counter.till.pay.open()
  counter.advance(PAY_MS_MAX - 1)
  await counter.till.pay.takeCash(undefined)
  const [document] = counter.till.store.getState().paid?.bill.body.documents ?? []
  expect([document?.pricing.pricedAt, document?.totalMinor]).toEqual([TEN, 10_000])
})

test('a scan in Pay goes back to selling while no money was taken, and is refused aloud once it was', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  const { pay, store } = counter.till
  pay.open()
  await scan(counter, 'code-1')
  expect([store.getState().pay, rows(counter)]).toEqual([undefined, [['code-1', 2, undefined]]])
  pay.open()
  await pay.takeCash(5000, true)
  await scan(counter, 'code-4')
  expect(rows(counter)).toEqual([['code-1', 2, undefined]])
  expect(store.getState().notice).toMatchObject({ code: 'scan-while-paying', params: { code: 'code-4' } })
  pay.remove(0)
  await scan(counter, 'code-4')
  expect(rows(counter)).toHaveLength(2)
})

test('a scan before sign-in is answered with a sentence that names the code', async () => {
  const counter = await openCounter()
  await counter.till.parts.journal.signOut('asked')
  await scan(counter, 'code-1')
  expect(counter.till.store.getState().notice).toMatchObject({
    code: 'scan-before-sign-in',
    params: { code: 'code-1' },
  })
  expect(rows(counter)).toEqual([])
})

test('a voided line comes back where it stood', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1', 'code-4', 'code-6')
  counter.till.cart.voidOne('2')
  expect(rows(counter).map(([code]) => code)).toEqual(['code-1', 'code-6'])
  expect(counter.till.store.getState().selected).toBe('3')
  counter.till.cart.undo()
  expect(rows(counter).map(([code]) => code)).toEqual(['code-1', 'code-4', 'code-6'])
})

test('[JRN-7e] a voided bill is journalled with its reason; taken back it is a new cart with the same root', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1', 'code-1')
  const first = counter.till.store.getState().draft?.cart
  await counter.till.cart.voidCart('customer-left')
  const [voided] = await counter.entries('void-cart')
  expect([voided?.cart, voided?.body]).toMatchObject([
    first,
    { reason: 'customer-left', lines: 1, grossMinor: 20_000, root: first, recalledFrom: null },
  ])
  counter.till.cart.undo()
  counter.till.pay.open()
  await counter.till.pay.takeCash(undefined)
  const [sale] = await counter.entries('sale')
  expect(sale?.cart).not.toBe(first)
  expect(sale?.body).toMatchObject({ recalledFrom: first, root: first })
})

test('a voided bill whose money a bank holds is told to people', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  const { pay, cart } = counter.till
  pay.open()
  pay.type('50')
  await pay.askUpi()
  await cart.voidCart('customer-left')
  expect(await counter.entries('void-cart')).toEqual([])
  await pay.confirmUpi('412345678901')
  await cart.voidCart('customer-left')
  const incidents = (await counter.entries('incident')).map(({ body }) => body)
  expect(incidents).toContainEqual(
    expect.objectContaining({
      kind: 'payment-without-sale',
      params: expect.objectContaining({ tender: 'upi', amountMinor: 5000, reference: '412345678901' }),
    }),
  )
})

test('a cart whose lines were all taken off one by one is journalled as voided when the person leaves', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  counter.till.cart.voidOne('1')
  expect(counter.till.session.mayLeave()).toBe(true)
  await counter.till.session.signOut()
  expect(await counter.entries('void-cart')).toHaveLength(1)
})

test('quantities that cannot be sold leave the line as it was, with a sentence', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1', '0.25*code-6')
  counter.till.cart.setQuantity('1', 1500)
  expect(rows(counter)).toEqual([
    ['code-1', 1, undefined],
    ['code-6', 0.25, undefined],
  ])
  expect(counter.till.store.getState().notice?.code).toBe('quantity-refused')
  counter.till.cart.step('1', 1)
  expect(rows(counter)[0]).toEqual(['code-1', 2, undefined])
})

test('a reload brings back the open cart, and Pay where money was taken', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1', 'code-4')
  const reloaded = await counter.reload()
  await settled()
  expect(rows(reloaded)).toEqual(rows(counter))
  reloaded.till.pay.open()
  reloaded.till.pay.setBuyer({ name: 'M', address: 'B', state: '29' })
  await reloaded.till.pay.takeCash(5000, true)
  await reloaded.till.pay.askUpi()
  const again = await reloaded.reload()
  await settled()
  const { pay } = again.till.store.getState()
  expect(pay?.taken).toEqual([{ kind: 'cash', handedMinor: 5000 }])
  expect(pay?.upi).toMatchObject({ step: 'waiting', amountMinor: 25_005_000 })
})

test('a scan before the interrupted cart is back joins it', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  const reloaded = await counter.reload()
  reloaded.till.cart.scan('code-4')
  await settled()
  expect(rows(reloaded).map(([code]) => code)).toEqual(['code-1', 'code-4'])
})

test('[JRN-11a] a cart that was completed in the last moment is not sold again after a reload', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  counter.till.pay.open()
  const before = structuredClone(counter.kept())
  await counter.till.pay.takeCash(undefined)
  // The power went after the journal had the sale and before the cart was cleared.
  counter.till.parts.keeper.keep(before)
  const reloaded = await counter.reload()
  await settled()
  expect(rows(reloaded)).toEqual([])
  expect(await reloaded.entries('sale')).toHaveLength(1)
})

test('an old cart that storage brought back is not sold twice, however long ago it was', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  const old = structuredClone(counter.kept())
  for (let sale = 0; sale < 52; sale++) {
    await scan(counter, 'code-1')
    counter.till.pay.open()
    await counter.till.pay.takeCash(undefined)
    counter.advance(1000)
  }
  counter.till.parts.keeper.keep(old)
  const reloaded = await counter.reload()
  await settled()
  expect(rows(reloaded)).toHaveLength(1)
  reloaded.till.pay.open()
  await reloaded.till.pay.takeCash(undefined)
  const { paid, notice, draft } = reloaded.till.store.getState()
  expect([paid, draft, notice?.code]).toEqual([undefined, undefined, 'sold-before'])
  expect(await reloaded.entries('sale')).toHaveLength(52)
})

test('a cart that was voided in the last moment is sold as a cart of its own', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  const before = structuredClone(counter.kept())
  await counter.till.cart.voidCart('mistake')
  counter.till.parts.keeper.keep(before)
  const reloaded = await counter.reload()
  await settled()
  reloaded.till.pay.open()
  await reloaded.till.pay.takeCash(undefined)
  const [sale] = await reloaded.entries('sale')
  expect(sale?.cart).not.toBe(before.draft?.cart)
  expect(sale?.body).toMatchObject({ recalledFrom: before.draft?.cart })
})

test('[JRN-11c] the first paper is the original and every later one is marked a duplicate', async () => {
  const counter = await openCounter()
  counter.paper.outcome = { outcome: 'fault', fault: 'out-of-paper' }
  await scan(counter, 'code-1')
  counter.till.pay.open()
  await counter.till.pay.takeCash(undefined)
  const bill = counter.till.store.getState().paid?.bill
  if (bill === undefined) throw new Error('the bill was completed')
  expect(counter.till.store.getState().paid?.print).toBe('out-of-paper')
  counter.paper.outcome = { outcome: 'printed' }
  const first = await counter.till.bills.print(bill)
  await counter.till.bills.print(first.bill)
  expect(counter.jobs.map(({ duplicate }) => duplicate)).toEqual([false, false, true])
})

test('[JRN-11b, JRN-11c, F35] a copy is journalled before the printer is asked; tried again it is the same job', async () => {
  const counter = await openCounter()
  const jobs = async () =>
    (await counter.entries('reprint')).map(({ body }) => ('job' in body ? body.job : undefined))
  await scan(counter, 'code-1')
  counter.till.pay.open()
  await counter.till.pay.takeCash(undefined)
  const bill = counter.till.store.getState().paid?.bill
  if (bill === undefined) throw new Error('the bill was completed')
  expect(await jobs()).toEqual([])
  counter.paper.outcome = { outcome: 'fault', fault: 'out-of-paper' }
  expect((await counter.till.bills.print(bill)).print).toBe('out-of-paper')
  const [asked] = await jobs()
  expect(asked).toBeDefined()
  counter.paper.outcome = { outcome: 'printed' }
  const copy = await counter.till.bills.print(bill)
  expect(new Set(await jobs())).toEqual(new Set([asked]))
  await counter.till.bills.print(copy.bill)
  expect(new Set(await jobs()).size).toBe(2)
})

test('[JRN-11c] a copy that cannot be journalled is not printed', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  counter.till.pay.open()
  await counter.till.pay.takeCash(undefined)
  const bill = counter.till.store.getState().paid?.bill
  if (bill === undefined) throw new Error('the bill was completed')
  await counter.memory.journal.close()
  expect((await counter.till.bills.print(bill)).print).toBe('failed')
  expect(counter.jobs).toHaveLength(1)
  expect(counter.till.store.getState().notice?.code).toBe('journal-failed')
})

test('a colleague at an open shift takes the drawer over in the journal before selling', async () => {
  const counter = await openCounter()
  await counter.till.session.signIn(people.RAVI, '2580')
  expect(counter.till.phase()).toBe('take-over-shift')
  await counter.till.session.takeOverShift()
  expect(counter.till.phase()).toBe('sell')
  const [handover] = await counter.entries('shift-handover')
  expect(handover?.body).toMatchObject({ from: people.ASHA, to: people.RAVI, count: null })
  expect(await counter.entries('sign-out')).toHaveLength(1)
})

test('a locked till keeps its cart and opens with the PIN alone', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  counter.till.session.lock()
  expect(counter.till.phase()).toBe('sign-in')
  await scan(counter, 'code-4')
  expect((await counter.till.session.signIn(people.ASHA, '0000')).outcome).toBe('wrong-pin')
  expect(counter.till.phase()).toBe('sign-in')
  await counter.till.session.signIn(people.ASHA, '2580')
  expect(counter.till.phase()).toBe('sell')
  expect(rows(counter)).toEqual([['code-1', 1, undefined]])
})

test('[JRN-1k] Pay does not open on a device without room for the bill; the bill stays open', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  counter.tellStatus({ storage: { ...noStatus.storage, room: 'none' } })
  counter.till.pay.open()
  expect(counter.till.store.getState().pay).toBeUndefined()
  expect(counter.till.store.getState().notice).toMatchObject({ code: 'storage-full', tone: 'bad' })
  expect(rows(counter)).toEqual([['code-1', 1, undefined]])
  counter.tellStatus({ storage: { ...noStatus.storage, room: 'low' } })
  counter.till.pay.open()
  expect(counter.till.store.getState().pay).toBeDefined()
})

test('[JRN-16a] a new version is not started over an open bill, nor from a window that does not own the register', async () => {
  const counter = await openCounter()
  let started = 0
  const updates = { takeOver: () => void started++ }
  await scan(counter, 'code-1')
  counter.till.session.startNewVersion(updates)
  expect([started, counter.till.store.getState().notice?.code]).toEqual([0, 'cart-open'])
  counter.till.pay.open()
  await counter.till.pay.takeCash(undefined)
  counter.tellStatus({ state: 'read-only' })
  counter.till.session.startNewVersion(updates)
  expect([started, counter.till.store.getState().notice?.code]).toEqual([0, 'update-elsewhere'])
  counter.tellStatus({ state: 'ready' })
  counter.till.session.startNewVersion(updates)
  expect(started).toBe(1)
})

test('[JRN-21c] a register that was handed over finishes its open bill, shows its change, and begins no other', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  counter.tellStatus({ state: 'retired' })
  expect(counter.till.phase()).toBe('sell')
  counter.till.pay.open()
  await counter.till.pay.takeCash(50_000)
  expect(counter.till.store.getState().paid?.changeMinor).toBe(40_000)
  expect(counter.till.phase()).toBe('sell')
  await scan(counter, 'code-4')
  expect(counter.till.phase()).toBe('retired')
  expect(counter.till.store.getState().notice?.code).toBe('scan-while-closed')
  expect(await counter.entries('sale')).toHaveLength(1)
})

test('[JRN-13k] a shift past its cut-over asks to be closed with one action, and never stops a sale', async () => {
  const counter = await openCounter()
  const { till } = counter
  const day = () => overdueDay(till.parts.journal.getStatus(), till.now())
  expect(day()).toBeUndefined()
  counter.advance(24 * 3_600_000)
  expect(day()).toBe('2026-11-22')
  await scan(counter, 'code-1')
  // A bill is open: it comes first, and its sale is completed as on any day.
  till.session.beginClosing()
  expect(till.store.getState().dialog).toBeUndefined()
  expect(till.store.getState().notice?.code).toBe('cart-open')
  till.pay.open()
  await till.pay.takeCash(undefined)
  await settled()
  expect(await counter.entries('sale')).toHaveLength(1)
  expect((await counter.entries('sale'))[0]?.tradingDay).toBe('2026-11-22')
  till.session.beginClosing()
  expect(till.store.getState().dialog).toEqual({ kind: 'close-shift' })
})
