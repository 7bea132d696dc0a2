import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { plantedDefects, simulate } from '@nexus/sync/testing'
import { expect, onTestFinished, test } from 'vitest'
import { readOptions } from './options.ts'
import { type Played, play } from './play.ts'
import { addPlayed, openReport, saveReport, sharesOf } from './report.ts'
import { shorten } from './shorten.ts'

const [[, forgets] = []] = Object.entries(plantedDefects)
if (forgets === undefined) throw new Error('There are planted defects')
const broken = { decide: forgets }

async function firstBroken(): Promise<number> {
  for (let seed = 1; seed <= 200; seed++) {
    if ((await simulate(seed, broken)).violations.length > 0) return seed
  }
  throw new Error('No history finds the defect')
}

test('a story is shortened to the actions that it needs, and breaks the same each time', async () => {
  const seed = await firstBroken()
  const whole = await simulate(seed, broken)
  const { result, without, actions } = await shorten(seed, broken)
  expect(actions).toBeLessThan(20)
  expect(actions + without.size).toBe(60)
  const said = new Set(whole.violations.map((violation) => violation.slice(0, 2)))
  expect(result.violations.some((violation) => said.has(violation.slice(0, 2)))).toBe(true)
  expect(await simulate(seed, { ...broken, without })).toEqual(result)
  // None of those that are left can go.
  const kept = Array.from({ length: 60 }, (_, at) => at + 1).filter((at) => !without.has(at))
  for (const action of kept) {
    const { violations } = await simulate(seed, { ...broken, without: new Set([...without, action]) })
    expect(violations.filter((violation) => said.has(violation.slice(0, 2)))).toEqual([])
  }
  await expect(shorten(seed)).rejects.toThrow(`Seed ${seed} breaks nothing`)
}, 300_000)

test('a range that was stopped goes on where it was, and counts each history once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-simulate-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const report = join(folder, 'report.json')
  const options = { ...range(report), jobs: 2 }
  const opened = openReport(options)
  const [one, other] = sharesOf(opened)
  if (one === undefined || other === undefined) throw new Error('Each thread has a share')
  await play({ ...one, end: 96 }, (played) => addPlayed(opened, 0, played))
  saveReport(report, opened)

  const again = openReport(options)
  expect(again).toEqual(opened)
  const played: Played[] = []
  for (const [thread, share] of sharesOf(again).entries()) {
    await play(share, (some) => {
      played.push(some)
      addPlayed(again, thread, some)
    })
  }
  expect(again).toMatchObject({ histories: 20, broken: [], twice: 1, unequal: [] })
  expect(again.next.every((seed) => seed >= 111)).toBe(true)
  expect(again.faultsLeast).toBe(Math.min(opened.faultsLeast, ...played.map((some) => some.faultsLeast)))
  // Whole as played in one go.
  const inOne = openReport(range(undefined))
  for (const share of sharesOf(inOne)) await play(share, (some) => addPlayed(inOne, 0, some))
  expect(again.facts).toEqual(inOne.facts)
  expect(() => openReport({ ...options, histories: 21 })).toThrow('it is of other histories')
}, 300_000)

function range(report: string | undefined) {
  return {
    histories: 20,
    first: 91,
    tills: undefined,
    defect: undefined,
    jobs: 1,
    report,
  }
}

test.each([
  [['--histories', '0'], '--histories 0: give a whole number from 1 to 10000000'],
  [['--tills', 'many'], '--tills many: give a whole number from 1 to 5'],
  [['--seed', '1.5'], '--seed 1.5: give a whole number from 1 to 2147483648'],
  [['--defect', 'toString'], '--defect toString: there is none of this name. There are: '],
  [['--speed', '1'], "Unknown option '--speed'"],
])('%s is refused with the option and what it must be', (args, message) => {
  expect(() => readOptions(args)).toThrow(message)
})

test('without arguments 200 histories are played in two threads', () => {
  expect(readOptions([])).toMatchObject({ histories: 200, first: 1, jobs: 2, defect: undefined })
  expect(readOptions(['-h'])).toBe('help')
})
