import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hostileEdits } from '../testing/hostile-edits.ts'
import { commandLine } from './testing/run.ts'

const examples = fileURLToPath(new URL('../../../../docs/examples/', import.meta.url))
const read = (name: string) => JSON.parse(readFileSync(`${examples}${name}`, 'utf8'))

test('nexus price and rulebook check say what is wrong with files of anything, in a sentence', async () => {
  const [book, cartFile] = [read('rulebook.json'), read('cart-by-hand.json')]
  const { folder, run } = commandLine()
  const [bookPath, cartPath] = [join(folder, 'rulebook.json'), join(folder, 'cart.json')]
  const codes = new Set<number>()
  const saidOf = async (...args: string[]) => {
    const { code, output: said } = await run(args)
    codes.add(code)
    expect(code).toBeLessThan(2)
    expect(said).not.toMatch(/undefined|NaN|\[object|at .*\.ts:/)
    if (code === 1) expect(said).toMatch(/\.$/)
  }
  await fc.assert(
    fc.asyncProperty(hostileEdits(book), hostileEdits(cartFile), async (oddBook, oddCart) => {
      writeFileSync(bookPath, oddBook.text)
      writeFileSync(cartPath, JSON.stringify(cartFile))
      await saidOf('rulebook', 'check', bookPath)
      await saidOf('price', '--rulebook', bookPath, '--cart', cartPath)
      writeFileSync(bookPath, JSON.stringify(book))
      writeFileSync(cartPath, oddCart.text)
      await saidOf('price', '--rulebook', bookPath, '--cart', cartPath)
    }),
    { numRuns: 200 },
  )
  expect(codes).toEqual(new Set([0, 1]))
})
