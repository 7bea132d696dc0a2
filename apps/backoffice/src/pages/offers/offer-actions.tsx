import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import {
  copyOffer,
  getOffer,
  getRulebook,
  listAudit,
  listOffers,
  type OfferSheet,
  removeOffer,
  stopOffer,
} from '@nexus/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, keyOf } from '../../app/api.ts'
import { Dialog } from '../../app/dialog.tsx'
import { useMay } from '../../app/session.ts'
import { tell } from '../../app/tell.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'

/** What can be done with an offer as a whole: copy it, stop it, throw it away. */
export function OfferActions({ sheet }: { sheet: OfferSheet }) {
  const i18n = useWords()
  const may = useMay()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [asked, setAsked] = useState<'stop' | 'remove'>()
  const { id: offerId, name, status } = sheet.row
  const params = { offerId }
  const learn = () => {
    for (const endpoint of [listOffers, listAudit, getRulebook]) {
      void queries.invalidateQueries({ queryKey: keyOf(endpoint) })
    }
  }
  const copy = useMutation({
    mutationFn: () => ask(copyOffer, { params }),
    onSuccess: async (made) => {
      learn()
      queries.setQueryData(keyOf(getOffer, { params: { offerId: made.row.id } }), made)
      tell(i18n, i18n._('offer.copied', {}, { message: 'This is the copy, a draft.' }))
      await navigate({ to: '/offers/$offerId', params: { offerId: made.row.id } })
    },
  })
  const stop = useMutation({
    mutationFn: () => ask(stopOffer, { params }),
    onSuccess: ({ offer, version }) => {
      learn()
      queries.setQueryData(keyOf(getOffer, { params }), offer)
      setAsked(undefined)
      tell(
        i18n,
        i18n._(
          'offer.stopped-in',
          { version },
          { message: 'Stopped with version {version}. Tills fetch it now.' },
        ),
      )
    },
  })
  const remove = useMutation({
    mutationFn: () => ask(removeOffer, { params }),
    onSuccess: async () => {
      learn()
      tell(i18n, i18n._('offer.removed', { name }, { message: '{name} was thrown away.' }))
      await navigate({ to: '/offers', ignoreBlocker: true })
    },
  })
  const isRunning = status === 'live' || status === 'scheduled'
  const error = stop.error ?? remove.error
  return (
    <>
      {may('prices.write') && (
        <Button variant="default" loading={copy.isPending} onClick={() => copy.mutate()}>
          {i18n._('offer.copy', {}, { message: 'Copy' })}
        </Button>
      )}
      {isRunning && may('rulebook.publish') && (
        <Button variant="default" onClick={() => setAsked('stop')}>
          {i18n._('offer.stop', {}, { message: 'Stop' })}
        </Button>
      )}
      {status === 'draft' && may('prices.write') && (
        <Button variant="default" onClick={() => setAsked('remove')}>
          {i18n._('offer.remove', {}, { message: 'Throw away' })}
        </Button>
      )}
      {copy.error && (
        <Alert role="alert" color="red" variant="outline">
          {problemWords(i18n, copy.error)}
        </Alert>
      )}
      <Dialog
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={
          asked === 'stop'
            ? i18n._('offer.stop-ask', { name }, { message: 'Stop {name}?' })
            : i18n._('offer.remove-ask', { name }, { message: 'Throw {name} away?' })
        }
      >
        <Stack>
          <Text>
            {asked === 'stop'
              ? i18n._(
                  'offer.stop-means',
                  {},
                  {
                    message:
                      'A new version of the rulebook goes to all tills at once; a till that is offline gives the offer until it hears of it. Bills that had it stay as they are. It cannot be started again, but copied.',
                  },
                )
              : i18n._(
                  'offer.remove-means',
                  {},
                  { message: 'The draft is gone for good. Nothing was sold under it.' },
                )}
          </Text>
          {error && (
            <Alert role="alert" color="red" variant="outline">
              {problemWords(i18n, error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsked(undefined)} data-autofocus>
              {i18n._('action.cancel', {}, { message: 'Cancel' })}
            </Button>
            {asked === 'stop' ? (
              <Button color="red" loading={stop.isPending} onClick={() => stop.mutate()}>
                {i18n._('offer.stop-now', {}, { message: 'Stop it now' })}
              </Button>
            ) : (
              <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
                {i18n._('offer.remove', {}, { message: 'Throw away' })}
              </Button>
            )}
          </Group>
        </Stack>
      </Dialog>
    </>
  )
}
