import { Autocomplete, Grid, NativeSelect, Stack, Switch, TextInput } from '@mantine/core'
import { listFacets, listTaxClasses } from '@nexus/contract'
import { useQuery } from '@tanstack/react-query'
import { asks } from '../../app/api.ts'
import { Section } from '../../app/section.tsx'
import { unitCodes, unitName } from '../../phrases/unit-words.ts'
import { useWords } from '../../words/use-words.ts'
import { BarcodeRows } from './barcode-rows.tsx'
import { BatchRows } from './batch-rows.tsx'
import { PriceRows } from './price-rows.tsx'
import type { ProductFormState } from './product-values.ts'

type Props = {
  form: ProductFormState
  /** The product's own code for ever; a new product has none yet. */
  internalCode: string | undefined
  /** The person may look only. */
  readOnly: boolean
}

/** Fields of a product, new or stored. */
export function ProductForm({ form, internalCode, readOnly }: Props) {
  return (
    <fieldset disabled={readOnly} className="bare">
      <Stack gap="md">
        <Naming form={form} />
        <Tax form={form} />
        <BarcodeRows form={form} internalCode={internalCode} />
        <PriceRows form={form} />
        <BatchRows form={form} />
      </Stack>
    </fieldset>
  )
}

function Naming({ form }: { form: ProductFormState }) {
  const i18n = useWords()
  const facets = useQuery({ ...asks(listFacets, {}), staleTime: 60_000 }).data
  return (
    <Section title={i18n._('product.naming', {}, { message: 'Name and place in the range' })}>
      <Grid>
        <Grid.Col span={{ base: 12, sm: 6 }}>
          <TextInput
            label={i18n._('product.name-en', {}, { message: 'Name in English' })}
            maxLength={200}
            withAsterisk
            {...form.getInputProps('nameEn')}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 6 }}>
          <TextInput
            label={i18n._('product.name-hi', {}, { message: 'Name in Hindi' })}
            lang="hi"
            maxLength={200}
            {...form.getInputProps('nameHi')}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 4 }}>
          <TextInput
            label={i18n._('product.sku', {}, { message: 'SKU' })}
            description={i18n._(
              'product.sku-hint',
              {},
              { message: 'Names the product in your lists, unique.' },
            )}
            maxLength={40}
            withAsterisk
            spellCheck={false}
            {...form.getInputProps('sku')}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 4 }}>
          <Autocomplete
            label={i18n._('product.brand', {}, { message: 'Brand' })}
            description={i18n._('product.new-name-hint', {}, { message: 'Choose, or type a new one.' })}
            data={facets?.brands ?? []}
            limit={50}
            maxLength={120}
            {...form.getInputProps('brand')}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 4 }}>
          <Autocomplete
            label={i18n._('product.category', {}, { message: 'Category' })}
            description={i18n._('product.new-name-hint', {}, { message: 'Choose, or type a new one.' })}
            data={facets?.categories ?? []}
            limit={50}
            maxLength={120}
            {...form.getInputProps('category')}
          />
        </Grid.Col>
        <Grid.Col span={12}>
          <Switch
            label={i18n._('product.active-label', {}, { message: 'Sold at the tills' })}
            {...form.getInputProps('active', { type: 'checkbox' })}
          />
        </Grid.Col>
      </Grid>
    </Section>
  )
}

function Tax({ form }: { form: ProductFormState }) {
  const i18n = useWords()
  const taxClasses = useQuery({ ...asks(listTaxClasses, {}), staleTime: 60_000 }).data?.taxClasses ?? []
  const units = new Set<string>([...unitCodes, form.values.uqc])
  return (
    <Section title={i18n._('product.tax', {}, { message: 'Tax and unit' })}>
      <Grid>
        <Grid.Col span={{ base: 12, sm: 4 }}>
          <NativeSelect
            label={i18n._('product.tax-class', {}, { message: 'Tax class' })}
            description={
              form.values.taxClassId === ''
                ? i18n._(
                    'product.tax-class-missing',
                    {},
                    { message: 'Without one the tills do not sell it.' },
                  )
                : i18n._('product.tax-class-hint', {}, { message: 'Decides the rate of GST by date.' })
            }
            data={[
              { value: '', label: i18n._('product.none', {}, { message: 'None' }) },
              ...taxClasses.map((taxClass) => ({
                value: taxClass.id,
                label: `${taxClass.name} (${taxClass.id})`,
              })),
            ]}
            {...form.getInputProps('taxClassId')}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 4 }}>
          <TextInput
            label={i18n._('product.hsn', {}, { message: 'HSN' })}
            description={i18n._('product.hsn-hint', {}, { message: '4, 6 or 8 digits; printed on bills.' })}
            inputMode="numeric"
            maxLength={8}
            {...form.getInputProps('hsn')}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 4 }}>
          <NativeSelect
            label={i18n._('product.unit', {}, { message: 'Unit' })}
            description={i18n._('product.unit-hint', {}, { message: 'Unit code of the GST portal.' })}
            data={[...units].map((code) => ({ value: code, label: unitName(i18n, code) }))}
            {...form.getInputProps('uqc')}
          />
        </Grid.Col>
      </Grid>
    </Section>
  )
}
