import { setupI18n } from '@lingui/core'
import { adviceOn, indexRulebook, price } from '@nexus/domain'
import { everyEffectCase } from '@nexus/domain/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { conditionWords, couponWords, lineTrace, namedBy, nudgeWords } from './trace-words.ts'

const i18n = setupI18n({ locale: 'en', messages: { en: {} } })
const named = namedBy({
  offers: [{ id: 1, name: 'Any 2 from Lips' }],
  products: [{ id: 7, name: 'Matte Lipstick' }],
  priceLists: [{ id: 1, name: 'Chain' }],
})

test('[PRC-8a] the rows of a line add up to what it costs, and each says why', () => {
  fc.assert(
    fc.property(everyEffectCase, ({ data, cart, context }) => {
      const { lines, inclusive } = price(cart, indexRulebook(data), context)
      for (const line of lines) {
        const rows = lineTrace(i18n, line, inclusive, named)
        expect(rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(line.paidMinor)
        for (const { words } of rows) expect(words).not.toMatch(/^trace\.|undefined|\{|\}/)
      }
    }),
    { numRuns: 300 },
  )
})

test('[PRC-8b, PRC-8d, PRC-8e] every reason, outcome and nudge of a cart has a sentence', () => {
  fc.assert(
    fc.property(everyEffectCase, ({ data, cart, context }) => {
      const rulebook = indexRulebook(data)
      const priced = price(cart, rulebook, context)
      const sentences = [
        ...priced.notApplied.map(({ condition }) => conditionWords(i18n, condition, named)),
        ...(priced.coupons ?? []).map(({ outcome }) => couponWords(i18n, outcome, named)),
        ...adviceOn(cart, rulebook, context, priced).nudges.map((nudge) => nudgeWords(i18n, nudge, named)),
      ]
      for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z][^{}]+$/)
    }),
    { numRuns: 200 },
  )
})

test('reasons speak in figures and names', () => {
  expect(conditionWords(i18n, { kind: 'minimum', missingUnits: 1 }, named)).toBe(
    'Needs 1 more unit of its goods',
  )
  expect(conditionWords(i18n, { kind: 'conflict', withOfferId: 1 }, named)).toBe(
    'Gives way to Any 2 from Lips',
  )
  expect(nudgeWords(i18n, { offerId: 1, missingUnits: 1, productId: 7, savesMinor: 15_000 }, named)).toBe(
    'With 1 more of Matte Lipstick, Any 2 from Lips saves ₹150.00',
  )
})
