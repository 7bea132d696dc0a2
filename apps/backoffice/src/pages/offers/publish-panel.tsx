import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { getOffer, getRulebook, listAudit, listOffers, type OfferSheet, publishOffer } from '@nexus/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, keyOf } from '../../app/api.ts'
import { Dialog } from '../../app/dialog.tsx'
import { Section } from '../../app/section.tsx'
import { useMay } from '../../app/session.ts'
import { tell } from '../../app/tell.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'
import type { OfferValues } from './offer-values.ts'
import { placeAndTime, sentenceOf } from './offer-words.ts'
import type { Goods } from './use-goods-names.ts'

type Props = {
  sheet: OfferSheet
  values: OfferValues
  goods: Goods
  /** What keeps the draft from being published, by field. */
  missing: Readonly<Record<string, string>>
  isDirty: boolean
  onGoTo: (field: string) => void
}

/** Publishing a draft: what it still lacks, or a question that says what will happen. */
export function PublishPanel({ sheet, values, goods, missing, isDirty, onGoTo }: Props) {
  const i18n = useWords()
  const may = useMay()
  const queries = useQueryClient()
  const [asked, setAsked] = useState(false)
  const { id: offerId } = sheet.row
  const publish = useMutation({
    mutationFn: () => ask(publishOffer, { params: { offerId } }),
    onSuccess: ({ offer, version }) => {
      queries.setQueryData(keyOf(getOffer, { params: { offerId } }), offer)
      for (const endpoint of [listOffers, listAudit, getRulebook]) {
        void queries.invalidateQueries({ queryKey: keyOf(endpoint) })
      }
      tell(
        i18n,
        i18n._(
          'rulebook.published',
          { version },
          { message: 'Version {version} is published. Tills fetch it now.' },
        ),
      )
    },
    onSettled: () => setAsked(false),
  })
  const faults = Object.entries(missing)
  const reason = disabledReason()
  const title = i18n._('offer.publish-title', {}, { message: 'Publish' })
  return (
    <Section title={title}>
      <Stack gap="sm">
        {publish.error && (
          <Alert role="alert" color="red" variant="outline">
            {problemWords(i18n, publish.error)}
          </Alert>
        )}
        {faults.length > 0 && (
          <List aria-label={i18n._('offer.lacks', {}, { message: 'What it still lacks' })}>
            {faults.map(([field, sentence]) => (
              <List.Item key={field}>
                <Button variant="transparent" className="fault-link" onClick={() => onGoTo(field)}>
                  {sentence}
                </Button>
              </List.Item>
            ))}
          </List>
        )}
        {reason !== undefined && (
          <Text c="dimmed" id="publish-reason">
            {reason}
          </Text>
        )}
        <Button
          w="fit-content"
          disabled={reason !== undefined}
          aria-describedby={reason === undefined ? undefined : 'publish-reason'}
          onClick={() => setAsked(true)}
        >
          {i18n._('offer.publish', {}, { message: 'Publish the offer' })}
        </Button>
      </Stack>
      <Dialog
        opened={asked}
        onClose={() => setAsked(false)}
        title={i18n._('offer.publish-ask', {}, { message: 'Publish this offer?' })}
      >
        <Stack>
          <Text fw={600} className="sentence">
            {sentenceOf(i18n, values, goods)}
          </Text>
          <Text>
            {placeAndTime(i18n, values, {
              status: 'draft',
              now: Date.now(),
              names: goods,
              stores: goods.stores,
            })}
          </Text>
          <Text>
            {i18n._(
              'offer.publish-means',
              {},
              {
                message:
                  'A new version of the rulebook goes to all tills at once. From then on the offer cannot be changed, only stopped or copied.',
              },
            )}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsked(false)}>
              {i18n._('action.cancel', {}, { message: 'Cancel' })}
            </Button>
            <Button loading={publish.isPending} onClick={() => publish.mutate()} data-autofocus>
              {i18n._('offer.publish', {}, { message: 'Publish the offer' })}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </Section>
  )

  function disabledReason(): string | undefined {
    if (!may('rulebook.publish')) {
      return i18n._('rulebook.read-only', {}, { message: 'Your role may not publish.' })
    }
    if (faults.length > 0) {
      return i18n._('offer.publish-faults', {}, { message: 'It can be published once this is filled in.' })
    }
    if (isDirty) return i18n._('offer.publish-dirty', {}, { message: 'Save the draft first.' })
    return undefined
  }
}
