import {
  createPriceList,
  listAudit,
  listPriceLists,
  type PriceListBody,
  renamePriceList,
} from '@nexus/contract'
import { expect, test } from 'vitest'
import { administrator, openShop, type Shop } from '../../testing/index.ts'
import { putStore } from '../stores/index.ts'

const village = '01890000-0000-7000-8000-0000000000a2'
const chain: PriceListBody = {
  name: 'Selling price',
  scope: 'chain',
  scopeId: '',
  tier: null,
  inclusive: true,
}

async function openWithStore(): Promise<Shop> {
  const shop = await openShop()
  await putStore(shop.context, { by: null, how: 'test' }, village, {
    code: 'VIL',
    name: 'Village',
    gstin: '29AABCC1234D1Z7',
    state: '29',
    regionId: 'south',
    address: '1 Main Road',
    city: 'Town',
    pin: '560001',
    phone: '',
    language: 'en',
    cutOver: '04:00',
    active: true,
  })
  return shop
}

test('[PRC-4a] lists of chain, region, store and tier are added once, however often they are sent', async () => {
  await using shop = await openWithStore()
  const lists: PriceListBody[] = [
    chain,
    { ...chain, name: 'South', scope: 'region', scopeId: 'south' },
    { ...chain, name: 'Village', scope: 'store', scopeId: village },
    { ...chain, name: 'Members', tier: 'member' },
  ]
  for (const [index, body] of lists.entries()) {
    const made = { id: index + 1, ...body }
    expect(await shop.call(createPriceList, { body })).toEqual(made)
    expect(
      await shop.call(createPriceList, { body: { ...body, name: ` ${body.name.toUpperCase()}` } }),
    ).toEqual(made)
  }
  expect((await shop.call(listPriceLists, {})).priceLists).toHaveLength(4)
})

test('[PRC-4d] a list that tills could not use is refused at its field', async () => {
  await using shop = await openWithStore()
  await shop.call(createPriceList, { body: chain })
  const faultOf = async (change: Partial<PriceListBody>) =>
    await shop
      .call(createPriceList, { body: { ...chain, name: 'Other', ...change } })
      .catch(({ code, errors }) => [code, errors[0]?.field])
  expect(await faultOf({ inclusive: false })).toEqual(['request/invalid', 'inclusive'])
  expect(await faultOf({ scope: 'store', scopeId: 'moon' })).toEqual(['request/invalid', 'scopeId'])
  expect(await faultOf({ scope: 'region', scopeId: '' })).toEqual(['request/invalid', 'scopeId'])
  expect(await faultOf({ scopeId: village })).toEqual(['request/invalid', 'scopeId'])
  expect(await faultOf({ name: ' ' })).toEqual(['request/invalid', 'name'])
  expect(await faultOf({ name: 'selling PRICE', tier: 'member' })).toEqual([
    'price-list/name-taken',
    undefined,
  ])
})

test('a list gets another name and nothing else, and the audit says who did it', async () => {
  await using shop = await openWithStore()
  await shop.call(createPriceList, { body: chain })
  await shop.call(createPriceList, { body: { ...chain, name: 'Members', tier: 'member' } })
  const rename = async (priceListId: number, name: string) =>
    await shop.call(renamePriceList, { params: { priceListId }, body: { name } })
  for (let time = 0; time < 2; time++) {
    expect(await rename(2, ' Gold  club ')).toEqual({ id: 2, ...chain, name: 'Gold club', tier: 'member' })
  }
  await expect(rename(2, 'selling price')).rejects.toMatchObject({ code: 'price-list/name-taken' })
  await expect(rename(3, 'x')).rejects.toMatchObject({ code: 'price-list/not-found' })
  const { rows } = await shop.call(listAudit, { query: { subject: 'price-list', subjectId: '2' } })
  expect(rows.map(({ label }) => label)).toEqual(['Gold club', 'Members'])
  const buyer = shop.as({ ...administrator, permissions: new Set(['products.write']) })
  await expect(buyer.call(createPriceList, { body: chain })).rejects.toMatchObject({
    code: 'session/not-allowed',
  })
})
