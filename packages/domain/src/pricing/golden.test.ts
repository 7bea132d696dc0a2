import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Case } from '../testing/arbitrary-shop.ts'
import { engines } from './engines.ts'
import { indexRulebook } from './rulebook.ts'
import type { PricedCart } from './types.ts'

const fileOf = (number: string) => new URL(`./golden/engine-${number}.jsonl`, import.meta.url)

test('[PRC-9b] every engine has its golden file', () => {
  expect(Object.keys(engines).filter((number) => !existsSync(fileOf(number)))).toEqual([])
})

test.each(Object.entries(engines))(
  '[PRC-9a] engine %s gives what it gave when it was put in force, to the paisa',
  (number, engine) => {
    const rows = readFileSync(fileOf(number), 'utf8').trim().split('\n')
    expect(rows.length).toBeGreaterThanOrEqual(100)
    for (const row of rows) {
      const { data, cart, context, priced }: Case & { priced: PricedCart } = JSON.parse(row)
      expect(JSON.parse(JSON.stringify(engine(cart, indexRulebook(data), context)))).toEqual(priced)
    }
  },
)
