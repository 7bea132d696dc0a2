import { type Static, Type } from 'typebox'
import { Instant, Nullable } from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** A place where something that must always hold does not. */
export const Breach = Type.Object({
  /** I2, I3 … */
  invariant: Type.String(),
  /** What is wrong: a code with its parameters. */
  kind: Type.String(),
  params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
  epoch: Nullable(Type.String()),
  seq: Nullable(Type.Integer()),
})
export type Breach = Static<typeof Breach>

export const InvariantRun = Type.Object({
  startedAt: Instant,
  finishedAt: Instant,
  /** Entries read from their bytes. */
  entries: Type.Integer(),
  results: Type.Array(
    Type.Object({ invariant: Type.String(), checked: Type.Integer(), broken: Type.Integer() }),
  ),
  /** The first ones. */
  breaches: Type.Array(Breach),
})
export type InvariantRun = Static<typeof InvariantRun>

export const getInvariants = endpoint({
  method: 'GET',
  path: '/v1/invariants',
  tag: 'journal',
  allow: 'stores.read',
  summary: 'What the last hourly check of the books found; null before the first.',
  answer: Type.Object({ run: Nullable(InvariantRun) }),
})
