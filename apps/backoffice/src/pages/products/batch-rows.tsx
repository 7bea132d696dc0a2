import { Button, Grid, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { randomId } from '@mantine/hooks'
import { lastSaleDay } from '@nexus/domain'
import { PlusIcon } from '../../app/icons.tsx'
import { Section } from '../../app/section.tsx'
import { day } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import type { BatchValues, ProductFormState } from './product-values.ts'

/** Batches with what their labels say. */
export function BatchRows({ form }: { form: ProductFormState }) {
  const i18n = useWords()
  const add = () =>
    form.insertListItem('batches', {
      key: randomId(),
      id: 0,
      batchNo: '',
      mrp: '',
      revisedMrp: '',
      expiryKind: '',
      expiryMonth: '',
    } satisfies BatchValues)
  return (
    <Section
      title={i18n._('product.batches', {}, { message: 'Batches' })}
      actions={
        <Button variant="default" leftSection={<PlusIcon />} onClick={add}>
          {i18n._('product.add-batch', {}, { message: 'Add batch' })}
        </Button>
      }
    >
      {form.values.batches.length === 0 && (
        <Text c="dimmed">
          {i18n._(
            'product.no-batches',
            {},
            { message: 'None. MRP and expiry stand on a batch; goods without either need none.' },
          )}
        </Text>
      )}
      <Stack gap="lg">
        {form.values.batches.map((batch, place) => (
          <BatchRow key={batch.key} form={form} batch={batch} place={place} />
        ))}
      </Stack>
    </Section>
  )
}

function BatchRow({ form, batch, place }: { form: ProductFormState; batch: BatchValues; place: number }) {
  const i18n = useWords()
  const name = batch.batchNo || String(place + 1)
  const last =
    batch.expiryKind === '' || batch.expiryMonth === ''
      ? undefined
      : lastSaleDay({ expiry: { kind: batch.expiryKind, month: batch.expiryMonth } })
  return (
    <fieldset className="row">
      <legend>{i18n._('batch.title', { name }, { message: 'Batch {name}' })}</legend>
      <Grid>
        <Grid.Col span={{ base: 12, xs: 6, md: 2 }}>
          <TextInput
            label={i18n._('batch.number', {}, { message: 'Batch number' })}
            maxLength={40}
            {...form.getInputProps(`batches.${place}.batchNo`)}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 6, xs: 3, md: 2 }}>
          <TextInput
            label={i18n._('product.mrp', {}, { message: 'MRP' })}
            leftSection="₹"
            inputMode="decimal"
            {...form.getInputProps(`batches.${place}.mrp`)}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 6, xs: 3, md: 2 }}>
          <TextInput
            label={i18n._('batch.revised', {}, { message: 'Revised MRP' })}
            leftSection="₹"
            inputMode="decimal"
            {...form.getInputProps(`batches.${place}.revisedMrp`)}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 6, xs: 3, md: 2 }}>
          <NativeSelect
            label={i18n._('batch.label', {}, { message: 'Label says' })}
            data={[
              { value: '', label: i18n._('batch.no-expiry', {}, { message: 'No date' }) },
              { value: 'use-before', label: i18n._('batch.use-before', {}, { message: 'Use before' }) },
              { value: 'expiry', label: i18n._('batch.expiry', {}, { message: 'Expiry' }) },
            ]}
            {...form.getInputProps(`batches.${place}.expiryKind`)}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 6, xs: 3, md: 2 }}>
          <TextInput
            type="month"
            label={i18n._('batch.month', {}, { message: 'Month' })}
            {...form.getInputProps(`batches.${place}.expiryMonth`)}
          />
        </Grid.Col>
        <Grid.Col span="content">
          <Button
            variant="subtle"
            mt={{ base: 0, md: 25 }}
            onClick={() => form.removeListItem('batches', place)}
            aria-label={i18n._('batch.remove', { name }, { message: 'Take out batch {name}' })}
          >
            {i18n._('action.remove', {}, { message: 'Take out' })}
          </Button>
        </Grid.Col>
      </Grid>
      {last !== undefined && (
        <Text fz="sm" c="dimmed" mt={4}>
          {i18n._(
            'batch.last-day',
            { day: day(last) },
            { message: 'Sold until {day}; after that the tills refuse it.' },
          )}
        </Text>
      )}
    </fieldset>
  )
}
