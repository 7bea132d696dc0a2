import { lineShare, type ReturnedLine, withoutTax } from '@nexus/domain'
import type { BillDocument, DocumentLine } from '@nexus/sync'
import { toBase64Url } from '@nexus/sync'
import type { Database, Db } from '../../db/database.ts'
import type { Discrepancy, SaleCheck } from '../journal/index.ts'
import { readSold } from './bill-page/sold-bill.ts'
import { billsOfNumber } from './bill-page/sql.ts'

/**
 * Compares what a credit note or a refund gave back with the bill that it names (RET-2a): each line has the
 * figures of its interval, and the sum is theirs but for the rounding to the rupee. A difference is a
 * discrepancy, never a refusal (PRC-9c). A bill that has not arrived, or of which only the paper is known, is
 * not compared.
 *
 * Kinds: `return/differs` a line's first differing figure · `return/total` the document's sum.
 */
export function returnCheck({ database }: { database: Pick<Database, 'read'> }): SaleCheck {
  return async ({ body }) => {
    const found: Discrepancy[] = []
    for (const document of body.documents) {
      if (document.kind === 'C' || document.kind === 'R')
        found.push(...(await differencesOf(database.read, document)))
    }
    return found
  }
}

async function differencesOf(db: Db, note: BillDocument): Promise<Discrepancy[]> {
  const { number } = note
  const originals = new Map<string, BillDocument | undefined>()
  const found: Discrepancy[] = []
  let sumMinor = 0
  let isWhole = true
  for (const line of note.lines) {
    sumMinor += line.paidMinor
    const { of } = line
    if (of === undefined || of.identity === null) {
      isWhole = false
      continue
    }
    const key = `${of.number} ${of.identity}`
    if (!originals.has(key)) originals.set(key, await originalOf(db, of.number, of.identity))
    const original = originals.get(key)
    if (original === undefined) {
      isWhole = false
      continue
    }
    const difference = differenceOf(note, line, original)
    if (difference) found.push({ kind: 'return/differs', params: { number, uid: line.uid, ...difference } })
  }
  const allowedMinor = note.pricing.rupeeRounding ? 99 : 0
  if (isWhole && Math.abs(note.totalMinor - sumMinor) > allowedMinor) {
    found.push({
      kind: 'return/total',
      params: { number, figure: 'totalMinor', entry: note.totalMinor, expected: sumMinor },
    })
  }
  return found
}

async function originalOf(db: Db, number: string, identity: string): Promise<BillDocument | undefined> {
  const bills = await billsOfNumber(db, number)
  const bill = bills.find((one) => toBase64Url(one.identity) === identity)
  return bill && (await readSold(db, bill))?.document
}

const figures = [
  'product',
  'quantityMilli',
  'grossMinor',
  'discountMinor',
  'paidMinor',
  'taxKind',
  'rateBp',
  'taxableMinor',
  'cgstMinor',
  'igstMinor',
  'roundOffMinor',
  'rupeeMinor',
] as const satisfies readonly (keyof ReturnedLine & keyof DocumentLine)[]

type Difference = { figure: string; entry: string | number | null; expected: string | number | null }

function differenceOf(
  note: BillDocument,
  line: DocumentLine,
  original: BillDocument,
): Difference | undefined {
  const { uid = '', fromMilli = 0, toMilli = 0 } = line.of ?? {}
  const sold = original.lines.find((one) => one.uid === uid)
  if (sold === undefined) return { figure: 'line', entry: uid, expected: null }
  if (fromMilli >= toMilli || toMilli > sold.quantityMilli) {
    return { figure: 'toMilli', entry: toMilli, expected: sold.quantityMilli }
  }
  const share = lineShare(sold, line.uid, fromMilli, toMilli, original.pricing.inclusive)
  const expected = note.kind === 'R' ? withoutTax(share) : share
  for (const figure of figures) {
    if (line[figure] !== expected[figure]) return { figure, entry: line[figure], expected: expected[figure] }
  }
  return undefined
}
