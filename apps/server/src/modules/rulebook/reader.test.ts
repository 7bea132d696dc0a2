import fc from 'fast-check'
import { expect, test } from 'vitest'
import { forEachDialect } from '../../testing/index.ts'
import { rulebookReader } from './reader.ts'
import { rowsOfProducts } from './sql.ts'
import { openWorld, price, soap } from './testing/world.ts'

forEachDialect((dialect) => {
  test('a version is read as it was published, whatever was published since', async () => {
    const world = await openWorld(await dialect.open())
    await world.add(soap(), soap({ active: false }))
    await world.publish()
    const reader = rulebookReader(world)
    const first = await reader.find(1, [1, 2])
    expect(first?.findProduct(1)?.prices).toMatchObject([{ unitMinor: 3500 }])
    expect(first?.findProduct(2)).toBeUndefined()
    expect(first?.findTaxClass('GST18')).toMatchObject({ rates: [{ rateBp: 1800 }] })
    expect(first?.findPriceList(1)).toMatchObject({ inclusive: true })

    await world.edit(1, { prices: [price(1, 3000)] })
    await world.edit(2, { active: true })
    expect(await reader.find(2, [1])).toBeUndefined()
    await world.publish()
    const second = await reader.find(2, [1, 2])
    expect(second?.findProduct(1)?.prices).toMatchObject([{ unitMinor: 3000 }])
    expect(second?.findProduct(2)?.id).toBe(2)
    const again = await reader.find(1, [1, 2])
    expect(again?.findProduct(1)?.prices).toMatchObject([{ unitMinor: 3500 }])
    expect(again?.findProduct(2)).toBeUndefined()
    // An answer goes on to say what it said.
    expect(first?.findProduct(1)?.prices).toMatchObject([{ unitMinor: 3500 }])
  })

  test('versions that were never published are unknown', async () => {
    const world = await openWorld(await dialect.open())
    const reader = rulebookReader(world)
    expect(await reader.find(1, [1])).toBeUndefined()
    await world.add(soap())
    await world.publish()
    expect(await reader.find(0, [1])).toBeUndefined()
    expect(await reader.find(2, [1])).toBeUndefined()
    expect((await reader.find(1, [1]))?.version).toBe(1)
  })

  test('what is remembered is always what the rows say, in any order of asking and publishing', async () => {
    const edit = fc.record({ id: fc.integer({ min: 1, max: 3 }), active: fc.boolean() })
    const ask = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })
    const round = fc.record({
      before: ask,
      edits: fc.array(edit, { minLength: 1, maxLength: 3 }),
      after: ask,
    })
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 2, maxLength: 4 }), async (rounds) => {
        const world = await openWorld(await dialect.open())
        await world.add(soap(), soap(), soap())
        let newest = (await world.publish()).version
        const reader = rulebookReader(world)
        const compare = async (version: number, ids: readonly number[]) => {
          const found = await reader.find(version, ids)
          const rows = await rowsOfProducts(world.database.read, ids, version)
          const stored = new Map(rows.map((row) => [row.productId, JSON.parse(row.json)]))
          for (const id of ids) expect(found?.findProduct(id)).toEqual(stored.get(id))
        }
        let unitMinor = 1
        for (const { before, edits, after } of rounds) {
          await compare(newest, before)
          for (const { id, active } of edits) {
            await world.edit(id, { active, prices: [price(1, unitMinor++)] })
          }
          newest = (await world.publish()).version
          await compare(newest, after)
          await compare(Math.max(1, newest - 1), after)
        }
      }),
      { numRuns: dialect.name === 'sqlite' ? 12 : 3 },
    )
  })
})
