import { type Static, Type } from 'typebox'
import { Day, Hash, Id, Instant, listQuery, Minor, Nullable, Page } from '../common.ts'
import { endpoint } from '../endpoint.ts'

export const BillRow = Type.Object({
  /** Identity of the entry that made the bill, and which of its documents it is. */
  identity: Hash,
  document: Type.Integer(),
  number: Type.String(),
  kind: Type.String(),
  storeId: Id,
  storeName: Type.String(),
  registerId: Id,
  registerNumber: Type.Integer(),
  issueDate: Day,
  tradingDay: Nullable(Day),
  at: Instant,
  receivedAt: Instant,
  cashier: Nullable(Type.String()),
  lines: Type.Integer(),
  totalMinor: Minor,
  taxMinor: Minor,
  discountMinor: Minor,
  tenders: Type.String(),
  discrepancies: Type.Integer(),
})
export type BillRow = Static<typeof BillRow>
export const billQuery = Type.Object({
  ...listQuery,
  store: Type.Optional(Id),
  register: Type.Optional(Id),
  from: Type.Optional(Day),
  until: Type.Optional(Day),
  kind: Type.Optional(Type.String()),
  tender: Type.Optional(Type.String()),
  staff: Type.Optional(Id),
  minMinor: Type.Optional(Type.Integer()),
  maxMinor: Type.Optional(Type.Integer()),
  discrepancies: Type.Optional(Type.Boolean()),
})
export const listBills = endpoint({
  method: 'GET',
  path: '/v1/bills',
  tag: 'sales',
  allow: 'bills.read',
  summary:
    'Bills by filter, sort and page; `from` and `until` are trading days, both included; `q` matches numbers.',
  query: billQuery,
  answer: Page(BillRow),
})
export const exportBills = endpoint({
  method: 'GET',
  path: '/v1/bills.csv',
  tag: 'sales',
  allow: 'bills.read',
  summary: 'The same rows as the list, all pages, as CSV.',
  query: billQuery,
  produces: 'text/csv',
})

export const Discrepancy = Type.Object({
  kind: Type.String(),
  params: Type.Record(Type.String(), Type.Unknown()),
  at: Instant,
})
/** Another document that belongs to a bill. */
export const BillLink = Type.Object({
  identity: Hash,
  document: Type.Integer(),
  number: Type.String(),
  kind: Type.String(),
  issueDate: Day,
  totalMinor: Minor,
})
export type BillLink = Static<typeof BillLink>
export const Bill = Type.Object({
  row: BillRow,
  seller: Type.Object({
    legalName: Type.String(),
    tradeName: Type.String(),
    gstin: Type.String(),
    storeName: Type.String(),
    address: Type.String(),
    city: Type.String(),
    pin: Type.String(),
    state: Type.String(),
  }),
  /** The document of the entry as the till wrote it (`BillDocument` of `@nexus/sync`). */
  content: Type.Unknown(),
  /** `Tender`s of the entry. */
  tenders: Type.Array(Type.Unknown()),
  changeMinor: Minor,
  entry: Type.Object({
    identity: Hash,
    epoch: Id,
    seq: Type.Integer(),
    prevHash: Hash,
    next: Nullable(Hash),
    receivedAt: Instant,
    app: Type.String(),
    engine: Type.Integer(),
    rulebookVersion: Nullable(Type.Integer()),
    /** The entry's own bytes as text. */
    bytes: Type.String(),
  }),
  reprints: Type.Array(Type.Object({ at: Instant, copy: Type.Integer(), by: Nullable(Type.String()) })),
  /** New number of this document, where another bill keeps the one on its paper (JRN-14c); null: it has its own. */
  renumberedTo: Nullable(Type.String()),
  discrepancies: Type.Array(Discrepancy),
  /** The bill that this document gives back, or follows in an exchange; null where it is not known here. */
  original: Nullable(BillLink),
  /** What was given back of this bill, oldest first. */
  returns: Type.Array(BillLink),
  /** The other document of an exchange. */
  exchange: Nullable(BillLink),
})
export type Bill = Static<typeof Bill>
export const getBill = endpoint({
  method: 'GET',
  path: '/v1/bills/:identity/:document',
  tag: 'sales',
  allow: 'bills.read',
  summary: 'One bill with its journal entry.',
  params: Type.Object({ identity: Hash, document: Type.Integer({ minimum: 0, maximum: 1 }) }),
  answer: Bill,
})

const Figures = Type.Object({
  bills: Type.Integer(),
  soldMinor: Minor,
  units: Type.Integer(),
  averageMinor: Minor,
  discountMinor: Minor,
  taxMinor: Minor,
})
export const getToday = endpoint({
  method: 'GET',
  path: '/v1/today',
  tag: 'sales',
  allow: 'bills.read',
  summary: 'Takings of a trading day beside the same weekday a week before, by hour and by store.',
  query: Type.Object({ store: Type.Optional(Id), day: Type.Optional(Day) }),
  answer: Type.Object({
    day: Day,
    asOf: Instant,
    figures: Figures,
    lastWeek: Figures,
    hours: Type.Array(
      Type.Object({ hour: Type.Integer(), soldMinor: Minor, bills: Type.Integer(), lastWeekMinor: Minor }),
    ),
    stores: Type.Array(
      Type.Object({
        storeId: Id,
        name: Type.String(),
        soldMinor: Minor,
        bills: Type.Integer(),
        lastWeekMinor: Minor,
      }),
    ),
    tenders: Type.Array(Type.Object({ kind: Type.String(), amountMinor: Minor, count: Type.Integer() })),
    attention: Type.Object({
      quarantined: Type.Integer(),
      forked: Type.Integer(),
      incidents: Type.Integer(),
      discrepancies: Type.Integer(),
      quietRegisters: Type.Integer(),
    }),
  }),
})
export const searchAll = endpoint({
  method: 'GET',
  path: '/v1/search',
  tag: 'platform',
  allow: 'signed-in',
  summary:
    'Bills by number, products by code or name, people and stores: the first few of each that the caller may see.',
  query: Type.Object({ q: Type.String({ minLength: 1, maxLength: 100 }) }),
  answer: Type.Object({
    hits: Type.Array(
      Type.Object({
        kind: Type.Union([
          Type.Literal('bill'),
          Type.Literal('product'),
          Type.Literal('staff'),
          Type.Literal('store'),
        ]),
        id: Type.String(),
        title: Type.String(),
        detail: Type.String(),
      }),
    ),
  }),
})

export const ShiftRow = Type.Object({
  id: Id,
  storeId: Id,
  storeName: Type.String(),
  registerNumber: Type.Integer(),
  cashier: Nullable(Type.String()),
  tradingDay: Nullable(Day),
  openedAt: Nullable(Instant),
  closedAt: Nullable(Instant),
  floatMinor: Minor,
  bills: Type.Integer(),
  soldMinor: Minor,
  countedMinor: Nullable(Minor),
  expectedMinor: Nullable(Minor),
  differenceMinor: Nullable(Minor),
})
export type ShiftRow = Static<typeof ShiftRow>
export const listShifts = endpoint({
  method: 'GET',
  path: '/v1/shifts',
  tag: 'shifts',
  allow: 'shifts.read',
  summary: 'Shifts, newest first.',
  query: Type.Object({
    ...listQuery,
    store: Type.Optional(Id),
    from: Type.Optional(Day),
    until: Type.Optional(Day),
    open: Type.Optional(Type.Boolean()),
  }),
  answer: Page(ShiftRow),
})
