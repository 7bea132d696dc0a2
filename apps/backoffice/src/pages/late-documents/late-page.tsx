import type { I18n } from '@lingui/core'
import { Alert } from '@mantine/core'
import { type LateChoice, type LateDocumentRow, listLateDocuments, putLateChoice } from '@nexus/contract'
import { formatRupees } from '@nexus/domain'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ask, asks, keyOf } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { useMay } from '../../app/session.ts'
import { tell } from '../../app/tell.ts'
import { DataList } from '../../lists/data-list.tsx'
import { FlagFilter, SearchedFilter } from '../../lists/filters.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { useSetSearch } from '../../lists/list-search.ts'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { day, moment } from '../../phrases/figures.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'
import { ChoiceField } from './choice-field.tsx'

const route = getRouteApi('/shell/late-documents')

/** Documents that came after their month was closed: a person says how each enters the tax returns. */
export function LatePage() {
  const i18n = useWords()
  const may = useMay()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const stores = useStores()
  const queries = useQueryClient()
  const query = useQuery({ ...asks(listLateDocuments, { query: search }), placeholderData: keepPreviousData })
  const choose = useMutation({
    mutationFn: ({ row, choice }: { row: LateDocumentRow; choice: LateChoice }) =>
      ask(putLateChoice, { params: { identity: row.identity, document: row.document }, body: { choice } }),
    onSuccess: async (row) => {
      await queries.invalidateQueries({ queryKey: keyOf(listLateDocuments) })
      tell(i18n, i18n._('late.chosen', { number: row.number }, { message: 'Kept for {number}' }))
    },
  })
  const title = i18n._('nav.late', {}, { message: 'Late for tax' })
  const mayChoose = may('tax.write')
  return (
    <Page title={title}>
      {choose.error && (
        <Alert role="alert" color="red" variant="outline">
          {problemWords(i18n, choose.error)}
        </Alert>
      )}
      <DataList
        id="late-documents"
        label={title}
        search={search}
        set={set}
        query={query}
        columns={lateColumns(i18n, mayChoose, (row, choice) => choose.mutate({ row, choice }))}
        rowKey={(row) => `${row.identity}/${row.document}`}
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
              label={i18n._('late.waiting-only', {}, { message: 'Only those that wait' })}
              value={search.waiting}
              onChange={(waiting) => set({ waiting })}
            />
          </>
        }
        empty={{
          title: i18n._('late.empty', {}, { message: 'Nothing came late' }),
          hint: i18n._(
            'late.empty-hint',
            {},
            { message: 'A bill that arrives after its month was closed waits here for your choice.' },
          ),
        }}
      />
    </Page>
  )
}

function lateColumns(
  i18n: I18n,
  mayChoose: boolean,
  choose: (row: LateDocumentRow, choice: LateChoice) => void,
): readonly ListColumn<LateDocumentRow>[] {
  return [
    {
      id: 'number',
      title: i18n._('bills.search', {}, { message: 'Bill number' }),
      cell: (row) => (
        <TextLink to="/bills/$identity/$document" params={{ identity: row.identity, document: row.document }}>
          {row.number}
        </TextLink>
      ),
    },
    { id: 'store', title: i18n._('filter.store', {}, { message: 'Store' }), cell: (row) => row.storeName },
    {
      id: 'issueDate',
      title: i18n._('late.date', {}, { message: 'Dated' }),
      cell: (row) => day(row.issueDate),
    },
    {
      id: 'receivedAt',
      title: i18n._('late.received', {}, { message: 'Arrived' }),
      cell: (row) => moment(row.receivedAt),
    },
    { id: 'month', title: i18n._('late.month', {}, { message: 'Closed month' }), cell: (row) => row.month },
    {
      id: 'countedIn',
      title: i18n._('late.counted', {}, { message: 'Counted on' }),
      cell: (row) => day(row.countedIn),
    },
    {
      id: 'totalMinor',
      title: i18n._('late.total', {}, { message: 'Total' }),
      cell: (row) => formatRupees(row.totalMinor),
      numeric: true,
    },
    {
      id: 'taxMinor',
      title: i18n._('late.tax', {}, { message: 'Tax' }),
      cell: (row) => formatRupees(row.taxMinor),
      numeric: true,
    },
    {
      id: 'choice',
      title: i18n._('late.choice', {}, { message: 'Enters the returns by' }),
      cell: (row) => (
        <ChoiceField row={row} mayChoose={mayChoose} onChoose={(choice) => choose(row, choice)} />
      ),
    },
    {
      id: 'chosenBy',
      title: i18n._('late.chosen-by', {}, { message: 'Chosen by' }),
      cell: (row) => (row.choice === null ? '–' : `${row.chosenBy ?? '–'} · ${moment(row.chosenAt)}`),
      extra: true,
    },
  ]
}
