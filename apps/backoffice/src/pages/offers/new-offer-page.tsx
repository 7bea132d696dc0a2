import { Grid, Stack } from '@mantine/core'
import { createOffer, getOffer, listOffers } from '@nexus/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, keyOf } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { tell } from '../../app/tell.ts'
import { fieldErrors } from '../../forms/field-errors.ts'
import { focusFault } from '../../forms/focus-fault.ts'
import { LeaveGuard } from '../../forms/leave-guard.tsx'
import { SaveBar } from '../../forms/save-bar.tsx'
import { useWords } from '../../words/use-words.ts'
import { typedFaults, unfinished } from './offer-faults.ts'
import { OfferForm } from './offer-form.tsx'
import { OfferSummary } from './offer-summary.tsx'
import { definitionOf, emptyOffer, formField } from './offer-values.ts'
import { PreviewPanel } from './preview-panel.tsx'
import { useGoods } from './use-goods-names.ts'
import { useOfferForm } from './use-offer-form.ts'

/** Begins a draft. */
export function NewOfferPage() {
  const i18n = useWords()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [now] = useState(() => Date.now())
  const [empty] = useState(() => emptyOffer(now))
  const form = useOfferForm(empty)
  const goods = useGoods(undefined)
  const save = useMutation({
    mutationFn: () => ask(createOffer, { body: { definition: definitionOf(form.values) } }),
    onSuccess: async (sheet) => {
      queries.setQueryData(keyOf(getOffer, { params: { offerId: sheet.row.id } }), sheet)
      void queries.invalidateQueries({ queryKey: keyOf(listOffers) })
      tell(i18n, i18n._('offer.made', {}, { message: 'Kept as a draft. Tills know nothing of it yet.' }))
      await navigate({
        to: '/offers/$offerId',
        params: { offerId: sheet.row.id },
        replace: true,
        ignoreBlocker: true,
      })
    },
    onError: (error) => {
      const faults = fieldErrors(i18n, error, (field) =>
        formField(field.replace('definition.', ''), form.values),
      )
      form.setErrors(faults)
      focusFault(form, faults)
    },
  })
  const { values } = form
  const isReady =
    Object.keys({
      ...typedFaults(i18n, { ...values, name: values.name || '–' }),
      ...unfinished(i18n, values),
    }).length === 0
  const definition = definitionOf({ ...values, name: values.name.trim() || '–' })
  return (
    <Page
      title={i18n._('offers.new', {}, { message: 'New offer' })}
      trail={<TextLink to="/offers">{i18n._('nav.offers', {}, { message: 'Offers' })}</TextLink>}
    >
      <LeaveGuard unsaved={() => form.isDirty()} />
      <OfferSummary values={values} status="draft" goods={goods} now={now} />
      <Grid>
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <form
            onSubmit={form.onSubmit(
              () => save.mutate(),
              (faults) => focusFault(form, faults),
            )}
            noValidate
          >
            <Stack gap="md">
              <OfferForm form={form} goods={goods} hints={{}} isNew readOnly={false} />
              <SaveBar
                dirty={form.isDirty()}
                saving={save.isPending}
                error={save.error}
                onReset={form.reset}
              />
            </Stack>
          </form>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }} className="beside-form">
          <PreviewPanel offerId={undefined} definition={definition} isReady={isReady} />
        </Grid.Col>
      </Grid>
    </Page>
  )
}
