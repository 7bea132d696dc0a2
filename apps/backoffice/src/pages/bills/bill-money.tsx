import { Grid } from '@mantine/core'
import type { Bill } from '@nexus/contract'
import { formatRupees } from '@nexus/domain'
import type { BillDocument, Tender } from '@nexus/sync'
import { DataTable } from '../../app/data-table.tsx'
import { Section } from '../../app/section.tsx'
import { taxKindName } from '../../phrases/document-words.ts'
import { percent } from '../../phrases/figures.ts'
import { tenderName } from '../../phrases/tender-words.ts'
import { useWords } from '../../words/use-words.ts'

type Props = { bill: Bill; content: BillDocument; tenders: readonly Tender[] }

/** Totals, taxes by rate and ways of paying. */
export function BillMoney(props: Props) {
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Totals {...props} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Taxes {...props} />
      </Grid.Col>
      <Grid.Col span={12}>
        <Tenders {...props} />
      </Grid.Col>
    </Grid>
  )
}

function Totals({ content }: Props) {
  const i18n = useWords()
  const rows: [title: string, amountMinor: number][] = [
    [i18n._('total.mrp', {}, { message: 'MRP total' }), content.mrpTotalMinor],
    [i18n._('total.gross', {}, { message: 'Before discount' }), content.grossMinor],
    [i18n._('total.discount', {}, { message: 'Discount' }), -content.discountMinor],
    [i18n._('total.taxable', {}, { message: 'Taxable value' }), content.taxableMinor],
    [i18n._('total.tax', {}, { message: 'Tax' }), content.cgstMinor * 2 + content.igstMinor],
    [i18n._('total.round-off', {}, { message: 'Round-off of tax' }), content.roundOffMinor],
    [i18n._('total.rupee', {}, { message: 'Rounding to the rupee' }), content.rupeeMinor],
  ]
  return (
    <Section title={i18n._('total.title', {}, { message: 'Totals' })}>
      <dl className="sums">
        {rows.map(([title, amountMinor]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{formatRupees(amountMinor)}</dd>
          </div>
        ))}
        <div className="sum">
          <dt>{i18n._('bill.total', {}, { message: 'Total' })}</dt>
          <dd>{formatRupees(content.totalMinor)}</dd>
        </div>
      </dl>
    </Section>
  )
}

function Taxes({ content }: Props) {
  const i18n = useWords()
  const title = i18n._('tax.title', {}, { message: 'Taxes by rate' })
  return (
    <Section title={title}>
      <DataTable
        label={title}
        head={[
          { title: i18n._('tax.rate', {}, { message: 'Rate' }) },
          { title: i18n._('line.taxable', {}, { message: 'Taxable value' }), numeric: true },
          { title: i18n._('tax.cgst', {}, { message: 'CGST' }), numeric: true },
          { title: i18n._('tax.sgst', {}, { message: 'SGST' }), numeric: true },
          { title: i18n._('tax.igst', {}, { message: 'IGST' }), numeric: true },
        ]}
        rows={content.taxes.map((tax) => ({
          key: `${tax.taxKind} ${tax.rateBp}`,
          cells: [
            tax.taxKind === 'taxable' ? percent(tax.rateBp) : taxKindName(i18n, tax.taxKind),
            formatRupees(tax.taxableMinor),
            formatRupees(tax.cgstMinor),
            // SGST is the same amount as CGST (TAX-3).
            formatRupees(tax.cgstMinor),
            formatRupees(tax.igstMinor),
          ],
        }))}
      />
    </Section>
  )
}

function Tenders({ bill, tenders }: Props) {
  const i18n = useWords()
  const title = i18n._('tender.title', {}, { message: 'Paid by' })
  return (
    <Section title={title}>
      <DataTable
        label={title}
        head={[
          { title: i18n._('tender.kind', {}, { message: 'Way of paying' }) },
          { title: i18n._('tender.reference', {}, { message: 'Reference' }) },
          { title: i18n._('tender.handed', {}, { message: 'Handed over' }), numeric: true },
          { title: i18n._('tender.amount', {}, { message: 'Amount' }), numeric: true },
        ]}
        rows={tenders.map((tender, place) => ({
          key: String(place),
          cells: [
            tender.direction === 'out'
              ? i18n._(
                  'tender.back',
                  { kind: tenderName(i18n, tender.kind) },
                  { message: '{kind}, given back' },
                )
              : tenderName(i18n, tender.kind),
            tender.reference ?? '–',
            tender.handedMinor === undefined ? '–' : formatRupees(tender.handedMinor),
            formatRupees(tender.direction === 'out' ? -tender.amountMinor : tender.amountMinor),
          ],
        }))}
        foot={[i18n._('tender.change', {}, { message: 'Change' }), '', '', formatRupees(bill.changeMinor)]}
      />
    </Section>
  )
}
