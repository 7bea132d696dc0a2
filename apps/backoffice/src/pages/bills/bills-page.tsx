import type { I18n } from '@lingui/core'
import { Badge } from '@mantine/core'
import { type BillRow, exportBills, listBills } from '@nexus/contract'
import { formatRupees } from '@nexus/domain'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { addressOf, asks } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { DataList } from '../../lists/data-list.tsx'
import { AmountFilter, ChoiceFilter, DayFilter, FlagFilter, SearchedFilter } from '../../lists/filters.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { allPages, useSetSearch } from '../../lists/list-search.ts'
import { StaffFilter } from '../../lists/staff-filter.tsx'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { documentKindName, documentKinds } from '../../phrases/document-words.ts'
import { countText, day, moment } from '../../phrases/figures.ts'
import { tenderKinds, tenderName, tenderNames } from '../../phrases/tender-words.ts'
import { useWords } from '../../words/use-words.ts'

const route = getRouteApi('/shell/bills')

/** Every bill of the stores that the person sees. */
export function BillsPage() {
  const i18n = useWords()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const query = useQuery({ ...asks(listBills, { query: search }), placeholderData: keepPreviousData })
  const title = i18n._('nav.bills', {}, { message: 'Bills' })
  return (
    <Page title={title}>
      <DataList
        id="bills"
        label={title}
        search={search}
        set={set}
        query={query}
        columns={billColumns(i18n)}
        rowKey={(row) => `${row.identity}/${row.document}`}
        usualSort="-at"
        searchLabel={i18n._('bills.search', {}, { message: 'Bill number' })}
        filters={<BillFilters />}
        exportAddress={addressOf(exportBills, { query: allPages(search) })}
        empty={{
          title: i18n._('bills.empty', {}, { message: 'No bills yet' }),
          hint: i18n._(
            'bills.empty-hint',
            {},
            {
              message:
                'The first bill stands here as soon as a till has sold something and reached this server.',
            },
          ),
        }}
      />
    </Page>
  )
}

function BillFilters() {
  const i18n = useWords()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const stores = useStores()
  const registers = stores.find((store) => store.id === search.store)?.registers ?? []
  return (
    <>
      {stores.length !== 1 && (
        <SearchedFilter
          label={i18n._('filter.store', {}, { message: 'Store' })}
          value={search.store}
          onChange={(store) => set({ store, register: undefined })}
          options={storeOptions(stores)}
        />
      )}
      {registers.length > 1 && (
        <ChoiceFilter
          label={i18n._('filter.register', {}, { message: 'Register' })}
          value={search.register}
          onChange={(register) => set({ register })}
          options={registers.map((register) => ({ value: register.id, label: register.name }))}
        />
      )}
      <DayFilter
        label={i18n._('filter.from', {}, { message: 'From' })}
        value={search.from}
        onChange={(from) => set({ from })}
      />
      <DayFilter
        label={i18n._('filter.until', {}, { message: 'Until' })}
        value={search.until}
        onChange={(until) => set({ until })}
      />
      <ChoiceFilter
        label={i18n._('filter.kind', {}, { message: 'Kind' })}
        value={search.kind}
        onChange={(kind) => set({ kind })}
        options={documentKinds.map((kind) => ({ value: kind, label: documentKindName(i18n, kind) }))}
      />
      <ChoiceFilter
        label={i18n._('filter.tender', {}, { message: 'Paid by' })}
        value={search.tender}
        onChange={(tender) => set({ tender })}
        options={tenderKinds.map((kind) => ({ value: kind, label: tenderName(i18n, kind) }))}
      />
      <StaffFilter
        label={i18n._('filter.cashier', {}, { message: 'Cashier' })}
        value={search.staff}
        onChange={(person) => set({ staff: person })}
        store={search.store}
      />
      <AmountFilter
        label={i18n._('filter.amount-min', {}, { message: 'Total from' })}
        minor={search.minMinor}
        onChange={(minMinor) => set({ minMinor })}
      />
      <AmountFilter
        label={i18n._('filter.amount-max', {}, { message: 'Total up to' })}
        minor={search.maxMinor}
        onChange={(maxMinor) => set({ maxMinor })}
      />
      <FlagFilter
        label={i18n._('filter.discrepancies', {}, { message: 'With discrepancies' })}
        value={search.discrepancies}
        onChange={(discrepancies) => set({ discrepancies })}
      />
    </>
  )
}

function billColumns(i18n: I18n): readonly ListColumn<BillRow>[] {
  return [
    {
      id: 'number',
      title: i18n._('bill.number', {}, { message: 'Number' }),
      cell: (row) => (
        <TextLink
          className="row-link"
          to="/bills/$identity/$document"
          params={{ identity: row.identity, document: row.document }}
        >
          {row.number}
        </TextLink>
      ),
      sortable: true,
    },
    {
      id: 'at',
      title: i18n._('bill.at', {}, { message: 'Sold' }),
      cell: (row) => moment(row.at),
      sortable: true,
    },
    {
      id: 'day',
      title: i18n._('bill.day', {}, { message: 'Trading day' }),
      cell: (row) => day(row.tradingDay),
      extra: true,
    },
    {
      id: 'store',
      title: i18n._('bill.store', {}, { message: 'Store' }),
      cell: (row) => row.storeName,
    },
    {
      id: 'register',
      title: i18n._('bill.register', {}, { message: 'Register' }),
      cell: (row) => row.registerNumber,
      extra: true,
    },
    {
      id: 'kind',
      title: i18n._('bill.kind', {}, { message: 'Kind' }),
      cell: (row) => documentKindName(i18n, row.kind),
      extra: true,
    },
    {
      id: 'cashier',
      title: i18n._('bill.cashier', {}, { message: 'Cashier' }),
      cell: (row) => row.cashier ?? '–',
    },
    {
      id: 'lines',
      title: i18n._('bill.lines', {}, { message: 'Lines' }),
      cell: (row) => countText(row.lines),
      numeric: true,
      extra: true,
    },
    {
      id: 'discountMinor',
      title: i18n._('bill.discount', {}, { message: 'Discount' }),
      cell: (row) => (row.discountMinor === 0 ? '–' : formatRupees(row.discountMinor)),
      numeric: true,
    },
    {
      id: 'taxMinor',
      title: i18n._('bill.tax', {}, { message: 'Tax' }),
      cell: (row) => formatRupees(row.taxMinor),
      numeric: true,
      extra: true,
    },
    {
      id: 'totalMinor',
      title: i18n._('bill.total', {}, { message: 'Total' }),
      cell: (row) => <strong>{formatRupees(row.totalMinor)}</strong>,
      sortable: true,
      numeric: true,
    },
    {
      id: 'tenders',
      title: i18n._('bill.tenders', {}, { message: 'Paid by' }),
      cell: (row) => tenderNames(i18n, row.tenders) || '–',
    },
    {
      id: 'discrepancies',
      title: i18n._('bill.discrepancies', {}, { message: 'Discrepancies' }),
      cell: (row) =>
        row.discrepancies === 0 ? '–' : <Badge color="red">{countText(row.discrepancies)}</Badge>,
      numeric: true,
    },
    {
      id: 'receivedAt',
      title: i18n._('bill.received', {}, { message: 'Received' }),
      cell: (row) => moment(row.receivedAt),
      extra: true,
    },
  ]
}
