import { requireStore, type StaffCaller } from '../../../http/serve.ts'
import type { DecisionTools } from '../decisions/ports.ts'
import { type Closable, closeRows, findClosable } from './close-sql.ts'

/**
 * A person has looked at incidents and discrepancies and says what came of it: they leave the open list. No
 * entry and no figure changes. Ids that are unknown, or closed already, are passed over. Answers how many
 * were closed. Throws `session/not-allowed` for a row of another store.
 */
export async function closeIncidents(
  { database, clock, noteAudit }: Pick<DecisionTools, 'database' | 'clock' | 'noteAudit'>,
  caller: StaffCaller,
  ids: readonly string[],
  remark: string,
): Promise<number> {
  return await database.write(async (tx) => {
    const open = await findClosable(tx, ids.flatMap(readId))
    for (const { store } of open) {
      // Headquarters' own rows have no store of people.
      if (caller.storeIds !== undefined) requireStore(caller, store ?? '')
    }
    const at = clock.now()
    await closeRows(tx, open, { at, staff: caller.staffId, remark })
    for (const row of open) {
      await noteAudit(tx, {
        by: caller.staffId,
        how: 'back-office',
        at,
        subject: row.source,
        subjectId: row.text,
        label: row.kind,
        before: { state: 'open' },
        after: { state: 'closed', remark },
      })
    }
    return open.length
  })
}

/** `incident-<id>` or `discrepancy-<identity>-<n>`, as the list names its rows; nothing for other texts. */
function readId(text: string): Closable[] {
  const incident = /^incident-([A-Za-z0-9_-]{22})$/.exec(text)?.[1]
  if (incident) return [{ source: 'incident', text, id: Buffer.from(incident, 'base64url') }]
  const [, identity, n] = /^discrepancy-([A-Za-z0-9_-]{43})-([0-9]{1,6})$/.exec(text) ?? []
  if (!identity || !n) return []
  return [{ source: 'discrepancy', text, id: Buffer.from(identity, 'base64url'), n: Number(n) }]
}
