import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type CartFile, priceCart, type RulebookFormat } from '@nexus/contract'
import { canonicalJson } from '@nexus/sync'
import { expect, test } from 'vitest'
import { openShop } from '../../testing/index.ts'
import { putStore } from '../stores/index.ts'
import { hashOf } from './make-rows.ts'
import { priceOrRefuse } from './price-or-refuse.ts'
import { readRulebookFile } from './rulebook-file.ts'
import { insertHead, insertStandingRows, insertVersion } from './sql.ts'

const examples = fileURLToPath(new URL('../../../../../docs/examples/', import.meta.url))
const carts = readdirSync(examples).flatMap((name) => /^cart-(.*)\.json$/.exec(name)?.[1] ?? [])
const read = (name: string) => readFileSync(`${examples}${name}`, 'utf8')

test('[PRC-9a] POST /v1/price answers every documented cart as the command line does', async () => {
  const data = JSON.parse(read('rulebook.json')) as Required<RulebookFormat>
  const { file } = readRulebookFile(data)
  const [store] = data.stores
  if (!file || !store) throw new Error('the documented rulebook is good')
  await using shop = await openShop()
  await putStore(shop.context, { by: null, how: 'test' }, store.id, {
    code: 'KOR',
    name: 'Koramangala',
    gstin: '29AABCC1234D1Z7',
    state: store.state,
    regionId: store.regionId,
    address: '1 Main Road',
    city: 'Bengaluru',
    pin: '560001',
    phone: '',
    language: 'en',
    cutOver: '04:00',
    active: true,
  })
  // The catalogue has no departments and tags yet, so that the version is written as a publication would.
  const { products, stores, version, ...head } = data
  const headJson = canonicalJson({ ...head, brands: [], categories: [] })
  const headHash = hashOf(headJson)
  await shop.context.database.write(async (tx) => {
    await insertHead(tx, headHash, headJson)
    const rows = products.map((product) => ({ productId: product.id, json: canonicalJson(product) }))
    await insertStandingRows(tx, rows, version)
    const figures = { changeNo: 0, products: rows.length, changes: rows.length, note: '', by: null }
    await insertVersion(tx, {
      version,
      headHash,
      checksum: headHash.toString('base64url'),
      ...figures,
      publishedAt: 0,
    })
  })
  expect(carts.length).toBeGreaterThan(0)
  for (const cart of carts) {
    const body = JSON.parse(read(`cart-${cart}.json`)) as CartFile
    const answer = await shop.call(priceCart, { body })
    expect(`${answer.words.join('\n')}\n`).toBe(read(`cart-${cart}.txt`))
    const { storeId, pricedAt } = answer
    const place = { storeId, regionId: store.regionId, storeState: store.state, placeOfSupply: store.state }
    const priced = priceOrRefuse(body.cart, file.rulebook, { ...place, ...body.context, pricedAt, storeId })
    expect(answer.priced).toEqual(JSON.parse(JSON.stringify(priced)))
  }
})
