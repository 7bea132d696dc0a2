import { useNavigate } from '@tanstack/react-router'

/** What every list has in the address bar; its filters stand beside. */
export type ListSearch = {
  page?: number | undefined
  pageSize?: number | undefined
  sort?: string | undefined
  q?: string | undefined
}

/** Changes members of the address; undefined takes one out. `quietly` adds no step to the browser's history. */
export type SetSearch<S> = (patch: { [K in keyof S]?: S[K] | undefined }, quietly?: boolean) => void

/** Changes the address of the list at hand. Whatever is filtered or sorted anew begins at page 1. */
export function useSetSearch<S extends object>(): SetSearch<S> {
  const navigate = useNavigate()
  return (patch, quietly = false) => {
    void navigate({
      to: '.',
      // as: the router knows all lists' members at once; the caller's S says which list this is.
      search: ((before: S) => ({ ...before, page: undefined, ...patch })) as never,
      replace: quietly,
      resetScroll: false,
    })
  }
}

const notFilters = new Set(['page', 'pageSize', 'sort'])

/** Members of an address that narrow the list. */
export function filtersIn(search: ListSearch): string[] {
  return Object.entries(search)
    .filter(([name, value]) => !notFilters.has(name) && value !== undefined)
    .map(([name]) => name)
}

/** The same question for all rows, as exports ask it. */
export function allPages<S extends ListSearch>(search: S): Omit<S, 'page' | 'pageSize'> {
  const { page: _, pageSize: __, ...all } = search
  return all
}

/** Sorting after a click on a column's head: ascending first, then the other way round. */
export function nextSort(sort: string | undefined, column: string): string {
  return sort === column ? `-${column}` : column
}

export const pageSizes = [25, 50, 100, 200] as const
export const pageSizeUsual = 50

/**
 * How many pages to offer. Where the server stopped counting, one more than is known as long as the page
 * at hand is full.
 */
export function pagesOf(answer: {
  page: number
  pageSize: number
  total: number
  totalIsExact: boolean
  rows: readonly unknown[]
}): number {
  const counted = Math.max(1, Math.ceil(answer.total / answer.pageSize))
  if (answer.totalIsExact) return counted
  const isFull = answer.rows.length === answer.pageSize
  return Math.max(counted, isFull ? answer.page + 1 : answer.page)
}
