import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { Counter } from 'prom-client'
import type { Context } from '../context.ts'
import { isDuplicateKey } from '../db/errors.ts'
import { type Lease, LeaseLost, leaseOf } from './lease.ts'
import { renewLease, takeLease } from './sql.ts'

/** Work that one worker at a time does again and again. */
export type Job = {
  name: string
  /** Pause after a run that found nothing more to do. */
  everyMs: number
  /** One round of work, short of the lease. True: there is more, run again at once. */
  run(lease: Lease): Promise<boolean>
}

const leaseMs = 30_000
const retryMsMax = 30_000

export type Jobs = {
  /** Lets rounds under way finish, gives the leases back, and resolves. */
  stop(): Promise<void>
}

/** Runs jobs until stopped. A round that throws is logged and tried again, later each time. */
export function startJobs(
  context: Pick<Context, 'database' | 'clock' | 'log' | 'metrics'>,
  jobs: readonly Job[],
): Jobs {
  const stopping = new AbortController()
  const failures = new Counter({
    name: 'nexus_job_failures_total',
    help: 'Rounds of background work that failed, by job.',
    labelNames: ['job'],
    registers: [context.metrics],
  })
  const loops = jobs.map((job) => loop(context, job, stopping.signal, () => failures.inc({ job: job.name })))
  return {
    async stop() {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}

/** Somebody else was first with a job that never ran before. */
function raceLost(error: unknown): undefined {
  if (!isDuplicateKey(error)) throw error
}

async function loop(
  { database, clock, log }: Pick<Context, 'database' | 'clock' | 'log'>,
  job: Job,
  signal: AbortSignal,
  countFailure: () => void,
): Promise<void> {
  const holder = `${hostname().slice(0, 20)}:${process.pid}:${randomUUID().slice(0, 8)}`
  // SQLite has one server, by the lock of its folder: whoever held the lease is gone.
  const seize = database.dialect === 'sqlite'
  let fence: number | undefined
  let until = 0
  let ranAt: number | null = null
  let failed = 0
  while (!signal.aborted) {
    let more = false
    try {
      const now = clock.now()
      if (fence !== undefined && until - now < leaseMs / 2) {
        const renewed = { name: job.name, fence, until: now + leaseMs, ranAt, failure: null }
        until = renewed.until
        if (!(await database.write((tx) => renewLease(tx, renewed)))) fence = undefined
      }
      if (fence === undefined) {
        until = now + leaseMs
        const wanted = { name: job.name, holder, now, until, seize }
        fence = await database.write((tx) => takeLease(tx, wanted)).catch(raceLost)
      }
      if (fence !== undefined) {
        more = await job.run(leaseOf(job.name, fence))
        ranAt = clock.now()
        failed = 0
      }
    } catch (error) {
      if (error instanceof LeaseLost) {
        fence = undefined
      } else {
        failed++
        countFailure()
        log.error({ err: error, job: job.name, failed }, 'a job failed; it is tried again')
        if (fence !== undefined) await note(error, fence)
      }
    }
    if (!more) await pause(failed > 0 ? Math.min(retryMsMax, job.everyMs * 2 ** failed) : job.everyMs)
  }
  if (fence !== undefined) {
    const ended = { name: job.name, fence, until: 0, ranAt, failure: null }
    await database
      .write((tx) => renewLease(tx, ended))
      .catch((error: unknown) => {
        log.warn({ err: error, job: job.name }, 'a lease could not be given back; it runs out by itself')
      })
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal }).catch(() => undefined)
  }

  async function note(error: unknown, held: number): Promise<void> {
    const failure = error instanceof Error ? error.message : String(error)
    const noted = { name: job.name, fence: held, until: clock.now() + leaseMs, ranAt, failure }
    // The log has it already; the row is for people who look at the back office.
    await database.write((tx) => renewLease(tx, noted)).catch(() => undefined)
  }
}
