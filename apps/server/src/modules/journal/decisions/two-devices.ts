import type { Job } from '../../../jobs/index.ts'
import { noticeRow } from '../rows.ts'
import { insertIncidents } from '../sql.ts'
import type { DecisionTools } from './ports.ts'
import { registersLivingTwice } from './sql.ts'

type Tools = Pick<DecisionTools, 'database' | 'clock'>

/** Tells people of registers as which two devices sell: the second becomes a register of its own (JRN-7p). */
export function twoDevicesJob(tools: Tools): Job {
  return {
    name: 'two-devices',
    everyMs: 10 * 60_000,
    async run() {
      await findTwoDevices(tools)
      return false
    },
  }
}

/** One round of the job: an incident for each pair of lives, once. */
export async function findTwoDevices({ database, clock }: Tools): Promise<void> {
  const now = clock.now()
  const found = (await registersLivingTwice(database.read)).map(({ storeNo, epoch, code, otherCode }) =>
    noticeRow(
      { code: 'two-devices', epoch, seq: 1, identity: null, params: { code, otherCode } },
      storeNo,
      now,
    ),
  )
  if (found.length > 0) await database.write((tx) => insertIncidents(tx, found))
}
