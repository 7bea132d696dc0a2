import { Problem, type TillBill } from '@nexus/contract'
import { quantitiesReturned, type SoldDocument } from '@nexus/domain'
import { toBase64Url } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import { readPlaces } from '../bill-list/queries.ts'
import { returnsBehind } from './links.ts'
import { readSold, type SoldBill } from './sold-bill.ts'
import { billsOfNumber, returnedParts } from './sql.ts'

/**
 * Bills of any store by the number on their paper, each with what came back of its lines so far (RET-2h).
 * Throws `bill/not-found` where nobody here knows the number.
 */
export async function tillBills(db: Db, typed: string): Promise<TillBill[]> {
  const number = typed.trim().toUpperCase()
  const rows = await billsOfNumber(db, number)
  const sold = (await Promise.all(rows.map((row) => readSold(db, row)))).filter((one) => one !== undefined)
  if (sold.length === 0) {
    throw new Problem(
      'bill/not-found',
      `No bill ${number} is known here. Compare the number with the paper; a bill that was sold just now may not have arrived yet.`,
      { number },
    )
  }
  const { stores } = await readPlaces(db)
  return await Promise.all(
    sold.map(async (one) => {
      const store = stores.get(one.bill.store_no)
      return { ...(await tillBill(db, one)), storeId: one.entry.store, storeName: store?.name ?? '' }
    }),
  )
}

async function tillBill(
  db: Db,
  { bill, document, entry }: SoldBill,
): Promise<Omit<TillBill, 'storeId' | 'storeName'>> {
  const identity = toBase64Url(bill.identity)
  const parts = await returnedParts(db, bill)
  const original: Pick<SoldDocument, 'number' | 'identity' | 'lines'> = { ...document, identity }
  const { number } = document
  const returned = quantitiesReturned(
    original,
    parts.map(({ uid, fromMilli, toMilli }) => ({
      lines: [{ of: { number, identity, uid, fromMilli, toMilli } }],
    })),
  )
  return {
    identity,
    document: bill.document,
    at: entry.at,
    engine: entry.engine,
    rulebookVersion: entry.rulebook?.version ?? null,
    content: document,
    returned: [...returned].map(([uid, quantityMilli]) => ({ uid, quantityMilli })),
    returns: returnsBehind(parts),
  }
}
