import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { offerFormats } from '@nexus/contract'
import { expect, test } from 'vitest'
import { commandLine } from './testing/run.ts'

const examples = fileURLToPath(new URL('../../../../docs/examples/', import.meta.url))
const effects = Object.keys(offerFormats)
const page = readFileSync(
  fileURLToPath(new URL('../../../../docs/rulebook-format.md', import.meta.url)),
  'utf8',
)
const rulebook = JSON.parse(readFileSync(`${examples}rulebook.json`, 'utf8')) as {
  offers: { id: number; name: string; effect: string }[]
}
const carts = readdirSync(examples).flatMap((name) => /^cart-(.*)\.json$/.exec(name)?.[1] ?? [])

const priced = async (cart: string, ...options: string[]) => {
  const files = ['--rulebook', `${examples}rulebook.json`, '--cart', `${examples}cart-${cart}.json`]
  return await commandLine().run(['price', ...files, ...options])
}

test('the documented rulebook is good and has an offer of every effect', async () => {
  const { code, output } = await commandLine().run(['rulebook', 'check', `${examples}rulebook.json`])
  expect([code, output]).toEqual([0, expect.stringMatching(/is good\.$/)])
  expect(rulebook.offers.map(({ effect }) => effect).sort()).toEqual(effects.sort())
})

test('the page shows the offer of every effect as it stands in the rulebook, with its cart', () => {
  const shown = [...page.matchAll(/```json\n([\s\S]*?)\n```/g)].map(([, text]) => JSON.parse(text ?? ''))
  for (const offer of rulebook.offers) expect(shown).toContainEqual(offer)
  for (const cart of carts) {
    expect(page).toContain(`(examples/cart-${cart}.json)`)
    expect(page).toContain(`(examples/cart-${cart}.txt)`)
  }
})

test.each(carts)('[PRC-8a] the documented cart %s is priced and explained as its page says', async (cart) => {
  const { code, output } = await priced(cart)
  expect([code, `${output}\n`]).toEqual([0, readFileSync(`${examples}cart-${cart}.txt`, 'utf8')])
  const json = await priced(cart, '--json')
  const { words, priced: figures } = JSON.parse(json.output)
  expect([json.code, words.join('\n')]).toEqual([0, output])
  const paidMinor = figures.lines.reduce(
    (sum: number, line: { paidMinor: number }) => sum + line.paidMinor,
    0,
  )
  expect(paidMinor).toBe(figures.toPayMinor)
})

test.each(effects)('the offer with the effect %s gives something in its cart', async (effect) => {
  const offer = rulebook.offers.find((one) => one.effect === effect)
  const { lines, notApplied } = JSON.parse((await priced(effect, '--json')).output).priced
  const given = lines.flatMap(({ steps }: { steps: { offerId?: number; amountMinor: number }[] }) =>
    steps.filter(({ offerId }) => offerId === offer?.id).map(({ amountMinor }) => amountMinor),
  )
  expect(given.reduce((sum: number, amountMinor: number) => sum + amountMinor, 0)).toBeGreaterThan(0)
  expect(notApplied.map(({ offerId }: { offerId: number }) => offerId)).not.toContain(offer?.id)
})

test('[PRC-5c] --at prices a documented cart at another instant, in the store’s zone', async () => {
  const late = await priced('threshold', '--at', '2026-11-23T22:00:00+05:30')
  expect(late.output).toContain('"Perfume week" did not apply: it does not hold at this time.')
  const utc = await priced('threshold', '--at', '2026-11-23T16:29:59Z')
  expect(utc.output).toContain('offer "Perfume week": -₹599.70')
})
