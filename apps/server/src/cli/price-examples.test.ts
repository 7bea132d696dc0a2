import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { offerFormats } from '@nexus/contract'
import { expect, test } from 'vitest'
import { commandLine } from './testing/run.ts'

const examples = fileURLToPath(new URL('../../../../docs/examples/', import.meta.url))
const effects = Object.keys(offerFormats)
const rulebook = JSON.parse(readFileSync(`${examples}rulebook.json`, 'utf8')) as {
  offers: { id: number; effect: string }[]
}

test('the documented rulebook is good and has an offer of every effect', async () => {
  const { code, output } = await commandLine().run(['rulebook', 'check', `${examples}rulebook.json`])
  expect([code, output]).toEqual([0, expect.stringMatching(/is good\.$/)])
  expect(rulebook.offers.map(({ effect }) => effect).sort()).toEqual(effects.sort())
})

test.each(effects)('the documented cart for %s is priced', async (effect) => {
  const files = ['--rulebook', `${examples}rulebook.json`, '--cart', `${examples}cart-${effect}.json`]
  const { code, output } = await commandLine().run(['price', ...files, '--json'])
  expect(code, output).toBe(0)
  const { priced } = JSON.parse(output)
  const offerId = rulebook.offers.find((offer) => offer.effect === effect)?.id
  const notApplied = priced.notApplied as { offerId: number; condition: { kind: string } }[]
  const against = notApplied.filter((one) => one.offerId === offerId).map(({ condition }) => condition.kind)
  // Each cart is made for its offer: nothing stands against it but that the first engine knows one effect.
  const isUnknown = priced.engine === 1 && effect !== 'percent-off-bill'
  expect(against).toEqual(isUnknown ? ['unknown-effect'] : [])
})
