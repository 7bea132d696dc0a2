import type { RulebookHead, RulebookManifest } from '@nexus/contract'
import { internalCode, type RulebookProduct } from '@nexus/domain'
import { canonicalBytes } from '@nexus/sync'
import type { KeptVersion, RulebookCache } from './cache-db.ts'
import { hashOf, partsOf } from './manifest.ts'
import { chunkOf } from './packed.ts'

/** Rulebooks for tests and benchmarks, made of a counter: the same number gives the same product. */

const FAMILIES = [
  'Lip Colour',
  'Face Serum',
  'Hair Oil',
  'Body Wash',
  'Nail Lacquer',
  'Kajal',
  'Day Cream',
  'Sun Gel',
]
const FAMILIES_HI = ['लिप कलर', 'फेस सीरम', 'बालों का तेल', 'बॉडी वॉश', 'नेल लैकर', 'काजल', 'डे क्रीम', 'सन जेल']
const FINISHES = [
  'Matte',
  'Satin',
  'Dewy',
  'Velvet',
  'Glossy',
  'Sheer',
  'Intense',
  'Gentle',
  'Radiant',
  'Classic',
]
const SHADES = [
  'Brick',
  'Rosewood',
  'Neem',
  'Saffron',
  'Coral',
  'Plum',
  'Ivory',
  'Teak',
  'Cocoa',
  'Berry',
  'Marigold',
]
const SYLLABLES = [
  'za',
  'ri',
  'no',
  'lu',
  'me',
  'ka',
  'vi',
  'so',
  'ta',
  'pe',
  'du',
  'hi',
  'ra',
  'mo',
  'se',
  'ju',
]

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T // as: the index is in range

/** An invented word of n, so that a large catalogue has a large vocabulary. */
function inventedWord(n: number): string {
  const parts = [n, Math.floor(n / 16), Math.floor(n / 256)].map((part) => pick(SYLLABLES, part))
  return parts.join('').replace(/^./, (first) => first.toUpperCase())
}

export function makeProduct(id: number, unitMinor = 10_000 + (id % 900) * 100): RulebookProduct {
  const family = pick(FAMILIES, id)
  return {
    id,
    sku: `${family.slice(0, 3).toUpperCase()}-${String(id).padStart(6, '0')}`,
    names: {
      en: `${pick(FINISHES, id >> 3)} ${family} ${inventedWord(id % 3000)} ${pick(SHADES, id >> 5)} ${(id % 40) + 10} ml`,
      hi: `${pick(FAMILIES_HI, id)} ${(id % 40) + 10} मिली`,
    },
    brandId: id % 200,
    categoryId: id % 60,
    hsn: '330499',
    uqc: 'NOS',
    taxClassId: 'gst-18',
    barcodes: [internalCode(id)],
    batches: [
      {
        id: id * 2,
        batchNo: `B${id}`,
        mrpMinor: unitMinor + 5000,
        expiry: { kind: 'use-before', month: '2028-03' },
      },
    ],
    prices: [{ list: 1, unitMinor, from: 0 }],
  }
}

const testHead: RulebookHead = {
  taxClasses: [{ id: 'gst-18', name: 'GST 18%', rates: [{ from: 0, kind: 'taxable', rateBp: 1800 }] }],
  priceLists: [{ id: 1, name: 'Chain', scope: 'chain', scopeId: '', inclusive: true }],
  offers: [],
  rupeeRounding: true,
  brands: Array.from({ length: 200 }, (_, id) => ({ id, name: inventedWord(id * 7) })),
  categories: Array.from({ length: 60 }, (_, id) => ({ id, name: `Category ${id}` })),
}

/** A published version: what a server answers for its manifest and each hash. */
export type Published = { manifest: RulebookManifest; parts: Map<string, Uint8Array> }

export async function publish(version: number, products: readonly RulebookProduct[]): Promise<Published> {
  const parts = new Map<string, Uint8Array>()
  async function keep(value: unknown): Promise<{ hash: string; bytes: number }> {
    const bytes = canonicalBytes(value)
    const hash = await hashOf(bytes)
    parts.set(hash, bytes)
    return { hash, bytes: bytes.length }
  }
  const head = await keep(testHead)
  const chunks: RulebookManifest['chunks'] = []
  for (const [index, rows] of Map.groupBy(products, ({ id }) => chunkOf(id))) {
    chunks.push({ index, rows: rows.length, ...(await keep(rows)) })
  }
  const listed = { version, head: head.hash, chunks: chunks.map(({ index, hash }) => [index, hash]) }
  const checksum = await hashOf(canonicalBytes(listed))
  return { manifest: { version, checksum, signature: '', headHash: head.hash, chunks }, parts }
}

/** The cache without a browser. */
export function memoryCache(): RulebookCache & { parts: Map<string, Uint8Array> } {
  const parts = new Map<string, Uint8Array>()
  let current: KeptVersion | undefined
  let previous: KeptVersion | undefined
  return {
    parts,
    current: async () => current,
    getPart: async (hash) => parts.get(hash),
    putPart: async (hash, bytes) => void parts.set(hash, bytes),
    keptParts: async () => new Set(parts.keys()),
    async swap(next) {
      if (current?.manifest.checksum !== next.manifest.checksum) previous = current
      current = next
      const needed = new Set([next, previous].flatMap((kept) => (kept ? partsOf(kept.manifest) : [])))
      for (const hash of [...parts.keys()]) if (!needed.has(hash)) parts.delete(hash)
    },
  }
}
