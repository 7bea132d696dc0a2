import { expect, test } from 'vitest'
import { forEachDialect } from '../../testing/index.ts'
import { type Counter, forgive, takeAttempt } from './index.ts'

const person: Counter = {
  name: 'sign-in:login:asha',
  patience: { freeFailures: 2, firstDelayMs: 1000, delayMsMax: 5000 },
}
const address: Counter = {
  name: 'sign-in:address:10.0.0.7',
  patience: { freeFailures: 3, firstDelayMs: 1000, delayMsMax: 5000 },
}
const start = 1_000_000_000

forEachDialect((dialect) => {
  test('each failure after the free ones doubles the wait, up to the limit', async () => {
    const database = await dialect.open()
    const take = (now: number) => database.write((tx) => takeAttempt(tx, [person], now))
    let now = start
    const waits: number[] = []
    for (let attempt = 0; attempt < 7; attempt++) {
      expect(await take(now)).toBeUndefined()
      const blockedUntil = await take(now)
      // While nothing is blocked, the second call was a failure of its own.
      waits.push(blockedUntil === undefined ? 0 : blockedUntil - now)
      now = blockedUntil ?? now
    }
    expect(waits).toEqual([0, 1000, 2000, 4000, 5000, 5000, 5000])
  })

  test('guesses sent at once are counted like guesses sent in turn', async () => {
    const database = await dialect.open()
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => database.write((tx) => takeAttempt(tx, [person], start))),
    )
    // Two are free, the third is taken and blocks the rest.
    expect(answers.filter((blockedUntil) => blockedUntil === undefined)).toHaveLength(3)
  })

  test('a right secret clears the person and gives the address one attempt back', async () => {
    const database = await dialect.open()
    const take = () => database.write((tx) => takeAttempt(tx, [address, person], start))
    for (let attempt = 0; attempt < 2; attempt++) expect(await take()).toBeUndefined()
    await database.write((tx) => forgive(tx, [person], [address], start))
    // The address stands at one failure: two more are free, the fourth in a row is taken and blocks.
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(await database.write((tx) => takeAttempt(tx, [address], start))).toBeUndefined()
    }
    expect(await database.write((tx) => takeAttempt(tx, [address], start))).toBeUndefined()
    expect(await database.write((tx) => takeAttempt(tx, [address], start))).toBe(start + 1000)
    expect(await database.write((tx) => takeAttempt(tx, [person], start))).toBeUndefined()
  })

  test('failures of the day before are forgotten', async () => {
    const database = await dialect.open()
    const take = (now: number) => database.write((tx) => takeAttempt(tx, [person], now))
    for (let attempt = 0; attempt < 3; attempt++) await take(start)
    expect(await take(start)).toBe(start + 1000)
    const nextDay = start + 24 * 3600_000 + 1
    expect(await take(nextDay)).toBeUndefined()
    expect(await take(nextDay)).toBeUndefined()
    await database.write((tx) => forgive(tx, [], [], nextDay + 24 * 3600_000 + 1))
    expect(await database.read.selectFrom('attempt').selectAll().execute()).toEqual([])
  })
})
