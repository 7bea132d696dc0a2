import type { Advice } from '@nexus/domain'
import { type Static, Type } from 'typebox'
import { Hash, Instant, Minor } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { PricedCartFormat } from '../pricing-formats.ts'

const Named = Type.Object({ id: Type.Integer(), name: Type.String() })

/** What figures and traces call by number, by its name when the bill was made. */
export const TraceNames = Type.Object({
  offers: Type.Array(Named),
  products: Type.Array(Named),
  priceLists: Type.Array(Named),
})
export type TraceNames = Static<typeof TraceNames>

/** Every member of `Advice` of `@nexus/domain`. */
const AdviceFormat = Type.Unsafe<Advice>(
  Type.Object(
    {
      nudges: Type.Array(
        Type.Object({ offerId: Type.Integer(), savesMinor: Minor }, { additionalProperties: true }),
      ),
    },
    { additionalProperties: true },
  ),
)

/** Why a document has no explanation: nothing is priced on it, or what priced it is not known here. */
const Unexplained = Type.Union([
  Type.Literal('not-priced'),
  Type.Literal('rulebook-unknown'),
  Type.Literal('engine-unknown'),
  Type.Literal('cannot-be-priced'),
])

export const BillExplanation = Type.Union([
  Type.Object({ kind: Type.Literal('unexplained'), reason: Unexplained }),
  Type.Object({
    kind: Type.Literal('explained'),
    engine: Type.Integer(),
    rulebookVersion: Type.Integer(),
    pricedAt: Instant,
    /** By the entry's own engine, rulebook version and context: lines stand in the bill's order. */
    priced: PricedCartFormat,
    /** What would have been true with a little more; absent for engines that give none. */
    advice: Type.Optional(AdviceFormat),
    names: TraceNames,
    /** Of the offers that did not apply, those that look at a line's goods; lines without any are absent. */
    refusedOnLines: Type.Array(Type.Object({ uid: Type.String(), offerIds: Type.Array(Type.Integer()) })),
    /** Uids of lines that cost something else on the bill than they should have: discrepancies say why. */
    differing: Type.Array(Type.String()),
  }),
])
export type BillExplanation = Static<typeof BillExplanation>

export const explainBill = endpoint({
  method: 'GET',
  path: '/v1/bills/:identity/:document/explanation',
  tag: 'sales',
  allow: 'bills.read',
  summary:
    'Why a bill cost what it did: its prices worked out again by the engine, rulebook version and context that its entry names, with every offer that applied or did not.',
  params: Type.Object({ identity: Hash, document: Type.Integer({ minimum: 0, maximum: 1 }) }),
  answer: BillExplanation,
})
