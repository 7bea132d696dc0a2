import type { Insertable } from 'kysely'
import { uuidBytes } from '../../../db/uuid.ts'
import { incidentId } from '../rows.ts'
import type { IncidentTable } from '../tables.ts'

/** Nobody's epoch: an incident of the archive as a whole. */
export const noEpoch = { storeNo: 0, epoch: '00000000-0000-0000-0000-000000000000', seq: 0 }

/** Something about the archive for people to look at; the same thing has the same id. */
export function incidentRow(
  kind: 'entry-damaged' | 'archive-damaged' | 'archive-lost' | 'archive-not-replayed',
  { storeNo, epoch, seq }: { storeNo: number; epoch: string; seq: number },
  params: Record<string, string | number>,
  at: number,
): Insertable<IncidentTable> {
  return {
    store_no: storeNo,
    id: incidentId(kind, epoch, seq, JSON.stringify(params)),
    at,
    kind,
    params: JSON.stringify(params),
    epoch: uuidBytes(epoch),
    seq,
    source: 'server',
  }
}
