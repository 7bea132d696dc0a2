import { Box, List, Stack, Text } from '@mantine/core'
import type { Answer, previewOffer } from '@nexus/contract'
import { formatQuantity, formatRupees, type PricedLine } from '@nexus/domain'
import { DataTable } from '../../app/data-table.tsx'
import { moment } from '../../phrases/figures.ts'
import {
  conditionWords,
  couponWords,
  giftWords,
  harmWords,
  type Named,
  namedBy,
  nudgeWords,
  openGiftWords,
  stepWords,
} from '../../phrases/trace-words.ts'
import { useWords } from '../../words/use-words.ts'

type Props = { answer: Answer<typeof previewOffer>; isStale: boolean }

/** A bill without and with the offer: what it saves, line by line, and why. */
export function PreviewResult({ answer, isStale }: Props) {
  const i18n = useWords()
  const { without, with: withIt, offerId } = answer
  const named = namedBy(answer.names)
  const before = new Map(without.lines.map((line) => [line.uid, line]))
  const saved = without.toPayMinor - withIt.toPayMinor
  const why = withIt.notApplied.find((one) => one.offerId === offerId)
  const head = [
    { title: i18n._('offer.preview-line', {}, { message: 'Line' }) },
    { title: i18n._('offer.preview-without', {}, { message: 'Without' }), numeric: true },
    { title: i18n._('offer.preview-with', {}, { message: 'With' }), numeric: true },
  ]
  return (
    <Stack gap="sm" className="list-box" data-stale={isStale || undefined}>
      <Box role="status">
        <Text fw={600} fz="lg">
          {saved > 0
            ? i18n._(
                'offer.saves',
                { amount: formatRupees(saved) },
                { message: 'The customer saves {amount}.' },
              )
            : saved < 0
              ? i18n._(
                  'offer.costs',
                  { amount: formatRupees(-saved) },
                  { message: 'The customer pays {amount} more.' },
                )
              : i18n._('offer.changes-nothing', {}, { message: 'This bill stays as it is.' })}
        </Text>
        {why && (
          <Text>
            {i18n._(
              'offer.not-applied',
              { reason: conditionWords(i18n, why.condition, named) },
              { message: 'This offer does not apply: {reason}.' },
            )}
          </Text>
        )}
      </Box>
      <DataTable
        label={i18n._('offer.preview', {}, { message: 'Preview' })}
        head={head}
        rows={withIt.lines.map((line) => ({
          key: line.uid,
          cells: [
            <LineCell key="line" line={line} named={named} />,
            formatRupees(before.get(line.uid)?.paidMinor ?? 0),
            formatRupees(line.paidMinor),
          ],
        }))}
        foot={[
          i18n._('offer.to-pay', {}, { message: 'To pay' }),
          formatRupees(without.toPayMinor),
          formatRupees(withIt.toPayMinor),
        ]}
      />
      <Notes answer={answer} named={named} />
      <Text fz="sm" c="dimmed">
        {i18n._(
          'offer.preview-of',
          { at: moment(answer.pricedAt), version: answer.rulebookVersion },
          { message: 'Priced as of {at}, by version {version} of the rulebook.' },
        )}
      </Text>
    </Stack>
  )
}

function LineCell({ line, named }: { line: PricedLine; named: Named }) {
  const i18n = useWords()
  const refusal = giftWords(i18n, line.gift, named)
  const notes = [
    ...line.steps.map((step) => `${stepWords(i18n, step, named)}: ${formatRupees(-step.amountMinor)}`),
    ...(refusal === undefined ? [] : [refusal]),
  ]
  return (
    <>
      {formatQuantity(line.quantityMilli)} × {named.product(line.productId)}
      {notes.map((note) => (
        <Text key={note} fz="sm" c="dimmed">
          {note}
        </Text>
      ))}
    </>
  )
}

function Notes({ answer, named }: { answer: Props['answer']; named: Named }) {
  const i18n = useWords()
  const { with: cart, offerId } = answer
  const harm = harmWords(i18n, cart, named)
  const notes = new Set([
    ...(cart.coupons ?? []).map(({ code, outcome }) => `${code}: ${couponWords(i18n, outcome, named)}`),
    ...cart.notApplied
      .filter((one) => one.offerId !== offerId)
      .map((one) => `${named.offer(one.offerId)}: ${conditionWords(i18n, one.condition, named)}`),
    ...(cart.gifts ?? []).map((gift) => openGiftWords(i18n, gift, named)),
    ...cart.nudges.map((nudge) => nudgeWords(i18n, nudge, named)),
    ...(harm === undefined ? [] : [harm]),
  ])
  if (notes.size === 0) return null
  return (
    <List size="sm" aria-label={i18n._('offer.notes', {}, { message: 'Other offers on this bill' })}>
      {[...notes].map((note) => (
        <List.Item key={note}>{note}</List.Item>
      ))}
    </List>
  )
}
