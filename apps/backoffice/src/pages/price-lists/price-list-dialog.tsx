import { Alert, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import {
  createPriceList,
  getRulebook,
  listPriceLists,
  type PriceListBody,
  type PriceListRow,
  renamePriceList,
} from '@nexus/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask, keyOf } from '../../app/api.ts'
import { Dialog } from '../../app/dialog.tsx'
import { fieldErrors } from '../../forms/field-errors.ts'
import { focusFault } from '../../forms/focus-fault.ts'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'

type Props = {
  /** undefined: a new one. */
  list: PriceListRow | undefined
  /** How the other lists are about GST; undefined where there is none. */
  inclusive: boolean | undefined
  onClose: () => void
}
type Values = {
  name: string
  scope: PriceListBody['scope']
  scopeId: string
  tier: string
  gst: 'with' | 'without'
}

/** Makes a price list, or gives one another name: what a list is for stays for ever. */
export function PriceListDialog({ list, inclusive, onClose }: Props) {
  const i18n = useWords()
  const queries = useQueryClient()
  const stores = useStores()
  const regions = [...new Set(stores.map(({ regionId }) => regionId))].filter((id) => id !== '').sort()
  const form = useForm<Values>({
    mode: 'controlled',
    initialValues: {
      name: list?.name ?? '',
      scope: 'chain',
      scopeId: '',
      tier: '',
      gst: inclusive === false ? 'without' : 'with',
    },
    validate: {
      name: (name) => (name.trim() === '' ? i18n._('form.required', {}, { message: 'Fill this in.' }) : null),
      scopeId: (scopeId, { scope }) =>
        scope !== 'chain' && scopeId === ''
          ? i18n._('form.required', {}, { message: 'Fill this in.' })
          : null,
    },
  })
  const save = useMutation({
    mutationFn: async () => {
      const { name, scope, scopeId, tier, gst } = form.values
      if (list)
        return await ask(renamePriceList, { params: { priceListId: list.id }, body: { name: name.trim() } })
      const body = {
        name: name.trim(),
        scope,
        scopeId: scope === 'chain' ? '' : scopeId,
        tier: tier.trim() === '' ? null : tier.trim(),
        inclusive: gst === 'with',
      }
      return await ask(createPriceList, { body })
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keyOf(listPriceLists) })
      void queries.invalidateQueries({ queryKey: keyOf(getRulebook) })
      onClose()
    },
    onError: (error) => {
      const faults = fieldErrors(i18n, error, (field) => (field === 'inclusive' ? 'gst' : field))
      form.setErrors(faults)
      focusFault(form, faults)
    },
  })
  return (
    <Dialog
      opened
      onClose={onClose}
      title={
        list
          ? i18n._('price-list.rename-name', { name: list.name }, { message: 'Rename {name}' })
          : i18n._('price-lists.new', {}, { message: 'New price list' })
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
            label={i18n._('product.name', {}, { message: 'Name' })}
            maxLength={80}
            data-autofocus
            {...form.getInputProps('name')}
          />
          {!list && (
            <>
              <NativeSelect
                label={i18n._('price-list.where', {}, { message: 'Where' })}
                data={[
                  { value: 'chain', label: i18n._('price-list.chain', {}, { message: 'The whole chain' }) },
                  ...(regions.length > 0
                    ? [{ value: 'region', label: i18n._('price-list.region', {}, { message: 'One region' }) }]
                    : []),
                  { value: 'store', label: i18n._('price-list.store', {}, { message: 'One store' }) },
                ]}
                {...form.getInputProps('scope')}
              />
              {form.values.scope !== 'chain' && (
                <NativeSelect
                  label={
                    form.values.scope === 'region'
                      ? i18n._('price-list.which-region', {}, { message: 'Which region' })
                      : i18n._('price-list.which-store', {}, { message: 'Which store' })
                  }
                  data={[
                    { value: '', label: '–' },
                    ...(form.values.scope === 'region'
                      ? regions.map((region) => ({ value: region, label: region }))
                      : storeOptions(stores)),
                  ]}
                  {...form.getInputProps('scopeId')}
                />
              )}
              <TextInput
                label={i18n._('price-list.tier', {}, { message: 'Customer tier' })}
                description={i18n._(
                  'price-list.tier-hint',
                  {},
                  { message: 'Such as member or staff. Empty: for everybody.' },
                )}
                maxLength={40}
                {...form.getInputProps('tier')}
              />
              <NativeSelect
                label={i18n._('price-list.gst', {}, { message: 'GST' })}
                data={[
                  {
                    value: 'with',
                    label: i18n._('price-list.inclusive', {}, { message: 'Prices with GST' }),
                  },
                  {
                    value: 'without',
                    label: i18n._('price-list.exclusive', {}, { message: 'Prices without GST' }),
                  },
                ]}
                {...form.getInputProps('gst')}
              />
              <Text fz="sm" c="dimmed">
                {i18n._(
                  'price-list.for-ever',
                  {},
                  { message: 'Where, for whom and GST stay for ever; only the name can change later.' },
                )}
              </Text>
            </>
          )}
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
