import { Alert, Button, Group, NumberInput, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { getLabels, type Label, listProducts } from '@nexus/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, asks } from '../../app/api.ts'
import { DataTable } from '../../app/data-table.tsx'
import { PrintIcon } from '../../app/icons.tsx'
import { Page } from '../../app/page.tsx'
import { Section } from '../../app/section.tsx'
import { Empty, Loading, Trouble } from '../../app/states.tsx'
import { SearchedFilter } from '../../lists/filters.tsx'
import { useSetSearch } from '../../lists/list-search.ts'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { countText, rupees } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { copiesMax, type LabelItem, readItems, sheetsOf, writeItems } from './label-items.ts'
import { LabelView } from './label-view.tsx'

const route = getRouteApi('/shell/labels')
/** Five columns of 40 mm and eleven rows of 25 mm on an A4 sheet. */
const perSheet = 55
/** More at once only keeps browser and printer waiting. */
const printedMax = 2000
/** A preview of thousands of labels would only be slow. */
const previewMax = 12

/** Labels for shelves and packs: choose products, say how many, print by the browser. */
export function LabelsPage() {
  const i18n = useWords()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const stores = useStores()
  const items = readItems(search.items ?? '')
  const change = (next: readonly LabelItem[]) => set({ items: writeItems(next) }, true)
  const body = {
    productIds: items.map((item) => item.productId),
    ...(search.store !== undefined && { storeId: search.store }),
  }
  const labels = useQuery({
    queryKey: [getLabels.path, body],
    queryFn: ({ signal }) => ask(getLabels, { body }, signal),
    enabled: items.length > 0,
    placeholderData: keepPreviousData,
  })
  const byId = new Map(labels.data?.labels.map((label) => [label.productId, label]))
  const printed = items.flatMap(({ productId, copies }) => {
    const label = byId.get(productId)
    return label ? Array.from({ length: copies }, () => label) : []
  })
  const paper = search.paper ?? 'roll'
  const tooMany = printed.length > printedMax
  return (
    <Page
      title={i18n._('nav.labels', {}, { message: 'Labels' })}
      printed={false}
      actions={
        <Button
          leftSection={<PrintIcon />}
          disabled={printed.length === 0 || tooMany}
          onClick={() => window.print()}
        >
          {i18n._(
            'labels.print',
            { count: printed.length, shown: countText(printed.length) },
            {
              message: '{count, plural, =0 {Print} one {Print one label} other {Print {shown} labels}}',
            },
          )}
        </Button>
      }
    >
      <Stack gap="md" className="no-print">
        <Group align="flex-end" gap="sm">
          <ProductPicker
            onPick={(productId) => {
              if (!items.some((item) => item.productId === productId))
                change([...items, { productId, copies: 1 }])
            }}
          />
          {stores.length > 1 && (
            <SearchedFilter
              label={i18n._('labels.store', {}, { message: 'Prices of' })}
              none={i18n._('labels.chain', {}, { message: 'The chain' })}
              value={search.store}
              onChange={(store) => set({ store })}
              options={storeOptions(stores)}
            />
          )}
          <SegmentedControl
            aria-label={i18n._('labels.paper', {}, { message: 'Paper' })}
            value={paper}
            onChange={(next) => set({ paper: next === 'a4' ? 'a4' : undefined })}
            data={[
              { value: 'roll', label: i18n._('labels.roll', {}, { message: 'Roll, 40 × 25 mm' }) },
              { value: 'a4', label: i18n._('labels.a4', {}, { message: 'A4 sheet of 55' }) },
            ]}
          />
        </Group>
        {tooMany && (
          <Alert color="orange" variant="outline">
            {i18n._(
              'labels.too-many',
              { max: countText(printedMax) },
              {
                message: 'More than {max} labels. Print them in parts.',
              },
            )}
          </Alert>
        )}
        {labels.isError && <Trouble error={labels.error} onRetry={() => void labels.refetch()} />}
        {items.length === 0 ? (
          <Empty
            title={i18n._('labels.empty', {}, { message: 'No labels chosen' })}
            hint={i18n._(
              'labels.empty-hint',
              {},
              {
                message:
                  'Find products above, or select rows in the list of products and choose “Print labels” there.',
              },
            )}
          />
        ) : labels.data === undefined ? (
          labels.isPending && <Loading />
        ) : (
          <>
            <Chosen items={items} byId={byId} onChange={change} />
            <Section title={i18n._('labels.preview', {}, { message: 'Preview' })}>
              <Group gap="xs">
                {printed.slice(0, previewMax).map((label, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: copies of a label differ in nothing else
                  <LabelView key={at} label={label} />
                ))}
              </Group>
              {printed.length > previewMax && (
                <Text c="dimmed" fz="sm">
                  {i18n._(
                    'labels.more',
                    { count: countText(printed.length - previewMax) },
                    { message: 'and {count} more' },
                  )}
                </Text>
              )}
            </Section>
          </>
        )}
      </Stack>
      <Sheets labels={tooMany ? [] : printed} paper={paper} />
    </Page>
  )
}

type ChosenProps = {
  items: readonly LabelItem[]
  byId: ReadonlyMap<number, Label>
  onChange: (items: readonly LabelItem[]) => void
}

function Chosen({ items, byId, onChange }: ChosenProps) {
  const i18n = useWords()
  const title = i18n._('labels.chosen', {}, { message: 'Chosen products' })
  return (
    <Section
      title={title}
      actions={
        <Button variant="subtle" onClick={() => onChange([])}>
          {i18n._('labels.clear', {}, { message: 'Take all out' })}
        </Button>
      }
    >
      <DataTable
        cards
        label={title}
        head={[
          { title: i18n._('line.product', {}, { message: 'Product' }) },
          { title: i18n._('product.barcode', {}, { message: 'Barcode' }) },
          { title: i18n._('product.mrp', {}, { message: 'MRP' }), numeric: true },
          { title: i18n._('product.price', {}, { message: 'Price' }), numeric: true },
          { title: i18n._('labels.copies', {}, { message: 'Labels' }) },
          { title: i18n._('register.actions', {}, { message: 'Actions' }) },
        ]}
        rows={items.map(({ productId, copies }) => {
          const label = byId.get(productId)
          const name = label?.name ?? `#${productId}`
          return {
            key: String(productId),
            cells: [
              name,
              label?.barcode ?? '–',
              rupees(label?.mrpMinor ?? null),
              rupees(label?.priceMinor ?? null),
              <NumberInput
                key="copies"
                aria-label={i18n._('labels.copies-of', { name }, { message: 'Labels of {name}' })}
                value={copies}
                min={0}
                max={copiesMax}
                allowDecimal={false}
                allowNegative={false}
                clampBehavior="strict"
                w={90}
                onChange={(typed) =>
                  onChange(
                    items.map((item) =>
                      item.productId === productId ? { productId, copies: Number(typed) } : item,
                    ),
                  )
                }
              />,
              <Button
                key="remove"
                size="xs"
                variant="subtle"
                onClick={() => onChange(items.filter((item) => item.productId !== productId))}
                aria-label={i18n._('labels.remove', { name }, { message: 'Take out {name}' })}
              >
                {i18n._('action.remove', {}, { message: 'Take out' })}
              </Button>,
            ],
          }
        })}
      />
    </Section>
  )
}

function ProductPicker({ onPick }: { onPick: (productId: number) => void }) {
  const i18n = useWords()
  const [text, setText] = useState('')
  const [q] = useDebouncedValue(text.trim(), 200)
  const found = useQuery({
    ...asks(listProducts, { query: { q, pageSize: 25 } }),
    enabled: q !== '',
    placeholderData: keepPreviousData,
  })
  const rows = q === '' ? [] : (found.data?.rows ?? [])
  return (
    <Select
      label={i18n._('labels.find', {}, { message: 'Add a product by name, SKU or barcode' })}
      searchable
      value={null}
      searchValue={text}
      onSearchChange={setText}
      onChange={(id) => {
        if (id === null) return
        onPick(Number(id))
        setText('')
      }}
      // The server has filtered already.
      filter={({ options }) => options}
      data={rows.map((row) => ({ value: String(row.id), label: `${row.name} · ${row.sku}` }))}
      nothingFoundMessage={
        q === '' || found.isFetching ? undefined : i18n._('filter.none', {}, { message: 'Nothing found' })
      }
      className="list-search"
    />
  )
}

/** What the printer gets: on the screen it is not there. */
function Sheets({ labels, paper }: { labels: readonly Label[]; paper: 'roll' | 'a4' }) {
  const page =
    paper === 'roll' ? '@page { size: 40mm 25mm; margin: 0 }' : '@page { size: A4; margin: 11mm 5mm }'
  return (
    <div className="label-sheets" data-paper={paper} aria-hidden="true">
      <style>{`@media print { ${page} }`}</style>
      {sheetsOf(labels, paper === 'roll' ? 1 : perSheet).map((sheet, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sheets have no other name than their place
        <div className="label-sheet" key={at}>
          {sheet.map((label, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: copies of a label differ in nothing else
            <LabelView key={place} label={label} />
          ))}
        </div>
      ))}
    </div>
  )
}
