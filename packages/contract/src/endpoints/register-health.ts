import { type Static, Type } from 'typebox'
import { Id, Instant, listQuery, Minor, Nullable, Page } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { Register } from './stores.ts'

const Level = Type.Union([
  Type.Literal('bad'),
  Type.Literal('warn'),
  Type.Literal('good'),
  Type.Literal('off'),
])

/** A till, how it is, and where its journal stands here. */
export const RegisterHealthRow = Type.Object({
  ...Register.properties,
  storeName: Type.String(),
  level: Level,
  /** When its last entry arrived here. */
  headMovedAt: Nullable(Instant),
  /** The last entry that it announced of its present epoch; more than `headSeq` is on its way, or was. */
  toldSeq: Nullable(Type.Integer()),
  /** Of its epochs: entries in a second place, and up to when they had come; null: none is. */
  durableSeq: Nullable(Type.Integer()),
  durableAt: Nullable(Instant),
  quarantined: Type.Integer(),
  forked: Type.Integer(),
  /** Entries in holes that it declared. */
  missing: Type.Integer(),
  /** Storage that the browser promised at enrolment, bytes. */
  quotaBytes: Nullable(Type.Integer()),
})
export type RegisterHealthRow = Static<typeof RegisterHealthRow>

export const listRegisterHealth = endpoint({
  method: 'GET',
  path: '/v1/register-health',
  tag: 'stores',
  allow: 'stores.read',
  summary: 'Every till with how it is, the worst first; `q` matches store, register and series.',
  query: Type.Object({
    ...listQuery,
    store: Type.Optional(Id),
    /** bad, warn, good or off */
    level: Type.Optional(Type.String({ maxLength: 10 })),
  }),
  answer: Page(RegisterHealthRow),
})

export const getRegisterHealth = endpoint({
  method: 'GET',
  path: '/v1/register-health/:registerId',
  tag: 'stores',
  allow: 'stores.read',
  summary: 'One till with its epochs and when it was in touch.',
  params: Type.Object({ registerId: Id }),
  answer: Type.Object({
    register: RegisterHealthRow,
    /** Newest first. */
    epochs: Type.Array(
      Type.Object({
        epoch: Id,
        seriesCode: Type.String(),
        state: Type.String(),
        headSeq: Type.Integer(),
        headMovedAt: Instant,
        durableSeq: Nullable(Type.Integer()),
        quarantined: Type.Integer(),
        forked: Type.Integer(),
        missing: Type.Integer(),
      }),
    ),
    /** Spans in which it was in touch, newest first. */
    contacts: Type.Array(
      Type.Object({
        fromAt: Instant,
        untilAt: Instant,
        app: Type.String(),
        entriesMax: Type.Integer(),
        minorMax: Minor,
      }),
    ),
  }),
})
