import type { BillDocument } from '@nexus/sync'
import { type Static, Type } from 'typebox'
import { Hash, Id, Instant, Milli, Nullable } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { BillLink } from './sales.ts'

export const TillBill = Type.Object({
  /** Of the entry that made the bill, and which of its documents it is. */
  identity: Hash,
  document: Type.Integer(),
  storeId: Id,
  storeName: Type.String(),
  at: Instant,
  /** By which the entry was priced. */
  engine: Type.Integer(),
  rulebookVersion: Nullable(Type.Integer()),
  /** The document as its till wrote it. */
  content: Type.Unsafe<BillDocument>(
    Type.Object({ number: Type.String(), kind: Type.String() }, { additionalProperties: true }),
  ),
  /** How much of each line came back by what headquarters knows; lines of which nothing did are absent. */
  returned: Type.Array(Type.Object({ uid: Type.String(), quantityMilli: Milli })),
  /** The documents behind that, oldest first. */
  returns: Type.Array(BillLink),
})
export type TillBill = Static<typeof TillBill>

export const findTillBill = endpoint({
  method: 'GET',
  path: '/v1/tills/bills/:number',
  tag: 'sales',
  allow: 'device',
  summary:
    'Bills of any store by the number on their paper, with what came back of them so far: one, or two where a number was used twice (JRN-14c). None is `bill/not-found`.',
  params: Type.Object({ number: Type.String({ minLength: 1, maxLength: 16 }) }),
  answer: Type.Object({ bills: Type.Array(TillBill) }),
})
