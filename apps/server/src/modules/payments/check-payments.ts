import type { Db } from '../../db/database.ts'
import { uuidText } from '../../db/uuid.ts'
import { notTold } from '../journal/index.ts'
import { foldAttempt } from './fold-attempt.ts'
import { incidentOf, type PaymentTrouble } from './payment-incidents.ts'
import { type AttemptFault, attemptFaults, attemptsSince, attemptsWith, stepsOf } from './sql.ts'
import type { PaymentAttemptTable } from './tables.ts'

/** An attempt is at rest once nothing has arrived about it for so long: what it lacks then is told to people. */
export const restMs = 2 * 3_600_000
/** How long people may not know: the job that tells them runs far more often. */
const graceMs = 3_600_000
/** Attempts that were touched within so long are looked at; older ones were, while they were young. */
export const lookBackMs = 30 * 86_400_000
/** Attempts that changed within so long are folded again and compared. */
const foldedMs = 2 * 86_400_000

/** Where invariant I9 does not hold. */
export type PaymentBreach = {
  /** `not-folded`: the attempt's row is not what its entries add up to. The others: people were not told of it. */
  kind: PaymentTrouble | 'not-folded'
  /** UUID */
  attempt: string
  storeNo: number
}

/** What people are told about each fault of an attempt. */
export const troubles: Record<AttemptFault, PaymentTrouble> = {
  contrary: 'payment-contrary',
  'settled-twice': 'payment-settled-twice',
  'not-intended': 'payment-not-intended',
  'no-result': 'payment-without-result',
  'no-sale': 'payment-without-sale',
  'not-paid': 'payment-not-paid',
}

/**
 * Invariant I9: each movement of money through a device or provider has an intent, exactly one effective
 * result at rest, and settles one sale, or people were told. Empty where it holds. Reads only; call it as
 * often as wanted.
 *
 * @param now ms UTC
 */
export async function checkPayments(db: Db, now: number): Promise<PaymentBreach[]> {
  const breaches: PaymentBreach[] = []
  const rested = { after: now - lookBackMs, before: now - restMs - graceMs }
  for (const fault of attemptFaults) {
    const kind = troubles[fault]
    for await (const attempts of attemptsWith(db, fault, rested)) {
      const untold = await notTold(
        db,
        attempts.map((attempt) => incidentOf(kind, attempt, now)),
      )
      breaches.push(...untold.map(({ about, storeNo }) => ({ kind, attempt: about, storeNo })))
    }
  }
  for await (const attempts of attemptsSince(db, now - foldedMs)) {
    const steps = await stepsOf(
      db,
      attempts.map(({ attempt }) => attempt),
    )
    for (const row of attempts) {
      if (isFoldOf(row, steps(row.attempt))) continue
      breaches.push({ kind: 'not-folded', attempt: uuidText(row.attempt), storeNo: row.store_no })
    }
  }
  return breaches
}

function isFoldOf(row: PaymentAttemptTable, steps: Parameters<typeof foldAttempt>[1]): boolean {
  if (steps.intents.length + steps.results.length + steps.tenders.length === 0) return false
  const folded = foldAttempt(row.attempt, steps)
  return (Object.keys(folded) as (keyof PaymentAttemptTable)[]).every((member) => {
    // as: the row's own members
    const [a, b] = [folded[member], row[member]]
    if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0
    return a === b
  })
}
