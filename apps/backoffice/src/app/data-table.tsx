import { Table } from '@mantine/core'
import type { ReactNode } from 'react'

type Props = {
  /** What a screen reader calls it. */
  label: string
  head: readonly { title: string; numeric?: boolean }[]
  rows: readonly { key: string; cells: readonly ReactNode[]; below?: ReactNode }[]
  foot?: readonly ReactNode[]
}

/** A small table of a page: all rows at once, nothing to sort. On a phone it scrolls sideways. */
export function DataTable({ label, head, rows, foot }: Props) {
  return (
    <Table.ScrollContainer minWidth={Math.min(720, head.length * 96)} scrollAreaProps={{ type: 'auto' }}>
      <Table aria-label={label} className="figures">
        <Table.Thead>
          <Table.Tr>
            {head.map((column) => (
              <Table.Th key={column.title} data-numeric={column.numeric || undefined}>
                {column.title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.key}>
              {row.cells.map((cell, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells stand in the order of the head
                <Table.Td key={place} data-numeric={head[place]?.numeric || undefined}>
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
        {foot && (
          <Table.Tfoot>
            <Table.Tr>
              {foot.map((cell, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells stand in the order of the head
                <Table.Td key={place} data-numeric={head[place]?.numeric || undefined}>
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          </Table.Tfoot>
        )}
      </Table>
    </Table.ScrollContainer>
  )
}
