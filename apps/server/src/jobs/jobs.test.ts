import { pino } from 'pino'
import { Registry } from 'prom-client'
import { expect, test, vi } from 'vitest'
import type { Database } from '../db/database.ts'
import { isDuplicateKey } from '../db/errors.ts'
import { forEachDialect } from '../testing/databases.ts'
import { testClock } from '../testing/shop.ts'
import { startJobs } from './runner.ts'
import { isLeaseOf, listJobs, renewLease, takeLease } from './sql.ts'

const contextOf = (database: Database) => ({
  database,
  clock: testClock(),
  log: pino({ level: 'silent' }),
  metrics: new Registry(),
})

forEachDialect((dialect) => {
  test('one worker at a time holds a job, and the next gets a higher fence when the lease has run out', async () => {
    const database = await dialect.open()
    const take = (holder: string, now: number) =>
      database.write((tx) => takeLease(tx, { name: 'j', holder, now, until: now + 100, seize: false }))
    expect(await take('a', 1000)).toBe(1)
    expect(await take('b', 1050)).toBeUndefined()
    expect(await take('b', 1100)).toBe(2)
    await database.write(async (tx) => {
      expect(await isLeaseOf(tx, 'j', 1)).toBe(false)
      expect(await isLeaseOf(tx, 'j', 2)).toBe(true)
      expect(await renewLease(tx, { name: 'j', fence: 1, until: 9999, ranAt: null, failure: null })).toBe(
        false,
      )
      expect(await renewLease(tx, { name: 'j', fence: 2, until: 0, ranAt: 1150, failure: null })).toBe(true)
    })
    expect(await take('a', 1160)).toBe(3)
  })

  test('of workers that race for a job exactly one gets it, the first time and every other', async () => {
    const database = await dialect.open()
    const race = async (now: number) => {
      const fences = await Promise.all(
        ['a', 'b', 'c', 'd'].map((holder) => {
          const wanted = { name: 'j', holder, now, until: now + 100, seize: false }
          return database
            .write((tx) => takeLease(tx, wanted))
            .catch((error: unknown) => {
              if (!isDuplicateKey(error)) throw error
              return undefined
            })
        }),
      )
      return fences.filter((fence) => fence !== undefined)
    }
    for (let round = 1; round <= 10; round++) expect(await race(round * 1000)).toEqual([round])
  })

  test('a job runs again after a failure, says what failed, and gives its lease back when stopped', async () => {
    const database = await dialect.open()
    const context = contextOf(database)
    let runs = 0
    const jobs = startJobs(context, [
      {
        name: 'j',
        everyMs: 1,
        async run() {
          runs++
          if (runs === 1) throw new Error('first try fails')
          return false
        },
      },
    ])
    await vi.waitFor(() => expect(runs).toBeGreaterThan(2), { timeout: 20_000 })
    expect((await listJobs(database.read))[0]).toMatchObject({ fence: 1, failure: 'first try fails' })
    await jobs.stop()
    const after = runs
    expect((await listJobs(database.read))[0]).toMatchObject({
      lease_until: 0,
      failure: null,
      ran_at: context.clock.now(),
    })
    expect(await context.metrics.metrics()).toContain('nexus_job_failures_total{job="j"} 1')
    expect(runs).toBe(after)
  })
})
