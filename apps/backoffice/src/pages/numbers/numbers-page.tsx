import type { I18n } from '@lingui/core'
import { exportNumberGaps, listNumberGaps, type NumberGapRow } from '@nexus/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { addressOf, asks } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { DataList } from '../../lists/data-list.tsx'
import { FlagFilter, SearchedFilter } from '../../lists/filters.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { allPages, useSetSearch } from '../../lists/list-search.ts'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { moment } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'

const route = getRouteApi('/shell/bill-numbers')

/** Bill numbers that no bill bears, or two: what an auditor asks for, and what was found out. */
export function NumbersPage() {
  const i18n = useWords()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const stores = useStores()
  const query = useQuery({ ...asks(listNumberGaps, { query: search }), placeholderData: keepPreviousData })
  const title = i18n._('nav.numbers', {}, { message: 'Numbers to explain' })
  return (
    <Page title={title}>
      <DataList
        id="numbers"
        label={title}
        search={search}
        set={set}
        query={query}
        columns={numberColumns(i18n)}
        rowKey={(row) => row.number}
        searchLabel={i18n._('bills.search', {}, { message: 'Bill number' })}
        exportAddress={addressOf(exportNumberGaps, { query: allPages(search) })}
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
              label={i18n._('numbers.open-only', {}, { message: 'Unexplained ones only' })}
              value={search.open}
              onChange={(open) => set({ open })}
            />
          </>
        }
        empty={{
          title: i18n._('numbers.empty', {}, { message: 'Every number is explained' }),
          hint: i18n._(
            'numbers.empty-hint',
            {},
            { message: 'A number that no bill bears, or that two bear, appears here within the hour.' },
          ),
        }}
      />
    </Page>
  )
}

function numberColumns(i18n: I18n): readonly ListColumn<NumberGapRow>[] {
  return [
    {
      id: 'number',
      title: i18n._('bills.search', {}, { message: 'Bill number' }),
      cell: (row) =>
        row.state === 'issued' || row.kind === 'doubled' ? (
          <TextLink to="/bills" search={{ q: row.number }}>
            {row.number}
          </TextLink>
        ) : (
          row.number
        ),
    },
    {
      id: 'kind',
      title: i18n._('incident.kind', {}, { message: 'What' }),
      cell: (row) =>
        row.kind === 'doubled'
          ? i18n._('numbers.doubled', {}, { message: 'Two bills bear it' })
          : i18n._('numbers.missing', {}, { message: 'No bill bore it' }),
    },
    {
      id: 'state',
      title: i18n._('numbers.explanation', {}, { message: 'Explanation' }),
      wraps: true,
      cell: (row) => stateWords(i18n, row.state),
    },
    { id: 'store', title: i18n._('filter.store', {}, { message: 'Store' }), cell: (row) => row.storeName },
    {
      id: 'register',
      title: i18n._('filter.register', {}, { message: 'Register' }),
      cell: (row) => row.registerNumber ?? '–',
    },
    {
      id: 'foundAt',
      title: i18n._('numbers.found', {}, { message: 'Found' }),
      cell: (row) => moment(row.foundAt),
    },
    {
      id: 'settledAt',
      title: i18n._('numbers.settled', {}, { message: 'Explained' }),
      cell: (row) => moment(row.settledAt),
    },
  ]
}

function stateWords(i18n: I18n, state: NumberGapRow['state']): string {
  switch (state) {
    case 'unexplained':
      return i18n._('numbers.unexplained', {}, { message: 'None yet: find out where it went' })
    case 'waiting':
      return i18n._(
        'numbers.waiting',
        {},
        { message: 'Entries of this till are missing or set aside; the number may be among them' },
      )
    case 'issued':
      return i18n._('numbers.issued', {}, { message: 'Its bill arrived later' })
    case 'cancelled':
      return i18n._('numbers.cancelled', {}, { message: 'Cancelled' })
    case 'lost':
      return i18n._('numbers.lost', {}, { message: 'Lost with its device' })
    case 'recovered':
      return i18n._('numbers.recovered', {}, { message: 'Entered again from paper' })
    case 'renumbered':
      return i18n._('numbers.renumbered', {}, { message: 'The other bill has a new number' })
  }
}
