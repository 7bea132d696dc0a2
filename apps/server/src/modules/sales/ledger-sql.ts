import type { Db } from '../../db/database.ts'
import type { Span } from '../journal/index.ts'
import type {} from './tables.ts'

/** Documents of a span of slots, by kind. */
export async function billSums(
  db: Db,
  { storeNo, epochNo, fromSeq, toSeq }: Span,
): Promise<
  { kind: string; documents: number; totalMinor: number; taxMinor: number; lines: number; serials: number }[]
> {
  const rows = await db
    .selectFrom('bill')
    .select(({ fn }) => [
      'kind',
      fn.countAll<number | string>().as('documents'),
      fn.sum<number | string>('total_minor').as('totalMinor'),
      fn.sum<number | string>('tax_minor').as('taxMinor'),
      fn.sum<number | string>('line_count').as('lines'),
      fn.sum<number | string>('serial').as('serials'),
    ])
    .where('store_no', '=', storeNo)
    .where('epoch_no', '=', epochNo)
    .where('seq', '>=', fromSeq)
    .where('seq', '<=', toSeq)
    .groupBy('kind')
    .execute()
  return rows.map(({ kind, ...sums }) => ({ kind, ...numbersOf(sums) }))
}

/** Tax rows of a span, by kind of document, kind of tax and rate. */
export async function taxSums(
  db: Db,
  { storeNo, epochNo, fromSeq, toSeq }: Span,
): Promise<{ kind: string; taxKind: string; rateBp: number; taxableMinor: number; taxMinor: number }[]> {
  const rows = await db
    .selectFrom('bill_tax as t')
    .innerJoin('bill as b', (join) =>
      join
        .onRef('b.store_no', '=', 't.store_no')
        .onRef('b.epoch_no', '=', 't.epoch_no')
        .onRef('b.seq', '=', 't.seq')
        .onRef('b.document', '=', 't.document'),
    )
    .select(({ fn }) => [
      'b.kind',
      't.tax_kind as taxKind',
      't.rate_bp as rateBp',
      fn.sum<number | string>('t.taxable_minor').as('taxableMinor'),
      fn.sum<number | string>('t.cgst_minor').as('cgstMinor'),
      fn.sum<number | string>('t.igst_minor').as('igstMinor'),
    ])
    .where('t.store_no', '=', storeNo)
    .where('t.epoch_no', '=', epochNo)
    .where('t.seq', '>=', fromSeq)
    .where('t.seq', '<=', toSeq)
    .groupBy(['b.kind', 't.tax_kind', 't.rate_bp'])
    .execute()
  return rows.map(({ kind, taxKind, rateBp, taxableMinor, cgstMinor, igstMinor }) => ({
    kind,
    taxKind,
    rateBp,
    taxableMinor: Number(taxableMinor),
    taxMinor: 2 * Number(cgstMinor) + Number(igstMinor),
  }))
}

/** Tenders of a span, by kind and direction. */
export async function tenderSums(
  db: Db,
  { storeNo, epochNo, fromSeq, toSeq }: Span,
): Promise<{ kind: string; direction: string; amountMinor: number }[]> {
  const rows = await db
    .selectFrom('tender')
    .select(({ fn }) => ['kind', 'direction', fn.sum<number | string>('amount_minor').as('amountMinor')])
    .where('store_no', '=', storeNo)
    .where('epoch_no', '=', epochNo)
    .where('seq', '>=', fromSeq)
    .where('seq', '<=', toSeq)
    .groupBy(['kind', 'direction'])
    .execute()
  return rows.map((row) => ({ ...row, amountMinor: Number(row.amountMinor) }))
}

/** Sums arrive as text from MySQL's driver. */
function numbersOf<Sums extends Record<string, number | string>>(sums: Sums): Record<keyof Sums, number> {
  // as: fromEntries forgets which names there are.
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, Number(sum)])) as Record<
    keyof Sums,
    number
  >
}
