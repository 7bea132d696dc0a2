import {
  Button,
  Checkbox,
  Fieldset,
  Group,
  NativeSelect,
  Popover,
  Stack,
  Switch,
  TextInput,
} from '@mantine/core'
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { ColumnsIcon, DownloadIcon, FilterIcon, SearchIcon } from '../app/icons.tsx'
import { useWords } from '../words/use-words.ts'
import type { ListColumn } from './list-column.ts'
import { type ListSearch, pageSizes, pageSizeUsual, type SetSearch } from './list-search.ts'
import { SavedViews } from './saved-views.tsx'
import type { useListPreferences } from './use-list-preferences.ts'

type Props<Row> = {
  listId: string
  search: ListSearch
  set: SetSearch<ListSearch & Record<string, unknown>>
  sort: string | undefined
  columns: readonly ListColumn<Row>[]
  preferences: ReturnType<typeof useListPreferences>
  searchLabel: string | undefined
  filters: ReactNode
  /** How many filters are set, the search box aside. */
  filtersSet: number
  onClear: (() => void) | undefined
  exportAddress: string | undefined
}

/** Search, filters, view and export above a list. */
export function ListToolbar<Row>(props: Props<Row>) {
  const i18n = useWords()
  // On small screens, filters wait behind a button; one that is set shows them.
  const [opened, { toggle }] = useDisclosure(false)
  return (
    <Stack gap="sm">
      <Group gap="xs" align="flex-end">
        {props.searchLabel !== undefined && (
          <SearchBox label={props.searchLabel} q={props.search.q} onSearch={(q) => props.set({ q }, true)} />
        )}
        {props.filters !== undefined && (
          <Button
            variant="default"
            hiddenFrom="lg"
            onClick={toggle}
            aria-expanded={opened}
            leftSection={<FilterIcon />}
          >
            {i18n._(
              'list.filters',
              { count: props.filtersSet },
              {
                message: '{count, plural, =0 {Filters} other {Filters (#)}}',
              },
            )}
          </Button>
        )}
        <ViewMenu {...props} />
        <SavedViews listId={props.listId} search={props.search} set={props.set} />
        {props.exportAddress !== undefined && (
          <Button
            component="a"
            variant="default"
            href={props.exportAddress}
            download
            leftSection={<DownloadIcon />}
          >
            {i18n._('list.export', {}, { message: 'Export CSV' })}
          </Button>
        )}
      </Group>
      {props.filters !== undefined && (
        <div className="list-filters" data-opened={opened || undefined}>
          {props.filters}
          {props.onClear !== undefined && (
            <Button variant="subtle" onClick={props.onClear}>
              {i18n._('list.clear', {}, { message: 'Clear filters' })}
            </Button>
          )}
        </div>
      )}
    </Stack>
  )
}

function SearchBox({
  label,
  q,
  onSearch,
}: {
  label: string
  q: string | undefined
  onSearch: (q: string | undefined) => void
}) {
  const [text, setText] = useState(q ?? '')
  const sent = useRef(q)
  const search = useDebouncedCallback((typed: string) => {
    sent.current = typed.trim() === '' ? undefined : typed.trim()
    onSearch(sent.current)
  }, 300)
  // Not our own search but another way to this address: filters cleared, the browser's Back.
  useEffect(() => {
    if (q === sent.current) return
    sent.current = q
    setText(q ?? '')
  }, [q])
  return (
    <TextInput
      label={label}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        search(event.currentTarget.value)
      }}
      type="search"
      maxLength={100}
      leftSection={<SearchIcon />}
      className="list-search"
    />
  )
}

function ViewMenu<Row>({ columns, preferences, search, set, sort }: Props<Row>) {
  const i18n = useWords()
  const sortable = columns.filter((column) => column.sortable)
  const shown = columns.filter((column) => preferences.visibility[column.id])
  return (
    <Popover position="bottom-end" withArrow trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<ColumnsIcon />}>
          {i18n._('list.view', {}, { message: 'View' })}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          {sortable.length > 0 && (
            <NativeSelect
              label={i18n._('list.sort', {}, { message: 'Sort by' })}
              value={sort ?? ''}
              onChange={(event) => set({ sort: event.currentTarget.value || undefined })}
              data={[
                ...(sort === undefined ? [{ value: '', label: '–' }] : []),
                ...sortable.flatMap((column) => [
                  {
                    value: column.id,
                    label: i18n._(
                      'list.sort-up',
                      { column: column.title },
                      { message: '{column}, ascending' },
                    ),
                  },
                  {
                    value: `-${column.id}`,
                    label: i18n._(
                      'list.sort-down',
                      { column: column.title },
                      { message: '{column}, descending' },
                    ),
                  },
                ]),
              ]}
            />
          )}
          <NativeSelect
            label={i18n._('list.page-size', {}, { message: 'Rows a page' })}
            value={String(search.pageSize ?? pageSizeUsual)}
            onChange={(event) => {
              const size = Number(event.currentTarget.value)
              set({ pageSize: size === pageSizeUsual ? undefined : size })
            }}
            data={pageSizes.map(String)}
          />
          <Switch
            label={i18n._('list.dense', {}, { message: 'Narrow rows' })}
            checked={preferences.dense}
            onChange={(event) => preferences.setDense(event.currentTarget.checked)}
          />
          <Fieldset legend={i18n._('list.columns', {}, { message: 'Columns' })}>
            <Stack gap={6}>
              {columns.map((column, place) => (
                <Checkbox
                  key={column.id}
                  label={column.title}
                  checked={preferences.visibility[column.id] ?? false}
                  // The first column is the link of the row.
                  disabled={place === 0 || (shown.length === 1 && shown[0] === column)}
                  onChange={(event) => preferences.show(column.id, event.currentTarget.checked)}
                />
              ))}
            </Stack>
          </Fieldset>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
