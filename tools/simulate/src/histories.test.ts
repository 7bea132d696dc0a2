import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { addPlayed, openReport, sharesOf } from './report.ts'
import { playInThread, simulateInThread } from './threads.ts'
import type { FaultKind } from './world/fault-kinds.ts'
import { leastFaults } from './world/simulate.ts'

const HISTORIES = 10_000

/** A seed that found something once. */
type Known = {
  seed: number
  tills?: number
  faults?: FaultKind[]
  found: string
}

// as: written by people and checked by what follows.
const corpus = JSON.parse(readFileSync(new URL('../corpus.json', import.meta.url), 'utf8')) as Known[]

test('[JRN-7a, JRN-7o, JRN-8f, JRN-9j, JRN-10c, JRN-1f, JRN-20g, F28, F67, F68] whatever goes wrong, every history ends with each sale counted once', async () => {
  const report = openReport({
    histories: HISTORIES,
    first: 1,
    tills: undefined,
    faults: undefined,
    defect: undefined,
    allDefects: false,
    jobs: 2,
    report: undefined,
  })
  await Promise.all(
    sharesOf(report).map((share, thread) =>
      playInThread(share, undefined, (played) => addPlayed(report, thread, played)),
    ),
  )
  expect(report).toMatchObject({ histories: HISTORIES, twice: HISTORIES / 100, unequal: [], broken: [] })
  expect(report.faultsLeast).toBeGreaterThanOrEqual(leastFaults)
  expect(Object.keys(report.facts.cuts).length).toBeGreaterThan(30)
}, 3_600_000)

describe('every seed that ever found something', () => {
  test.each(corpus)(
    'seed $seed: $found',
    async ({ seed, tills, faults }) => {
      expect((await simulateInThread(seed, { tills, faults })).violations).toEqual([])
    },
    300_000,
  )
})
