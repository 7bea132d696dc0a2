import { setTimeout as sleep } from 'node:timers/promises'
import { addDays, localDate, startOfDate } from '@nexus/domain'
import { type DayRoot, type ReceivedRecord, toBase64Url } from '@nexus/sync'
import { expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { startJobs } from '../../../jobs/index.ts'
import { forEachDialect } from '../../../testing/index.ts'
import { sha256 } from '../sha256.ts'
import { openJournalBench } from '../testing/open-for-test.ts'
import { closeDay, dayRootJob } from './close-day.ts'

const anyLease = { hold: async () => undefined }
const minuteMs = 60_000
const dayMs = 86_400_000

async function daysOf(database: Database): Promise<(DayRoot & { hash: string })[]> {
  const rows = await database.read.selectFrom('journal_day').selectAll().orderBy('day').execute()
  return rows.map(({ record, hash }) => ({ ...JSON.parse(record), hash: toBase64Url(hash) }))
}

async function receivedOn(database: Database, day: string): Promise<ReceivedRecord[]> {
  const rows = await database.read
    .selectFrom('journal_received')
    .select('record')
    .where('day', '=', day)
    .orderBy('leaf')
    .execute()
  return rows.map(({ record }) => JSON.parse(record))
}

forEachDialect((dialect) => {
  test('[JRN-17c] a day ends at midnight in Kolkata; each slot is in the root of the day that received it, once', async () => {
    const bench = await openJournalBench(await dialect.open())
    const { database } = bench.context
    const today = localDate(bench.clock.now())
    const midnight = startOfDate(addDays(today, 1))
    const till = bench.till()
    bench.clock.set(midnight - 1)
    await bench.journal.push(bench.callerOf(till), till.push())
    bench.clock.set(midnight)
    till.sale()
    await bench.journal.push(bench.callerOf(till), till.push(2))
    bench.clock.set(midnight + 4 * minuteMs)
    expect(await closeDay(bench.context, anyLease)).toBeUndefined()
    bench.clock.set(midnight + 5 * minuteMs)
    expect(await closeDay(bench.context, anyLease)).toBe(today)
    expect(await closeDay(bench.context, anyLease)).toBeUndefined()
    expect(await receivedOn(database, today)).toMatchObject([
      { epoch: till.epoch, fromSeq: 1, toSeq: 1, hash: till.entries[0]?.hash, receivedAt: midnight - 1 },
    ])
    bench.clock.advance(dayMs)
    await closeDay(bench.context, anyLease)
    expect(await receivedOn(database, addDays(today, 1))).toMatchObject([
      { fromSeq: 2, toSeq: 2, hash: till.lastHash },
    ])
  })

  test('[JRN-17c] days without entries have a root too, and each names the one before', async () => {
    const bench = await openJournalBench(await dialect.open())
    const { database } = bench.context
    const first = localDate(bench.clock.now())
    const till = bench.till()
    await bench.journal.push(bench.callerOf(till), till.push())
    bench.clock.advance(3 * dayMs)
    // The server was away for three days: what was missed comes one after the other.
    for (let day = 0; day < 3; day++) {
      expect(await closeDay(bench.context, anyLease)).toBe(addDays(first, day))
    }
    expect(await closeDay(bench.context, anyLease)).toBeUndefined()
    const days = await daysOf(database)
    expect(days.map(({ leaves }) => leaves)).toEqual([1, 0, 0])
    expect(days.map(({ previous }) => previous)).toEqual([null, days[0]?.hash, days[1]?.hash])
    expect(days[1]?.root).toBe(toBase64Url(sha256(new Uint8Array())))
  })

  test('[JRN-17c] nothing is signed before the first entry, or without the lease', async () => {
    const bench = await openJournalBench(await dialect.open())
    bench.clock.advance(dayMs)
    expect(await closeDay(bench.context, anyLease)).toBeUndefined()
    const till = bench.till()
    await bench.journal.push(bench.callerOf(till), till.push())
    bench.clock.advance(dayMs)
    const lost = { hold: () => Promise.reject(new Error('lost')) }
    await expect(closeDay(bench.context, lost)).rejects.toThrow('lost')
    expect(await daysOf(bench.context.database)).toEqual([])
  })

  test('[JRN-17c] of several workers one signs each day', async () => {
    const bench = await openJournalBench(await dialect.open())
    const till = bench.till()
    await bench.journal.push(bench.callerOf(till), till.push())
    bench.clock.advance(4 * dayMs)
    // Without a lease between them, as if two believed to hold it.
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => closeDay(bench.context, anyLease)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0)
    for (let day = 0; day < 4; day++) await closeDay(bench.context, anyLease)
    const days = await daysOf(bench.context.database)
    expect(days.length).toBe(4)
    expect(days.map(({ leaves }) => leaves)).toEqual([1, 0, 0, 0])
  })

  test('[JRN-17c] the worker closes what was missed by itself', async () => {
    const bench = await openJournalBench(await dialect.open())
    const till = bench.till()
    await bench.journal.push(bench.callerOf(till), till.push())
    bench.clock.advance(3 * dayMs)
    const jobs = startJobs(bench.context, [dayRootJob(bench.context)])
    onTestFinished(() => jobs.stop())
    for (let tries = 0; tries < 400 && (await daysOf(bench.context.database)).length < 3; tries++) {
      await sleep(25)
    }
    expect((await daysOf(bench.context.database)).length).toBe(3)
    await jobs.stop()
  })
})
