import { decodeEntry } from '../entry/decode.ts'
import type { EntryRecord } from '../ports.ts'
import type { TwinEntry } from './twin-record.ts'

/** The record of an entry's bytes, with the cart that it ends. */
export function recordOf({ epoch, seq, hash, bytes }: TwinEntry): EntryRecord {
  const decoded = decodeEntry(bytes)
  const record = { epoch, seq, hash, bytes }
  if (decoded.kind !== 'ok') return record
  const { type, cart } = decoded.entry
  return (type === 'sale' || type === 'void-cart') && cart !== null ? { ...record, ending: cart } : record
}
