import type { ReactNode } from 'react'

export type ListColumn<Row> = {
  /** Also the name by which the server sorts. */
  id: string
  title: string
  cell: (row: Row) => ReactNode
  sortable?: boolean
  /** Right-aligned, in figures of equal width. */
  numeric?: boolean
  /** Its text may be long and goes over several lines. */
  wraps?: boolean
  /** Not shown until somebody chooses it. */
  extra?: boolean
}
