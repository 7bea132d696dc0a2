import { billNumber, financialYear, localDate, parseBillNumber, seriesKey } from '@nexus/domain'
import type { Job } from '../../../jobs/index.ts'
import type { DecisionTools } from './ports.ts'
import { bearersOf, lastNumberOf, type NumberBearer, sharedNumbers } from './sql.ts'

const numbersMax = 500

/**
 * Gives further bills that bear one number a number of the recovery journal's series (JRN-14c): the one on
 * the accepted chain keeps it, else the one that came first. The documents have no effect on stock or money.
 */
export function renumberJob(tools: DecisionTools): Job {
  return {
    name: 'renumber-bills',
    everyMs: 60_000,
    async run() {
      await renumberBills(tools)
      return false
    },
  }
}

/** One round of the job. Answers how many bills got a new number. */
export async function renumberBills(tools: DecisionTools): Promise<number> {
  let done = 0
  for (const shared of await sharedNumbers(tools.database.read, numbersMax)) {
    const bearers = await bearersOf(tools.database.read, shared)
    const keeper = keeperOf(bearers)
    for (const bearer of bearers) {
      if (bearer === keeper || bearer.renumbered !== null) continue
      try {
        done += await renumber(tools, bearer)
      } catch (error) {
        // After a restore codes wait for the registers, and so do new numbers.
        tools.log.warn({ err: error, number: shared.number }, 'a bill waits for its new number')
      }
    }
  }
  return done
}

function keeperOf(bearers: readonly NumberBearer[]): NumberBearer | undefined {
  const accepted = bearers
    .flatMap((bearer) => (bearer.acceptedSeq === null ? [] : [{ bearer, seq: bearer.acceptedSeq }]))
    .toSorted((a, b) => a.seq - b.seq)
  return accepted[0]?.bearer ?? bearers.find(({ isHolder }) => isHolder) ?? bearers[0]
}

async function renumber(tools: DecisionTools, bearer: NumberBearer): Promise<number> {
  const { identity, kind, number: oldNumber, storeNo } = bearer
  const written = await tools.own.write({
    address: { kind: 'recovery', storeNo },
    staff: null,
    async compose(tx, { epoch, code, now }) {
      const current = (await bearersOf(tx, bearer)).find((one) => one.identity === identity)
      // Another process was faster.
      if (current === undefined || current.renumbered !== null) return []
      const issueDate = localDate(now)
      const year = financialYear(issueDate)
      const last = await lastNumberOf(tx, epoch, seriesKey(code, kind, year))
      const number = billNumber(code, kind, year, (parseBillNumber(last ?? '')?.n ?? 0) + 1)
      await tools.noteAudit(tx, {
        by: null,
        how: 'server',
        at: now,
        subject: 'bill-number',
        subjectId: identity,
        label: oldNumber,
        before: { number: oldNumber },
        after: { number },
      })
      return [{ type: 'renumbered', body: { identity, oldNumber, number, kind, issueDate } }]
    },
  })
  return written.length
}
