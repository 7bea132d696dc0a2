import { Paper, Stack, Text } from '@mantine/core'
import type { OfferStatus } from '@nexus/contract'
import { useWords } from '../../words/use-words.ts'
import type { OfferValues } from './offer-values.ts'
import { placeAndTime, sentenceOf } from './offer-words.ts'
import type { Goods } from './use-goods-names.ts'

type Props = { values: OfferValues; status: OfferStatus; goods: Goods; now: number }

/** What the form says so far, as one would tell it in a shop: what it gives, where, when and to whom. */
export function OfferSummary({ values, status, goods, now }: Props) {
  const i18n = useWords()
  return (
    <Paper
      component="section"
      withBorder
      p="md"
      className="offer-summary"
      aria-label={i18n._('offer.summary', {}, { message: 'In a sentence' })}
    >
      <Stack gap={4}>
        <Text fz="lg" fw={600} className="sentence">
          {sentenceOf(i18n, values, goods)}
        </Text>
        <Text>{placeAndTime(i18n, values, { status, now, names: goods, stores: goods.stores })}</Text>
      </Stack>
    </Paper>
  )
}
