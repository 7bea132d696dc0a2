import type { Certificate } from '@nexus/sync'
import type { Context } from '../../../context.ts'
import type { Db, Tx } from '../../../db/database.ts'
import type { OwnJournals } from '../own/own-journals.ts'
import type { SaleCheck } from '../projector.ts'

/** Who decides, and how they came in. */
export type Author = { by: string | null; how: string }

/** One line of the audit trail; the audit module keeps it, in the transaction of the decision. */
export type NoteAudit = (
  tx: Tx,
  entry: Author & {
    at: number
    subject: string
    subjectId: string
    label: string
    before: unknown
    after: unknown
  },
) => Promise<void>

/** An epoch that was given out, whether or not an entry of it ever came. */
export type IssuedEpoch = { certificate: Certificate; storeNo: number; registerNo: number }

/** What other modules lend to decisions. */
export type DecisionParts = {
  noteAudit: NoteAudit
  checkSale: SaleCheck
  /** undefined for an epoch that nobody here gave out. */
  findIssuedEpoch(db: Db, epoch: string): Promise<IssuedEpoch | undefined>
  /** The epoch's device is gone: no spare and no other epoch for it (JRN-21). */
  retireEpoch(tx: Tx, epoch: string, at: number): Promise<void>
}

export type DecisionTools = Pick<Context, 'database' | 'clock' | 'log'> & DecisionParts & { own: OwnJournals }
