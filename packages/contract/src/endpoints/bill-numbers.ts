import { type Static, Type } from 'typebox'
import { Id, Instant, listQuery, Nullable, Page } from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** A number that no bill bears although a later one does, or that two bear (JRN-14b). */
export const NumberGapRow = Type.Object({
  number: Type.String(),
  /** Code, letter and year, e.g. KOR1AI26. */
  series: Type.String(),
  kind: Type.Union([Type.Literal('missing'), Type.Literal('doubled')]),
  /**
   * `unexplained`: a person must find out. `waiting`: entries of the till are missing or set aside that may
   * bear it. Else how it was explained.
   */
  state: Type.Union([
    Type.Literal('unexplained'),
    Type.Literal('waiting'),
    Type.Literal('issued'),
    Type.Literal('cancelled'),
    Type.Literal('lost'),
    Type.Literal('recovered'),
    Type.Literal('renumbered'),
  ]),
  storeId: Id,
  storeName: Type.String(),
  registerId: Nullable(Id),
  registerNumber: Nullable(Type.Integer()),
  foundAt: Instant,
  settledAt: Nullable(Instant),
})
export type NumberGapRow = Static<typeof NumberGapRow>

export const numberGapQuery = Type.Object({
  ...listQuery,
  store: Type.Optional(Id),
  /** Only those that nobody has explained yet. */
  open: Type.Optional(Type.Boolean()),
})
export const listNumberGaps = endpoint({
  method: 'GET',
  path: '/v1/number-gaps',
  tag: 'sales',
  allow: 'bills.read',
  summary: 'Bill numbers left to explain, as the hourly check last found them; `q` matches numbers.',
  query: numberGapQuery,
  answer: Page(NumberGapRow),
})
export const exportNumberGaps = endpoint({
  method: 'GET',
  path: '/v1/number-gaps.csv',
  tag: 'sales',
  allow: 'bills.read',
  summary: 'The same rows as the list, all pages, as CSV.',
  query: numberGapQuery,
  produces: 'text/csv',
})
