import type { I18n } from '@lingui/core'
import { getProduct, listStock, listStockMoves, type StaticOf, type StockMoveRow } from '@nexus/contract'
import { formatQuantity } from '@nexus/domain'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { useMay } from '../../app/session.ts'
import { DataList } from '../../lists/data-list.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { useSetSearch } from '../../lists/list-search.ts'
import { useStores } from '../../lists/use-stores.ts'
import { phraseOf } from '../../phrases/coded-words.ts'
import { moment } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'

type Move = StaticOf<typeof StockMoveRow>

const route = getRouteApi('/shell/stock/$storeId/$productId')

/** Every move behind one balance. */
export function MovesPage() {
  const i18n = useWords()
  const may = useMay()
  const { storeId: store, productId: product } = route.useParams()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const stores = useStores()
  const balance = useQuery(asks(listStock, { query: { store, product } }))
  const known = useQuery({
    ...asks(getProduct, { params: { productId: product } }),
    enabled: may('products.read'),
  }).data
  const moves = useQuery({
    ...asks(listStockMoves, { query: { ...search, store, product } }),
    placeholderData: keepPreviousData,
  })
  const [now] = balance.data?.rows ?? []
  const place = stores.find((one) => one.id === store)?.name ?? ''
  return (
    <Page
      title={now?.name ?? known?.names.en ?? i18n._('stock.moves', {}, { message: 'Stock moves' })}
      trail={<TextLink to="/stock">{i18n._('nav.stock', {}, { message: 'Stock' })}</TextLink>}
    >
      <dl className="facts">
        <dt>{i18n._('filter.store', {}, { message: 'Store' })}</dt>
        <dd>{place}</dd>
        <dt>{i18n._('stock.quantity', {}, { message: 'In stock' })}</dt>
        <dd>{now === undefined ? '–' : formatQuantity(now.quantityMilli)}</dd>
        {known && (
          <>
            <dt>{i18n._('line.product', {}, { message: 'Product' })}</dt>
            <dd>
              <TextLink to="/products/$productId" params={{ productId: product }}>
                {known.sku}
              </TextLink>
            </dd>
          </>
        )}
      </dl>
      <DataList
        id="moves"
        label={i18n._('stock.moves', {}, { message: 'Stock moves' })}
        search={search}
        set={set}
        query={moves}
        columns={moveColumns(i18n, known?.batches ?? [])}
        rowKey={(row) => row.id}
        empty={{ title: i18n._('stock.no-moves', {}, { message: 'Nothing has moved here yet' }) }}
      />
    </Page>
  )
}

function moveColumns(
  i18n: I18n,
  batches: readonly { id: number; batchNo: string }[],
): readonly ListColumn<Move>[] {
  return [
    { id: 'at', title: i18n._('incident.at', {}, { message: 'When' }), cell: (row) => moment(row.at) },
    {
      id: 'kind',
      title: i18n._('stock.kind', {}, { message: 'Why' }),
      cell: (row) => kindName(i18n, row.kind),
    },
    {
      id: 'quantity',
      title: i18n._('line.quantity', {}, { message: 'Quantity' }),
      cell: (row) => `${row.quantityMilli > 0 ? '+' : ''}${formatQuantity(row.quantityMilli)}`,
      numeric: true,
    },
    {
      id: 'batch',
      title: i18n._('stock.batch', {}, { message: 'Batch' }),
      cell: (row) =>
        row.batchId === null
          ? '–'
          : (batches.find((batch) => batch.id === row.batchId)?.batchNo ?? row.batchId),
    },
    {
      id: 'bill',
      title: i18n._('bill.title', {}, { message: 'Bill' }),
      cell: (row) =>
        row.billNumber === null ? (
          '–'
        ) : (
          <TextLink to="/bills" search={{ q: row.billNumber }}>
            {row.billNumber}
          </TextLink>
        ),
    },
  ]
}

function kindName(i18n: I18n, kind: string): string {
  switch (kind) {
    case 'sale':
      return i18n._('move.sale', {}, { message: 'Sold' })
    case 'return':
      return i18n._('move.return', {}, { message: 'Returned' })
    case 'opening':
      return i18n._('move.opening', {}, { message: 'Opening stock' })
    default:
      return phraseOf(kind)
  }
}
