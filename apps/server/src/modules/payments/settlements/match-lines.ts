import { addDays, localDate } from '@nexus/domain'
import type { Context } from '../../../context.ts'
import type { Job } from '../../../jobs/index.ts'
import type { PaymentAttemptTable, SettlementLineTable } from '../tables.ts'
import { attemptsBy, linesWithoutAttempt, nameAttempt } from './sql.ts'

/** A line is looked at anew for so long: a till may be offline for weeks. */
export const matchedDays = 60

type Given = Pick<Context, 'database' | 'clock'>

/**
 * Finds the attempts of lines that have none yet, of all epochs: by our reference, else by the provider's or
 * the bank's (JRN-15f). A line that has one keeps it. Answers how many were found. Safe to repeat.
 */
export async function matchLines({ database, clock }: Given): Promise<number> {
  let matched = 0
  const sinceDay = addDays(localDate(clock.now()), -matchedDays)
  for await (const lines of linesWithoutAttempt(database.read, sinceDay)) {
    const references = lines.flatMap(({ reference, utr }) => (utr === null ? [reference] : [reference, utr]))
    const attempts = await attemptsBy(database.read, [...new Set(references)])
    const found = lines.flatMap((line) => {
      const attempt = attemptOf(line, attempts)
      return attempt === undefined ? [] : [{ line, attempt }]
    })
    if (found.length === 0) continue
    await database.write(async (tx) => {
      for (const { line, attempt } of found) await nameAttempt(tx, line, attempt.attempt)
    })
    matched += found.length
  }
  return matched
}

function attemptOf(
  { reference, utr, direction, amount_minor }: SettlementLineTable,
  attempts: readonly PaymentAttemptTable[],
): PaymentAttemptTable | undefined {
  const fitting = attempts.filter((one) => (one.direction ?? direction) === direction)
  const ways = [
    fitting.filter((one) => one.reference === reference),
    fitting.filter((one) => one.provider_reference === reference),
    fitting.filter((one) => utr !== null && (one.provider_reference === utr || one.reference === utr)),
  ]
  const best = ways.find((way) => way.length > 0) ?? []
  return best.find((one) => one.amount_minor === amount_minor) ?? best[0]
}

/** Matches again what an entry that arrived late may explain. */
export function settlementMatchJob(context: Given): Job {
  return {
    name: 'settlement-match',
    everyMs: 3_600_000,
    async run() {
      await matchLines(context)
      return false
    },
  }
}
