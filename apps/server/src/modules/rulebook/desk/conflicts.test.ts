import type { OfferDefinition } from '@nexus/contract'
import { expect, test } from 'vitest'
import { forEachDialect } from '../../../testing/databases.ts'
import { setUpStores } from '../testing/stores.ts'
import { airport, openWorld, soap, village } from '../testing/world.ts'
import { offerConflicts } from './conflicts.ts'
import { createOffer, publishOffer, stopOffer } from './offers.ts'

const author = { by: null, how: 'test' }
const day = 86_400_000

forEachDialect((dialect) => {
  /** Products 1 and 2 of Pears in Bath, 3 of Clinic in Bath, 4 of Clinic in Gifts, 5 not on sale. */
  async function desk() {
    const world = await openWorld(await dialect.open())
    await setUpStores(world)
    await world.add(
      soap({ sku: 'A' }),
      soap({ sku: 'B', names: { en: 'Bar' } }),
      soap({ sku: 'C', brand: 'Clinic' }),
      soap({ sku: 'D', brand: 'Clinic', category: 'Gifts' }),
      soap({ sku: 'E', active: false }),
    )
    const now = world.clock.now()
    const off = (change: Record<string, unknown> = {}): OfferDefinition => ({
      name: 'Off',
      effect: 'unit-off',
      priority: 0,
      from: now,
      selector: { brands: [1] },
      off: { percentBp: 1000 },
      ...change,
    })
    const bill = (change: Record<string, unknown> = {}) =>
      off({ effect: 'percent-off-bill', percentBp: 500, selector: undefined, off: undefined, ...change })
    const draft = async (definition: OfferDefinition) => await createOffer(world, definition, author)
    const live = async (definition: OfferDefinition) => {
      const id = await draft(definition)
      await publishOffer(world, id, author)
      return id
    }
    /** Which of the live offers a draft meets. */
    const metBy = async (definition: OfferDefinition) =>
      (await offerConflicts(world.database.read, await draft(definition), now)).conflicts.map(
        ({ offer, relation, on, products }) => [offer.id, relation, on, products],
      )
    return { world, now, off, bill, draft, live, metBy }
  }

  test('[PRC-10c] item offers meet on the goods on sale that both select', async () => {
    const { off, live, metBy } = await desk()
    const pears = await live(off())
    const bath = await live(off({ selector: { categories: [1], except: { brands: [1] } } }))
    const dear = await live(off({ selector: { everything: true, unitFromMinor: 10_000 } }))
    expect(await metBy(off({ selector: { products: [1, 5] } }))).toEqual([
      [pears, 'competes', 'units', 1],
      [dear, 'competes', 'units', 1],
    ])
    expect(await metBy(off({ selector: { everything: true, unitUntilMinor: 10_000 } }))).toEqual([
      [pears, 'competes', 'units', 2],
      [bath, 'competes', 'units', 1],
    ])
    expect(await metBy(off({ selector: { categories: [2], unitUntilMinor: 5000 } }))).toEqual([])
    const parts = [{ products: [4] }, { products: [2] }]
    expect(
      await metBy(off({ effect: 'bundle', parts, priceMinor: 1000, selector: undefined, off: undefined })),
    ).toEqual([
      [dear, 'competes', 'units', 2],
      [pears, 'competes', 'units', 1],
    ])
  })

  test('[PRC-10c] what is combinable, or of another layer, adds up', async () => {
    const { off, bill, live, metBy } = await desk()
    const pears = await live(off({ combinable: true }))
    const whole = await live(bill())
    const above = await live(
      off({
        effect: 'threshold',
        on: 'bill',
        selector: { brands: [2] },
        tiers: [{ fromMinor: 100, off: { percentBp: 100 } }],
        off: undefined,
      }),
    )
    expect(await metBy(off())).toEqual([
      [pears, 'competes', 'units', 2],
      [whole, 'adds-up', 'units', 2],
    ])
    expect(await metBy(off({ combinable: true }))).toEqual([
      [pears, 'adds-up', 'units', 2],
      [whole, 'adds-up', 'units', 2],
    ])
    // One offer of the bill counts (PRC-6d), whatever goods it speaks of.
    const gift = { effect: 'gift', fromMinor: 100, gifts: [4], unitMinor: 0, off: undefined }
    expect(await metBy(off(gift))).toEqual([
      [whole, 'competes', 'bill', 2],
      [above, 'competes', 'bill', 0],
      [pears, 'adds-up', 'units', 2],
    ])
    const coupon = (text: string) =>
      off({ effect: 'coupon', code: { kind: 'public', text }, selector: { products: [4] } })
    const ten = await live(coupon('TEN'))
    expect((await metBy(coupon('FIVE')))[0]).toEqual([ten, 'competes', 'coupon', 1])
  })

  test('[PRC-10c] only offers that can be on at one moment, in one store, for one customer meet', async () => {
    const { world, now, off, draft, live, metBy } = await desk()
    const base = await live(
      off({
        until: now + 10 * day,
        weekdays: [6],
        hours: { fromMinute: 22 * 60, untilMinute: 2 * 60 },
        storeIds: [airport],
        audience: { kind: 'tier', tiers: ['member'] },
      }),
    )
    const meets = async (change: Record<string, unknown>) => (await metBy(off(change))).length === 1
    expect(await meets({})).toBe(true)
    expect(await meets({ from: now + 10 * day })).toBe(false)
    expect(await meets({ storeIds: [village] })).toBe(false)
    expect(await meets({ audience: { kind: 'tier', tiers: ['gold'] } })).toBe(false)
    expect(await meets({ audience: { kind: 'staff' } })).toBe(true)
    // Hours over midnight belong to the day they began on (PRC-5d).
    expect(await meets({ weekdays: [7] })).toBe(true)
    expect(await meets({ weekdays: [7], hours: { fromMinute: 120, untilMinute: 1440 } })).toBe(false)
    expect(await meets({ weekdays: [5] })).toBe(false)
    const sunday = await live(
      off({ weekdays: [7], hours: { fromMinute: 22 * 60, untilMinute: 120 }, selector: { products: [3] } }),
    )
    const early = { weekdays: [1], hours: { fromMinute: 0, untilMinute: 60 }, selector: { products: [3] } }
    expect(await metBy(off(early))).toEqual([[sunday, 'competes', 'units', 1]])
    const db = world.database.read
    const unfinished = await draft(off({ selector: {} }))
    expect(await offerConflicts(db, unfinished, now)).toEqual({ conflicts: [], total: 0, isCompared: false })
    const [shown] = (await offerConflicts(db, await draft(off()), now)).conflicts
    expect(shown).toMatchObject({ offer: { id: base, name: 'Off', status: 'live' }, example: 'Soap' })
    await stopOffer(world, base, author)
    expect(await meets({})).toBe(false)
  })
})
