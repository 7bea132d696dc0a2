import { couponCode } from '@nexus/domain'
import type { BillDocument, Entry } from '@nexus/sync'
import type { Tx } from '../../db/database.ts'
import type { Fact, Finding, Projector } from '../journal/projector.ts'
import { clearRedemptions, insertRedemptions, standingOf, usesOf } from './sql.ts'
import type { CouponRedemptionTable } from './tables.ts'

/**
 * Marks codes of series redeemed, by the bills that they took something off. A sale stays as it is: a code
 * on a second bill, a code that nobody gave out, and one that was void before are told to people. Of two
 * bills of one code the one that arrives second is told; how many there are does not depend on order.
 */
export const couponProjector: Projector = {
  name: 'coupons',
  types: ['sale', 'recovered-bill'],
  async apply(tx, facts) {
    const redeemed = facts.flatMap((fact) => redemptionsIn(fact).map((row) => ({ fact, row })))
    if (redeemed.length === 0) return undefined
    await insertRedemptions(
      tx,
      redeemed.map(({ row }) => row),
    )
    return await findingsOf(tx, redeemed)
  },
  clear: clearRedemptions,
}

type Redeemed = { fact: Fact; row: CouponRedemptionTable }

async function findingsOf(tx: Tx, redeemed: readonly Redeemed[]): Promise<Finding[]> {
  const codes = [...new Set(redeemed.map(({ row }) => row.code))]
  const uses = await usesOf(tx, codes)
  const standing = await standingOf(tx, codes)
  const findings: Finding[] = []
  for (const [code, ofCode] of Map.groupBy(redeemed, ({ row }) => row.code)) {
    const before = (uses.get(code) ?? ofCode.length) - ofCode.length
    const known = standing.get(code)
    for (const [index, { fact, row }] of ofCode.entries()) {
      const find = (kind: string) =>
        findings.push({
          identity: fact.identity,
          discrepancy: { kind, params: { code, number: row.number, amountMinor: row.amount_minor } },
        })
      if (before + index > 0) find('coupon-twice')
      if (known === undefined) find('coupon-not-given-out')
      else if (known.voidAt !== null && known.voidAt <= row.at) find('coupon-void')
    }
  }
  return findings
}

/** One row for each code that took something off a sale, under the first document that it stands in. */
function redemptionsIn({ entry, storeNo, epochNo, seq, identity }: Fact): CouponRedemptionTable[] {
  const rows = new Map<string, CouponRedemptionTable>()
  for (const [document, { number, pricing, lines }] of documentsOf(entry).entries()) {
    // Only codes of series have a state that a till had to ask for (PRC-6m).
    const series = new Set(
      pricing.coupons?.flatMap(({ code, state }) => (state === 'usable' ? [couponCode(code)] : [])),
    )
    if (series.size === 0) continue
    for (const { code, amountMinor } of lines.flatMap(({ offers }) => offers)) {
      if (code === undefined || !series.has(code)) continue
      const row = rows.get(code) ?? {
        code,
        store_no: storeNo,
        epoch_no: epochNo,
        seq,
        document,
        identity,
        number,
        at: entry.at,
        amount_minor: 0,
      }
      rows.set(code, { ...row, amount_minor: row.amount_minor + amountMinor })
    }
  }
  return [...rows.values()]
}

function documentsOf(entry: Entry): readonly BillDocument[] {
  if (entry.type === 'sale') return entry.body.documents
  return entry.type === 'recovered-bill' ? [entry.body.document] : []
}
