import { Problem } from '@nexus/contract'
import type { Tx } from '../../../db/database.ts'
import { selectRegisters } from '../sql.ts'
import type { JournalView } from './ports.ts'
import { currentEpochs } from './sql.ts'

/**
 * After a restore the server has forgotten the series codes it gave out since the backup. A till
 * brings its own back with its certificate, so codes wait until every enrolled register has said hello
 * (JRN-9). A register that will not come back is declared missing by switching it off. Answers whether
 * there ever was a restore.
 *
 * Throws `enrolment/held-after-restore` with the registers that are awaited.
 */
export async function requireReported(tx: Tx, journal: JournalView): Promise<boolean> {
  const restoredAt = await journal.restoredAt(tx)
  if (restoredAt === undefined) return false
  const silent = (await selectRegisters(tx)).filter(
    (register) => register.active && (register.status.lastSeenAt ?? 0) < restoredAt,
  )
  const enrolled = await currentEpochs(
    tx,
    silent.map((register) => register.id),
  )
  const awaited = silent.filter((register) => enrolled.has(register.id))
  if (awaited.length === 0) return true
  throw new Problem(
    'enrolment/held-after-restore',
    `The server was restored from a backup and waits for ${awaited.length} registers to report before it gives out new codes. Start those tills, or switch off registers that are gone.`,
    { registers: awaited.slice(0, 50).map((register) => register.name) },
  )
}
