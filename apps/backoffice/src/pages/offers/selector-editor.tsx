import { Button, Grid, MultiSelect, Radio, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useWords } from '../../words/use-words.ts'
import type { FieldProps } from './field-props.ts'
import type { OfferFormState, SelectorValues } from './offer-values.ts'
import { ProductPicker } from './product-picker.tsx'
import type { Goods } from './use-goods-names.ts'

type Props = {
  form: OfferFormState
  field: FieldProps
  goods: Goods
  /** Place of the selector in the form. */
  at: number
  title: string
  onRemove?: (() => void) | undefined
}

/** Which goods a part of an offer speaks of: everything or some, by price and expiry, with exceptions. */
export function SelectorEditor({ form, field, goods, at, title, onRemove }: Props) {
  const i18n = useWords()
  const selector = form.values.selectors[at]
  const [more, setMore] = useState(selector !== undefined && hasMore(selector))
  if (selector === undefined) return null
  const place = `selectors.${at}`
  const picks = (name: 'products' | 'exceptProducts') => {
    const { value, onChange, ...rest } = field(`${place}.${name}`)
    return { ...rest, value: selector[name], onChange: (next: string[]) => onChange(next), goods }
  }
  return (
    <fieldset className="row">
      <legend>{title}</legend>
      <Stack gap="sm">
        <Radio.Group
          value={selector.everything ? 'all' : 'some'}
          onChange={(value) => form.setFieldValue(`${place}.everything`, value === 'all')}
          label={title}
          labelProps={{ className: 'visually-hidden' }}
        >
          <Stack gap={6}>
            <Radio value="some" label={i18n._('offer.some-goods', {}, { message: 'Chosen goods' })} />
            <Radio value="all" label={i18n._('offer.all-goods', {}, { message: 'Everything' })} />
          </Stack>
        </Radio.Group>
        {!selector.everything && (
          <Grid>
            <Grid.Col span={{ base: 12, sm: 6 }}>
              <MultiSelect
                label={i18n._('offer.categories', {}, { message: 'Categories' })}
                data={goods.categories}
                searchable
                hidePickedOptions
                limit={50}
                nothingFoundMessage={i18n._('filter.none', {}, { message: 'Nothing found' })}
                {...field(`${place}.categories`)}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, sm: 6 }}>
              <MultiSelect
                label={i18n._('offer.brands', {}, { message: 'Brands' })}
                data={goods.brands}
                searchable
                hidePickedOptions
                limit={50}
                nothingFoundMessage={i18n._('filter.none', {}, { message: 'Nothing found' })}
                {...field(`${place}.brands`)}
              />
            </Grid.Col>
            <Grid.Col span={12}>
              <ProductPicker
                label={i18n._('nav.products', {}, { message: 'Products' })}
                description={i18n._(
                  'offer.goods-hint',
                  {},
                  { message: 'Goods must fit every box that is filled; within a box, any of its entries.' },
                )}
                {...picks('products')}
              />
            </Grid.Col>
          </Grid>
        )}
        {more ? (
          <Grid>
            <Grid.Col span={{ base: 6, sm: 4 }}>
              <TextInput
                label={i18n._('offer.price-from', {}, { message: 'Price from' })}
                leftSection="₹"
                inputMode="decimal"
                {...field(`${place}.priceFrom`)}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 6, sm: 4 }}>
              <TextInput
                label={i18n._('offer.price-below', {}, { message: 'Price below' })}
                leftSection="₹"
                inputMode="decimal"
                {...field(`${place}.priceBelow`)}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, sm: 4 }}>
              <TextInput
                label={i18n._('offer.expires-within', {}, { message: 'Days to expiry, at most' })}
                inputMode="numeric"
                {...field(`${place}.expiresWithin`)}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, sm: 6 }}>
              <MultiSelect
                label={i18n._('offer.except-categories', {}, { message: 'Without these categories' })}
                data={goods.categories}
                searchable
                hidePickedOptions
                limit={50}
                {...field(`${place}.exceptCategories`)}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, sm: 6 }}>
              <MultiSelect
                label={i18n._('offer.except-brands', {}, { message: 'Without these brands' })}
                data={goods.brands}
                searchable
                hidePickedOptions
                limit={50}
                {...field(`${place}.exceptBrands`)}
              />
            </Grid.Col>
            <Grid.Col span={12}>
              <ProductPicker
                label={i18n._('offer.except-products', {}, { message: 'Without these products' })}
                {...picks('exceptProducts')}
              />
            </Grid.Col>
          </Grid>
        ) : (
          <Button variant="subtle" onClick={() => setMore(true)} w="fit-content">
            {i18n._('offer.narrow', {}, { message: 'By price or expiry, or leave goods out' })}
          </Button>
        )}
        {onRemove && (
          <Button
            variant="subtle"
            w="fit-content"
            onClick={onRemove}
            aria-label={i18n._('offer.remove-part', { title }, { message: 'Take out: {title}' })}
          >
            {i18n._('action.remove', {}, { message: 'Take out' })}
          </Button>
        )}
      </Stack>
    </fieldset>
  )
}

function hasMore(selector: SelectorValues): boolean {
  const { priceFrom, priceBelow, expiresWithin, exceptProducts, exceptBrands, exceptCategories } = selector
  const exceptions = exceptProducts.length + exceptBrands.length + exceptCategories.length
  return priceFrom !== '' || priceBelow !== '' || expiresWithin !== '' || exceptions > 0
}
