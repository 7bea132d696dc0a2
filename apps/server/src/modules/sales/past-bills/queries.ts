import { type BillDocument, decodeEntry, type Entry } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import { findActedEntry } from '../../journal/index.ts'
import { type PastKey, type PastRow, type PastSpan, pastDays, pastKeys, pastRows } from './sql.ts'

export { countPastBills, type PastSpan } from './sql.ts'

/** A sold document as the till wrote it, with the entry that holds it. */
export type PastBill = {
  storeNo: number
  /** Of the entry, base64url. */
  identity: string
  index: number
  document: BillDocument
  entry: Entry<'sale'>
}

/** Bills read at once: about a megabyte of entries. */
const readMax = 250
/** Bills handed over at once: decoding them takes a few milliseconds, in which nothing else runs. */
const portionMax = 50

/**
 * Invoices and bills of supply of a span out of the journal's bytes, in portions, in order of trading day
 * and the tills' time. The next portion is read while the caller works on one.
 */
export async function* pastBills(db: Db, span: PastSpan): AsyncGenerator<PastBill[]> {
  let next: Promise<PastRow[]> | undefined
  try {
    for (const day of await pastDays(db, span)) {
      const portions = portionsOf(await pastKeys(db, day, span))
      next = portions[0] && readPortion(db, day, span, portions[0])
      for (let at = 0; at < portions.length; at++) {
        const rows = (await next) ?? []
        const after = portions[at + 1]
        next = after && readPortion(db, day, span, after)
        for (let from = 0; from < rows.length; from += portionMax) {
          yield await decodeRows(db, rows.slice(from, from + portionMax))
        }
      }
    }
  } finally {
    // Left early: what is still being read fails or ends unseen.
    next?.catch(() => undefined)
  }
}

function portionsOf(keys: readonly PastKey[]): PastKey[][] {
  const portions: PastKey[][] = []
  for (let from = 0; from < keys.length; from += readMax) portions.push(keys.slice(from, from + readMax))
  return portions
}

/** The rows of these keys in their order; instants may be shared with bills of another portion. */
async function readPortion(
  db: Db,
  day: string,
  span: PastSpan,
  keys: readonly PastKey[],
): Promise<PastRow[]> {
  const between = { fromAt: keys[0]?.at ?? 0, untilAt: keys.at(-1)?.at ?? 0 }
  const rows = new Map((await pastRows(db, day, span, between)).map((row) => [nameOf(row), row]))
  return keys.flatMap((key) => rows.get(nameOf(key)) ?? [])
}

function nameOf({ storeNo, epochNo, seq, document }: PastKey): string {
  return `${storeNo}/${epochNo}/${seq}/${document}`
}

async function decodeRows(db: Db, rows: readonly PastRow[]): Promise<PastBill[]> {
  const bills: PastBill[] = []
  for (const row of rows) {
    const identity = Buffer.from(row.identity)
    const entry = identity.equals(row.hash)
      ? entryOf(row.bytes)
      : // Re-homed, or released from quarantine: another entry stands on the slot.
        (await findActedEntry(db, row, identity.toString('base64url')))?.entry
    const document = entry?.type === 'sale' ? entry.body.documents[row.document] : undefined
    if (entry?.type !== 'sale' || document === undefined) continue
    const { storeNo, document: index } = row
    bills.push({ storeNo, identity: identity.toString('base64url'), index, document, entry })
  }
  return bills
}

function entryOf(bytes: Uint8Array): Entry | undefined {
  const decoded = decodeEntry(bytes)
  return decoded.kind === 'ok' ? decoded.entry : undefined
}
