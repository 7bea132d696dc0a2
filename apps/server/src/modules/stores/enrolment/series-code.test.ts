import { isSeriesCode } from '@nexus/domain'
import { expect, test } from 'vitest'
import { forEachDialect } from '../../../testing/index.ts'
import { contextOn, registerId, setUpStore } from '../testing/world.ts'
import { ownSeriesCodes, takeNextSeriesCode } from './series-code.ts'

test('[JRN-14a] the lives of a register are A to Z, then AA to ZZ, in six characters', () => {
  const codes = [...ownSeriesCodes('KOR', 2)]
  expect(codes.slice(0, 3)).toEqual(['KOR2A', 'KOR2B', 'KOR2C'])
  expect(codes.slice(23, 26)).toEqual(['KOR2Z', 'KOR2AA', 'KOR2AB'])
  expect(codes.at(-1)).toBe('KOR2ZZ')
  expect(codes.every(isSeriesCode)).toBe(true)
  expect(new Set(codes).size).toBe(codes.length)
  expect([...ownSeriesCodes('KOR', 12)]).toHaveLength(24)
})

forEachDialect((dialect) => {
  test('[JRN-14aa] no code is given out twice, whatever store and register ask', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const take = (storeCode: string, number: number) =>
      context.database.write((tx) =>
        takeNextSeriesCode(tx, { id: registerId, storeCode, number }, { now: 0, restored: false }),
      )
    expect(await take('AB', 12)).toBe('AB12A')
    expect(await take('AB1', 2)).toBe('AB12B')
    const given = new Set<string>()
    // One more than register 12 of a store with three letters has lives of its own.
    for (let life = 0; life < 25; life++) given.add(await take('KOR', 12))
    expect(given.size).toBe(25)
    expect([...given].filter((code) => code.startsWith('KOR12'))).toHaveLength(24)
    expect([...given].at(-1)).toMatch(/^Z[A-HJ-NP-Z0-9]{5}$/)
  })

  test('[JRN-14aa] registers that enrol at once get codes of their own', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const codes = await Promise.all(
      Array.from({ length: 8 }, () =>
        context.database.write((tx) =>
          takeNextSeriesCode(
            tx,
            { id: registerId, storeCode: 'KOR', number: 2 },
            { now: 0, restored: false },
          ),
        ),
      ),
    )
    expect(new Set(codes).size).toBe(8)
  })
})
