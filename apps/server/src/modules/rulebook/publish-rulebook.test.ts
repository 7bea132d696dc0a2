import { verify } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { RulebookHead } from '@nexus/contract'
import { internalCode, type RulebookProduct } from '@nexus/domain'
import { canonicalBytes } from '@nexus/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Database } from '../../db/database.ts'
import { forEachDialect, testClock } from '../../testing/index.ts'
import { countChangedSince } from '../catalogue/index.ts'
import { addOffer } from './add-offer.ts'
import { insertOffer } from './desk/sql.ts'
import { ownListsOf } from './make-head.ts'
import { chunkText, hashOf, rowForPlace } from './make-rows.ts'
import { publishRulebook } from './publish-rulebook.ts'
import { readDelta } from './read-delta.ts'
import { headOf, readPart } from './read-part.ts'
import { chunksOfPlace, findVersion, newestVersion, newestVersions, rowsOfChunk } from './sql.ts'
import { airport, hqPublicKey, openWorld, price, sha256, soap, village, type World } from './testing/world.ts'

async function headNow({ database }: World): Promise<RulebookHead> {
  const version = await newestVersion(database.read)
  if (!version) throw new Error('nothing is published')
  return await headOf(database.read, version.headHash)
}

/** Hashes of a place's chunks in a version, made again from the rows alone. */
async function madeAgain({ database }: World, place: string, number: number) {
  const version = await findVersion(database.read, number)
  if (!version) throw new Error(`version ${number} is not published`)
  const ownLists = ownListsOf((await headOf(database.read, version.headHash)).priceLists)
  const made: [number, string][] = []
  for (let chunk = 0; chunk < 4; chunk++) {
    const rows = await rowsOfChunk(database.read, chunk, number)
    const seen = rows.flatMap(({ json }) => rowForPlace(json, ownLists, place) ?? [])
    if (seen.length > 0) made.push([chunk, hashOf(chunkText(seen)).toString('base64url')])
  }
  return made
}

/** Writes fail from the given one on, as when the process is killed there. */
function killedAfter(database: Database, writes: number): Database {
  let left = writes
  return {
    ...database,
    write: async (work) => {
      if (left-- <= 0) throw new Error('killed')
      return await database.write(work)
    },
  }
}

/** An offer that came past the desk. */
const byHand = { state: 'published', changed_at: 0, changed_by: null } as const

forEachDialect((dialect) => {
  test('[PRC-5b] a version holds everything that tills may sell, with what comes into force later', async () => {
    const world = await openWorld(await dialect.open())
    const later = world.clock.now() + 1000
    await world.add(
      soap({ sku: 'A-1', barcodes: ['9520000000011'], prices: [price(1, 3500), price(1, 3200, later)] }),
      soap({ active: false }),
      soap({ taxClassId: '' }),
      soap({ prices: [] }),
    )
    const version = await world.publish('first')
    expect(version).toMatchObject({ version: 1, products: 1, changes: 1, note: 'first', by: 'Asha' })
    const manifest = await world.manifest(village)
    const rows = await world.rows(manifest)
    expect([...rows.keys()]).toEqual([1])
    expect(rows.get(1)).toEqual({
      id: 1,
      sku: 'A-1',
      names: { en: 'Soap' },
      brandId: 1,
      categoryId: 1,
      hsn: '34011190',
      uqc: 'NOS',
      taxClassId: 'GST18',
      barcodes: ['9520000000011', internalCode(1)],
      batches: [],
      prices: [
        { list: 1, unitMinor: 3500, from: 0, until: undefined },
        { list: 1, unitMinor: 3200, from: later, until: undefined },
      ],
    })
    const head = await headNow(world)
    expect(sha256(canonicalBytes(head))).toBe(manifest.headHash)
    expect(head).toMatchObject({
      taxClasses: [{ id: 'GST18' }, { id: 'GST5' }],
      priceLists: [{ id: 1 }, { id: 2, scopeId: airport }, { id: 3 }, { id: 4, tier: 'member' }],
      brands: [{ id: 1, name: 'Pears' }],
      rupeeRounding: false,
    })
  })

  test('[PRC-5e] an offer that ended 45 days ago is in no new version, and stays in the old ones', async () => {
    const world = await openWorld(await dialect.open())
    await world.add(soap())
    const days = (count: number) => count * 86_400_000
    const end = world.clock.now() + days(1)
    const offer = { priority: 1, from: 0, effect: 'percent-off-bill', percentBp: 1000 } as const
    await addOffer(world, { ...offer, name: 'Diwali', until: end }, { by: null, how: 'test' })
    await addOffer(world, { ...offer, name: 'Always' }, { by: null, how: 'test' })
    const names = async () => (await headNow(world)).offers.map(({ name }) => name)
    const { headHash } = await world.publish()
    expect(await names()).toEqual(['Diwali', 'Always'])

    world.clock.advance(days(46) - 1)
    expect((await world.publish()).version).toBe(1)
    world.clock.advance(1)
    expect((await world.publish()).version).toBe(2)
    expect(await names()).toEqual(['Always'])
    expect((await headOf(world.database.read, headHash)).offers).toHaveLength(2)
  })

  test('a manifest names everything it consists of, and headquarters signs for it', async () => {
    const world = await openWorld(await dialect.open())
    await world.add(soap(), soap())
    const version = await world.publish()
    const { checksum, signature, headHash, chunks, version: number } = await world.manifest(village)
    const listed = { version: number, head: headHash, chunks: chunks.map(({ index, hash }) => [index, hash]) }
    expect(sha256(canonicalBytes(listed))).toBe(checksum)
    expect(version.checksum).toBe(checksum)
    const key = { key: hqPublicKey, dsaEncoding: 'ieee-p1363' } as const
    const signed = (text: string) =>
      verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64url'))
    expect([signed(checksum), signed(`${checksum} `)]).toEqual([true, false])
  })

  test('a change makes the next version and leaves the last as it was', async () => {
    const world = await openWorld(await dialect.open())
    await world.add(soap(), soap(), soap(), soap())
    await world.skipTo(1000)
    await world.add(soap())
    await world.publish()
    const before = await world.manifest(village)
    expect(await world.publish('again')).toMatchObject({ version: 1, note: '' })

    world.clock.advance(10)
    await world.edit(3, { names: { en: 'Rose Soap' } })
    await world.edit(4, { active: false })
    expect(
      await countChangedSince(world.database.read, (await newestVersion(world.database.read))?.changeNo ?? 0),
    ).toBe(2)
    expect(await world.publish()).toMatchObject({ version: 2, products: 4, changes: 2 })
    const after = await world.manifest(village)
    expect(after.chunks.map(({ index, hash }) => hash === before.chunks[index]?.hash)).toEqual([false, true])
    const rows = await world.rows(after)
    expect([rows.get(3)?.names.en, rows.has(4)]).toEqual(['Rose Soap', false])
    expect([...(await world.rows(before)).values()].filter(({ names }) => names.en === 'Soap')).toHaveLength(
      5,
    )
    expect(await madeAgain(world, '', 1)).toEqual(before.chunks.map(({ index, hash }) => [index, hash]))
  })

  test('a change that tills do not see makes no version, and is not pending any more', async () => {
    const world = await openWorld(await dialect.open())
    await world.add(soap(), soap({ active: false }))
    const first = await world.publish()
    await world.edit(2, { names: { en: 'Old Soap' } })
    expect(await world.publish()).toMatchObject({ version: 1, checksum: first.checksum })
    const newest = await newestVersion(world.database.read)
    expect(await countChangedSince(world.database.read, newest?.changeNo ?? 0)).toBe(0)
  })

  test('an offer, a rate or a price list alone makes a version too', async () => {
    const world = await openWorld(await dialect.open())
    await world.add(soap())
    await world.publish()
    const offer = {
      name: '10% off',
      priority: 1,
      from: 0,
      effect: 'percent-off-bill',
      percentBp: 1000,
    } as const
    await addOffer(world, offer, { by: null, how: 'test' })
    expect(await world.publish()).toMatchObject({ version: 2, changes: 0 })
    expect((await headNow(world)).offers).toEqual([{ id: 1, ...offer }])
  })

  test('a store sees the chain, its region and its own prices, and never those of another store', async () => {
    const world = await openWorld(await dialect.open())
    await world.add(
      soap({ prices: [price(1, 3500), price(2, 4500), price(3, 3400), price(4, 3000)] }),
      soap({ prices: [price(2, 5000)] }),
      soap(),
    )
    await world.skipTo(1000)
    await world.add(soap())
    await world.publish()
    const [atAirport, inVillage] = [await world.manifest(airport), await world.manifest(village)]
    const lists = (row: RulebookProduct | undefined) => row?.prices.map(({ list }) => list)
    const [own, others] = [await world.rows(atAirport), await world.rows(inVillage)]
    expect([lists(own.get(1)), lists(own.get(2)), lists(own.get(3))]).toEqual([[1, 2, 3, 4], [2], [1]])
    expect([lists(others.get(1)), lists(others.get(2)), lists(others.get(3))]).toEqual([
      [1, 3, 4],
      undefined,
      [1],
    ])
    // Where the store has no price of its own it shares the chain's chunk.
    expect(atAirport.chunks[1]).toEqual(inVillage.chunks[1])
    expect(atAirport.chunks[0]?.hash).not.toBe(inVillage.chunks[0]?.hash)
    expect(atAirport.checksum).not.toBe(inVillage.checksum)

    await world.edit(1, { prices: [price(1, 3500), price(3, 3400), price(4, 3000)] })
    await world.edit(2, { prices: [price(1, 5000)] })
    await world.publish()
    expect((await world.manifest(airport)).chunks).toEqual((await world.manifest(village)).chunks)
  })

  test('a delta put into the old chunks gives the bytes of the new ones, for every store and any versions', async () => {
    const edit = fc.record({
      id: fc.integer({ min: 1, max: 8 }),
      lists: fc.uniqueArray(fc.constantFrom(1, 2, 3), { maxLength: 3 }),
      unitMinor: fc.integer({ min: 1, max: 3 }),
      active: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(edit, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 }),
        async (rounds) => {
          const world = await openWorld(await dialect.open())
          await world.add(...Array.from({ length: 8 }, () => soap()))
          await world.publish()
          for (const edits of rounds) {
            for (const { id, lists, unitMinor, active } of edits) {
              await world.edit(id, { prices: lists.sort().map((list) => price(list, unitMinor)), active })
            }
            await world.publish()
          }
          const newest = (await newestVersion(world.database.read))?.version ?? 0
          for (const place of [airport, village]) {
            for (let from = 1; from <= newest; from++) {
              const rows = new Map<number, RulebookProduct>()
              for (const { hash } of await viewOf(world, place, from)) {
                const { bytes } = await readPart(world, hash)
                for (const row of JSON.parse(bytes.toString()) as RulebookProduct[]) rows.set(row.id, row)
              }
              const delta = await readDelta(world.database.read, place, from, newest)
              for (const id of delta.removed) rows.delete(id)
              for (const row of delta.rows) rows.set(row.id, row)
              const bytes = canonicalBytes([...rows.values()].sort((one, other) => one.id - other.id))
              const published = await viewOf(world, place, newest)
              expect(rows.size === 0 ? [] : [sha256(bytes)]).toEqual(published.map(({ hash }) => hash))
              expect((await viewOf(world, place, from)).map(({ index, hash }) => [index, hash])).toEqual(
                await madeAgain(world, place, from),
              )
            }
          }
        },
      ),
      { numRuns: dialect.name === 'sqlite' ? 15 : 4 },
    )
  })

  test('of two publications at once one wins, and no version is given twice', async () => {
    const world = await openWorld(await dialect.open())
    await world.add(soap())
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => world.publish()))
    const done = outcomes.filter((outcome) => outcome.status === 'fulfilled')
    expect(new Set(done.map(({ value }) => value.version))).toEqual(new Set([1]))
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'rulebook/publishing' })
    }
    expect(await newestVersions(world.database.read, 9)).toHaveLength(1)
    await world.edit(1, { hsn: '' })
    expect(await world.publish()).toMatchObject({ version: 2 })
  })

  test('what a publication that was killed left behind is put right by the next one', async () => {
    for (let writes = 1; writes <= 6; writes++) {
      const world = await openWorld(await dialect.open())
      await world.add(soap(), soap())
      await world.skipTo(1200)
      await world.add(soap())
      await world.publish()
      await world.edit(1, { active: false })
      await world.edit(2, { prices: [price(1, 3500), price(2, 3600)] })
      await world.edit(1200, { names: { en: 'Rose Soap' } })
      const killed = { ...world, database: killedAfter(world.database, writes) }
      const outcome = await publishRulebook(killed, { note: '', by: null }).then(
        () => 'done',
        () => 'killed',
      )
      // The last write gives the lease back; before it, all is published.
      if (outcome === 'done') continue
      const published = (await newestVersion(world.database.read))?.version ?? 0
      if (published === 1) {
        expect(await readDelta(world.database.read, village, 1, 1)).toMatchObject({ rows: [], removed: [] })
        expect((await world.rows(await world.manifest(village))).size).toBe(3)
        await expect(world.publish()).rejects.toMatchObject({ code: 'rulebook/publishing' })
      }
      world.clock.advance(60_001)
      await world.edit(1, { active: true })
      await world.publish()
      const rows = await world.rows(await world.manifest(airport))
      expect([rows.size, rows.get(2)?.prices.length, rows.get(1200)?.names.en]).toEqual([3, 2, 'Rose Soap'])
      const newest = (await newestVersion(world.database.read))?.version ?? 0
      expect((await viewOf(world, airport, newest)).map(({ index, hash }) => [index, hash])).toEqual(
        await madeAgain(world, airport, newest),
      )
    }
  })

  test('a publication that slept through the end of its lease changes nothing more', async () => {
    for (let before = 2; before <= 3; before++) {
      const world = await openWorld(await dialect.open())
      await world.add(soap())
      let writes = 0
      const slow: Database = {
        ...world.database,
        write: async (work) => {
          if (++writes === before) {
            world.clock.advance(60_001)
            await world.edit(1, { names: { en: 'Rose Soap' } })
            expect((await world.publish()).version).toBe(1)
          }
          return await world.database.write(work)
        },
      }
      await expect(
        publishRulebook({ ...world, database: slow }, { note: '', by: null }),
      ).rejects.toMatchObject({
        code: 'rulebook/publishing',
      })
      const rows = await world.rows(await world.manifest(village))
      expect(rows.get(1)?.names.en).toBe('Rose Soap')
      expect(await newestVersions(world.database.read, 9)).toHaveLength(1)
    }
  })

  test('what changes during a publication is in it or pending, never lost', async () => {
    for (let before = 1; before <= 4; before++) {
      const world = await openWorld(await dialect.open())
      await world.add(soap(), soap())
      let writes = 0
      const busy: Database = {
        ...world.database,
        write: async (work) => {
          if (++writes === before) await world.edit(1, { names: { en: 'Rose Soap' } })
          return await world.database.write(work)
        },
      }
      await publishRulebook({ ...world, database: busy }, { note: '', by: null })
      const name = async () => (await world.rows(await world.manifest(village))).get(1)?.names.en
      const newest = await newestVersion(world.database.read)
      const pending = await countChangedSince(world.database.read, newest?.changeNo ?? 0)
      expect([await name(), pending]).toEqual(pending === 0 ? ['Rose Soap', 0] : ['Soap', 1])
      await world.publish()
      expect(await name()).toBe('Rose Soap')
    }
  })

  test('what tills could not evaluate is refused by name, and nothing is published', async () => {
    const world = await openWorld(await dialect.open(), testClock())
    await world.add(soap({ sku: 'A-1' }), soap({ sku: 'A-2', taxClassId: 'GST5' }))
    await world.publish()
    const refused = async (field: string) => {
      const refusal = expect.objectContaining({ field, message: expect.stringMatching(/\.$/) })
      await expect(world.publish()).rejects.toMatchObject({
        code: 'rulebook/cannot-publish',
        errors: expect.arrayContaining([refusal]),
      })
      expect((await newestVersion(world.database.read))?.version).toBe(1)
    }
    const offer = { name: 'Half', priority: 1, from: 0, effect: 'percent-off-bill', percentBp: 10_001 }
    const write = world.database.write
    await write((tx) => insertOffer(tx, { ...byHand, definition: offer }))
    await refused('offers/1/percentBp')
    await write((tx) => tx.updateTable('offer').set({ state: 'stopped' }).execute())
    await write((tx) =>
      tx
        .updateTable('tax_rate')
        .set({ from_at: world.clock.now() + 1 })
        .where('tax_class_id', '=', 'GST5')
        .execute(),
    )
    await refused('taxClasses/GST5')
    world.clock.advance(1)
    await write((tx) => tx.updateTable('price_list').set({ inclusive: 0 }).where('id', '=', 3).execute())
    await refused('priceLists/3')
    await write((tx) => tx.updateTable('price_list').set({ inclusive: 1 }).execute())
    // Not by any way in, but by hand.
    await world.edit(1, { hsn: '' })
    await write((tx) =>
      tx.updateTable('product_price').set({ list_id: 9 }).where('product_id', '=', 1).execute(),
    )
    await refused('products/1/prices')
    await write((tx) => tx.updateTable('product_price').set({ list_id: 1 }).execute())
    expect(await world.publish()).toMatchObject({ version: 2 })
  })

  test('an offer of any effect is published, and one that names what does not exist is refused', async () => {
    const world = await openWorld(await dialect.open())
    await world.add(soap(), soap())
    const author = { by: null, how: 'test' }
    const common = { name: 'Soap', priority: 1, from: 0 }
    const bundle = (...products: number[]) => ({
      ...common,
      effect: 'bundle' as const,
      parts: products.map((id) => ({ products: [id] })),
      priceMinor: 5000,
    })
    await expect(addOffer(world, bundle(1, 3), author)).rejects.toMatchObject({
      code: 'request/invalid',
      message: expect.stringContaining('names 3 in parts/1/products'),
    })
    await addOffer(world, bundle(1, 2), author)
    const selector = { brands: [1], categories: [1] }
    await addOffer(
      world,
      { ...common, effect: 'buy-get', selector, buy: 1, get: 1, percentBp: 10_000 },
      author,
    )
    await world.publish()
    expect((await headNow(world)).offers.map(({ effect }) => effect)).toEqual(['bundle', 'buy-get'])
    // Not by any way in, but by hand.
    const definition = { ...common, effect: 'complimentary', selector: { brands: [9] } }
    await world.database.write((tx) => insertOffer(tx, { ...byHand, definition }))
    await expect(world.publish()).rejects.toMatchObject({
      code: 'rulebook/cannot-publish',
      errors: [{ field: 'offers/3/selector/brands', message: expect.stringContaining('names 9') }],
    })
  })

  test('a damaged or missing part is noticed and made again, also of an old version', async () => {
    const world = await openWorld(await dialect.open())
    await world.add(soap({ prices: [price(1, 3500), price(2, 4500)] }))
    await world.publish()
    const old = await world.manifest(airport)
    await world.edit(1, { hsn: '' })
    await world.publish()
    for (const hash of [old.headHash, ...old.chunks.map((chunk) => chunk.hash)]) {
      const whole = await readPart(world, hash)
      expect(sha256(whole.bytes)).toBe(hash)
      const at = Buffer.from(hash, 'base64url')
      const write = world.database.write
      for (const damaged of [Buffer.from('rubbish'), gzipSync('[]')]) {
        await write((tx) =>
          tx.updateTable('rulebook_part').set({ gzip: damaged }).where('hash', '=', at).execute(),
        )
        expect((await readPart(world, hash)).bytes).toEqual(whole.bytes)
      }
      await write((tx) => tx.deleteFrom('rulebook_part').where('hash', '=', at).execute())
      expect((await readPart(world, hash)).bytes).toEqual(whole.bytes)
      const stored = await world.database.read
        .selectFrom('rulebook_part')
        .select('gzip')
        .where('hash', '=', at)
        .execute()
      expect(stored).toHaveLength(1)
    }
    await expect(readPart(world, sha256(Buffer.from('nobody')))).rejects.toMatchObject({
      code: 'rulebook/chunk-unknown',
    })
  })

  test('a delta between versions that are not kept is refused', async () => {
    const world = await openWorld(await dialect.open())
    await world.add(soap())
    await world.publish()
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [2, 1],
    ] as const) {
      await expect(readDelta(world.database.read, village, from, to)).rejects.toMatchObject({
        code: 'rulebook/version-unknown',
      })
    }
  })
})

async function viewOf({ database }: World, place: string, version: number) {
  const chunks = new Map<number, string>()
  for (const of of ['', place]) {
    for (const { chunk, hash } of await chunksOfPlace(database.read, of, version)) {
      if (hash !== null) chunks.set(chunk, hash.toString('base64url'))
      else if (of === '') chunks.delete(chunk)
    }
  }
  return [...chunks].sort(([one], [other]) => one - other).map(([index, hash]) => ({ index, hash }))
}
