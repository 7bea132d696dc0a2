import type { Tx } from '../db/database.ts'
import { isLeaseOf } from './sql.ts'

/** The right to run a job, as long as nobody else has taken it. */
export type Lease = {
  /** Throws `LeaseLost` when another worker has taken over; call it in every transaction that writes. */
  hold(tx: Tx): Promise<void>
}

/** Another worker runs this job now; what this one was about to write is not written. */
export class LeaseLost extends Error {
  constructor(job: string) {
    super(`another worker has taken over the job ${job}`)
    this.name = 'LeaseLost'
  }
}

export function leaseOf(job: string, fence: number): Lease {
  return {
    async hold(tx) {
      if (!(await isLeaseOf(tx, job, fence))) throw new LeaseLost(job)
    },
  }
}
