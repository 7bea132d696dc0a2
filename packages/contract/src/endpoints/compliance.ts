import { type Static, Type } from 'typebox'
import { Day, Hash, Id, Instant, listQuery, Minor, Nullable, Page } from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** YYYY-MM */
const Month = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}$' })

/** How a late document enters the tax returns: in an amendment of its month, or in the return of now. */
export const LateChoice = Type.Union([Type.Literal('amendment'), Type.Literal('current-return')])
export type LateChoice = Static<typeof LateChoice>

/** A document that the closing of its month did not count (JRN-22d). */
export const LateDocumentRow = Type.Object({
  identity: Hash,
  document: Type.Integer(),
  number: Type.String(),
  kind: Type.String(),
  storeId: Id,
  storeName: Type.String(),
  issueDate: Day,
  /** The closed month. */
  month: Month,
  totalMinor: Minor,
  taxMinor: Minor,
  receivedAt: Instant,
  /** Trading day of the settlement that counted it as late; null while none has. */
  countedIn: Nullable(Day),
  choice: Nullable(LateChoice),
  chosenBy: Nullable(Type.String()),
  chosenAt: Nullable(Instant),
})
export type LateDocumentRow = Static<typeof LateDocumentRow>

export const listLateDocuments = endpoint({
  method: 'GET',
  path: '/v1/late-documents',
  tag: 'compliance',
  allow: 'audit.read',
  summary: 'Documents that came after their month was closed, newest first: the tax queue.',
  query: Type.Object({
    ...listQuery,
    store: Type.Optional(Id),
    month: Type.Optional(Month),
    waiting: Type.Optional(Type.Boolean()),
  }),
  answer: Page(LateDocumentRow),
})
export const putLateChoice = endpoint({
  method: 'PUT',
  path: '/v1/late-documents/:identity/:document/choice',
  tag: 'compliance',
  allow: 'tax.write',
  summary: 'Choose how a late document enters the tax returns; choosing again replaces the choice.',
  params: Type.Object({ identity: Hash, document: Type.Integer({ minimum: 0, maximum: 1 }) }),
  body: Type.Object({ choice: LateChoice }),
  answer: LateDocumentRow,
})
