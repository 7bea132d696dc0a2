import { Problem } from '@nexus/contract'
import type { RulebookProduct } from '@nexus/domain'
import { expect, test } from 'vitest'
import { openCatalogue } from './catalogue.ts'
import type { Delta } from './manifest.ts'
import { type RulebookServer, readHead, refetchPart, syncRulebook } from './sync-rulebook.ts'
import { makeProduct, memoryCache, type Published, publish } from './testing.ts'
import type { Catalogue } from './types.ts'

const products = Array.from({ length: 2500 }, (_, n) => makeProduct(n + 1))
const noProgress = () => undefined

/** A server that publishes versions and counts what it is asked for. */
function serverOf(first: Published) {
  const asked: string[] = []
  const told: (number | undefined)[] = []
  let newest = first
  let deltas = new Map<string, Delta>()
  const server: RulebookServer = {
    manifest: async (holds) => {
      told.push(holds)
      return newest.manifest
    },
    async part(hash) {
      asked.push(hash)
      const bytes = newest.parts.get(hash)
      if (!bytes) throw new Problem('rulebook/chunk-unknown', 'no such part')
      return bytes
    },
    async delta(from, to) {
      const delta = deltas.get(`${from}-${to}`)
      if (!delta) throw new Problem('rulebook/version-unknown', 'not kept')
      return delta
    },
  }
  function release(next: Published, delta?: Delta): void {
    if (delta) deltas = new Map([[`${newest.manifest.version}-${next.manifest.version}`, delta]])
    newest = next
  }
  return { server, asked, told, release }
}

async function open(cache: ReturnType<typeof memoryCache>): Promise<Catalogue> {
  const kept = await cache.current()
  if (!kept) throw new Error('nothing is kept')
  const { manifest, packed } = kept
  const part = async (hash: string | undefined) => cache.parts.get(hash ?? '') ?? new Uint8Array()
  const head = readHead(await part(manifest.headHash))
  const loadChunk = (index: number) => part(manifest.chunks.find((chunk) => chunk.index === index)?.hash)
  return openCatalogue({ ...manifest, head, packed, loadChunk }).catalogue
}

test('the first version arrives whole: every code, name and row', async () => {
  const cache = memoryCache()
  const { server, asked } = serverOf(await publish(1, products))
  expect(await syncRulebook(cache, server, noProgress)).toBe(true)
  expect(asked).toHaveLength(4)

  const catalogue = await open(cache)
  expect(catalogue.products).toBe(2500)
  for (const product of products)
    expect(catalogue.findByCode(product.barcodes[0] ?? '')).toEqual([product.id])
  await catalogue.ensure(products.map(({ id }) => id))
  expect(products.map(({ id }) => catalogue.rulebook.findProduct(id))).toEqual(products)
  expect(catalogue.search(products[41]?.sku ?? '', 5)).toEqual([42])
  expect(catalogue.rulebook.findTaxClass('gst-18')?.name).toBe('GST 18%')
  expect(catalogue.rulebook.findPriceList(1)?.scope).toBe('chain')
})

test('headquarters is told which version this till holds, as soon as it holds it', async () => {
  const cache = memoryCache()
  const { server, told, release } = serverOf(await publish(1, products))
  await syncRulebook(cache, server, noProgress)
  await syncRulebook(cache, server, noProgress)
  release(await publish(2, products.slice(1)))
  await syncRulebook(cache, server, noProgress)
  expect(told).toEqual([undefined, 1, 1, 1, 2])
})

test('rows that nobody asked for are not there; unknown ids are no rows', async () => {
  const cache = memoryCache()
  await syncRulebook(cache, serverOf(await publish(1, products)).server, noProgress)
  const catalogue = await open(cache)
  expect(() => catalogue.product(1)).toThrow('was not asked for')
  await catalogue.ensure([1, 999_999])
  expect(catalogue.has(1)).toBe(true)
  expect(catalogue.has(2400)).toBe(false)
  expect(catalogue.product(999_999)).toBeUndefined()
})

test('the same version is not fetched twice', async () => {
  const cache = memoryCache()
  const { server, asked } = serverOf(await publish(1, products))
  await syncRulebook(cache, server, noProgress)
  expect(await syncRulebook(cache, server, noProgress)).toBe(false)
  expect(asked).toHaveLength(4)
})

const changed = products
  .filter(({ id }) => id !== 7)
  .map((product) => (product.id === 42 ? makeProduct(42, 77_700) : product))
  .concat(makeProduct(3001))
const delta: Delta = { rows: [makeProduct(42, 77_700), makeProduct(3001)], removed: [7] }

async function expectChanged(cache: ReturnType<typeof memoryCache>): Promise<void> {
  const catalogue = await open(cache)
  await catalogue.ensure([42, 3001])
  expect(catalogue.product(42)?.prices[0]?.unitMinor).toBe(77_700)
  expect(catalogue.search(makeProduct(3001).sku, 5)).toEqual([3001])
  expect(catalogue.findByCode(makeProduct(7).barcodes[0] ?? '')).toEqual([])
}

test('a delta brings changed, new and removed products without fetching a chunk', async () => {
  const cache = memoryCache()
  const { server, asked, release } = serverOf(await publish(1, products))
  await syncRulebook(cache, server, noProgress)
  release(await publish(2, changed), delta)
  expect(await syncRulebook(cache, server, noProgress)).toBe(true)
  expect(asked).toHaveLength(4)
  await expectChanged(cache)
})

test('a delta that does not give the published bytes is not believed: the chunk is fetched', async () => {
  const cache = memoryCache()
  const { server, asked, release } = serverOf(await publish(1, products))
  await syncRulebook(cache, server, noProgress)
  release(await publish(2, changed), { ...delta, rows: [makeProduct(42, 1), makeProduct(3001)] })
  await syncRulebook(cache, server, noProgress)
  expect(asked).toHaveLength(5)
  await expectChanged(cache)
})

test('a server that dropped the old version sends chunks', async () => {
  const cache = memoryCache()
  const { server, asked, release } = serverOf(await publish(1, products))
  await syncRulebook(cache, server, noProgress)
  release(await publish(2, changed))
  await syncRulebook(cache, server, noProgress)
  expect(asked).toHaveLength(6)
  await expectChanged(cache)
})

test('a chunk that arrives damaged is asked for again; damaged twice leaves the old version selling', async () => {
  const cache = memoryCache()
  const { server, release } = serverOf(await publish(1, products))
  await syncRulebook(cache, server, noProgress)
  release(await publish(2, changed))
  let damages = 1
  const poorLine: RulebookServer = {
    ...server,
    part: async (hash) => (damages-- > 0 ? new Uint8Array([91, 93]) : server.part(hash)),
  }
  damages = Number.POSITIVE_INFINITY
  await expect(syncRulebook(cache, poorLine, noProgress)).rejects.toMatchObject({ code: 'bad-hash' })
  expect((await cache.current())?.manifest.version).toBe(1)
  const old = await open(cache)
  await old.ensure([42])
  expect(old.product(42)).toEqual(products[41])

  damages = 1
  await syncRulebook(cache, poorLine, noProgress)
  await expectChanged(cache)
})

test('after a broken line only what is missing is fetched', async () => {
  const cache = memoryCache()
  const { server, asked } = serverOf(await publish(1, products))
  let parts = 0
  const broken: RulebookServer = {
    ...server,
    async part(hash) {
      if (++parts === 3) throw new TypeError('no network')
      return server.part(hash)
    },
  }
  await expect(syncRulebook(cache, broken, noProgress)).rejects.toThrow('no network')
  const before = new Set(asked)
  await syncRulebook(cache, server, noProgress)
  expect(new Set(asked).size).toBe(4)
  expect(asked).toHaveLength(4)
  expect(before.size).toBeLessThan(4)
})

test('a manifest whose checksum is not of its parts is refused', async () => {
  const published = await publish(1, products)
  const forged = { ...published.manifest, version: 2 }
  const { server } = serverOf({ ...published, manifest: forged })
  await expect(syncRulebook(memoryCache(), server, noProgress)).rejects.toMatchObject({
    code: 'bad-checksum',
  })
})

test('a part that is damaged on the device stops the index, and is mended by fetching it', async () => {
  const cache = memoryCache()
  const published = await publish(1, products)
  const { server } = serverOf(published)
  const hash = published.manifest.chunks[0]?.hash ?? ''
  cache.parts.set(hash, new Uint8Array([91, 93]))
  await expect(syncRulebook(cache, server, noProgress)).rejects.toMatchObject({ code: 'bad-hash' })
  await refetchPart(cache, server, hash)
  expect(await syncRulebook(cache, server, noProgress)).toBe(true)
})

test('the version before stays for an open cart, older ones go', async () => {
  const cache = memoryCache()
  const { server, release } = serverOf(await publish(1, products))
  await syncRulebook(cache, server, noProgress)
  const old = await open(cache)
  const versions: RulebookProduct[][] = [changed, products.slice(0, 100)]
  release(await publish(2, versions[0] ?? []))
  await syncRulebook(cache, server, noProgress)
  await old.ensure([7])
  expect(old.product(7)?.id).toBe(7)
  release(await publish(3, versions[1] ?? []))
  await syncRulebook(cache, server, noProgress)
  expect(cache.parts.size).toBe(1 + 1 + 4) // their one head, the chunk of version 3, the chunks of version 2
})
