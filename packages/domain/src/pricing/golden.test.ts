import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ItemCase } from '../testing/arbitrary-item-offers.ts'
import type { Case } from '../testing/arbitrary-shop.ts'
import { type HardCart, hardCartOf } from '../testing/competing-carts.ts'
import { engines } from './engines.ts'
import { type Assignment, assignItemOffers } from './item-offers/assign-item-offers.ts'
import { indexRulebook } from './rulebook.ts'
import type { PricedCart } from './types.ts'

const fileOf = (number: string) => new URL(`./golden/engine-${number}.jsonl`, import.meta.url)
const rowsOf = (file: URL) => readFileSync(file, 'utf8').trim().split('\n')

test('[PRC-9b] every engine has its golden file', () => {
  expect(Object.keys(engines).filter((number) => !existsSync(fileOf(number)))).toEqual([])
})

test.each(Object.entries(engines))(
  '[PRC-9a] engine %s gives what it gave when it was put in force, to the paisa',
  (number, engine) => {
    const rows = rowsOf(fileOf(number))
    expect(rows.length).toBeGreaterThanOrEqual(100)
    for (const row of rows) {
      const { data, cart, context, priced }: Case & { priced: PricedCart } = JSON.parse(row)
      expect(JSON.parse(JSON.stringify(engine(cart, indexRulebook(data), context)))).toEqual(priced)
    }
  },
)

type Found = Omit<Assignment, 'applications'> & { applications: [number, number][] }
type Searched = (HardCart | (ItemCase & { nodesMax: number })) & { found: Found }

const searched: Searched[] = rowsOf(new URL('./golden/searches-2.jsonl', import.meta.url)).map((row) =>
  JSON.parse(row),
)

/** A search that looks elsewhere finds other discounts where it is cut, so its every node belongs to its engine. */
test.each(searched.entries().toArray())(
  '[PRC-7c, PRC-9a] engine 2 searches cart %i as when it was put in force, node by node',
  (_, { found, ...cart }) => {
    const { lines, offers } = 'seed' in cart ? hardCartOf(cart) : cart
    const { applications, ...rest } = assignItemOffers(lines, offers, cart.nodesMax)
    expect({ ...rest, applications: [...applications] }).toEqual(found)
  },
)
