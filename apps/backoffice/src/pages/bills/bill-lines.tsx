import type { I18n } from '@lingui/core'
import { Stack, Text } from '@mantine/core'
import { type Bill, explainBill } from '@nexus/contract'
import { formatQuantity, formatRupees } from '@nexus/domain'
import type { BillDocument, DocumentLine } from '@nexus/sync'
import { useQuery } from '@tanstack/react-query'
import { asks } from '../../app/api.ts'
import { DataTable } from '../../app/data-table.tsx'
import { TextLink } from '../../app/links.tsx'
import { Section } from '../../app/section.tsx'
import { useMay } from '../../app/session.ts'
import { taxKindName } from '../../phrases/document-words.ts'
import { percent, rupees } from '../../phrases/figures.ts'
import { conditionName, returnReasonName } from '../../phrases/line-reason-words.ts'
import { useWords } from '../../words/use-words.ts'

type Props = { bill: Bill; content: BillDocument }

/** What was sold, line by line, each with what took off its price. */
export function BillLines({ bill, content }: Props) {
  const i18n = useWords()
  const { identity, document } = bill.row
  const explanation = useQuery(asks(explainBill, { params: { identity, document } })).data
  const names = explanation?.kind === 'explained' ? explanation.names.offers : []
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
            <LineName key="name" line={line} offers={names} />,
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

type Named = { id: number; name: string }

function LineName({ line, offers }: { line: DocumentLine; offers: readonly Named[] }) {
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
      {line.offers.map(({ id, amountMinor, code }) => (
        <Text span fz="sm" key={`${id} ${code}`}>
          {code === undefined
            ? offerWords(i18n, id, amountMinor, offers)
            : i18n._(
                'line.coupon',
                { code, amount: formatRupees(amountMinor) },
                { message: 'Coupon {code} took off {amount}' },
              )}
        </Text>
      ))}
      {line.manualMinor !== undefined && (
        <Text span fz="sm">
          {i18n._(
            'line.manual',
            { amount: formatRupees(line.manualMinor) },
            { message: 'By hand {amount} off' },
          )}
        </Text>
      )}
      {line.pointsMinor !== undefined && (
        <Text span fz="sm">
          {i18n._(
            'line.points',
            { amount: formatRupees(line.pointsMinor) },
            { message: 'Points {amount} off' },
          )}
        </Text>
      )}
      {line.giftOf !== undefined && (
        <Text span fz="sm">
          {i18n._('line.gift', {}, { message: 'Taken as a gift' })}
        </Text>
      )}
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
      {line.returnReason !== undefined && (
        <Text span fz="sm" c="dimmed">
          {returnReasonName(i18n, line.returnReason)}
          {line.condition !== undefined && ` · ${conditionName(i18n, line.condition)}`}
        </Text>
      )}
    </Stack>
  )
}

/** By its name once that is known; a document that gives back names its offers by number. */
function offerWords(i18n: I18n, id: number, amountMinor: number, offers: readonly Named[]): string {
  const amount = formatRupees(amountMinor)
  const offer = offers.find((one) => one.id === id)?.name
  return offer === undefined
    ? i18n._('line.offer', { id, amount }, { message: 'Offer {id} took off {amount}' })
    : i18n._('line.offer-named', { offer, amount }, { message: '{offer} took off {amount}' })
}
