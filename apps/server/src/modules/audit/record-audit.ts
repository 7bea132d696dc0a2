import type { Tx } from '../../db/database.ts'
import { type AuditEntry, insertAudit } from './sql.ts'

/**
 * Writes what was changed into the audit trail, in the transaction of the change itself, so that
 * neither exists without the other. Takes one entry or many; writes an entry whose `before` and
 * `after` are the same document too, since somebody did save it.
 */
export async function recordAudit(tx: Tx, entry: AuditEntry | readonly AuditEntry[]): Promise<void> {
  await insertAudit(tx, 'subjectId' in entry ? [entry] : entry)
}
