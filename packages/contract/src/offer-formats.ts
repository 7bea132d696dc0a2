import { type Static, type TObject, Type } from 'typebox'
import { Instant, ProductId } from './common.ts'
import { amountMax, closed, instantMax } from './format-parts.ts'

/**
 * The schemas of offers, member for member as the engine reads them (`offers.ts` of `@nexus/domain`).
 * They say what shape is; what a shape cannot say (tiers that ascend, things that exist) is checked at
 * publishing. Objects are closed: a misspelt member would change what an offer gives without a word.
 */

const Amount = Type.Integer({ minimum: 1, maximum: amountMax, description: 'paise' })
const AmountOrNothing = Type.Integer({ minimum: 0, maximum: amountMax, description: 'paise' })
const Percent = Type.Integer({ minimum: 1, maximum: 10_000, description: 'basis points; 10000 is all' })
const Count = Type.Integer({ minimum: 1, maximum: 1_000_000 })
/** An instant of a rule; 0 is "since ever". */
const RuleInstant = Type.Integer({ ...Instant, minimum: 0, maximum: instantMax })
const Ids = Type.Array(ProductId, { minItems: 1, maxItems: 10_000 })
const Words = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 1000 })

const named = {
  products: Type.Optional(Ids),
  brands: Type.Optional(Ids),
  categories: Type.Optional(Ids),
  departments: Type.Optional(Ids),
  tags: Type.Optional(Words),
}
/** Which units an offer speaks of; members that are given must all hold. */
const SelectorFormat = closed({
  everything: Type.Optional(Type.Literal(true)),
  ...named,
  unitFromMinor: Type.Optional(AmountOrNothing),
  unitUntilMinor: Type.Optional(Amount),
  expiresWithinDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 36_500 })),
  except: Type.Optional(closed(named)),
})
export type SelectorFormat = Static<typeof SelectorFormat>

const AudienceFormat = Type.Union([
  closed({ kind: Type.Literal('tier'), tiers: Words }),
  closed({ kind: Type.Literal('staff') }),
  closed({ kind: Type.Literal('first-purchase') }),
])

const common = {
  id: Type.Integer({ minimum: 1, maximum: 2147483647 }),
  name: Type.String({ minLength: 1, maxLength: 80 }),
  priority: Type.Integer({ minimum: -1_000_000_000, maximum: 1_000_000_000 }),
  from: RuleInstant,
  until: Type.Optional(RuleInstant),
  weekdays: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, maxItems: 7 })),
  hours: Type.Optional(
    closed({
      fromMinute: Type.Integer({ minimum: 0, maximum: 1440 }),
      untilMinute: Type.Integer({ minimum: 0, maximum: 1440 }),
    }),
  ),
  storeIds: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 10_000 }),
  ),
  audience: Type.Optional(AudienceFormat),
  limits: Type.Optional(
    closed({
      perBill: Type.Optional(Count),
      perCustomer: Type.Optional(Count),
      total: Type.Optional(Type.Integer({ minimum: 1, maximum: amountMax })),
      budgetMinor: Type.Optional(Amount),
    }),
  ),
  combinable: Type.Optional(Type.Boolean()),
}

const offPlain = Type.Union([closed({ percentBp: Percent }), closed({ amountMinor: Amount })])
const offCapped = Type.Union([
  closed({ percentBp: Percent, capMinor: Type.Optional(Amount) }),
  closed({ amountMinor: Amount }),
])
const Part = closed({ selector: SelectorFormat, units: Count })

/** Every effect that this release can compute, with the schema of its offers. */
export const offerFormats = {
  'unit-off': closed({
    ...common,
    effect: Type.Literal('unit-off'),
    selector: SelectorFormat,
    off: offPlain,
    minimumUnits: Type.Optional(Count),
  }),
  'buy-get': closed({
    ...common,
    effect: Type.Literal('buy-get'),
    selector: SelectorFormat,
    buy: Count,
    get: Count,
    percentBp: Percent,
  }),
  'buy-other': closed({
    ...common,
    effect: Type.Literal('buy-other'),
    buy: Part,
    get: Part,
    percentBp: Percent,
  }),
  bundle: closed({
    ...common,
    effect: Type.Literal('bundle'),
    parts: Type.Array(SelectorFormat, { minItems: 2, maxItems: 20 }),
    priceMinor: AmountOrNothing,
  }),
  markdown: closed({
    ...common,
    effect: Type.Literal('markdown'),
    selector: SelectorFormat,
    steps: Type.Array(
      closed({ withinDays: Type.Integer({ minimum: 0, maximum: 36_500 }), percentBp: Percent }),
      { minItems: 1, maxItems: 50 },
    ),
  }),
  complimentary: closed({ ...common, effect: Type.Literal('complimentary'), selector: SelectorFormat }),
  'percent-off-bill': closed({
    ...common,
    effect: Type.Literal('percent-off-bill'),
    percentBp: Percent,
    minimumMinor: Type.Optional(AmountOrNothing),
  }),
  threshold: closed({
    ...common,
    effect: Type.Literal('threshold'),
    selector: SelectorFormat,
    on: Type.Union([Type.Literal('selector'), Type.Literal('bill')]),
    tiers: Type.Array(closed({ fromMinor: Amount, off: offCapped }), { minItems: 1, maxItems: 50 }),
  }),
  gift: closed({
    ...common,
    effect: Type.Literal('gift'),
    selector: SelectorFormat,
    fromMinor: Amount,
    gifts: Ids,
    unitMinor: AmountOrNothing,
  }),
  coupon: closed({
    ...common,
    effect: Type.Literal('coupon'),
    code: Type.Union([
      closed({ kind: Type.Literal('public'), text: Type.String({ minLength: 1, maxLength: 40 }) }),
      closed({
        kind: Type.Literal('series'),
        prefix: Type.String({ minLength: 1, maxLength: 20 }),
        length: Type.Integer({ minimum: 1, maximum: 40 }),
      }),
    ]),
    selector: SelectorFormat,
    off: offCapped,
    minimumMinor: Type.Optional(AmountOrNothing),
    onGifts: Type.Optional(Type.Boolean()),
  }),
} as const satisfies Record<string, TObject>

export type Effect = keyof typeof offerFormats
/** An offer of any effect, as a rulebook carries it. */
export type OfferFormat = { [E in Effect]: Static<(typeof offerFormats)[E]> }[Effect]
