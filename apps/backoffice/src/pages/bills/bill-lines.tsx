import { Stack, Text } from '@mantine/core'
import type { Bill } from '@nexus/contract'
import { formatQuantity, formatRupees } from '@nexus/domain'
import type { BillDocument, DocumentLine } from '@nexus/sync'
import { DataTable } from '../../app/data-table.tsx'
import { TextLink } from '../../app/links.tsx'
import { Section } from '../../app/section.tsx'
import { useMay } from '../../app/session.ts'
import { taxKindName } from '../../phrases/document-words.ts'
import { percent, rupees } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'

type Props = { bill: Bill; content: BillDocument }

/** What was sold, line by line, each with what took off its price. */
export function BillLines({ content }: Props) {
  const i18n = useWords()
  const title = i18n._('bill.lines', {}, { message: 'Lines' })
  return (
    <Section title={title}>
      <DataTable
        cards
        label={title}
        head={[
          { title: i18n._('line.product', {}, { message: 'Product' }) },
          { title: i18n._('line.hsn', {}, { message: 'HSN' }) },
          { title: i18n._('line.quantity', {}, { message: 'Quantity' }), numeric: true },
          { title: i18n._('line.mrp', {}, { message: 'MRP' }), numeric: true },
          { title: i18n._('line.unit', {}, { message: 'Unit price' }), numeric: true },
          { title: i18n._('line.discount', {}, { message: 'Discount' }), numeric: true },
          { title: i18n._('line.tax', {}, { message: 'GST' }), numeric: true },
          { title: i18n._('line.taxable', {}, { message: 'Taxable value' }), numeric: true },
          { title: i18n._('line.paid', {}, { message: 'Paid' }), numeric: true },
        ]}
        rows={content.lines.map((line) => ({
          key: line.uid,
          cells: [
            <LineName key="name" line={line} />,
            line.hsn || '–',
            `${formatQuantity(line.quantityMilli)} ${line.uqc}`,
            rupees(line.mrpMinor),
            formatRupees(line.unitMinor),
            line.discountMinor === 0 ? '–' : formatRupees(-line.discountMinor),
            line.taxKind === 'taxable' ? percent(line.rateBp) : taxKindName(i18n, line.taxKind),
            formatRupees(line.taxableMinor),
            formatRupees(line.paidMinor),
          ],
        }))}
      />
    </Section>
  )
}

function LineName({ line }: { line: DocumentLine }) {
  const i18n = useWords()
  const may = useMay()
  return (
    <Stack gap={0}>
      {may('products.read') ? (
        <TextLink to="/products/$productId" params={{ productId: line.product }}>
          {line.name}
        </TextLink>
      ) : (
        <Text span>{line.name}</Text>
      )}
      <Text span fz="sm" c="dimmed">
        {line.code}
      </Text>
      {line.offers.map((offer) => (
        <Text span fz="sm" key={offer.id}>
          {i18n._(
            'line.offer',
            { id: offer.id, amount: formatRupees(offer.amountMinor) },
            {
              message: 'Offer {id} took off {amount}',
            },
          )}
        </Text>
      ))}
      {line.rupeeMinor !== 0 && (
        <Text span fz="sm" c="dimmed">
          {i18n._(
            'line.rupee',
            { amount: formatRupees(line.rupeeMinor) },
            {
              message: 'Share of the rounding to the rupee: {amount}',
            },
          )}
        </Text>
      )}
      {line.of && (
        <Text span fz="sm" c="dimmed">
          {i18n._('line.of', { number: line.of.number }, { message: 'Returned from {number}' })}
        </Text>
      )}
    </Stack>
  )
}
