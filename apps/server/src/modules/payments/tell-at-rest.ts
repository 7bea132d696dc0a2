import type { Context } from '../../context.ts'
import type { Job } from '../../jobs/index.ts'
import { noteIncidents, notTold } from '../journal/index.ts'
import { lookBackMs, restMs, troubles } from './check-payments.ts'
import { incidentOf } from './payment-incidents.ts'
import { attemptFaults, attemptsWith } from './sql.ts'

/** Tells people, each once, of attempts at rest that lack something or do not fit together (I9). */
export function paymentsAtRestJob({ database, clock }: Pick<Context, 'database' | 'clock'>): Job {
  return {
    name: 'payments-at-rest',
    everyMs: 600_000,
    async run() {
      const now = clock.now()
      const rested = { after: now - lookBackMs, before: now - restMs }
      for (const fault of attemptFaults) {
        for await (const attempts of attemptsWith(database.read, fault, rested)) {
          const incidents = attempts.map((attempt) => incidentOf(troubles[fault], attempt, now))
          const untold = await notTold(database.read, incidents)
          if (untold.length > 0) await database.write((tx) => noteIncidents(tx, untold))
        }
      }
      return false
    },
  }
}
