import { Badge, Grid, Group, Stack, Text } from '@mantine/core'
import { changeOffer, getOffer, listAudit, listOffers, type OfferSheet, Problem } from '@nexus/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, asks, keyOf } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { useMay } from '../../app/session.ts'
import { Loading, Trouble } from '../../app/states.tsx'
import { tell } from '../../app/tell.ts'
import { ChangedMeanwhile } from '../../forms/changed-meanwhile.tsx'
import { fieldErrors } from '../../forms/field-errors.ts'
import { focusFault } from '../../forms/focus-fault.ts'
import { LeaveGuard } from '../../forms/leave-guard.tsx'
import { SaveBar } from '../../forms/save-bar.tsx'
import { moment } from '../../phrases/figures.ts'
import { offerStatusName } from '../../phrases/offer-status-words.ts'
import { useWords } from '../../words/use-words.ts'
import { AuditTrail } from '../audit/audit-trail.tsx'
import { ConflictsPanel } from './conflicts-panel.tsx'
import { OfferActions } from './offer-actions.tsx'
import { serverFault, typedFaults, unfinished } from './offer-faults.ts'
import { OfferForm } from './offer-form.tsx'
import { OfferSummary } from './offer-summary.tsx'
import { definitionOf, formField, valuesOf } from './offer-values.ts'
import { PreviewPanel } from './preview-panel.tsx'
import { PublishPanel } from './publish-panel.tsx'
import { ReplayPanel } from './replay-panel.tsx'
import { TakeUpPanel } from './take-up-panel.tsx'
import { useGoods } from './use-goods-names.ts'
import { useOfferForm } from './use-offer-form.ts'

const route = getRouteApi('/shell/offers/$offerId')

/** One offer: change and try a draft, publish it; see what a published one gives, stop or copy it. */
export function OfferPage() {
  const i18n = useWords()
  const { offerId } = route.useParams()
  // A draft is not to be pulled away by a reading in the background.
  const offer = useQuery({
    ...asks(getOffer, { params: { offerId } }),
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  const sheet = offer.data
  return (
    <Page
      title={sheet?.row.name ?? i18n._('offer.offer', {}, { message: 'Offer' })}
      trail={<TextLink to="/offers">{i18n._('nav.offers', {}, { message: 'Offers' })}</TextLink>}
      actions={sheet && <OfferActions sheet={sheet} />}
    >
      {sheet ? (
        <Stack gap="md">
          <Group gap="xs">
            <Badge variant="outline">{offerStatusName(i18n, sheet.row.status)}</Badge>
            <Text fz="sm" c="dimmed">
              {i18n._(
                'offer.changed-by',
                { at: moment(sheet.row.changedAt), by: sheet.row.changedBy ?? '–' },
                { message: 'Changed {at} by {by}' },
              )}
            </Text>
          </Group>
          <Editor key={`${sheet.row.id} ${sheet.row.revision}`} sheet={sheet} />
          {sheet.row.status !== 'draft' && <TakeUpPanel offerId={offerId} />}
          {(sheet.row.status === 'draft' ||
            sheet.row.status === 'scheduled' ||
            sheet.row.status === 'live') && (
            <ConflictsPanel offerId={offerId} revision={sheet.row.revision} />
          )}
          <ReplayPanel sheet={sheet} />
          <AuditTrail subject="offer" subjectId={String(offerId)} />
        </Stack>
      ) : offer.isError ? (
        <Trouble error={offer.error} onRetry={() => void offer.refetch()} />
      ) : (
        <Loading />
      )}
    </Page>
  )
}

function Editor({ sheet }: { sheet: OfferSheet }) {
  const i18n = useWords()
  const may = useMay()
  const queries = useQueryClient()
  const { id: offerId, status, revision } = sheet.row
  const [now] = useState(() => Date.now())
  const [stored] = useState(() => valuesOf(sheet.definition))
  const form = useOfferForm(stored)
  const goods = useGoods(sheet.row)
  const key = keyOf(getOffer, { params: { offerId } })

  const save = useMutation({
    /** @param onRevision the version that this change is made on */
    mutationFn: (onRevision: number) =>
      ask(changeOffer, {
        params: { offerId },
        body: { revision: onRevision, definition: definitionOf(form.values) },
      }),
    onSuccess: (saved) => {
      // Written in other words only: the form is as saved, and the page is not made anew.
      if (saved.row.revision === revision) form.resetDirty()
      queries.setQueryData(key, saved)
      for (const endpoint of [listOffers, listAudit]) {
        void queries.invalidateQueries({ queryKey: keyOf(endpoint) })
      }
      tell(i18n, i18n._('offer.saved', {}, { message: 'Draft saved.' }))
    },
    onError: (error) => {
      const faults = fieldErrors(i18n, error, (field) =>
        formField(field.replace('definition.', ''), form.values),
      )
      form.setErrors(faults)
      focusFault(form, faults)
    },
  })
  const overwrite = useMutation({
    mutationFn: async () => {
      const newest = await ask(getOffer, { params: { offerId } })
      await save.mutateAsync(newest.row.revision)
    },
  })
  const isDraft = status === 'draft'
  const readOnly = !isDraft || !may('prices.write')
  const isDirty = form.isDirty()
  const missing = isDraft ? unfinished(i18n, form.values) : {}
  // What the server found is of the stored draft; once something is changed it may be out of date.
  const told = isDirty ? [] : sheet.faults
  const found = Object.fromEntries(
    told.map((fault) => [formField(fault.field, form.values), serverFault(i18n, fault)]),
  )
  const hints = { ...found, ...missing }
  const typed = typedFaults(i18n, form.values)
  const isConflict = save.error instanceof Problem && save.error.code === 'offer/changed-meanwhile'

  return (
    <Stack gap="md">
      <OfferSummary values={form.values} status={status} goods={goods} now={now} />
      {!isDraft && (
        <Text c="dimmed">
          {i18n._(
            'offer.published-hint',
            {},
            {
              message:
                'A published offer never changes, so that old bills can be explained. Copy it and change the copy.',
            },
          )}
        </Text>
      )}
      {stored.effect === 'coupon' && stored.codeKind === 'series' && (
        <TextLink to="/coupons/$offerId" params={{ offerId }}>
          {i18n._('offer.codes', {}, { message: 'Codes of this series' })}
        </TextLink>
      )}
      <Grid>
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <form
            onSubmit={form.onSubmit(
              () => save.mutate(revision),
              (faults) => focusFault(form, faults),
            )}
            noValidate
          >
            <LeaveGuard unsaved={() => form.isDirty()} />
            <Stack gap="md">
              <OfferForm form={form} goods={goods} hints={hints} isNew={false} readOnly={readOnly} />
              {!readOnly && (
                <SaveBar
                  dirty={isDirty}
                  saving={save.isPending}
                  error={save.error}
                  onReset={() => {
                    form.reset()
                    save.reset()
                  }}
                  refusal={isConflict ? conflict() : undefined}
                />
              )}
            </Stack>
          </form>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }} className="beside-form">
          <Stack gap="md">
            <PreviewPanel
              offerId={offerId}
              definition={isDirty ? definitionOf(form.values) : sheet.definition}
              isReady={Object.keys({ ...typed, ...missing }).length === 0}
            />
            {isDraft && (
              <PublishPanel
                sheet={sheet}
                values={form.values}
                goods={goods}
                missing={hints}
                isDirty={isDirty}
                onGoTo={(field) => focusFault(form, { [field]: '' })}
              />
            )}
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  )

  function conflict() {
    return (
      <ChangedMeanwhile
        error={save.error}
        saving={overwrite.isPending}
        onTakeTheirs={() => {
          form.reset()
          void queries.invalidateQueries({ queryKey: key })
        }}
        onTakeMine={() => overwrite.mutate()}
      />
    )
  }
}
