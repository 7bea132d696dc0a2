import type { Tx } from '../../db/database.ts'
import { type AttemptRow, deleteAttempts, deleteAttemptsBefore, findAttempt, replaceAttempt } from './sql.ts'

/** How patient a counter is: this many failures cost nothing, then each doubles the wait. */
export type Patience = { freeFailures: number; firstDelayMs: number; delayMsMax: number }
/** One counter: `sign-in:login:asha`, `enrol:address:10.0.0.7` … */
export type Counter = { name: string; patience: Patience }

/** Failures older than this no longer count. */
const forgetAfterMs = 24 * 3600_000
const racesMax = 20

/**
 * Takes one attempt from each counter **before** the secret is looked at, as if it failed: a thousand
 * guesses sent at once are then counted like a thousand sent in turn. Answers undefined, or the
 * instant (ms UTC) until which a counter is blocked; then no counter was touched after it.
 *
 * Call in a transaction of its own that commits; afterwards tell `forgive` when the secret was right.
 */
export async function takeAttempt(
  tx: Tx,
  counters: readonly Counter[],
  now: number,
): Promise<number | undefined> {
  for (const { name, patience } of counters) {
    const blockedUntil = await changeCounter(tx, name, (seen) => {
      const known = seen !== undefined && seen.lastAt > now - forgetAfterMs ? seen : undefined
      if (known && known.blockedUntil > now) return known.blockedUntil
      const failures = (known?.failures ?? 0) + 1
      return { failures, lastAt: now, blockedUntil: now + delayMs(patience, failures) }
    })
    if (blockedUntil !== undefined) return blockedUntil
  }
  return undefined
}

/**
 * Gives the attempt back after the secret was right. `cleared` counters start anew; the others (an
 * address, where many people sit) only lose the attempt that succeeded.
 */
export async function forgive(
  tx: Tx,
  cleared: readonly Counter[],
  others: readonly Counter[],
  now: number,
): Promise<void> {
  await deleteAttempts(
    tx,
    cleared.map((counter) => counter.name),
  )
  for (const { name, patience } of others) {
    await changeCounter(tx, name, (seen) => {
      if (seen === undefined || seen.failures === 0) return now
      const failures = seen.failures - 1
      return { failures, lastAt: now, blockedUntil: now + delayMs(patience, failures) }
    })
  }
  await deleteAttemptsBefore(tx, now - forgetAfterMs)
}

/** Wait after the nth failure in a row. */
function delayMs(patience: Patience, failures: number): number {
  const beyond = failures - patience.freeFailures
  return beyond <= 0 ? 0 : Math.min(patience.delayMsMax, patience.firstDelayMs * 2 ** (beyond - 1))
}

/** Reads and replaces a counter until nobody came between; a number from `change` ends it unchanged. */
async function changeCounter(
  tx: Tx,
  name: string,
  change: (seen: AttemptRow | undefined) => AttemptRow | number,
): Promise<number | undefined> {
  for (let race = 0; race < racesMax; race++) {
    const seen = await findAttempt(tx, name)
    const next = change(seen)
    if (typeof next === 'number') return next
    if (await replaceAttempt(tx, name, seen, next)) return undefined
  }
  throw new Error(`the counter ${name} is changed by too many at once`)
}
