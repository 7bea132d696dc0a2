import { type Static, Type } from 'typebox'
import { Day, Id, Instant, listQuery, Minor, Nullable, Page } from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** Why a payment is open: what entries of tills and servers, and settlement files, do not say alike. */
export const openPaymentKinds = [
  /** Two results of one attempt contradict each other. */
  'contrary',
  /** Two sales name one attempt. */
  'settled-twice',
  /** A result or a sale names an attempt that no till journalled. */
  'not-intended',
  /** Nobody has said what became of it. */
  'no-result',
  /** Paid, and no sale names it. */
  'no-sale',
  /** A sale names it, and it was declined or expired. */
  'not-paid',
  /** The provider settled another amount. */
  'amount-differs',
  /** The provider settled what is not paid here. */
  'settled-not-paid',
  /** Paid here, and the provider’s files reach beyond its day without it. */
  'not-settled',
  /** The provider settled what no till asked for. */
  'unknown-to-us',
] as const
export type OpenPaymentKind = (typeof openPaymentKinds)[number]

export const OpenPayment = Type.Object({
  /** Of the attempt or the settlement line, and the kind. */
  id: Type.String(),
  kind: Type.Unsafe<OpenPaymentKind>(Type.Union(openPaymentKinds.map((kind) => Type.Literal(kind)))),
  attempt: Nullable(Id),
  /** null: a line of a settlement file that no store is known for. */
  storeId: Nullable(Id),
  storeName: Nullable(Type.String()),
  registerNumber: Nullable(Type.Integer()),
  /** When the till asked. */
  at: Nullable(Instant),
  day: Day,
  provider: Nullable(Type.String()),
  direction: Nullable(Type.String()),
  /** What was asked; of a line that no attempt is known for what was settled. */
  amountMinor: Minor,
  /** What the provider settled; null: nothing yet. */
  settledMinor: Nullable(Minor),
  /** Ours, as the provider was asked by. */
  reference: Nullable(Type.String()),
  /** The provider's or the bank's. */
  bankReference: Nullable(Type.String()),
  /** The sale that it settles: number of its bill, identity of its entry. */
  number: Nullable(Type.String()),
  sale: Nullable(Type.String()),
  /** Where the settlement line stands. */
  file: Nullable(Type.Object({ name: Type.String(), line: Type.Integer() })),
})
export type OpenPayment = Static<typeof OpenPayment>
export const listOpenPayments = endpoint({
  method: 'GET',
  path: '/v1/payments/open',
  tag: 'payments',
  allow: 'bills.read',
  summary: 'Payments that people must look at, newest first.',
  query: Type.Object({
    ...listQuery,
    store: Type.Optional(Id),
    kind: Type.Optional(Type.String({ maxLength: 40 })),
  }),
  answer: Page(OpenPayment),
})

export const settlementFields = ['reference', 'amount', 'fee', 'date', 'utr'] as const
export type SettlementField = (typeof settlementFields)[number]

export const SettlementFile = Type.Object({
  id: Id,
  provider: Type.String(),
  name: Type.String(),
  /** Lines of payments that could be read. */
  rows: Type.Integer(),
  /** Of them those that no earlier file had. */
  added: Type.Integer(),
  bad: Type.Integer(),
  /** The first 100 lines that were not taken. */
  badRows: Type.Array(
    Type.Object({
      line: Type.Integer(),
      field: Type.Unsafe<SettlementField>(Type.Union(settlementFields.map((field) => Type.Literal(field)))),
      /** `missing`, `too-long`, `not-an-amount`, `not-a-date`, `differs`: an earlier line says something else. */
      reason: Type.String(),
    }),
  ),
  importedAt: Instant,
})
export type SettlementFile = Static<typeof SettlementFile>
export const listSettlements = endpoint({
  method: 'GET',
  path: '/v1/settlements',
  tag: 'payments',
  allow: 'settlements.write',
  summary: 'The latest settlement files.',
  answer: Type.Object({ files: Type.Array(SettlementFile) }),
})

const ColumnName = Type.String({ minLength: 1, maxLength: 100 })
/** The columns of each field, by their names in the file's first line. */
export const putSettlement = endpoint({
  method: 'PUT',
  path: '/v1/settlements/:fileId',
  tag: 'payments',
  allow: 'settlements.write',
  summary:
    'Bring a settlement file (CSV) of a provider. Payments that an earlier file had are found the same; the same id again answers the first time’s outcome.',
  params: Type.Object({ fileId: Id }),
  query: Type.Object({
    provider: Type.String({ minLength: 1, maxLength: 40 }),
    reference: ColumnName,
    amount: ColumnName,
    date: ColumnName,
    fee: Type.Optional(ColumnName),
    utr: Type.Optional(ColumnName),
  }),
  body: Type.Unknown(),
  consumes: 'multipart/form-data',
  answer: SettlementFile,
})
