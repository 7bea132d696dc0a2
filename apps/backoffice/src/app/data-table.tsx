import { Table } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'

type Props = {
  /** What a screen reader calls it. */
  label: string
  head: readonly { title: string; numeric?: boolean }[]
  rows: readonly { key: string; cells: readonly ReactNode[]; below?: ReactNode }[]
  foot?: readonly ReactNode[]
}

/** A small table of a page: all rows at once, nothing to sort. Where it is too wide, it scrolls sideways. */
export function DataTable({ label, head, rows, foot }: Props) {
  return (
    <Sideways label={label}>
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
