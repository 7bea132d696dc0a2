import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { patched } from './cores/load-cores.ts'
import { defects } from './defects/defects.ts'
import { type Options, readOptions } from './options.ts'
import type { Played } from './play.ts'
import { addPlayed, openReport, saveReport, sharesOf } from './report.ts'
import { playInThread, shortenInThread, simulateInThread } from './threads.ts'

const defect = 'believes any head'

/** The first seed that finds the defect, and what it breaks. */
async function firstBroken(): Promise<{ seed: number; violations: string[] }> {
  let found: { seed: number; violations: string[] } | undefined
  await playInThread({ first: 1, end: 500, step: 1, stopsAtFirst: true }, defect, ({ broken }) => {
    found = broken[0] ?? found
  })
  if (found === undefined) throw new Error('No history finds the defect')
  return found
}

test('a story is shortened to the actions that it needs, and breaks the same each time', async () => {
  const { seed, violations } = await firstBroken()
  const { result, without, actions } = await shortenInThread(seed, {}, defect)
  expect(actions).toBeLessThan(20)
  expect(actions + without.length).toBe(result.actions)
  const said = new Set(violations.map((violation) => violation.split(':')[0]))
  expect(result.violations.some((violation) => said.has(violation.split(':')[0]))).toBe(true)
  expect(result.story.length).toBeGreaterThan(5)
  expect(await simulateInThread(seed, { defect, without, actions: result.actions })).toEqual(result)
  await expect(shortenInThread(seed, {})).rejects.toThrow(`Seed ${seed} breaks nothing`)
}, 300_000)

test('a history is the same whether things are remembered or worked out and copied each time', async () => {
  for (const seed of [4, 11]) {
    const fast = await simulateInThread(seed)
    expect(await simulateInThread(seed, { copies: true })).toEqual(fast)
    expect(fast.facts.faults).toBeGreaterThanOrEqual(15)
  }
}, 300_000)

test('only the kinds of faults that were asked for are played', async () => {
  const { facts, violations } = await simulateInThread(5, { faults: ['crash', 'clock'] })
  expect(Object.keys(facts.kinds).sort()).toEqual(['clock', 'crash'])
  expect(violations).toEqual([])
}, 300_000)

test('a range that was stopped goes on where it was, and counts each history once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-simulate-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const report = join(folder, 'report.json')
  const options: Options = { ...range(report), jobs: 2 }
  const opened = openReport(options)
  const [one, other] = sharesOf(opened)
  if (one === undefined || other === undefined) throw new Error('Each thread has a share')
  await playInThread({ ...one, end: 96 }, undefined, (played) => addPlayed(opened, 0, played))
  saveReport(report, opened)

  const again = openReport(options)
  expect(again).toEqual(opened)
  const played: Played[] = []
  for (const [thread, share] of sharesOf(again).entries()) {
    await playInThread(share, undefined, (some) => {
      played.push(some)
      addPlayed(again, thread, some)
    })
  }
  expect(again).toMatchObject({ histories: 20, broken: [], twice: 1, unequal: [] })
  expect(again.next.every((seed) => seed >= 111)).toBe(true)
  expect(again.faultsLeast).toBe(Math.min(opened.faultsLeast, ...played.map((some) => some.faultsLeast)))
  // Whole as played in one go.
  const inOne = openReport(range(undefined))
  for (const share of sharesOf(inOne)) {
    await playInThread(share, undefined, (some) => addPlayed(inOne, 0, some))
  }
  expect(again.facts).toEqual(inOne.facts)
  expect(() => openReport({ ...options, histories: 21 })).toThrow('it is of other histories')
}, 300_000)

function range(report: string | undefined): Options {
  return {
    histories: 20,
    first: 91,
    tills: undefined,
    faults: undefined,
    defect: undefined,
    allDefects: false,
    jobs: 1,
    report,
  }
}

describe('defects', () => {
  test('every text that a defect changes stands in its file once', () => {
    expect(defects.length).toBeGreaterThanOrEqual(25)
    for (const { patches } of defects) {
      for (const patch of patches) {
        const source = readFileSync(new URL(`../../../${patch.file}`, import.meta.url), 'utf8')
        expect(patched(source, patch)).not.toBe(source)
      }
    }
  })

  test('a text that is there no more, or more than once, is told', () => {
    const patch = { file: 'some.ts', find: 'guard()', put: '' }
    expect(() => patched('open()', patch)).toThrow(
      'some.ts: the text to change stands there no more: guard()',
    )
    expect(() => patched('guard(); guard(); guard()', patch)).toThrow('more than once')
  })
})

test.each([
  [['--histories', '0'], '--histories 0: give a whole number from 1 to 10000000'],
  [['--tills', 'many'], '--tills many: give a whole number from 1 to 4'],
  [['--seed', '1.5'], '--seed 1.5: give a whole number from 1 to 2147483648'],
  [['--defect', 'toString'], '--defect toString: there is none of this name. There are: '],
  [['--faults', 'crash,rain'], '--faults rain: there is no such kind. There are: crash, '],
  [['--speed', '1'], "Unknown option '--speed'"],
])('%s is refused with the option and what it must be', (args, message) => {
  expect(() => readOptions(args)).toThrow(message)
})

test('without arguments 200 histories are played in two threads', () => {
  expect(readOptions([])).toMatchObject({ histories: 200, first: 1, jobs: 2, defect: undefined })
  expect(readOptions(['--faults', 'crash, clock'])).toMatchObject({ faults: ['crash', 'clock'] })
  expect(readOptions(['-h'])).toBe('help')
})
