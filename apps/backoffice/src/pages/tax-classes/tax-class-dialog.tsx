import { Alert, Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { randomId } from '@mantine/hooks'
import { getRulebook, listTaxClasses, putTaxClass, type TaxClassRow } from '@nexus/contract'
import { localDate } from '@nexus/domain'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask, keyOf } from '../../app/api.ts'
import { Dialog } from '../../app/dialog.tsx'
import { PlusIcon } from '../../app/icons.tsx'
import { fieldErrors } from '../../forms/field-errors.ts'
import { focusFault } from '../../forms/focus-fault.ts'
import { taxKindName } from '../../phrases/document-words.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'
import { bodyOf, type RateValues, type TaxClassValues, taxClassFaults, valuesOf } from './tax-class-values.ts'

const kinds = ['taxable', 'nil', 'exempt', 'non-gst'] as const

type Props = { taxClass: TaxClassRow | undefined; onClose: () => void }

/** Makes or changes a tax class. */
export function TaxClassDialog({ taxClass, onClose }: Props) {
  const i18n = useWords()
  const queries = useQueryClient()
  const form = useForm<TaxClassValues>({
    mode: 'controlled',
    initialValues: taxClass ? valuesOf(taxClass) : { id: '', name: '', rates: [newRate()] },
    validate: (values) => taxClassFaults(i18n, values),
  })
  const save = useMutation({
    mutationFn: () => ask(putTaxClass, { params: { taxClassId: form.values.id }, body: bodyOf(form.values) }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keyOf(listTaxClasses) })
      void queries.invalidateQueries({ queryKey: keyOf(getRulebook) })
      onClose()
    },
    onError: (error) => {
      const faults = fieldErrors(i18n, error)
      form.setErrors(faults)
      focusFault(form, faults)
    },
  })
  return (
    <Dialog
      opened
      onClose={onClose}
      size="lg"
      title={
        taxClass
          ? i18n._('register.edit-name', { name: taxClass.name }, { message: 'Change {name}' })
          : i18n._('tax-classes.new', {}, { message: 'New tax class' })
      }
    >
      <form
        onSubmit={form.onSubmit(
          () => save.mutate(),
          (faults) => focusFault(form, faults),
        )}
        noValidate
      >
        <Stack>
          {save.error && (
            <Alert role="alert" color="red" variant="outline">
              {problemWords(i18n, save.error)}
            </Alert>
          )}
          <TextInput
            label={i18n._('tax-class.id', {}, { message: 'Code' })}
            description={i18n._('tax-class.id-hint', {}, { message: 'For import files; stays for ever.' })}
            maxLength={20}
            readOnly={taxClass !== undefined}
            data-autofocus={taxClass === undefined || undefined}
            {...form.getInputProps('id')}
            onChange={(event) => form.setFieldValue('id', event.currentTarget.value.toUpperCase())}
          />
          <TextInput
            label={i18n._('product.name', {}, { message: 'Name' })}
            maxLength={120}
            data-autofocus={taxClass !== undefined || undefined}
            {...form.getInputProps('name')}
          />
          {form.values.rates.map((rate, place) => (
            <Group key={rate.key} align="flex-start" gap="xs">
              <TextInput
                type="date"
                label={i18n._('tax-class.from', {}, { message: 'From' })}
                {...form.getInputProps(`rates.${place}.fromDay`)}
              />
              <NativeSelect
                label={i18n._('tax-class.kind', {}, { message: 'Goods are' })}
                data={kinds.map((kind) => ({ value: kind, label: taxKindName(i18n, kind) }))}
                {...form.getInputProps(`rates.${place}.kind`)}
              />
              <TextInput
                label={i18n._('tax-class.rate', {}, { message: 'Rate in %' })}
                inputMode="decimal"
                w={110}
                disabled={rate.kind !== 'taxable'}
                {...form.getInputProps(`rates.${place}.rate`)}
              />
              {form.values.rates.length > 1 && (
                <Button
                  variant="subtle"
                  mt={25}
                  onClick={() => form.removeListItem('rates', place)}
                  aria-label={i18n._(
                    'tax-class.remove-rate',
                    { day: rate.fromDay },
                    {
                      message: 'Take out the rate from {day}',
                    },
                  )}
                >
                  {i18n._('action.remove', {}, { message: 'Take out' })}
                </Button>
              )}
            </Group>
          ))}
          <Group>
            <Button
              variant="default"
              leftSection={<PlusIcon />}
              onClick={() => form.insertListItem('rates', newRate())}
            >
              {i18n._('tax-class.add-rate', {}, { message: 'Add a rate' })}
            </Button>
          </Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {i18n._('action.cancel', {}, { message: 'Cancel' })}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {i18n._('action.save', {}, { message: 'Save' })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

function newRate(): RateValues {
  return { key: randomId(), fromDay: localDate(Date.now()), kind: 'taxable', rate: '', stored: null }
}
