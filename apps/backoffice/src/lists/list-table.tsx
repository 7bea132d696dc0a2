import { Checkbox, Table, UnstyledButton } from '@mantine/core'
import {
  columnVisibilityFeature,
  createColumnHelper,
  type RowData,
  type Row as TableRow,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { Fragment, type ReactNode, useMemo, useState } from 'react'
import { DownIcon, UpIcon } from '../app/icons.tsx'
import { useWords } from '../words/use-words.ts'
import type { ListColumn } from './list-column.ts'
import { nextSort } from './list-search.ts'
import type { Selection } from './selection.ts'
import type { useListPreferences } from './use-list-preferences.ts'

const features = tableFeatures({ columnVisibilityFeature })

type Props<Row extends RowData> = {
  label: string
  rows: Row[]
  rowKey: (row: Row) => string
  columns: readonly ListColumn<Row>[]
  preferences: Pick<ReturnType<typeof useListPreferences>, 'visibility' | 'dense'>
  sort: string | undefined
  onSort: (sort: string) => void
  selection: Selection | undefined
  detail: ((row: Row) => ReactNode) | undefined
}

/**
 * The rows. A row is a link through its first cell, whose link covers it (`.row-link`). On a phone rows
 * become cards by CSS; roles are spelled out, because `display` takes a table's own away.
 */
export function ListTable<Row extends RowData>(props: Props<Row>) {
  const i18n = useWords()
  const { columns, rowKey, selection, detail } = props
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>()
    return columns.map((column) =>
      helper.display({ id: column.id, header: column.title, cell: ({ row }) => column.cell(row.original) }),
    )
  }, [columns])
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns])
  const table = useTable({
    features,
    columns: definitions,
    data: props.rows,
    getRowId: rowKey,
    state: { columnVisibility: props.preferences.visibility },
  })
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set())
  const rows = table.getRowModel().rows
  const leaves = table.getVisibleLeafColumns()
  const keys = rows.map((row) => row.id)
  const [direction, sorted] = props.sort?.startsWith('-')
    ? (['descending', props.sort.slice(1)] as const)
    : (['ascending', props.sort] as const)

  return (
    <div className="list-scroll">
      <Table
        role="table"
        className="list"
        aria-label={props.label}
        verticalSpacing={props.preferences.dense ? 4 : 10}
        highlightOnHover
        stickyHeader
      >
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            {selection && (
              <Table.Th role="columnheader" className="list-check">
                <Checkbox
                  aria-label={i18n._('list.select-page', {}, { message: 'Select all rows of this page' })}
                  checked={keys.every((key) => selection.selected.has(key))}
                  indeterminate={
                    keys.some((key) => selection.selected.has(key)) &&
                    !keys.every((key) => selection.selected.has(key))
                  }
                  onChange={(event) => select(keys, event.currentTarget.checked)}
                />
              </Table.Th>
            )}
            {detail && (
              <Table.Th role="columnheader" className="list-fold">
                <span className="visually-hidden">{i18n._('list.details', {}, { message: 'Details' })}</span>
              </Table.Th>
            )}
            {leaves.map((leaf) => {
              const column = byId.get(leaf.id)
              const isSorted = sorted === leaf.id
              return (
                <Table.Th
                  key={leaf.id}
                  role="columnheader"
                  data-numeric={column?.numeric || undefined}
                  aria-sort={column?.sortable ? (isSorted ? direction : 'none') : undefined}
                >
                  {column?.sortable ? (
                    <UnstyledButton
                      className="list-sort"
                      onClick={() => props.onSort(nextSort(props.sort, leaf.id))}
                    >
                      {column.title}
                      {isSorted && (direction === 'ascending' ? <UpIcon /> : <DownIcon />)}
                    </UnstyledButton>
                  ) : (
                    column?.title
                  )}
                </Table.Th>
              )
            })}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">{rows.map(drawRow)}</Table.Tbody>
      </Table>
    </div>
  )

  function select(changed: readonly string[], on: boolean): void {
    if (!selection) return
    const next = new Set(selection.selected)
    for (const key of changed) on ? next.add(key) : next.delete(key)
    selection.onSelect(next)
  }

  function drawRow(row: TableRow<typeof features, Row>) {
    const isUnfolded = unfolded.has(row.id)
    const cells = row.getVisibleCells()
    return (
      <Fragment key={row.id}>
        <Table.Tr
          role="row"
          className="list-row"
          data-selected={selection?.selected.has(row.id) || undefined}
        >
          {selection && (
            <Table.Td role="cell" className="list-check">
              <Checkbox
                aria-label={selection.label(row.id)}
                checked={selection.selected.has(row.id)}
                onChange={(event) => select([row.id], event.currentTarget.checked)}
              />
            </Table.Td>
          )}
          {detail && (
            <Table.Td role="cell" className="list-fold">
              <UnstyledButton
                className="row-link"
                aria-expanded={isUnfolded}
                onClick={() => setUnfolded(toggled(unfolded, row.id))}
              >
                {isUnfolded ? <UpIcon /> : <DownIcon />}
                <span className="visually-hidden">{i18n._('list.details', {}, { message: 'Details' })}</span>
              </UnstyledButton>
            </Table.Td>
          )}
          {cells.map((cell) => {
            const column = byId.get(cell.column.id)
            return (
              <Table.Td
                key={cell.id}
                role="cell"
                data-label={column?.title}
                data-wraps={column?.wraps || undefined}
                data-numeric={column?.numeric || undefined}
              >
                <table.FlexRender cell={cell} />
              </Table.Td>
            )
          })}
        </Table.Tr>
        {detail && isUnfolded && (
          <Table.Tr role="row" className="list-detail">
            <Table.Td role="cell" colSpan={leaves.length + 1 + Number(selection !== undefined)}>
              {detail(row.original)}
            </Table.Td>
          </Table.Tr>
        )}
      </Fragment>
    )
  }
}

function toggled(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(set)
  if (!next.delete(key)) next.add(key)
  return next
}
