import type { BillLink } from '@nexus/contract'
import { type BillDocument, toBase64Url } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import type { BillTable } from '../tables.ts'
import { billsOfNumber, findOtherDocument, type ReturnedPart, returnedParts } from './sql.ts'

/** Documents that belong to a bill, both ways: what it gives back, what came back of it, its exchange. */
export async function linksOf(
  db: Db,
  bill: BillTable,
  { of }: Pick<BillDocument, 'of'>,
): Promise<{ original: BillLink | null; returns: BillLink[]; exchange: BillLink | null }> {
  const [original, parts, other] = await Promise.all([
    of === null ? undefined : findOriginal(db, of),
    returnedParts(db, bill),
    findOtherDocument(db, bill),
  ])
  return {
    original: original ? linkTo(original) : null,
    returns: returnsBehind(parts),
    exchange: other ? linkTo(other) : null,
  }
}

/** The documents behind parts that came back, each once, in their order. */
export function returnsBehind(parts: readonly ReturnedPart[]): BillLink[] {
  const byNumber = new Map(parts.map(({ bill }) => [`${toBase64Url(bill.identity)}/${bill.document}`, bill]))
  return [...byNumber.values()].map(linkTo)
}

async function findOriginal(db: Db, of: NonNullable<BillDocument['of']>): Promise<BillTable | undefined> {
  const named = await billsOfNumber(db, of.number)
  return of.identity === null ? named[0] : named.find(({ identity }) => toBase64Url(identity) === of.identity)
}

function linkTo(bill: BillTable): BillLink {
  return {
    identity: toBase64Url(bill.identity),
    document: bill.document,
    number: bill.number,
    kind: bill.kind,
    issueDate: bill.issue_date,
    totalMinor: bill.total_minor,
  }
}
