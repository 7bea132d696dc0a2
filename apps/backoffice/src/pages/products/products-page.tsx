import type { I18n } from '@lingui/core'
import { Badge, Group } from '@mantine/core'
import { exportProducts, listFacets, listProducts, listTaxClasses, type ProductRow } from '@nexus/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { addressOf, asks } from '../../app/api.ts'
import { PlusIcon, PrintIcon } from '../../app/icons.tsx'
import { ButtonLink, TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { useMay } from '../../app/session.ts'
import { DataList } from '../../lists/data-list.tsx'
import { ChoiceFilter, FlagFilter, SearchedFilter } from '../../lists/filters.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { allPages, useSetSearch } from '../../lists/list-search.ts'
import { countText, moment, rupees } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'

const route = getRouteApi('/shell/products')

/** The catalogue. */
export function ProductsPage() {
  const i18n = useWords()
  const may = useMay()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const query = useQuery({ ...asks(listProducts, { query: search }), placeholderData: keepPreviousData })
  const [selected, onSelect] = useState<ReadonlySet<string>>(new Set())
  const title = i18n._('nav.products', {}, { message: 'Products' })
  const names = new Map(query.data?.rows.map((row) => [String(row.id), row.name]))
  return (
    <Page
      title={title}
      actions={
        <>
          {selected.size > 0 && (
            <ButtonLink
              to="/labels"
              search={{ items: [...selected].join(',') }}
              variant="default"
              leftSection={<PrintIcon />}
            >
              {i18n._('products.labels', { count: selected.size }, { message: 'Print labels ({count})' })}
            </ButtonLink>
          )}
          {may('products.write') && (
            <ButtonLink to="/products/new" leftSection={<PlusIcon />}>
              {i18n._('products.new', {}, { message: 'New product' })}
            </ButtonLink>
          )}
        </>
      }
    >
      <DataList
        id="products"
        label={title}
        search={search}
        set={set}
        query={query}
        columns={productColumns(i18n)}
        rowKey={(row) => String(row.id)}
        usualSort="name"
        searchLabel={i18n._('products.search', {}, { message: 'Name, SKU or barcode' })}
        filters={<ProductFilters />}
        exportAddress={addressOf(exportProducts, { query: allPages(search) })}
        empty={{
          title: i18n._('products.empty', {}, { message: 'No products yet' }),
          hint: i18n._(
            'products.empty-hint',
            {},
            { message: 'Import a file from your old system, or add the first product by hand.' },
          ),
          action: may('products.write') && (
            <ButtonLink to="/imports">{i18n._('nav.imports', {}, { message: 'Import' })}</ButtonLink>
          ),
        }}
        selection={{
          selected,
          onSelect,
          label: (key) =>
            i18n._('products.select', { name: names.get(key) ?? key }, { message: 'Select {name}' }),
        }}
      />
    </Page>
  )
}

function ProductFilters() {
  const i18n = useWords()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const facets = useQuery({ ...asks(listFacets, {}), staleTime: 60_000 }).data
  const taxClasses = useQuery({ ...asks(listTaxClasses, {}), staleTime: 60_000 }).data?.taxClasses ?? []
  return (
    <>
      <SearchedFilter
        label={i18n._('product.brand', {}, { message: 'Brand' })}
        value={search.brand}
        onChange={(brand) => set({ brand })}
        options={optionsOf(facets?.brands)}
      />
      <SearchedFilter
        label={i18n._('product.category', {}, { message: 'Category' })}
        value={search.category}
        onChange={(category) => set({ category })}
        options={optionsOf(facets?.categories)}
      />
      <ChoiceFilter
        label={i18n._('product.tax-class', {}, { message: 'Tax class' })}
        value={search.taxClass}
        onChange={(taxClass) => set({ taxClass, unclassified: undefined })}
        options={taxClasses.map((taxClass) => ({ value: taxClass.id, label: taxClass.name }))}
      />
      <ChoiceFilter
        label={i18n._('product.sold', {}, { message: 'Sold' })}
        value={search.active === undefined ? undefined : String(search.active)}
        onChange={(active) => set({ active: active === undefined ? undefined : active === 'true' })}
        options={[
          { value: 'true', label: i18n._('product.active', {}, { message: 'Sold' }) },
          { value: 'false', label: i18n._('product.inactive', {}, { message: 'No longer sold' }) },
        ]}
      />
      <FlagFilter
        label={i18n._('product.unclassified', {}, { message: 'Without tax class' })}
        value={search.unclassified}
        onChange={(unclassified) => set({ unclassified, taxClass: undefined })}
      />
    </>
  )
}

function optionsOf(names: readonly string[] = []): { value: string; label: string }[] {
  return names.filter((name) => name !== '').map((name) => ({ value: name, label: name }))
}

function productColumns(i18n: I18n): readonly ListColumn<ProductRow>[] {
  return [
    {
      id: 'name',
      wraps: true,
      title: i18n._('product.name', {}, { message: 'Name' }),
      cell: (row) => (
        <Group gap={6} wrap="nowrap">
          <TextLink className="row-link" to="/products/$productId" params={{ productId: row.id }}>
            {row.name}
          </TextLink>
          {!row.active && (
            <Badge color="gray" variant="outline">
              {i18n._('product.inactive', {}, { message: 'No longer sold' })}
            </Badge>
          )}
        </Group>
      ),
      sortable: true,
    },
    {
      id: 'sku',
      title: i18n._('product.sku', {}, { message: 'SKU' }),
      cell: (row) => row.sku,
      sortable: true,
    },
    {
      id: 'brand',
      title: i18n._('product.brand', {}, { message: 'Brand' }),
      cell: (row) => row.brand || '–',
      sortable: true,
    },
    {
      id: 'category',
      wraps: true,
      title: i18n._('product.category', {}, { message: 'Category' }),
      cell: (row) => row.category || '–',
      sortable: true,
    },
    {
      id: 'barcode',
      title: i18n._('product.barcode', {}, { message: 'Barcode' }),
      cell: (row) => row.barcode,
    },
    {
      id: 'hsn',
      title: i18n._('product.hsn', {}, { message: 'HSN' }),
      cell: (row) => row.hsn || '–',
      sortable: true,
      extra: true,
    },
    {
      id: 'taxClassId',
      title: i18n._('product.tax-class', {}, { message: 'Tax class' }),
      cell: (row) =>
        row.taxClassId === '' ? (
          <Badge color="orange" variant="outline">
            {i18n._('product.none', {}, { message: 'None' })}
          </Badge>
        ) : (
          row.taxClassId
        ),
      sortable: true,
    },
    {
      id: 'mrpMinor',
      title: i18n._('product.mrp', {}, { message: 'MRP' }),
      cell: (row) => rupees(row.mrpMinor),
      numeric: true,
    },
    {
      id: 'priceMinor',
      title: i18n._('product.price', {}, { message: 'Price' }),
      cell: (row) => rupees(row.priceMinor),
      numeric: true,
    },
    {
      id: 'batches',
      title: i18n._('product.batches', {}, { message: 'Batches' }),
      cell: (row) => countText(row.batches),
      numeric: true,
      extra: true,
    },
    {
      id: 'changedAt',
      title: i18n._('product.changed', {}, { message: 'Changed' }),
      cell: (row) => moment(row.changedAt),
      sortable: true,
      extra: true,
    },
  ]
}
