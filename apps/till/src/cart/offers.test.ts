import { type CouponOffer, type GiftOffer, indexRulebook, type Offer, type UnitOffer } from '@nexus/domain'
import { expect, test, vi } from 'vitest'
import { type Counter, goods, openCounter, people, TEN } from '../testing/counter.ts'
import { LINES_MAX, openDraft } from './cart.ts'
import { explainLine, notAppliedOn } from './explain-line.ts'
import { priceDraft } from './price-draft.ts'

const common = { priority: 1, from: 0 }
const anyTwo: UnitOffer = {
  ...common,
  id: 1,
  name: 'Any 2: 25% off',
  effect: 'unit-off',
  selector: { products: [1] },
  off: { percentBp: 2500 },
  minimumUnits: 2,
}
const gift: GiftOffer = {
  ...common,
  id: 2,
  name: 'Pouch from ₹500',
  effect: 'gift',
  selector: { everything: true, except: { products: [7, 8] } },
  fromMinor: 50_000,
  gifts: [7, 8],
  unitMinor: 0,
  limits: { perBill: 1 },
}
const diwali: CouponOffer = {
  ...common,
  id: 3,
  name: 'Diwali',
  effect: 'coupon',
  code: { kind: 'public', text: 'Diwali10' },
  selector: { everything: true },
  off: { percentBp: 1000 },
  minimumMinor: 20_000,
}
const vip: CouponOffer = {
  ...diwali,
  id: 4,
  name: 'VIP',
  code: { kind: 'series', prefix: 'VIP', length: 8 },
  off: { amountMinor: 5000 },
  minimumMinor: 0,
}
const offers: Offer[] = [anyTwo, gift, diwali, vip]

/** Commands return before what they started has settled. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 5))

async function scan(counter: Counter, ...codes: string[]): Promise<void> {
  for (const code of codes) counter.till.cart.scan(code)
  await settled()
}
const state = (counter: Counter) => counter.till.store.getState()
const toPay = (counter: Counter) => state(counter).priced?.toPayMinor

async function payCash(counter: Counter) {
  counter.till.pay.open()
  await counter.till.pay.takeCash(undefined)
  await settled()
  const sale = (await counter.entries('sale')).at(-1)
  if (sale?.type !== 'sale') throw new Error('the sale was not completed')
  const [document] = sale.body.documents
  if (document === undefined) throw new Error('a sale has a document')
  return document
}

test('[PRC-8a] a row names the offer that takes off its price, from the scan that completes it', async () => {
  const counter = await openCounter({ offers })
  await scan(counter, 'code-1')
  expect(state(counter).rows[0]?.reductions).toEqual([])
  await scan(counter, 'code-1')
  expect(state(counter).rows[0]?.reductions).toEqual([
    { kind: 'offer', id: 1, name: 'Any 2: 25% off', amountMinor: 5000 },
  ])
  expect(toPay(counter)).toBe(15_000)
})

test('[PRC-8e] a nudge that names a product comes true when it is tapped', async () => {
  const counter = await openCounter({ offers: [anyTwo] })
  await scan(counter, 'code-1')
  await vi.waitFor(() => expect(state(counter).advice?.nudges).toHaveLength(1))
  const [nudge] = state(counter).advice?.nudges ?? []
  expect(nudge).toEqual({ offerId: 1, missingUnits: 1, productId: 1, savesMinor: 5000 })
  if (nudge === undefined || !('productId' in nudge)) throw new Error('the nudge names a product')
  const before = state(counter).priced?.discountMinor ?? 0
  counter.till.cart.addUnits(nudge.productId, nudge.missingUnits)
  expect((state(counter).priced?.discountMinor ?? 0) - before).toBe(nudge.savesMinor)
  expect(state(counter).rows).toHaveLength(1)
  // A second tap finds nothing: what was promised is true already.
  expect(state(counter).advice).toBeUndefined()
})

test('[PRC-8a] the steps of a line sum to its price, and what did not apply names one condition', async () => {
  const counter = await openCounter({ offers })
  await scan(counter, 'code-1', 'code-1', 'code-7', 'DIWALI10')
  await counter.till.cart.give({
    target: { on: 'line', uid: '1' },
    reduction: { amountMinor: 500 },
    reason: 'goodwill',
  })
  const { priced, draft } = state(counter)
  const catalogue = counter.till.catalogue()
  if (priced === undefined || draft === undefined || catalogue === undefined)
    throw new Error('a cart is open')
  // 200 − 50 by the offer, 100 untouched; the coupon's minimum of ₹200 is reached by both.
  expect(priced.toPayMinor).toBe(15_000 + 10_000 - 2500 - 500)
  for (const line of priced.lines) {
    const reasons = explainLine(line, catalogue, draft)
    const grossMinor = reasons.flatMap((each) => (each.code === 'times' ? [each.grossMinor] : []))
    const takenMinor = reasons.flatMap((each) => ('amountMinor' in each ? [each.amountMinor] : []))
    expect(takenMinor.reduce((left, amount) => left - amount, grossMinor[0] ?? 0)).toBe(line.paidMinor)
    expect(reasons.at(-1)).toEqual({ code: 'paid', paidMinor: line.paidMinor })
  }
  const [first, second] = priced.lines
  if (first === undefined || second === undefined) throw new Error('two lines')
  const touching = (line: typeof first) =>
    notAppliedOn(line, draft, priced, catalogue, TEN).map(({ offerId, condition }) => [offerId, condition])
  expect(touching(first)).toEqual([[2, { kind: 'minimum', missingMinor: 35_000 }]])
  expect(touching(second)).toEqual([])
})

test('[PRC-6k] a reached gift is chosen as a line of its own, and says why when it no longer is one', async () => {
  const counter = await openCounter({ offers: [gift] })
  await scan(counter, '5*code-1')
  expect(state(counter).priced?.gifts).toEqual([{ offerId: 2, products: [7, 8], unitsLeft: 1 }])
  await counter.till.cart.openGift(2)
  expect(state(counter).dialog).toEqual({ kind: 'gift', offerId: 2 })
  counter.till.cart.takeGift(2, 8)
  const given = state(counter).rows[1]
  expect([given?.code, given?.paidMinor, given?.reductions]).toEqual([
    'code-8',
    0,
    [{ kind: 'offer', id: 2, name: 'Pouch from ₹500', amountMinor: 10_000 }],
  ])
  expect(state(counter).priced?.gifts).toEqual([])

  // The same product scanned is bought: it joins no gift.
  await scan(counter, 'code-8')
  expect(state(counter).rows.map((row) => row.paidMinor)).toEqual([50_000, 0, 10_000])
  counter.till.cart.step('1', -1)
  expect(state(counter).rows[1]).toMatchObject({
    paidMinor: 10_000,
    gift: { offerId: 2, units: 0, refused: { kind: 'minimum', missingMinor: 10_000 } },
  })
  counter.till.cart.voidOne('2')
  expect(state(counter).rows.map((row) => row.code)).toEqual(['code-1', 'code-8'])
})

test('[PRC-6k] a gift stands in the entry with its offer', async () => {
  const counter = await openCounter({ offers: [gift] })
  await scan(counter, '5*code-1')
  await counter.till.cart.openGift(2)
  counter.till.cart.takeGift(2, 7)
  const { lines } = await payCash(counter)
  expect(lines.map(({ giftOf, paidMinor, offers: steps }) => [giftOf, paidMinor, steps])).toEqual([
    [undefined, 50_000, []],
    [2, 0, [{ id: 2, amountMinor: 10_000 }]],
  ])
})

test('[PRC-8b] a public code is a coupon when it is scanned or typed, and is told why not', async () => {
  const counter = await openCounter({ offers: [diwali] })
  await scan(counter, 'code-1', ' diwali10 ')
  expect(state(counter).rows).toHaveLength(1)
  expect(state(counter).priced?.coupons).toEqual([
    { code: 'DIWALI10', offerId: 3, outcome: { kind: 'minimum', missingMinor: 10_000 } },
  ])
  await counter.till.cart.enter('2*code-1')
  await settled()
  expect(state(counter).priced?.coupons?.[0]?.outcome).toEqual({ kind: 'applied', amountMinor: 3000 })
  await counter.till.cart.enter('DIWALI10')
  expect(state(counter).notice?.code).toBe('coupon-repeated')
  counter.till.cart.removeCoupon('DIWALI10')
  expect([toPay(counter), state(counter).draft?.coupons]).toEqual([30_000, undefined])
  counter.till.cart.enterCoupon('DIWALI11')
  expect(state(counter).notice?.code).toBe('coupon-unknown')
})

test('[PRC-11b] a code of a series counts after headquarters gave it to this register, once', async () => {
  const counter = await openCounter({ offers: [vip] })
  counter.headquarters.codes.set('VIP12345', {
    code: 'VIP12345',
    state: 'usable',
    until: TEN + 86_400_000,
  })
  await scan(counter, 'code-1', 'vip12345')
  expect(toPay(counter)).toBe(5000)
  const { pricing, lines } = await payCash(counter)
  expect(pricing.coupons).toEqual([{ code: 'VIP12345', state: 'usable' }])
  expect(lines[0]?.offers).toEqual([{ id: 4, amountMinor: 5000, code: 'VIP12345' }])

  // Headquarters has not seen that bill yet and would give the code again.
  await scan(counter, 'code-1', 'VIP12345')
  expect(state(counter).priced?.coupons?.[0]?.outcome).toEqual({ kind: 'used' })
  expect(toPay(counter)).toBe(10_000)
})

test('[PRC-11b] offline a series code is refused in words, unless this register holds it', async () => {
  const counter = await openCounter({ offers: [vip] })
  const { codes } = counter.headquarters
  codes.set('VIP12345', { code: 'VIP12345', state: 'usable', until: TEN + 3_600_000 })
  await scan(counter, 'code-1', 'VIP12345')
  await counter.till.cart.voidCart('mistake')
  await settled()
  expect(counter.headquarters.released).toEqual(['VIP12345'])

  // A reservation that was not given back, as after a reload in the middle of a bill.
  await scan(counter, 'code-1', 'VIP12345')
  counter.headquarters.offline = true
  const reloaded = await counter.reload()
  await settled()
  expect(toPay(reloaded)).toBe(5000)
  // Taken off while headquarters is away it stays reserved, so it may come back.
  reloaded.till.cart.removeCoupon('VIP12345')
  await scan(reloaded, 'VIP12345')
  expect(toPay(reloaded)).toBe(5000)
  reloaded.till.cart.removeCoupon('VIP12345')
  reloaded.advance(3_600_000)
  await scan(reloaded, 'VIP12345')
  const { notice, draft } = state(reloaded)
  expect([notice?.code, notice?.params, draft?.coupons]).toEqual([
    'coupon-offline',
    { code: 'VIP12345' },
    undefined,
  ])
  expect(toPay(reloaded)).toBe(10_000)
})

test('a code that headquarters has not answered for keeps Pay closed with a sentence', async () => {
  const counter = await openCounter({ offers: [vip] })
  await scan(counter, 'code-1')
  counter.till.cart.enterCoupon('VIP12345')
  counter.till.pay.open()
  expect([state(counter).pay, state(counter).notice?.code]).toEqual([undefined, 'coupon-asking'])
  await settled()
  counter.till.pay.open()
  expect(state(counter).pay).toBeDefined()
  expect(state(counter).priced?.coupons?.[0]?.outcome).toEqual({ kind: 'unknown' })
})

test('codes that were entered before any product leave with the person who entered them', async () => {
  const counter = await openCounter({ offers: [diwali] })
  await scan(counter, 'DIWALI10')
  expect(state(counter).draft?.coupons).toHaveLength(1)
  await counter.till.session.signOut()
  expect(state(counter).draft).toBeUndefined()
  expect(await counter.entries('void-cart')).toEqual([])
})

test('[PRC-14a] a cashier gives a tenth alone; the entry has the reason', async () => {
  const counter = await openCounter()
  await scan(counter, '2*code-1', 'code-7')
  const line = { on: 'line', uid: '1' } as const
  const given = await counter.till.cart.give({
    target: line,
    reduction: { percentBp: 1000 },
    reason: 'damaged-pack',
  })
  expect([given, toPay(counter)]).toEqual([{ outcome: 'given' }, 28_000])
  const refused = await counter.till.cart.give({
    target: line,
    reduction: { percentBp: 1001 },
    reason: 'goodwill',
  })
  expect(refused).toMatchObject({ outcome: 'too-much', limitBp: 1000 })
  expect('approvers' in refused && refused.approvers.map(({ name }) => name)).toEqual(['Meera'])
  expect(toPay(counter)).toBe(28_000)
  const { lines } = await payCash(counter)
  expect(lines.map(({ manual, manualMinor }) => [manual, manualMinor])).toEqual([
    [{ percentBp: 1000, reason: 'damaged-pack', approval: null }, 2000],
    [undefined, undefined],
  ])
})

test('[PRC-14b] what one cashier gives on lines and bill together is held to the tenth', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1', 'code-7')
  const { give } = counter.till.cart
  await give({ target: { on: 'line', uid: '1' }, reduction: { percentBp: 1000 }, reason: 'goodwill' })
  const bill = { on: 'bill' } as const
  expect(await give({ target: bill, reduction: { amountMinor: 1001 }, reason: 'goodwill' })).toMatchObject({
    outcome: 'too-much',
  })
  expect(await give({ target: bill, reduction: { amountMinor: 1000 }, reason: 'goodwill' })).toEqual({
    outcome: 'given',
  })
  expect(toPay(counter)).toBe(18_000)
})

test('[PRC-14c] more needs the PIN of another person, and is journalled before the price changes', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  const wish = {
    target: { on: 'line', uid: '1' },
    reduction: { unitMinor: 6000 },
    reason: 'price-match',
  } as const
  const { give, approve } = counter.till.cart
  expect(await give(wish)).toMatchObject({ outcome: 'too-much', shareBp: 4000 })
  expect(await approve(wish, people.MEERA, '0000')).toMatchObject({ outcome: 'wrong-pin' })
  // A colleague of the same role, and the cashier herself, allow no more than she may give.
  expect(await approve(wish, people.RAVI, '2580')).toMatchObject({ outcome: 'too-much', limitBp: 1000 })
  expect(await approve(wish, people.ASHA, '2580')).toMatchObject({ outcome: 'too-much', limitBp: 0 })
  expect([toPay(counter), await counter.entries('approval')]).toEqual([10_000, []])

  expect(await approve(wish, people.MEERA, '2580')).toEqual({ outcome: 'given' })
  expect(toPay(counter)).toBe(6000)
  const [approval] = await counter.entries('approval')
  const [override] = await counter.entries('price-override')
  if (approval?.type !== 'approval' || override?.type !== 'price-override') throw new Error('both are there')
  expect(approval.body).toMatchObject({
    by: people.MEERA,
    how: 'pin',
    amountMinor: 4000,
    outcome: 'approved',
  })
  expect(override.body).toMatchObject({ fromMinor: 10_000, toMinor: 6000, approval: approval.body.approval })
  expect(approval.seq).toBeLessThan(override.seq)
  const { lines } = await payCash(counter)
  expect(lines[0]?.manual).toEqual({
    unitMinor: 6000,
    reason: 'price-match',
    approval: approval.body.approval,
  })
})

test('[PRC-14d] a reduction that comes to more than was allowed is taken back with a sentence', async () => {
  const counter = await openCounter()
  await scan(counter, '4*code-1')
  await counter.till.cart.give({
    target: { on: 'line', uid: '1' },
    reduction: { amountMinor: 4000 },
    reason: 'large-purchase',
  })
  expect(toPay(counter)).toBe(36_000)
  counter.till.cart.step('1', -1)
  expect([toPay(counter), state(counter).notice?.code]).toEqual([30_000, 'by-hand-taken-back'])
  expect(state(counter).draft?.lines[0]?.manual).toBeUndefined()
})

test('[PRC-6l] a price above what the offers left takes nothing off, and says so', async () => {
  const counter = await openCounter({ offers })
  await scan(counter, '2*code-1')
  const target = { on: 'line', uid: '1' } as const
  const outcome = await counter.till.cart.give({
    target,
    reduction: { unitMinor: 7500 },
    reason: 'shelf-price',
  })
  expect([outcome, toPay(counter)]).toEqual([{ outcome: 'nothing' }, 15_000])
  expect(await counter.entries('price-override')).toEqual([])
})

test('a line that somebody reduced stays by itself: the next scan has the ordinary price', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  const { give, takeBack } = counter.till.cart
  await give({ target: { on: 'line', uid: '1' }, reduction: { percentBp: 500 }, reason: 'goodwill' })
  await scan(counter, 'code-1')
  expect(state(counter).rows.map((row) => row.paidMinor)).toEqual([9500, 10_000])
  takeBack({ on: 'line', uid: '1' })
  expect(toPay(counter)).toBe(20_000)
})

test('[PRC-5c] an offer that ends while the cart is open goes, until Pay opens; then the price is frozen', async () => {
  const ending: UnitOffer = { ...anyTwo, minimumUnits: 1, until: TEN + 60_000 }
  const counter = await openCounter({ offers: [ending] })
  await scan(counter, 'code-1')
  expect(toPay(counter)).toBe(7500)
  counter.till.pay.open()
  counter.advance(60_000)
  counter.till.cart.reprice()
  expect(toPay(counter)).toBe(7500)
  counter.till.pay.back()
  expect(toPay(counter)).toBe(10_000)
})

test('[PRC-5c] a price that moved between the last scan and Pay is said', async () => {
  const ending: UnitOffer = { ...anyTwo, minimumUnits: 1, until: TEN + 60_000 }
  const counter = await openCounter({ offers: [ending] })
  await scan(counter, 'code-1')
  counter.advance(60_000)
  counter.till.pay.open()
  expect([toPay(counter), state(counter).notice?.code, state(counter).notice?.params]).toEqual([
    10_000,
    'price-moved',
    { before: '₹75.00', now: '₹100.00' },
  ])
})

test('[PRC-5c] a newer rulebook prices an open cart at once, and a bill in Pay not at all', async () => {
  const counter = await openCounter()
  await scan(counter, 'code-1')
  counter.publish([{ ...anyTwo, minimumUnits: 1 }])
  await settled()
  expect(toPay(counter)).toBe(7500)
  counter.till.pay.open()
  counter.publish([])
  await settled()
  expect(toPay(counter)).toBe(7500)
  await counter.till.pay.takeCash(undefined)
  const sale = (await counter.entries('sale')).at(-1)
  expect(sale?.type === 'sale' && sale.body.documents[0]?.totalMinor).toBe(7500)
  await scan(counter, 'code-1')
  expect(toPay(counter)).toBe(10_000)
})

test('[PRC-11a] a limit over the chain counts what headquarters told and what this till gave since', async () => {
  const limited: UnitOffer = { ...anyTwo, minimumUnits: 1, limits: { total: 3 } }
  const counter = await openCounter({ offers: [limited] })
  counter.tellUses(1, 1)
  await scan(counter, '2*code-1')
  expect(toPay(counter)).toBe(15_000)
  const { pricing } = await payCash(counter)
  expect(pricing.uses).toEqual([{ offer: 1, total: 1, givenMinor: 0 }])
  await scan(counter, 'code-1')
  expect(state(counter).priced?.notApplied).toEqual([{ offerId: 1, condition: { kind: 'limit' } }])

  // Headquarters counts anew, without that bill: it took something back.
  counter.advance(1000)
  counter.tellUses(1, 2)
  counter.till.cart.reprice()
  expect(toPay(counter)).toBe(7500)
  counter.till.pay.open()
  counter.advance(1000)
  counter.tellUses(1, 3)
  await counter.till.pay.takeCash(undefined)
  const sale = (await counter.entries('sale')).at(-1)
  const last = sale?.type === 'sale' ? sale.body.documents[0] : undefined
  expect([last?.totalMinor, last?.pricing.uses]).toEqual([7500, [{ offer: 1, total: 2, givenMinor: 0 }]])
})

test('a cart of a thousand lines is priced at once, and the till itself stops at two hundred', async () => {
  const counter = await openCounter({ offers })
  for (let line = 0; line < LINES_MAX + 5; line++) counter.till.cart.scan(`unknown-${line}`)
  await settled()
  expect([state(counter).rows.length, state(counter).notice?.code]).toEqual([LINES_MAX, 'cart-full'])

  const lines = Array.from({ length: 1000 }, (_, at) => ({
    uid: String(at),
    code: 'code-1',
    productId: at % 2 === 0 ? 1 : 7,
    quantityMilli: 1000,
  }))
  const draft = { ...openDraft('cart'), lines, coupons: [{ code: 'DIWALI10' }] }
  const { priced } = priceDraft(draft, indexRulebook({ ...goods, offers }), counter.till.pricingContext(TEN))
  // 500 units at ₹75 by the offer, 500 at ₹100; a tenth by the coupon.
  expect(priced.toPayMinor).toBe(((500 * 7500 + 500 * 10_000) * 9) / 10)
})
