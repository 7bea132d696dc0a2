import { expect, test } from 'vitest'
import { filtersIn, nextSort, pagesOf } from './list-search.ts'

test('sorting and paging are no filters, everything else is', () => {
  expect(filtersIn({ page: 2, pageSize: 100, sort: '-at' })).toEqual([])
  expect(filtersIn({ page: 2, q: 'lip', ...{ store: 'x', kind: undefined } })).toEqual(['q', 'store'])
})

test('a column sorts upwards first, then downwards, then upwards again', () => {
  expect(nextSort(undefined, 'name')).toBe('name')
  expect(nextSort('-at', 'name')).toBe('name')
  expect(nextSort('name', 'name')).toBe('-name')
  expect(nextSort('-name', 'name')).toBe('name')
})

test('every row has a page, and an empty list has one', () => {
  const answer = { page: 1, pageSize: 50, totalIsExact: true, rows: [] }
  expect(pagesOf({ ...answer, total: 0 })).toBe(1)
  expect(pagesOf({ ...answer, total: 50 })).toBe(1)
  expect(pagesOf({ ...answer, total: 51 })).toBe(2)
})

test('where the server stopped counting, the list goes on as long as pages are full', () => {
  const beyond = { page: 200, pageSize: 50, total: 10_000, totalIsExact: false }
  const full = Array.from({ length: 50 }, () => null)
  expect(pagesOf({ ...beyond, rows: full })).toBe(201)
  expect(pagesOf({ ...beyond, page: 205, rows: full.slice(1) })).toBe(205)
  expect(pagesOf({ ...beyond, page: 3, rows: full })).toBe(200)
})
