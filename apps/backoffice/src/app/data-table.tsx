import { Table } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'

type Props = {
  /** What a screen reader calls it. */
  label: string
  head: readonly { title: string; numeric?: boolean }[]
  rows: readonly { key: string; cells: readonly ReactNode[]; below?: ReactNode }[]
  foot?: readonly ReactNode[]
  /** On a phone each row becomes a card, for tables whose last column matters as much as the first. */
  cards?: boolean
}

/** A small table of a page: all rows at once, nothing to sort. Where it is too wide, it scrolls sideways. */
export function DataTable({ label, head, rows, foot, cards = false }: Props) {
  return (
    <Sideways label={label}>
      <Table role="table" aria-label={label} className={cards ? 'figures list' : 'figures'}>
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            {head.map((column) => (
              <Table.Th key={column.title} role="columnheader" data-numeric={column.numeric || undefined}>
                {column.title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">
          {rows.map((row) => (
            <Table.Tr key={row.key} role="row" className="list-row">
              {row.cells.map((cell, place) => (
                <Table.Td
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells stand in the order of the head
                  key={place}
                  role="cell"
                  data-label={head[place]?.title}
                  data-numeric={head[place]?.numeric || undefined}
                >
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
        {foot && (
          <Table.Tfoot role="rowgroup">
            <Table.Tr role="row">
              {foot.map((cell, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells stand in the order of the head
                <Table.Td key={place} role="cell" data-numeric={head[place]?.numeric || undefined}>
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          </Table.Tfoot>
        )}
      </Table>
    </Sideways>
  )
}

/** Scrolls sideways where its content is too wide, and then also by keyboard. */
function Sideways({ label, children }: { label: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const [scrolls, setScrolls] = useState(false)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(() => setScrolls(element.scrollWidth > element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const keyboard = scrolls ? { role: 'group', 'aria-label': label, tabIndex: 0 } : {}
  return (
    <div ref={box} className="table-scroll" {...keyboard}>
      {children}
    </div>
  )
}
