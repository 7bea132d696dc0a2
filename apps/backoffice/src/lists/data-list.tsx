import { Box, Button, Group, Stack } from '@mantine/core'
import type { PageOf } from '@nexus/contract'
import type { UseQueryResult } from '@tanstack/react-query'
import type { RowData } from '@tanstack/react-table'
import type { ReactNode } from 'react'
import { Empty, Loading, Trouble } from '../app/states.tsx'
import { useWords } from '../words/use-words.ts'
import type { ListColumn } from './list-column.ts'
import { ListFooter } from './list-footer.tsx'
import { filtersIn, type ListSearch, type SetSearch } from './list-search.ts'
import { ListTable } from './list-table.tsx'
import { ListToolbar } from './list-toolbar.tsx'
import type { Selection } from './selection.ts'
import { useListPreferences } from './use-list-preferences.ts'

type Props<Row extends RowData> = {
  /** Under which this machine remembers columns and density. */
  id: string
  /** What the table holds, e.g. `Bills`. */
  label: string
  /** The list's part of the address bar. */
  search: ListSearch
  set: SetSearch<ListSearch & Record<string, unknown>>
  query: UseQueryResult<PageOf<Row>>
  columns: readonly ListColumn<Row>[]
  rowKey: (row: Row) => string
  /** Sorting of the server where the address names none. */
  usualSort?: string
  /** Label of the search box; without it there is none. */
  searchLabel?: string
  filters?: ReactNode
  /** Address of the same rows as a file. */
  exportAddress?: string
  /** What to say and do while there is nothing at all. */
  empty: { title: string; hint?: ReactNode; action?: ReactNode }
  selection?: Selection
  /** What unfolds below a row. */
  detail?: (row: Row) => ReactNode
}

/**
 * Every list of the back office: filtered, sorted and paged by the server, all of it in the address bar,
 * so that a link shows another person the same rows.
 */
export function DataList<Row extends RowData>(props: Props<Row>) {
  const i18n = useWords()
  const { search, set, query, columns } = props
  const preferences = useListPreferences(props.id, columns)
  const filters = filtersIn(search)
  const clear = () => set(Object.fromEntries(filters.map((name) => [name, undefined])))
  const sort = search.sort ?? props.usualSort

  return (
    <Stack gap="sm">
      <ListToolbar
        listId={props.id}
        search={search}
        set={set}
        sort={sort}
        columns={columns}
        preferences={preferences}
        searchLabel={props.searchLabel}
        filters={props.filters}
        filtersSet={filters.filter((name) => name !== 'q').length}
        onClear={filters.length > 0 ? clear : undefined}
        exportAddress={props.exportAddress}
      />
      {body()}
    </Stack>
  )

  function body() {
    if (query.data === undefined) {
      if (query.isError) return <Trouble error={query.error} onRetry={() => void query.refetch()} />
      return <Loading />
    }
    const page = query.data
    if (page.rows.length === 0 && page.page === 1) {
      if (filters.length === 0) return <Empty {...props.empty} />
      return (
        <Empty
          title={i18n._('list.nothing-matches', {}, { message: 'Nothing matches these filters' })}
          hint={i18n._(
            'list.nothing-matches-hint',
            {},
            { message: 'Take one out, or look for fewer letters.' },
          )}
          action={
            <Button variant="default" onClick={clear}>
              {i18n._('list.clear', {}, { message: 'Clear filters' })}
            </Button>
          }
        />
      )
    }
    return (
      <>
        {query.isError && <Trouble error={query.error} onRetry={() => void query.refetch()} />}
        <Box pos="relative" className="list-box" data-stale={query.isPlaceholderData || undefined}>
          <ListTable
            label={props.label}
            rows={page.rows}
            rowKey={props.rowKey}
            columns={columns}
            preferences={preferences}
            sort={sort}
            onSort={(next) => set({ sort: next === props.usualSort ? undefined : next })}
            selection={props.selection}
            detail={props.detail}
          />
        </Box>
        <Group justify="space-between" gap="sm">
          <ListFooter answer={page} onPage={(number) => set({ page: number === 1 ? undefined : number })} />
        </Group>
      </>
    )
  }
}
