import {
  changeOffer,
  copyOffer,
  createOffer,
  createProduct,
  getOffer,
  getRulebook,
  listOffers,
  publishOffer,
  putTaxClass,
  removeOffer,
  stopOffer,
} from '@nexus/contract'
import { expect, test } from 'vitest'
import { administrator, openShop } from '../../../testing/index.ts'
import { addPriceList } from '../../catalogue/index.ts'
import { soap } from '../testing/world.ts'

test('an offer goes from draft to tills and out again, each by a rulebook version of its own', async () => {
  await using shop = await openShop()
  const list = { name: 'Selling price', scope: 'chain', scopeId: '', tier: null, inclusive: true } as const
  await addPriceList(shop.context, list, { by: null, how: 'test' })
  const rates = [{ from: 0, kind: 'taxable' as const, rateBp: 1800 }]
  await shop.call(putTaxClass, { params: { taxClassId: 'GST18' }, body: { name: 'GST 18%', rates } })
  await shop.call(createProduct, { body: soap({ sku: 'A-1' }) })
  const newest = async () => (await shop.call(getRulebook, {})).versions[0]

  const definition = { name: 'Soap week', effect: 'unit-off', priority: 0, from: 0 }
  const draft = await shop.call(createOffer, { body: { definition } })
  expect(draft.row).toMatchObject({ status: 'draft', effect: 'unit-off', revision: 1 })
  expect(draft.faults.map(({ field }) => field)).toEqual(expect.arrayContaining(['selector', 'off']))
  const params = { offerId: draft.row.id }
  await expect(shop.call(publishOffer, { params })).rejects.toMatchObject({ code: 'offer/has-faults' })
  const whole = { ...definition, selector: { brands: [1] }, off: { percentBp: 500 } }
  const changed = await shop.call(changeOffer, { params, body: { revision: 1, definition: whole } })
  expect(changed.faults).toEqual([])

  const reader = shop.as({ ...administrator, permissions: new Set(['products.read'] as const) })
  await expect(reader.call(publishOffer, { params })).rejects.toMatchObject({ code: 'session/not-allowed' })
  const begun = await shop.call(publishOffer, { params })
  expect(begun.offer.row.status).toBe('live')
  expect(await newest()).toMatchObject({ version: begun.version, note: 'Offer begins: Soap week' })
  const stopped = await shop.call(stopOffer, { params })
  expect(stopped).toMatchObject({ version: begun.version + 1, offer: { row: { status: 'stopped' } } })

  const copy = await shop.call(copyOffer, { params })
  expect((await reader.call(listOffers, { query: { status: 'draft' } })).rows).toEqual([copy.row])
  await shop.call(removeOffer, { params: { offerId: copy.row.id } })
  await expect(shop.call(getOffer, { params: { offerId: copy.row.id } })).rejects.toMatchObject({
    code: 'offer/not-found',
  })
})
