import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { ENGINE, price } from '../pricing/engines.ts'
import { indexRulebook } from '../pricing/rulebook.ts'
import { everyEffectCase } from './arbitrary-offers.ts'

/**
 * Writes the golden file of the engine in force, one case a line: what it priced and what came out
 * (PRC-9a). It is written once, when an engine is put in force, and never again: an engine that
 * differs from its file is a new engine (PRC-9b).
 *
 * Run by `npm run golden`; fails where the file exists.
 */
const file = new URL(`../pricing/golden/engine-${ENGINE}.jsonl`, import.meta.url)
const cases = fc.sample(everyEffectCase, { seed: ENGINE, numRuns: 100 }).map(({ data, cart, context }) => {
  const priced = price(cart, indexRulebook(data), context)
  return `${JSON.stringify({ data, cart, context, priced })}\n`
})
writeFileSync(file, cases.join(''), { flag: 'wx' })
