import { Alert, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { listOpenPayments, listSettlements, putSettlement, settlementFields } from '@nexus/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, keyOf } from '../../app/api.ts'
import { Dialog } from '../../app/dialog.tsx'
import { newId } from '../../app/new-id.ts'
import { fieldErrors } from '../../forms/field-errors.ts'
import { focusFault } from '../../forms/focus-fault.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'
import { settlementFieldName } from './payment-words.ts'
import { guessColumns, type SettlementValues, settlementQuery } from './settlement-values.ts'

type Props = { file: File; columns: readonly string[]; onClose: () => void }

/** Says whose file it is and what its columns mean, and brings it. */
export function SettlementDialog({ file, columns, onClose }: Props) {
  const i18n = useWords()
  const queries = useQueryClient()
  // One id for the dialog's life, so that a second click after a lost answer brings nothing twice.
  const [fileId] = useState(() => newId())
  const needed = i18n._('settlement.needed', {}, { message: 'Say which it is.' })
  const form = useForm<SettlementValues>({
    mode: 'controlled',
    initialValues: { provider: '', ...guessColumns(columns) },
    validate: (values) =>
      Object.fromEntries(
        (['provider', 'reference', 'amount', 'date'] as const).flatMap((field) =>
          values[field].trim() === '' ? [[field, needed]] : [],
        ),
      ),
  })
  const bring = useMutation({
    mutationFn: async () => {
      const body = new FormData()
      body.append('file', file)
      return await ask(putSettlement, { params: { fileId }, query: settlementQuery(form.values), body })
    },
    onSuccess: async () => {
      void queries.invalidateQueries({ queryKey: keyOf(listOpenPayments) })
      await queries.invalidateQueries({ queryKey: keyOf(listSettlements) })
      onClose()
    },
    onError: (error) => {
      const faults = fieldErrors(i18n, error, (field) => field)
      form.setErrors(faults)
      focusFault(form, faults)
    },
  })
  return (
    <Dialog
      opened
      onClose={onClose}
      title={i18n._('settlement.bring', {}, { message: 'Bring a settlement file' })}
    >
      <form
        onSubmit={form.onSubmit(
          () => bring.mutate(),
          (faults) => focusFault(form, faults),
        )}
        noValidate
      >
        <Stack>
          {bring.error && (
            <Alert role="alert" color="red" variant="outline">
              {problemWords(i18n, bring.error)}
            </Alert>
          )}
          <Text>{file.name}</Text>
          <TextInput
            label={i18n._('settlement.provider', {}, { message: 'Provider' })}
            description={i18n._(
              'settlement.provider-hint',
              {},
              { message: 'As tills name it, e.g. upi-qr. The list of open payments shows it.' },
            )}
            maxLength={40}
            data-autofocus
            {...form.getInputProps('provider')}
          />
          {settlementFields.map((field) => (
            <Select
              key={field}
              label={settlementFieldName(i18n, field)}
              data={[...columns]}
              clearable={field === 'fee' || field === 'utr'}
              searchable
              {...form.getInputProps(field)}
              onChange={(column) => form.setFieldValue(field, column ?? '')}
            />
          ))}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {i18n._('action.cancel', {}, { message: 'Cancel' })}
            </Button>
            <Button type="submit" loading={bring.isPending}>
              {i18n._('settlement.take', {}, { message: 'Compare with our payments' })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
