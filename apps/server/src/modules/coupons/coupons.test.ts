import { randomBytes, randomUUID, randomUUIDv7 } from 'node:crypto'
import type { BillDocument } from '@nexus/sync'
import { invoiceOf, soldLine } from '@nexus/sync/testing'
import { expect, test } from 'vitest'
import type { Context } from '../../context.ts'
import type { Database } from '../../db/database.ts'
import { forEachDialect, type TestClock } from '../../testing/index.ts'
import type { Fact } from '../journal/projector.ts'
import { rebuildProjections } from '../journal/rebuild/rebuild.ts'
import { ScriptedTill, testKey } from '../journal/testing/scripted-till.ts'
import { createOffer } from '../rulebook/desk/offers.ts'
import { addOffer } from '../rulebook/index.ts'
import { openShopWithTills } from '../sales/testing/shop-with-tills.ts'
import { contextOn, registerId, setUpStore } from '../stores/testing/world.ts'
import { claimCoupon, releaseCoupon } from './claim-coupon.ts'
import { couponCodesJob } from './make-codes.ts'
import { couponProjector } from './projector.ts'
import { putBatch } from './put-batch.ts'
import { allCodes, batchOf, codeOf, codePage, seriesSheet } from './queries.ts'
import { codesMax, randomCodes } from './random-codes.ts'
import { voidBatch, voidCode } from './void-codes.ts'

const author = { by: null, how: 'test' }
const hour = 3600_000
const diwali = {
  name: 'Diwali coupon',
  effect: 'coupon',
  priority: 0,
  from: 0,
  code: { kind: 'series', prefix: 'diw', length: 10 },
  selector: { everything: true },
  off: { amountMinor: 1000 },
} as const
const ownLease = { hold: async () => undefined }

async function makeCodes(context: Context, offerId: number, count: number, expiresAt: number | null = null) {
  const batchId = randomUUID()
  await putBatch(context, batchId, { offerId, name: 'Letter', count, expiresAt }, author)
  while (await couponCodesJob(context).run(ownLease));
  return batchId
}

async function firstCode(context: Context, batch: string): Promise<string> {
  const { rows } = await codePage(context.database.read, { batch }, context.clock.now())
  return rows[0]?.code ?? ''
}

async function openWithCode(database: Database, expiresIn: number | null = null) {
  const context: Context & { clock: TestClock } = contextOn(database)
  await setUpStore(context)
  const offerId = await addOffer(context, diwali, author)
  const expiresAt = expiresIn === null ? null : context.clock.now() + expiresIn
  const batchId = await makeCodes(context, offerId, 5, expiresAt)
  return { context, offerId, batchId, code: await firstCode(context, batchId) }
}

test('codes are different, without look-alikes, and as long as their offer says', () => {
  const codes = randomCodes({ prefix: 'DIW', length: 10 }, 5000)
  expect(new Set(codes).size).toBe(5000)
  expect(codes.filter((code) => !/^DIW[2-9A-HJKMNP-TV-Z]{7}$/.test(code))).toEqual([])
})

test('a series has room for one code in 10,000 guesses, and for none where its prefix fills the code', () => {
  expect(codesMax({ prefix: 'DIW', length: 8 })).toBe(2430)
  expect(codesMax({ prefix: 'DIW', length: 4 })).toBe(0)
  expect(codesMax({ prefix: 'DIWALI', length: 3 })).toBe(0)
})

forEachDialect((dialect) => {
  test('a batch is made in portions up to what was asked for, and the same request again adds nothing', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const offerId = await addOffer(context, diwali, author)
    const body = { offerId, name: 'Letter', count: 2500, expiresAt: null }
    const batchId = randomUUID()
    await putBatch(context, batchId, body, author)
    const progress = async () =>
      (await batchOf(context.database.read, batchId, context.clock.now())).counts.codes
    expect(await progress()).toBe(0)
    const job = couponCodesJob(context)
    expect(await job.run(ownLease)).toBe(true)
    expect(await progress()).toBe(1000)
    while (await job.run(ownLease));
    expect(await progress()).toBe(2500)
    await putBatch(context, batchId, body, author)
    expect(await job.run(ownLease)).toBe(false)
    const codes: string[] = []
    for await (const rows of allCodes(context.database.read, { batch: batchId }, context.clock.now())) {
      codes.push(...rows.map(({ code }) => code))
    }
    expect(new Set(codes).size).toBe(2500)
    expect(codes.every((code) => /^DIW.{7}$/.test(code))).toBe(true)
    await expect(putBatch(context, batchId, { ...body, count: 3 }, author)).rejects.toMatchObject({
      code: 'coupon/batch-reused',
    })
  })

  test('codes that could be guessed, that nobody could use, or that had expired are refused', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const short = { ...diwali, code: { ...diwali.code, length: 8 } } as const
    const offerId = await addOffer(context, short, author)
    const ask = (change: object) =>
      putBatch(
        context,
        randomUUID(),
        { offerId, name: 'Letter', count: 2000, expiresAt: null, ...change },
        author,
      )
    await ask({})
    await expect(ask({ count: 431 })).rejects.toMatchObject({ code: 'coupon/space-too-small' })
    await ask({ count: 430 })
    await expect(ask({ count: 1, expiresAt: context.clock.now() })).rejects.toMatchObject({
      errors: [{ field: 'expiresAt' }],
    })
    const over = await addOffer(context, { ...diwali, until: context.clock.now() }, author)
    await expect(ask({ offerId: over })).rejects.toMatchObject({ code: 'coupon/offer-over' })
    const publicOne = await addOffer(context, { ...diwali, code: { kind: 'public', text: 'HOLI' } }, author)
    await expect(ask({ offerId: publicOne })).rejects.toMatchObject({ code: 'coupon/no-series' })
    const draft = await createOffer(context, { ...diwali, code: { ...diwali.code, length: 'x' } }, author)
    await expect(ask({ offerId: draft })).rejects.toMatchObject({ code: 'coupon/no-series' })
  })

  test('codes of a draft are told to be foreign once the draft calls them otherwise', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const offerId = await createOffer(context, diwali, author)
    const batchId = await makeCodes(context, offerId, 1)
    const db = context.database.read
    expect((await batchOf(db, batchId, context.clock.now())).isForeign).toBe(false)
    const definition = JSON.stringify({ ...diwali, code: { ...diwali.code, prefix: 'HOLI' } })
    await context.database.write(async (tx) => {
      await tx.updateTable('offer').set({ definition }).where('id', '=', offerId).execute()
    })
    const sheet = await seriesSheet(db, offerId, context.clock.now())
    expect(sheet.batches).toMatchObject([{ id: batchId, isForeign: true }])
    expect(sheet.series).toMatchObject({ prefix: 'HOLI', status: 'draft', counts: { codes: 1 } })
  })

  test('[PRC-11b, PRC-11e] of 64 registers that claim one code at once, one gets it', async () => {
    const { context, batchId } = await openWithCode(await dialect.open())
    const { rows } = await codePage(context.database.read, { batch: batchId }, context.clock.now())
    // The first race opens connections; from the second on, claims truly meet.
    for (const { code } of rows) {
      const claims = await Promise.all(
        Array.from({ length: 64 }, () => claimCoupon(context, code, randomUUID())),
      )
      expect(claims.filter(({ state }) => state === 'usable')).toHaveLength(1)
      expect(claims.filter(({ reason }) => reason === 'reserved')).toHaveLength(63)
    }
  })

  test('[PRC-11e] a claim holds for a day for its register alone, who may ask again, and may give it back', async () => {
    const { context, code } = await openWithCode(await dialect.open())
    const { clock } = context
    const other = randomUUID()
    const first = await claimCoupon(context, ` ${code.toLowerCase()} `, registerId)
    expect(first).toEqual({ code, state: 'usable', until: clock.now() + 24 * hour })
    clock.advance(hour)
    expect(await claimCoupon(context, code, registerId)).toEqual(first)
    await releaseCoupon(context, code, other)
    expect(await claimCoupon(context, code, other)).toEqual({ code, state: 'used', reason: 'reserved' })
    expect(await codeOf(context.database.read, code, clock.now())).toMatchObject({
      state: 'reserved',
      reserved: { storeName: 'Koramangala', registerNumber: 2, until: first.until },
    })
    await releaseCoupon(context, code, registerId)
    expect(await claimCoupon(context, code, other)).toMatchObject({ state: 'usable' })
    clock.advance(24 * hour)
    expect(await claimCoupon(context, code, registerId)).toMatchObject({ state: 'usable' })
  })

  test('[PRC-11e] a code that was never given out, is void or has expired is not usable, and says why', async () => {
    const { context, code, batchId } = await openWithCode(await dialect.open(), 2 * hour)
    const now = context.clock.now()
    expect(await claimCoupon(context, 'DIW2222222', registerId)).toEqual({
      code: 'DIW2222222',
      state: 'unknown',
    })
    expect(await claimCoupon(context, code, registerId)).toMatchObject({ until: now + 2 * hour })
    await voidCode(context, code, author)
    const voided = { code, state: 'unknown', reason: 'void' }
    expect(await claimCoupon(context, code, registerId)).toEqual(voided)
    const another = (await codePage(context.database.read, { state: 'free' }, now)).rows[0]?.code ?? ''
    context.clock.advance(2 * hour)
    expect(await claimCoupon(context, another, registerId)).toMatchObject({ reason: 'expired' })
    await voidBatch(context, batchId, author)
    expect(await claimCoupon(context, another, registerId)).toMatchObject({ reason: 'void' })
    const counts = (await batchOf(context.database.read, batchId, now)).counts
    expect(counts).toEqual({ codes: 5, redeemed: 0, void: 5 })
  })

  test('each state lists exactly the codes that are in it', async () => {
    const { context, batchId } = await openWithCode(await dialect.open(), 48 * hour)
    const db = context.database.read
    const list = async (state?: 'free' | 'reserved' | 'void' | 'expired' | 'redeemed') =>
      (await codePage(db, { ...(state && { state }), batch: batchId }, context.clock.now())).rows
    const [one, two] = await list()
    await claimCoupon(context, one?.code ?? '', registerId)
    await voidCode(context, two?.code ?? '', author)
    const inStates = async () =>
      Promise.all(
        (['free', 'reserved', 'redeemed', 'void', 'expired'] as const).map(async (state) => {
          const rows = await list(state)
          expect(rows.every((row) => row.state === state)).toBe(true)
          return rows.length
        }),
      )
    expect(await inStates()).toEqual([3, 1, 0, 1, 0])
    context.clock.advance(48 * hour)
    expect(await inStates()).toEqual([0, 0, 0, 1, 4])
    const { total } = await codePage(db, { q: one?.code.slice(4).toLowerCase() ?? '' }, context.clock.now())
    expect(total).toBe(1)
  })

  test('[PRC-11f] a code is redeemed by its bill; a second bill of another till stands and is told', async () => {
    const database = await dialect.open()
    const shop = await openShopWithTills(database, { projectors: [couponProjector] })
    const { context } = shop
    const offerId = await addOffer(context, diwali, author)
    const code = await firstCode(context, await makeCodes(context, offerId, 5))
    const first = redeem(shop.till, offerId, code)
    await shop.push(shop.till)
    const db = database.read
    const found = async () =>
      (await db.selectFrom('discrepancy').select(['kind', 'params']).orderBy('kind').execute()).map(
        ({ kind, params }) => ({ kind, ...JSON.parse(params) }),
      )
    expect(await codeOf(db, code, context.clock.now())).toMatchObject({
      state: 'redeemed',
      redemptions: [{ number: first, storeName: 'Koramangala', amountMinor: 1000 }],
    })
    expect(await found()).toEqual([])
    expect(await claimCoupon(context, code, registerId)).toEqual({ code, state: 'used', reason: 'redeemed' })
    await expect(voidCode(context, code, author)).rejects.toMatchObject({ code: 'coupon/redeemed' })

    const second = redeem(shop.other, offerId, code)
    await shop.push(shop.other)
    expect(await found()).toEqual([{ kind: 'coupon-twice', code, number: second, amountMinor: 1000 }])
    const row = await codeOf(db, code, context.clock.now())
    expect(row.redemptions.map(({ number }) => number).sort()).toEqual([first, second].sort())
    expect((await seriesSheet(db, offerId, context.clock.now())).series.counts.redeemed).toBe(1)

    await rebuildProjections(database, [couponProjector])
    expect(await codeOf(db, code, context.clock.now())).toEqual(row)
    expect(await found()).toMatchObject([{ kind: 'coupon-twice', code }])
  })

  test('[PRC-11f] one till that redeems a code twice is told once, however its bills arrive', async () => {
    const database = await dialect.open()
    const shop = await openShopWithTills(database, { projectors: [couponProjector] })
    const offerId = await addOffer(shop.context, diwali, author)
    const code = await firstCode(shop.context, await makeCodes(shop.context, offerId, 1))
    redeem(shop.till, offerId, code)
    redeem(shop.till, offerId, code)
    await shop.push(shop.till)
    const rows = await database.read.selectFrom('discrepancy').select('kind').execute()
    expect(rows).toEqual([{ kind: 'coupon-twice' }])
  })

  test('[PRC-11f] of bills of one code that two servers take at once, all but one are told', async () => {
    const { context, offerId, batchId } = await openWithCode(await dialect.open())
    const { rows } = await codePage(context.database.read, { batch: batchId }, context.clock.now())
    for (const [round, { code }] of rows.entries()) {
      const found = await Promise.all(
        Array.from({ length: 8 }, async (_, storeNo) => {
          const till = new ScriptedTill(testKey())
          const fact = factOf(documentOf(till, offerId, code), { storeNo, seq: round + 1 })
          return (await context.database.write((tx) => couponProjector.apply(tx, [fact]))) ?? []
        }),
      )
      expect(found.flat().map(({ discrepancy }) => discrepancy.kind)).toEqual(Array(7).fill('coupon-twice'))
    }
  })

  test('[PRC-11f] a code that nobody gave out, and one that was void before its sale, are told', async () => {
    const database = await dialect.open()
    const shop = await openShopWithTills(database, { projectors: [couponProjector] })
    const { context } = shop
    const offerId = await addOffer(context, diwali, author)
    const batchId = await makeCodes(context, offerId, 2)
    const code = await firstCode(context, batchId)
    redeem(shop.till, offerId, 'DIW2222222')
    shop.till.at = context.clock.now() - 1
    redeem(shop.till, offerId, code)
    await voidBatch(context, batchId, author)
    const [, after] = (await codePage(database.read, { batch: batchId }, context.clock.now())).rows
    redeem(shop.till, offerId, after?.code ?? '')
    await shop.push(shop.till)
    const rows = await database.read
      .selectFrom('discrepancy')
      .select(['kind', 'params'])
      .orderBy('kind')
      .execute()
    expect(rows.map(({ kind, params }) => [kind, JSON.parse(params).code])).toEqual([
      ['coupon-not-given-out', 'DIW2222222'],
      ['coupon-void', after?.code],
    ])
  })

  test('[RET-3e] a code stays redeemed when all that it was given for comes back', async () => {
    const database = await dialect.open()
    const shop = await openShopWithTills(database, { projectors: [couponProjector] })
    const offerId = await addOffer(shop.context, diwali, author)
    const code = await firstCode(shop.context, await makeCodes(shop.context, offerId, 1))
    redeem(shop.till, offerId, code)
    const { pricing, ...rest } = documentOf(shop.till, offerId, code)
    const { coupons: _, ...bare } = pricing
    sell(shop.till, { ...rest, pricing: bare, kind: 'C', number: shop.till.nextNumber('C') })
    await shop.push(shop.till)
    expect(await codeOf(database.read, code, shop.context.clock.now())).toMatchObject({
      state: 'redeemed',
      redemptions: [{ amountMinor: 1000 }],
    })
    expect(await database.read.selectFrom('discrepancy').selectAll().execute()).toEqual([])
    expect(await database.read.selectFrom('journal_quarantine').selectAll().execute()).toEqual([])
  })
})

/** A bill on which two lines share a coupon of ₹10.00. */
function documentOf(till: ScriptedTill, offerId: number, code: string): BillDocument {
  const lines = [700, 300].map((amountMinor, index) => ({
    ...soldLine(`l${index}`, index + 1, 1000, 11_800),
    offers: [{ id: offerId, amountMinor, code }],
  }))
  const { pricing, ...rest } = invoiceOf(lines, till.at)
  return {
    ...rest,
    pricing: { ...pricing, coupons: [{ code, state: 'usable' }] },
    number: till.nextNumber(),
    issueDate: '2026-11-22',
  }
}

/** A sale as a projector sees it. */
function factOf(document: BillDocument, { storeNo, seq }: { storeNo: number; seq: number }): Fact {
  const rest = { registerNo: 1, epochNo: 1, identity: randomBytes(32), receivedAt: 0 }
  // as: the projector reads nothing else of an entry.
  const entry = { type: 'sale', at: 0, body: { documents: [document] } } as unknown as Fact['entry']
  return { storeNo, seq, entry, ...rest }
}

function redeem(till: ScriptedTill, offerId: number, code: string): string {
  const document = documentOf(till, offerId, code)
  sell(till, document)
  return document.number
}

function sell(till: ScriptedTill, document: BillDocument): void {
  const cart = randomUUIDv7()
  const amountMinor = document.totalMinor
  const direction = document.kind === 'C' ? 'out' : 'in'
  till.append(
    'sale',
    {
      documents: [document],
      tenders: [{ kind: 'cash', direction, reference: null, attempt: null, amountMinor }],
      changeMinor: 0,
      recalledFrom: null,
      root: cart,
      language: 'en',
      personalHash: null,
    },
    { cart },
  )
}
