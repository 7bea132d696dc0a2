import { randomBytes } from 'node:crypto'
import type { Cart, PricingContext, Rulebook } from '@nexus/domain'
import { ENGINE, price as priceCart } from '@nexus/domain'
import { type BillDocument, documentDraftOf, type Entry } from '@nexus/sync'
import { expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { forEachDialect } from '../../../testing/index.ts'
import type { Fact } from '../../journal/projector.ts'
import { addOffer } from '../add-offer.ts'
import { rulebookReader } from '../reader.ts'
import { openWorld, soap, type World } from '../testing/world.ts'
import { takeUpProjector } from './projector.ts'
import { usesForTills } from './queries.ts'

const author = { by: null, how: 'test' }
const common = { priority: 0, from: 0, selector: { everything: true } } as const

/** Offer 1 gives ₹1 a unit and is limited in all, offer 2 takes 5% off the bill from ₹200 on. */
async function openShelf(database: Database) {
  const world = await openWorld(database)
  await world.add(soap(), soap())
  const limits = { total: 5, budgetMinor: 400 }
  await addOffer(
    world,
    { ...common, name: '₹1 off', effect: 'unit-off', off: { amountMinor: 100 }, limits },
    author,
  )
  const tiers = [{ fromMinor: 20_000, off: { percentBp: 500 } }]
  await addOffer(world, { ...common, name: '5%', effect: 'threshold', on: 'bill', tiers }, author)
  await world.publish()
  const rulebook = await rulebookReader(world).find(1, [1, 2])
  if (!rulebook) throw new Error('version 1 is published')
  return { world, rulebook }
}

let seq = 0

function factOf(
  { world, rulebook }: { world: World; rulebook: Rulebook },
  units: number,
  change: { kind?: 'C' | 'P'; day?: string; storeNo?: number } = {},
): Fact {
  const context: PricingContext = {
    pricedAt: world.clock.now(),
    storeId: 'a',
    regionId: 'r',
    storeState: '29',
    placeOfSupply: '29',
  }
  const cart: Cart = { lines: [{ uid: 'a', productId: 1, quantityMilli: units * 1000 }] }
  const priced = priceCart(cart, rulebook, context)
  const draft = documentDraftOf({ priced, cart, rulebook, context, language: 'en' })
  const document: BillDocument = {
    ...draft,
    kind: change.kind ?? draft.kind,
    number: 'KOR1AI26-000001',
    issueDate: '2026-11-23',
  }
  const entry = {
    type: 'sale',
    store: 'a',
    engine: ENGINE,
    tradingDay: change.day ?? null,
    rulebook: { version: rulebook.version, checksum: rulebook.checksum },
    body: { documents: [document] },
    // as: what else an entry has does not matter to the projector.
  } as unknown as Entry
  const place = { storeNo: change.storeNo ?? 1, registerNo: 1, epochNo: 1, seq: ++seq }
  return { ...place, identity: randomBytes(32), entry, receivedAt: world.clock.now() }
}

const rowsOf = async (database: Database) =>
  await database.read
    .selectFrom('offer_take_up')
    .selectAll()
    .orderBy('store_no')
    .orderBy('offer_id')
    .orderBy('day')
    .execute()

forEachDialect((dialect) => {
  test('[PRC-11a] bills are counted by offer, store and day; applications of what is limited in all', async () => {
    const database = await dialect.open()
    const shelf = await openShelf(database)
    const facts = [
      factOf(shelf, 3),
      factOf(shelf, 1, { day: '2026-11-22' }),
      factOf(shelf, 10, { storeNo: 2 }),
      factOf(shelf, 1, { kind: 'P' }),
    ]
    await database.write((tx) => takeUpProjector().apply(tx, facts))
    const row = (
      store_no: number,
      offer_id: number,
      day: string,
      bills: number,
      applications: number,
      given: number,
    ) => ({
      store_no,
      offer_id,
      day,
      bills,
      applications,
      given_minor: given,
    })
    const rows = [
      row(1, 1, '2026-11-22', 1, 1, 100),
      row(1, 1, '2026-11-23', 1, 3, 300),
      // Five units are all there is of offer 1; 5% of ₹345 is offer 2's.
      row(2, 1, '2026-11-23', 1, 5, 500),
      row(2, 2, '2026-11-23', 1, 0, 1725),
    ]
    expect(await rowsOf(database)).toEqual(rows)

    // Derived again one by one, as a rebuild does, the rows are the same.
    const again = takeUpProjector()
    await database.write((tx) => again.clear(tx))
    expect(await rowsOf(database)).toEqual([])
    for (const fact of facts) await database.write((tx) => again.apply(tx, [fact]))
    expect(await rowsOf(database)).toEqual(rows)
    expect((await usesForTills(database.read, 77)).uses).toEqual([{ offerId: 1, total: 9, givenMinor: 900 }])
  })

  test('[PRC-11d] what a credit note reverses is no longer given, and stays counted', async () => {
    const database = await dialect.open()
    const shelf = await openShelf(database)
    const projector = takeUpProjector()
    await database.write((tx) => projector.apply(tx, [factOf(shelf, 3)]))
    await database.write((tx) => projector.apply(tx, [factOf(shelf, 2, { kind: 'C', day: '2026-11-24' })]))
    expect((await usesForTills(database.read, 77)).uses).toEqual([{ offerId: 1, total: 3, givenMinor: 100 }])
  })
})
