import type { Db, Tx } from '../../db/database.ts'
import { uuidBytes } from '../../db/uuid.ts'
import { incidentId } from './rows.ts'
import { findIncidents, insertIncidents } from './sql.ts'

/** Something that another module found in what entries say together. */
export type FoundIncident = {
  kind: string
  /** Names what it is about: the same kind about the same thing is one incident. */
  about: string
  storeNo: number
  /** Place of the entry that people should begin with. */
  epoch: string
  seq: number
  params: Record<string, string | number | boolean | null>
  /** ms UTC, when it was found. */
  at: number
}

/** Tells people what was found; what they were told already stays as it is. A rebuild keeps these. */
export async function noteIncidents(tx: Tx, found: readonly FoundIncident[]): Promise<void> {
  await insertIncidents(
    tx,
    found.map(({ kind, about, storeNo, epoch, seq, params, at }) => ({
      store_no: storeNo,
      id: idOf({ kind, about }),
      at,
      kind,
      params: JSON.stringify(params),
      epoch: uuidBytes(epoch),
      seq,
      source: 'server',
    })),
  )
}

/** Those of some findings that people were not told. */
export async function notTold<T extends Pick<FoundIncident, 'kind' | 'about'>>(
  db: Db,
  found: readonly T[],
): Promise<T[]> {
  const known = await findIncidents(db, found.map(idOf))
  return found.filter((one) => !known.has(Buffer.from(idOf(one)).toString('hex')))
}

function idOf({ kind, about }: Pick<FoundIncident, 'kind' | 'about'>): Uint8Array {
  return incidentId(kind, '', 0, about)
}
