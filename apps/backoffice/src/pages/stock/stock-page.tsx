import type { I18n } from '@lingui/core'
import { listStock, type StaticOf, type StockRow, type Store } from '@nexus/contract'
import { formatQuantity } from '@nexus/domain'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { DataList } from '../../lists/data-list.tsx'
import { FlagFilter, SearchedFilter } from '../../lists/filters.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { useSetSearch } from '../../lists/list-search.ts'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { moment } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'

type Balance = StaticOf<typeof StockRow>

const route = getRouteApi('/shell/stock')

/** How much of what lies where; each balance opens into the moves that made it. */
export function StockPage() {
  const i18n = useWords()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const stores = useStores()
  const query = useQuery({ ...asks(listStock, { query: search }), placeholderData: keepPreviousData })
  const title = i18n._('nav.stock', {}, { message: 'Stock' })
  return (
    <Page title={title}>
      <DataList
        id="stock"
        label={title}
        search={search}
        set={set}
        query={query}
        columns={stockColumns(i18n, stores)}
        rowKey={(row) => `${row.storeId} ${row.productId}`}
        usualSort="product"
        searchLabel={i18n._('products.search', {}, { message: 'Name, SKU or barcode' })}
        filters={
          <>
            {stores.length !== 1 && (
              <SearchedFilter
                label={i18n._('filter.store', {}, { message: 'Store' })}
                value={search.store}
                onChange={(store) => set({ store })}
                options={storeOptions(stores)}
              />
            )}
            <FlagFilter
              label={i18n._('stock.negative', {}, { message: 'Below zero only' })}
              value={search.negative}
              onChange={(negative) => set({ negative })}
            />
          </>
        }
        empty={{
          title: i18n._('stock.empty', {}, { message: 'No stock yet' }),
          hint: i18n._(
            'stock.empty-hint',
            {},
            { message: 'Import products with an opening stock; sales then count it down.' },
          ),
        }}
      />
    </Page>
  )
}

function stockColumns(i18n: I18n, stores: readonly Store[]): readonly ListColumn<Balance>[] {
  const names = new Map(stores.map((store) => [store.id, store.name]))
  return [
    {
      id: 'product',
      wraps: true,
      title: i18n._('line.product', {}, { message: 'Product' }),
      cell: (row) => (
        <TextLink
          className="row-link"
          to="/stock/$storeId/$productId"
          params={{ storeId: row.storeId, productId: row.productId }}
        >
          {row.name}
        </TextLink>
      ),
      sortable: true,
    },
    { id: 'sku', title: i18n._('product.sku', {}, { message: 'SKU' }), cell: (row) => row.sku },
    {
      id: 'store',
      title: i18n._('filter.store', {}, { message: 'Store' }),
      cell: (row) => names.get(row.storeId) ?? '–',
    },
    {
      id: 'quantity',
      title: i18n._('stock.quantity', {}, { message: 'In stock' }),
      cell: (row) => <Quantity milli={row.quantityMilli} i18n={i18n} />,
      sortable: true,
      numeric: true,
    },
    {
      id: 'changedAt',
      title: i18n._('stock.moved', {}, { message: 'Last move' }),
      cell: (row) => moment(row.changedAt),
    },
  ]
}

function Quantity({ milli, i18n }: { milli: number; i18n: I18n }) {
  if (milli >= 0) return formatQuantity(milli)
  return (
    <span className="bad">
      {i18n._('stock.below', { quantity: formatQuantity(milli) }, { message: '{quantity}, below zero' })}
    </span>
  )
}
