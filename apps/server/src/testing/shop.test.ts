import { liveness } from '@nexus/contract'
import { expect, test } from 'vitest'
import { openShop } from './shop.ts'

test('a shop is the real app on a database of its own', async () => {
  await using shop = await openShop()
  expect(await shop.call(liveness, {})).toEqual({ status: 'live' })
  expect((await shop.fetch('/nowhere')).status).toBe(404)
})
