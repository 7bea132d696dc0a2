import { Button, Grid, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { randomId } from '@mantine/hooks'
import { listPriceLists } from '@nexus/contract'
import { localDate } from '@nexus/domain'
import { useQuery } from '@tanstack/react-query'
import { asks } from '../../app/api.ts'
import { PlusIcon } from '../../app/icons.tsx'
import { Section } from '../../app/section.tsx'
import { useWords } from '../../words/use-words.ts'
import type { PriceValues, ProductFormState } from './product-values.ts'

/** Prices by list, each from a day, some until one. */
export function PriceRows({ form }: { form: ProductFormState }) {
  const i18n = useWords()
  const lists = useQuery({ ...asks(listPriceLists, {}), staleTime: 60_000 }).data?.priceLists ?? []
  const chain = lists.find((list) => list.scope === 'chain' && list.tier === null) ?? lists[0]
  const add = () =>
    form.insertListItem('prices', {
      key: randomId(),
      listId: chain === undefined ? '' : String(chain.id),
      price: '',
      firstDay: localDate(Date.now()),
      lastDay: '',
      stored: null,
    } satisfies PriceValues)
  return (
    <Section
      title={i18n._('product.prices', {}, { message: 'Prices' })}
      actions={
        <Button variant="default" leftSection={<PlusIcon />} onClick={add}>
          {i18n._('product.add-price', {}, { message: 'Add price' })}
        </Button>
      }
    >
      {form.values.prices.length === 0 && (
        <Text c="dimmed">
          {i18n._('product.no-prices', {}, { message: 'None, so the tills do not sell the product.' })}
        </Text>
      )}
      <Stack gap="lg">
        {form.values.prices.map((row, place) => (
          <fieldset key={row.key} className="row">
            <legend>{i18n._('price.title', { n: place + 1 }, { message: 'Price {n}' })}</legend>
            <Grid>
              <Grid.Col span={{ base: 12, xs: 6, md: 4 }}>
                <NativeSelect
                  label={i18n._('price.list', {}, { message: 'Price list' })}
                  data={[
                    ...(row.listId === '' ? [{ value: '', label: '–' }] : []),
                    ...lists.map((list) => ({ value: String(list.id), label: list.name })),
                  ]}
                  {...form.getInputProps(`prices.${place}.listId`)}
                />
              </Grid.Col>
              <Grid.Col span={{ base: 12, xs: 6, md: 2 }}>
                <TextInput
                  label={i18n._('price.amount', {}, { message: 'Price of one' })}
                  leftSection="₹"
                  inputMode="decimal"
                  {...form.getInputProps(`prices.${place}.price`)}
                />
              </Grid.Col>
              <Grid.Col span={{ base: 6, md: 2 }}>
                <TextInput
                  type="date"
                  label={i18n._('price.from', {}, { message: 'First day' })}
                  description={
                    row.firstDay === '' && i18n._('price.since-ever', {}, { message: 'Since ever' })
                  }
                  {...form.getInputProps(`prices.${place}.firstDay`)}
                />
              </Grid.Col>
              <Grid.Col span={{ base: 6, md: 2 }}>
                <TextInput
                  type="date"
                  label={i18n._('price.until', {}, { message: 'Last day' })}
                  {...form.getInputProps(`prices.${place}.lastDay`)}
                />
              </Grid.Col>
              <Grid.Col span="content">
                <Button
                  variant="subtle"
                  mt={{ base: 0, md: 25 }}
                  onClick={() => form.removeListItem('prices', place)}
                  aria-label={i18n._('price.remove', { n: place + 1 }, { message: 'Take out price {n}' })}
                >
                  {i18n._('action.remove', {}, { message: 'Take out' })}
                </Button>
              </Grid.Col>
            </Grid>
          </fieldset>
        ))}
      </Stack>
    </Section>
  )
}
