import {
  createOffer,
  createProduct,
  getOfferChoices,
  getOfferGoods,
  listOfferConflicts,
  previewOffer,
  publishOffer,
  publishRulebook,
  putTaxClass,
} from '@nexus/contract'
import { expect, test } from 'vitest'
import { administrator, openShop } from '../../../testing/index.ts'
import { addPriceList } from '../../catalogue/index.ts'
import { setUpStores } from '../testing/stores.ts'
import { soap, village } from '../testing/world.ts'

test('what a form looks up is answered to who may see products, and nothing is written', async () => {
  await using shop = await openShop()
  await setUpStores(shop.context)
  const list = { name: 'Selling price', scope: 'chain', scopeId: '', tier: null, inclusive: true } as const
  await addPriceList(shop.context, list, { by: null, how: 'test' })
  const rates = [{ from: 0, kind: 'taxable' as const, rateBp: 1800 }]
  await shop.call(putTaxClass, { params: { taxClassId: 'GST18' }, body: { name: 'GST 18%', rates } })
  await shop.call(createProduct, { body: soap({ sku: 'A-1' }) })
  await shop.call(publishRulebook, { body: { note: '' } })
  const definition = {
    name: 'Soap week',
    effect: 'unit-off',
    priority: 0,
    from: 0,
    selector: { products: [1] },
    off: { percentBp: 1000 },
  }
  const live = await shop.call(createOffer, { body: { definition } })
  await shop.call(publishOffer, { params: { offerId: live.row.id } })
  const draft = await shop.call(createOffer, { body: { definition: { ...definition, name: 'Again' } } })
  const params = { offerId: draft.row.id }

  const reader = shop.as({ ...administrator, permissions: new Set(['products.read'] as const) })
  expect(await reader.call(getOfferChoices, {})).toMatchObject({
    brands: [{ id: 1, name: 'Pears' }],
    categories: [{ id: 1, name: 'Bath' }],
  })
  expect(await reader.call(getOfferGoods, { params })).toEqual({
    products: [{ id: 1, sku: 'A-1', name: 'Soap' }],
  })
  const of = { lines: [{ productId: 1, quantityMilli: 2000 }] }
  const half = { ...definition, off: { percentBp: 5000 } }
  const answer = await reader.call(previewOffer, { body: { ...params, definition: half, of } })
  // The whole answer of the engine comes through, advice too.
  expect(answer).toMatchObject({
    storeId: village,
    without: { toPayMinor: 6300, applied: [{ offerId: live.row.id, applications: 2 }] },
    with: { toPayMinor: 3500, applied: [{ offerId: draft.row.id, applications: 2 }], nudges: [] },
  })
  expect(await reader.call(listOfferConflicts, { params })).toMatchObject({
    total: 1,
    conflicts: [{ offer: { id: live.row.id }, relation: 'competes', products: 1, example: 'Soap' }],
  })

  const cashier = shop.as({ ...administrator, permissions: new Set() })
  for (const call of [
    cashier.call(getOfferChoices, {}),
    cashier.call(getOfferGoods, { params }),
    cashier.call(previewOffer, { body: { definition, of } }),
    cashier.call(listOfferConflicts, { params }),
  ]) {
    await expect(call).rejects.toMatchObject({ code: 'session/not-allowed' })
  }
  const nothing = { bill: { identity: 'x'.repeat(43), document: 0 } }
  const missing = reader.call(previewOffer, { body: { definition, of: nothing } })
  await expect(missing).rejects.toMatchObject({ code: 'bill/not-found' })
})
