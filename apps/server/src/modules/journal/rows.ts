import type { Notice } from '@nexus/sync'
import type { Insertable } from 'kysely'
import { uuidBytes } from '../../db/uuid.ts'
import type { Discrepancy } from './projector.ts'
import { sha256 } from './sha256.ts'
import type { DiscrepancyTable, IncidentTable } from './tables.ts'

/** Bytes of a hash that stands in an entry or a message. */
export function hashBytes(hash: string): Buffer {
  return Buffer.from(hash, 'base64url')
}

/** Where a row belongs: its store, and the slot of the entry it is about. */
export type RowPlace = { storeNo: number; epoch: string; seq: number }

/** Rows of differences of one identity, numbered from `firstN`. */
export function discrepancyRows(
  { storeNo, epoch, seq }: RowPlace,
  identity: Uint8Array,
  found: readonly Discrepancy[],
  { at, foundBy, firstN }: { at: number; foundBy: 'accept' | 'projector'; firstN: number },
): Insertable<DiscrepancyTable>[] {
  return found.map(({ kind, params }, index) => ({
    store_no: storeNo,
    identity,
    n: firstN + index,
    at,
    kind,
    params: JSON.stringify(params),
    epoch: uuidBytes(epoch),
    seq,
    found_by: foundBy,
  }))
}

/** Row of something that this server noticed; noticed again it has the same id. */
export function noticeRow(
  { code, epoch, seq, identity, params }: Omit<Notice, 'code'> & { code: string },
  storeNo: number,
  at: number,
): Insertable<IncidentTable> {
  const about = identity === null ? params : { ...params, identity }
  return {
    store_no: storeNo,
    id: incidentId(code, epoch, seq, identity ?? ''),
    at,
    kind: code,
    params: JSON.stringify(about),
    epoch: uuidBytes(epoch),
    seq,
    source: 'server',
  }
}

/** 16 bytes made from what happened where. */
export function incidentId(kind: string, epoch: string, seq: number, identity: string): Uint8Array {
  return sha256(Buffer.from(`${kind} ${epoch} ${seq} ${identity}`)).subarray(0, 16)
}

/** 32 bytes that name an effect of an entry: the same on every server and after every restore. */
export function eventId(identity: Uint8Array, effect: string): Uint8Array {
  return sha256(Buffer.concat([identity, Buffer.from(effect)]))
}
