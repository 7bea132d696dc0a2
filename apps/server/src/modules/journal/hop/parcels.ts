import { cutParcel, identitiesOf, type Parcel, type SignedCheckpoint, type StoredEntry } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import {
  findParcelEpoch,
  type ParcelEpoch,
  selectCheckpoints,
  selectEntries,
  selectForkRun,
  selectPersonal,
} from './sql.ts'

/**
 * Accepted entries of an epoch from a place on, as one push takes them: what a store server forwards, and
 * what headquarters gives it back. undefined: there is nothing, or nothing that a signed head covers.
 *
 * @param storeId only an epoch of this store
 */
export async function readParcel(
  db: Db,
  wanted: { epoch: string; fromSeq: number; toSeq?: number | undefined; storeId?: string },
): Promise<Parcel | undefined> {
  const epoch = await findParcelEpoch(db, wanted.epoch)
  if (epoch === undefined || (wanted.storeId !== undefined && epoch.store !== wanted.storeId))
    return undefined
  const entries = await selectEntries(db, epoch, wanted.fromSeq, wanted.toSeq)
  return await parcelOf(db, epoch, wanted.fromSeq, entries, epoch.checkpoint)
}

/** An entry that is kept aside and waits, with those of its branch behind it. */
export async function readForkParcel(db: Db, identity: string): Promise<Parcel | undefined> {
  const run = await selectForkRun(db, identity)
  const epoch = run && (await findParcelEpoch(db, run.epoch))
  if (run === undefined || epoch === undefined) return undefined
  const branch: StoredEntry[] = []
  for (const entry of run.entries) {
    const before = branch.at(-1)
    if (before === undefined ? entry.hash === identity : entry.prevHash === before.hash) branch.push(entry)
  }
  return await parcelOf(db, { ...epoch, holes: [] }, branch[0]?.seq ?? 0, branch, epoch.checkpoint)
}

async function parcelOf(
  db: Db,
  { register, epoch, holes }: ParcelEpoch,
  fromSeq: number,
  entries: readonly StoredEntry[],
  own: SignedCheckpoint | undefined,
): Promise<Parcel | undefined> {
  const last = entries.at(-1)
  if (last === undefined) return undefined
  const isCovered = own !== undefined && own.checkpoint.seq >= last.seq
  const others =
    isCovered && own.checkpoint.seq > last.seq ? [] : await selectCheckpoints(db, register, epoch)
  const checkpoints = own === undefined ? others : [own, ...others]
  const personal = await selectPersonal(db, entries.flatMap(identitiesOf))
  return cutParcel({ register, epoch, fromSeq, entries, holes, checkpoints, personal })
}
