import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { getCouponSeries, listAudit, listCouponSeries, putCouponBatch } from '@nexus/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, keyOf } from '../../app/api.ts'
import { Dialog } from '../../app/dialog.tsx'
import { newId } from '../../app/new-id.ts'
import { fieldErrors } from '../../forms/field-errors.ts'
import { focusFault } from '../../forms/focus-fault.ts'
import { countText } from '../../phrases/figures.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'
import { type BatchValues, batchBody, batchFaults } from './batch-values.ts'

type Props = {
  offerId: number
  /** How many more codes nobody could guess. */
  room: number
  onClose: () => void
}

/** Asks for codes of a series; they are made while the person goes on. */
export function MakeCodesDialog({ offerId, room, onClose }: Props) {
  const i18n = useWords()
  const queries = useQueryClient()
  // One id for the dialog's life, so that a second click after a lost answer asks for nothing twice.
  const [batchId] = useState(() => newId())
  const form = useForm<BatchValues>({
    mode: 'controlled',
    initialValues: { name: '', count: '', lastDay: '' },
    validate: (values) => batchFaults(i18n, values, { room, now: Date.now() }),
  })
  const make = useMutation({
    mutationFn: () => ask(putCouponBatch, { params: { batchId }, body: batchBody(form.values, offerId) }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keyOf(getCouponSeries) })
      void queries.invalidateQueries({ queryKey: keyOf(listCouponSeries) })
      void queries.invalidateQueries({ queryKey: keyOf(listAudit) })
      onClose()
    },
    onError: (error) => {
      const faults = fieldErrors(i18n, error, (field) => (field === 'expiresAt' ? 'lastDay' : field))
      form.setErrors(faults)
      focusFault(form, faults)
    },
  })
  return (
    <Dialog opened onClose={onClose} title={i18n._('coupons.make', {}, { message: 'Make codes' })}>
      <form
        onSubmit={form.onSubmit(
          () => make.mutate(),
          (faults) => focusFault(form, faults),
        )}
        noValidate
      >
        <Stack>
          {make.error && (
            <Alert role="alert" color="red" variant="outline">
              {problemWords(i18n, make.error)}
            </Alert>
          )}
          <TextInput
            label={i18n._('coupons.batch-name', {}, { message: 'What they are for' })}
            description={i18n._(
              'coupons.batch-name-hint',
              {},
              { message: 'For you and your colleagues, e.g. Letter to members.' },
            )}
            maxLength={80}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <TextInput
            label={i18n._('coupons.count', {}, { message: 'How many codes' })}
            description={i18n._(
              'coupons.room',
              { count: countText(room) },
              { message: 'There is room for {count} more that nobody can guess.' },
            )}
            inputMode="numeric"
            {...form.getInputProps('count')}
          />
          <TextInput
            type="date"
            label={i18n._('coupons.last-day', {}, { message: 'Last day they count' })}
            description={i18n._(
              'coupons.last-day-hint',
              {},
              { message: 'Leave it empty: they count as long as the offer.' },
            )}
            {...form.getInputProps('lastDay')}
          />
          <Text c="dimmed" fz="sm">
            {i18n._(
              'coupons.make-hint',
              {},
              { message: 'The codes are made in the background; you may leave this page meanwhile.' },
            )}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {i18n._('action.cancel', {}, { message: 'Cancel' })}
            </Button>
            <Button type="submit" loading={make.isPending}>
              {i18n._('coupons.make', {}, { message: 'Make codes' })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
