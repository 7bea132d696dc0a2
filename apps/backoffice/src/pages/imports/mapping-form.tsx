import {
  Alert,
  Button,
  Group,
  MultiSelect,
  NativeSelect,
  SegmentedControl,
  SimpleGrid,
  Text,
  TextInput,
} from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import {
  checkImport,
  getImport,
  type ImportField,
  type ImportKind,
  type ImportState,
  importFieldsOf,
  listPriceLists,
  listProducts,
  listTaxClasses,
  runImport,
} from '@nexus/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ask, asks, keyOf } from '../../app/api.ts'
import { Section } from '../../app/section.tsx'
import { fieldErrors } from '../../forms/field-errors.ts'
import { focusFault } from '../../forms/focus-fault.ts'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { unitCodes, unitName } from '../../phrases/unit-words.ts'
import { useWords } from '../../words/use-words.ts'
import { importFieldName, importKindName } from './import-words.ts'
import { guessedMapping, type MappingValues, mappingFaults, mappingOf, valuesOf } from './mapping-values.ts'

type Form = UseFormReturnType<MappingValues>

const kinds: readonly ImportKind[] = ['products', 'prices', 'mrp']

/** What the columns of the file mean. Checks without writing; then it may run. */
export function MappingForm({ state }: { state: ImportState }) {
  const i18n = useWords()
  const queries = useQueryClient()
  const stores = useStores()
  const form = useForm<MappingValues>({
    mode: 'controlled',
    initialValues: state.mapping ? valuesOf(state.mapping) : guessedMapping(state.columns),
    validate: (values) => mappingFaults(i18n, values),
  })
  const { kind } = form.values
  const params = { importId: state.id }
  const start = useMutation({
    mutationFn: (endpoint: typeof checkImport | typeof runImport) =>
      ask(endpoint, { params, body: mappingOf(form.values) }),
    onSuccess: (next) => {
      form.resetDirty(form.values)
      queries.setQueryData(keyOf(getImport, { params }), next)
      void queries.invalidateQueries({ queryKey: keyOf(listProducts) })
    },
    onError: (error) => {
      const faults = fieldErrors(i18n, error, (field) => (field.startsWith('key') ? 'key' : field))
      form.setErrors(faults)
      focusFault(form, faults)
    },
  })
  // What was checked is what may run: after another choice, it is checked again.
  const mayRun = state.state === 'checked' && !form.isDirty()
  return (
    <form
      onSubmit={form.onSubmit(
        () => start.mutate(checkImport),
        (faults) => focusFault(form, faults),
      )}
      noValidate
    >
      <Section title={i18n._('mapping.title', {}, { message: 'What the columns mean' })}>
        {start.error && (
          <Alert role="alert" color="red" variant="outline">
            {problemWords(i18n, start.error)}
          </Alert>
        )}
        <SegmentedControl
          aria-label={i18n._('mapping.kind', {}, { message: 'What the file holds' })}
          data={kinds.map((kind) => ({ value: kind, label: importKindName(i18n, kind) }))}
          {...form.getInputProps('kind')}
        />
        {kind !== 'products' && <FigureHint kind={kind} />}
        {kind === 'products' && (
          <MultiSelect
            label={i18n._('mapping.key', {}, { message: 'Key columns' })}
            description={i18n._(
              'mapping.key-hint',
              {},
              {
                message:
                  'Together they tell products apart. A later import with the same key changes the product instead of adding one.',
              },
            )}
            data={[...new Set(state.columns)].filter((column) => column !== '')}
            maxValues={5}
            hidePickedOptions
            searchable
            maw={640}
            {...form.getInputProps('key')}
          />
        )}
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" verticalSpacing="xs">
          {importFieldsOf[kind].map((field) => (
            <FieldSource key={field} field={field} form={form} columns={state.columns} />
          ))}
        </SimpleGrid>
        {kind === 'products' && <TaxDefault form={form} />}
        <Group align="flex-start">
          <NativeSelect
            label={i18n._('mapping.amounts', {}, { message: 'Amounts are in' })}
            data={[
              { value: 'rupees', label: i18n._('mapping.rupees', {}, { message: 'Rupees, e.g. 1299.50' }) },
              { value: 'paise', label: i18n._('mapping.paise', {}, { message: 'Paise, e.g. 129950' }) },
            ]}
            {...form.getInputProps('amounts')}
          />
          {kind === 'products' && form.values.fields.openingStock.from !== 'none' && (
            <NativeSelect
              label={i18n._('mapping.store', {}, { message: 'Opening stock lies in' })}
              data={[
                { value: '', label: i18n._('mapping.choose-store', {}, { message: 'Choose a store' }) },
                ...storeOptions(stores),
              ]}
              {...form.getInputProps('openingStockStore')}
            />
          )}
        </Group>
        <Group>
          <Button type="submit" variant={mayRun ? 'default' : 'filled'} loading={start.isPending}>
            {i18n._('mapping.check', {}, { message: 'Check without writing' })}
          </Button>
          {mayRun && (
            <Button onClick={() => start.mutate(runImport)} loading={start.isPending}>
              {i18n._('mapping.run', {}, { message: 'Run the import' })}
            </Button>
          )}
        </Group>
      </Section>
    </form>
  )
}

type FieldProps = { field: ImportField; form: Form; columns: readonly string[] }

/** One field: not in the file, a column, or one value for all rows. */
function FieldSource({ field, form, columns }: FieldProps) {
  const i18n = useWords()
  const name = importFieldName(i18n, field)
  const source = form.values.fields[field]
  const error = form.errors[`fields.${field}`]
  const choose = (chosen: string) => {
    const place = /^column-(\d+)$/.exec(chosen)?.[1]
    form.setFieldValue(
      `fields.${field}`,
      place === undefined
        ? { from: chosen === 'value' ? 'value' : 'none', column: '', value: source.value }
        : { from: 'column', column: columns[Number(place)] ?? '', value: '' },
    )
    form.clearFieldError(`fields.${field}`)
  }
  return (
    <Group align="flex-start" gap="xs" grow wrap="nowrap">
      <NativeSelect
        label={name}
        data-path={`fields.${field}`}
        value={source.from === 'column' ? `column-${columns.indexOf(source.column)}` : source.from}
        onChange={(event) => choose(event.currentTarget.value)}
        error={source.from === 'value' ? undefined : error}
        data={[
          { value: 'none', label: i18n._('mapping.none', {}, { message: 'Not in the file' }) },
          ...columns.flatMap((column, place) =>
            column === ''
              ? []
              : [
                  {
                    value: `column-${place}`,
                    label: i18n._('mapping.column', { column }, { message: 'Column “{column}”' }),
                  },
                ],
          ),
          { value: 'value', label: i18n._('mapping.fixed', {}, { message: 'The same for all rows' }) },
        ]}
      />
      {source.from === 'value' && <FixedValue field={field} form={form} error={error} />}
    </Group>
  )
}

function FixedValue({ field, form, error }: { field: ImportField; form: Form; error: ReactNode }) {
  const i18n = useWords()
  const taxClasses =
    useQuery({ ...asks(listTaxClasses, {}), enabled: field === 'taxClass' }).data?.taxClasses ?? []
  const lists = useQuery({ ...asks(listPriceLists, {}), enabled: field === 'list' }).data?.priceLists ?? []
  const input = {
    label: i18n._(
      'mapping.value-of',
      { field: importFieldName(i18n, field) },
      { message: '{field} of all rows' },
    ),
    error,
    ...form.getInputProps(`fields.${field}.value`),
  }
  const empty = { value: '', label: '–' }
  if (field === 'taxClass') {
    return (
      <NativeSelect
        {...input}
        error={error}
        data={[empty, ...taxClasses.map((one) => ({ value: one.id, label: `${one.name} (${one.id})` }))]}
      />
    )
  }
  if (field === 'list') {
    return (
      <NativeSelect
        {...input}
        error={error}
        data={[empty, ...lists.map(({ id, name }) => ({ value: String(id), label: name }))]}
      />
    )
  }
  if (field === 'uqc') {
    return (
      <NativeSelect
        {...input}
        error={error}
        data={[empty, ...unitCodes.map((code) => ({ value: code, label: unitName(i18n, code) }))]}
      />
    )
  }
  return <TextInput {...input} error={error} maxLength={200} />
}

/** How rows of prices and MRPs are read, where it does not go without saying. */
function FigureHint({ kind }: { kind: 'prices' | 'mrp' }) {
  const i18n = useWords()
  return (
    <Text>
      {kind === 'prices'
        ? i18n._(
            'mapping.prices-hint',
            {},
            {
              message:
                'Each row names a product by its SKU or barcode. Without a list the price is the chain’s, without a beginning it holds at once, without an end until another price begins. A last day counts whole.',
            },
          )
        : i18n._(
            'mapping.mrps-hint',
            {},
            {
              message:
                'Each row names a product by its SKU or barcode. Without a batch number it is the product’s only batch. An empty MRP stays as it is.',
            },
          )}
    </Text>
  )
}

/** Says openly what tax the goods will bear: it is money, and nobody else decides it. */
function TaxDefault({ form }: { form: Form }) {
  const i18n = useWords()
  const { from, value, column } = form.values.fields.taxClass
  return (
    <Text>
      {from === 'none'
        ? i18n._(
            'mapping.tax-none',
            {},
            {
              message:
                'No tax class comes with this file: new products cannot be sold until somebody classifies them.',
            },
          )
        : from === 'column'
          ? i18n._(
              'mapping.tax-column',
              { column },
              { message: 'The tax class of each product is what its row says under “{column}”.' },
            )
          : i18n._(
              'mapping.tax-fixed',
              { taxClass: value || '…' },
              {
                message:
                  'Every product of this file gets the tax class {taxClass}. Be sure that it is right for all of them.',
              },
            )}
    </Text>
  )
}
