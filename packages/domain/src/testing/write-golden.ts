import { existsSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { ENGINE, price } from '../pricing/engines.ts'
import { assignItemOffers } from '../pricing/item-offers/assign-item-offers.ts'
import { indexRulebook } from '../pricing/rulebook.ts'
import { itemCase } from './arbitrary-item-offers.ts'
import { everyEffectCase } from './arbitrary-offers.ts'
import { type HardCart, hardCartOf } from './competing-carts.ts'

/**
 * Writes the golden files of the engine in force, one case a line: carts of every effect with what came out
 * (PRC-9a), and hard carts with what its search made of them (PRC-7c). They are written once, when an engine is
 * put in force, and never again: an engine that differs from its files is a new engine (PRC-9b).
 *
 * Run by `npm run golden`; leaves files that exist as they are.
 */
const priced = fc.sample(everyEffectCase, { seed: ENGINE, numRuns: 100 }).map(({ data, cart, context }) => {
  return { data, cart, context, priced: price(cart, indexRulebook(data), context) }
})

/** Lines, offers and units a line at most. */
const shapes = [
  [3, 6, 2],
  [5, 9, 3],
  [5, 30, 3],
  [12, 18, 2],
  [20, 30, 1],
  [8, 12, 400],
] as const
const hard: HardCart[] = [500, 5000, 20_000].flatMap((nodesMax) => [
  ...shapes.flatMap(([lines, offers, units]) =>
    [1, 2, 3].map((seed) => ({ seed, lines, offers, units, nodesMax })),
  ),
  ...[10, 12, 14, 16].map((lines) => ({ seed: lines, lines, nodesMax })),
  ...[18, 30, 42].map((lines) => ({ seed: lines, lines, shelves: true, nodesMax })),
])
/** Of small carts the first ones, and two of which the first search makes a bundle at a loss (PRC-13f). */
const sampled = fc.sample(itemCase(10, 7), { seed: 2, numRuns: 4000 })
const small = [...sampled.slice(0, 60), ...sampled.filter((_, at) => at === 399 || at === 3537)]
const searched = [
  ...hard.map((cart) => ({ cart, ...hardCartOf(cart), nodesMax: cart.nodesMax })),
  ...small.flatMap((cart) => [500, 20_000].map((nodesMax) => ({ cart, ...cart, nodesMax }))),
].map(({ cart, lines, offers, nodesMax }) => {
  const { applications, ...found } = assignItemOffers(lines, offers, nodesMax)
  return { ...cart, nodesMax, found: { ...found, applications: [...applications] } }
})

write(`engine-${ENGINE}`, priced)
write(`searches-${ENGINE}`, searched)

function write(name: string, cases: readonly object[]): void {
  const file = new URL(`../pricing/golden/${name}.jsonl`, import.meta.url)
  if (existsSync(file)) console.log(`${name}: there already, left as it is`)
  else writeFileSync(file, cases.map((each) => `${JSON.stringify(each)}\n`).join(''))
}
