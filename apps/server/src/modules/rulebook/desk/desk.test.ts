import type { OfferDefinition } from '@nexus/contract'
import { expect, test } from 'vitest'
import { forEachDialect } from '../../../testing/databases.ts'
import { testClock } from '../../../testing/index.ts'
import { publishRulebook } from '../publish-rulebook.ts'
import { activeOffers } from '../sql.ts'
import { airport, openWorld, soap } from '../testing/world.ts'
import { changeOffer, copyOffer, createOffer, publishOffer, removeOffer, stopOffer } from './offers.ts'
import { offerPage, offerSheet } from './queries.ts'

const author = { by: null, how: 'test' }
const nobody = async () => new Map<string, string>()
const day = 86_400_000

forEachDialect((dialect) => {
  async function desk() {
    const clock = testClock()
    const world = await openWorld(await dialect.open(), clock)
    await world.add(soap())
    const { now } = clock
    const diwali = (change: Record<string, unknown> = {}): OfferDefinition => ({
      name: 'Diwali',
      effect: 'percent-off-bill',
      priority: 1,
      from: now(),
      until: now() + 7 * day,
      percentBp: 1000,
      ...change,
    })
    return {
      world,
      clock,
      diwali,
      begin: async (definition = diwali()) => await createOffer(world, definition, author),
      sheet: async (id: number) => await offerSheet(world.database.read, nobody, id, now()),
      list: async (query: Parameters<typeof offerPage>[2] = {}) =>
        (await offerPage(world.database.read, nobody, query, now())).rows.map(({ id, status }) => [
          id,
          status,
        ]),
      publish: async (id: number) => await publishOffer(world, id, author),
      inForce: async () => (await activeOffers(world.database.read)).map(({ id }) => id),
    }
  }

  test('a draft is told its faults, changed, and published when it has none', async () => {
    const { world, begin, diwali, sheet, publish, inForce } = await desk()
    const id = await begin(diwali({ percentBp: 0, storeIds: [airport, 'nowhere'] }))
    const first = await sheet(id)
    expect(first.row).toMatchObject({ status: 'draft', revision: 1, stores: 2 })
    expect(first.faults.map(({ field }) => field)).toContain('percentBp')
    await expect(publish(id)).rejects.toMatchObject({ code: 'offer/has-faults' })

    await changeOffer(world, id, { revision: 1, definition: diwali() }, author)
    expect((await sheet(id)).faults).toEqual([])
    expect(await inForce()).toEqual([])
    await publish(id)
    expect(await inForce()).toEqual([id])
    const before = await publishRulebook(world, { note: '', by: null })
    expect((await sheet(id)).row).toMatchObject({ status: 'live', name: 'Diwali' })
    await stopOffer(world, id, author)
    expect(await inForce()).toEqual([])
    const after = await publishRulebook(world, { note: '', by: null })
    expect(after.version).toBe(before.version + 1)
  })

  test('of two people who change one draft the later is told to look first', async () => {
    const { world, begin, diwali, sheet } = await desk()
    const id = await begin()
    await changeOffer(world, id, { revision: 1, definition: diwali({ priority: 5 }) }, author)
    const late = changeOffer(world, id, { revision: 1, definition: diwali({ priority: 9 }) }, author)
    await expect(late).rejects.toMatchObject({ code: 'offer/changed-meanwhile' })
    expect((await sheet(id)).row).toMatchObject({ priority: 5, revision: 2 })
  })

  test('[PRC-9a] a published offer never changes: it is copied, or stopped', async () => {
    const { world, begin, diwali, sheet, publish } = await desk()
    const id = await begin()
    await publish(id)
    const refused = { code: 'offer/not-draft' }
    const change = { revision: 2, definition: diwali({ percentBp: 5000 }) }
    await expect(changeOffer(world, id, change, author)).rejects.toMatchObject(refused)
    await expect(removeOffer(world, id, author)).rejects.toMatchObject(refused)
    await expect(publish(id)).rejects.toMatchObject(refused)
    const copy = await copyOffer(world, id, author)
    expect((await sheet(copy)).row).toMatchObject({ status: 'draft', name: 'Diwali' })
    expect((await sheet(copy)).definition).toEqual((await sheet(id)).definition)
    await stopOffer(world, id, author)
    await stopOffer(world, id, author)
    expect((await sheet(id)).row.status).toBe('stopped')
  })

  test('a draft that was thrown away is gone, and its number is not given again', async () => {
    const { world, begin, list } = await desk()
    const id = await begin()
    await expect(stopOffer(world, id, author)).rejects.toMatchObject({ code: 'offer/not-published' })
    await removeOffer(world, id, author)
    expect(await list()).toEqual([])
    await expect(removeOffer(world, id, author)).rejects.toMatchObject({ code: 'offer/not-found' })
    expect(await begin()).toBe(id + 1)
  })

  test('the list tells drafts, scheduled, live, ended and stopped ones apart', async () => {
    const { world, clock, begin, diwali, publish, list } = await desk()
    const now = clock.now()
    const [draft, scheduled, live, ended, stopped] = [
      await begin(diwali({ name: 'Draft 25% off' })),
      await begin(diwali({ from: now + day })),
      await begin(),
      await begin(diwali({ from: now - 2 * day, until: now - day })),
      await begin(),
    ]
    for (const id of [scheduled, live, ended, stopped]) await publish(id)
    await stopOffer(world, stopped, author)
    expect(new Map((await list()) as [number, string][])).toEqual(
      new Map([
        [draft, 'draft'],
        [scheduled, 'scheduled'],
        [live, 'live'],
        [ended, 'ended'],
        [stopped, 'stopped'],
      ]),
    )
    expect(await list({ status: 'live' })).toEqual([[live, 'live']])
    expect(await list({ status: 'scheduled' })).toEqual([[scheduled, 'scheduled']])
    expect(await list({ status: 'ended' })).toEqual([[ended, 'ended']])
    expect(await list({ q: 'raf' })).toEqual([[draft, 'draft']])
    // Names of offers are full of it.
    expect(await list({ q: 't 25%' })).toEqual([[draft, 'draft']])
  })
})
