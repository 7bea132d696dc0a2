import { createHash, generateKeyPairSync } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { ProductBody, RulebookManifest } from '@nexus/contract'
import type { RulebookProduct } from '@nexus/domain'
import { canonicalBytes } from '@nexus/sync'
import { pino } from 'pino'
import type { Database } from '../../../db/database.ts'
import { type TestClock, testClock } from '../../../testing/index.ts'
import {
  addPriceList,
  addProducts,
  changeProduct,
  getProductById,
  putTaxClass,
} from '../../catalogue/index.ts'
import { openManifests } from '../manifests.ts'
import { publishRulebook } from '../publish-rulebook.ts'
import { findPart } from '../sql.ts'

export const airport = '01890000-0000-7000-8000-0000000000a1'
export const village = '01890000-0000-7000-8000-0000000000a2'
const author = { by: null, how: 'test' }
/** List 1 is the chain's, 2 the airport's own, 3 of the region, 4 for members. */
const lists = [
  { name: 'Selling price', scope: 'chain', scopeId: '', tier: null },
  { name: 'Airport', scope: 'store', scopeId: airport, tier: null },
  { name: 'South', scope: 'region', scopeId: 'south', tier: null },
  { name: 'Members', scope: 'chain', scopeId: '', tier: 'member' },
] as const

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const hqPublicKey = keys.publicKey
const hq = { privateKey: keys.privateKey, publicKeySpki: '', keyId: '' }
const nothing = Buffer.alloc(0)

export function soap(change: Partial<ProductBody> = {}): ProductBody {
  return {
    sku: '',
    names: { en: 'Soap' },
    brand: 'Pears',
    category: 'Bath',
    hsn: '34011190',
    uqc: 'NOS',
    taxClassId: 'GST18',
    active: true,
    barcodes: [],
    batches: [],
    prices: [price(1, 3500)],
    ...change,
  }
}

export const price = (listId: number, unitMinor: number, from = 0) => ({
  listId,
  unitMinor,
  from,
  until: null,
})

/** A chain with tax classes and price lists, ready to publish. */
export async function openWorld(database: Database, clock: TestClock = testClock()) {
  const secrets = { enrolment: hq, hq, token: nothing, pepper: nothing, sealing: nothing }
  const context = { database, clock, secrets, log: pino({ level: 'silent' }) }
  const rates = (rateBp: number) => [{ from: 0, kind: 'taxable' as const, rateBp }]
  await putTaxClass(context, { id: 'GST18', name: 'GST 18%', rates: rates(1800) }, author)
  await putTaxClass(context, { id: 'GST5', name: 'GST 5%', rates: rates(500) }, author)
  for (const list of lists) await addPriceList(context, { ...list, inclusive: true }, author)
  return {
    ...context,
    add: async (...products: ProductBody[]) => await addProducts(context, products, author),
    /** The next product gets this id. */
    async skipTo(productId: number) {
      await database.write((tx) =>
        tx
          .updateTable('catalogue_counter')
          .set({ product_no: productId - 1 })
          .execute(),
      )
    },
    async edit(productId: number, change: Partial<ProductBody>) {
      const { id, internalCode, changedAt, ...before } = await getProductById(database.read, productId)
      await changeProduct(context, productId, { ...before, ...change }, author)
    },
    publish: async (note = '') => await publishRulebook(context, { note, by: 'Asha' }),
    manifest: async (storeId: string) => await openManifests(context).newest(storeId),
    /** Rows of a manifest by product, each part proved by its hash as a till does. */
    async rows(manifest: RulebookManifest): Promise<Map<number, RulebookProduct>> {
      const rows = new Map<number, RulebookProduct>()
      for (const { index, hash, rows: count, bytes: length } of manifest.chunks) {
        const bytes = gunzipSync((await findPart(database.read, Buffer.from(hash, 'base64url'))) ?? nothing)
        if (sha256(bytes) !== hash || bytes.length !== length)
          throw new Error(`chunk ${index} is not its hash`)
        const products = JSON.parse(bytes.toString()) as RulebookProduct[]
        if (products.length !== count) throw new Error(`chunk ${index} has another count`)
        if (!Buffer.from(canonicalBytes(products)).equals(bytes)) throw new Error('a chunk is canonical JSON')
        for (const product of products) rows.set(product.id, product)
      }
      return rows
    },
  }
}
export type World = Awaited<ReturnType<typeof openWorld>>

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url')
}
