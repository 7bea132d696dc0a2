import type { UseFormReturnType } from '@mantine/form'
import type { OfferDefinition } from '@nexus/contract'
import { addDays, formatPlain, localDate, localTime, parseAmount, startOfDate } from '@nexus/domain'

/** Effects in the order in which people look for them. */
export const effects = [
  'unit-off',
  'buy-get',
  'buy-other',
  'bundle',
  'percent-off-bill',
  'threshold',
  'gift',
  'coupon',
  'markdown',
  'complimentary',
] as const
export type EffectName = (typeof effects)[number]

/** Which goods a part of an offer speaks of: ids and amounts as texts. */
export type SelectorValues = {
  key: string
  everything: boolean
  products: string[]
  brands: string[]
  categories: string[]
  /** Rupees; a unit costs at least `priceFrom` and less than `priceBelow`. */
  priceFrom: string
  priceBelow: string
  expiresWithin: string
  exceptProducts: string[]
  exceptBrands: string[]
  exceptCategories: string[]
  /** Members that the form has no field for; they are kept. */
  others: Record<string, unknown>
  otherExceptions: Record<string, unknown>
}
export type ReductionValues = { kind: 'percent' | 'amount'; percent: string; amount: string; cap: string }
export type TierValues = ReductionValues & { key: string; from: string }
export type StepValues = { key: string; days: string; percent: string }

/** What the form holds: texts as typed, for every effect at once, so that trying another loses nothing. */
export type OfferValues = {
  name: string
  effect: EffectName
  priority: string
  /** Without a day: since ever. Without a time: the day's beginning, or the end of the last day. */
  firstDay: string
  firstTime: string
  lastDay: string
  lastTime: string
  /** Instants as stored, which keep their seconds until their day or time is changed. */
  stored: { from: number | undefined; until: number | undefined }
  weekdays: string[]
  /** Both empty: all day. */
  hourFrom: string
  hourUntil: string
  everyStore: boolean
  storeIds: string[]
  audience: '' | 'tier' | 'staff' | 'first-purchase'
  tiers: string[]
  perBill: string
  perCustomer: string
  total: string
  budget: string
  combinable: boolean
  /** One, or one for each part: of a bundle several, of "buy A, get B" two. */
  selectors: SelectorValues[]
  off: ReductionValues
  minimumUnits: string
  buy: string
  get: string
  /** Of the units that are reduced; 100 is free. */
  getPercent: string
  bundlePrice: string
  minimum: string
  thresholdOn: 'selector' | 'bill'
  thresholds: TierValues[]
  markdowns: StepValues[]
  giftFrom: string
  gifts: string[]
  giftPrice: string
  codeKind: 'public' | 'series'
  code: string
  codeLength: string
  onGifts: boolean
}
/** The form itself, which every part of the page takes. */
export type OfferFormState = UseFormReturnType<OfferValues>

let made = 0
/** A key of a row of the form; it leaves the form with it. */
function newKey(): string {
  made += 1
  return `row-${made}`
}

export function emptySelector(): SelectorValues {
  return {
    key: newKey(),
    everything: false,
    products: [],
    brands: [],
    categories: [],
    priceFrom: '',
    priceBelow: '',
    expiresWithin: '',
    exceptProducts: [],
    exceptBrands: [],
    exceptCategories: [],
    others: {},
    otherExceptions: {},
  }
}
const emptyReduction: ReductionValues = { kind: 'percent', percent: '', amount: '', cap: '' }
export function emptyTier(): TierValues {
  return { ...emptyReduction, key: newKey(), from: '' }
}
export function emptyStep(): StepValues {
  return { key: newKey(), days: '', percent: '' }
}

/** A new draft, from tomorrow on: whoever publishes it by mistake has a night to see it. */
export function emptyOffer(now: number): OfferValues {
  return {
    name: '',
    effect: 'unit-off',
    priority: '0',
    firstDay: addDays(localDate(now), 1),
    firstTime: '',
    lastDay: '',
    lastTime: '',
    stored: { from: undefined, until: undefined },
    weekdays: [],
    hourFrom: '',
    hourUntil: '',
    everyStore: true,
    storeIds: [],
    audience: '',
    tiers: [],
    perBill: '',
    perCustomer: '',
    total: '',
    budget: '',
    combinable: false,
    selectors: [emptySelector()],
    off: emptyReduction,
    minimumUnits: '',
    buy: '1',
    get: '1',
    getPercent: '100',
    bundlePrice: '',
    minimum: '',
    thresholdOn: 'bill',
    thresholds: [emptyTier()],
    markdowns: [emptyStep()],
    giftFrom: '',
    gifts: [],
    giftPrice: '',
    codeKind: 'public',
    code: '',
    codeLength: '12',
    onGifts: false,
  }
}

/** How many selectors an effect has; undefined for as many as people want, two or more. */
export function selectorCount(effect: EffectName): number | undefined {
  switch (effect) {
    case 'percent-off-bill':
      return 0
    case 'buy-other':
      return 2
    case 'bundle':
      return undefined
    default:
      return 1
  }
}

/** Values with as many selectors as the effect needs; more than that are kept for a change of mind. */
export function withSelectors(values: OfferValues, effect: EffectName): SelectorValues[] {
  const wanted = selectorCount(effect) ?? 2
  const missing = Math.max(0, wanted - values.selectors.length)
  return [...values.selectors, ...Array.from({ length: missing }, emptySelector)]
}

// From the form to a definition

/**
 * What the form says, as the server takes it. Members that are empty or cannot be read are left out, so
 * that an unfinished draft can be kept; what is missing then is told by the server and by the form.
 */
export function definitionOf(values: OfferValues): OfferDefinition {
  const { effect } = values
  const limits = {
    ...member('perBill', wholeOf(values.perBill)),
    ...member('perCustomer', wholeOf(values.perCustomer)),
    ...member('total', wholeOf(values.total)),
    ...member('budgetMinor', minorOf(values.budget)),
  }
  return {
    name: values.name.trim(),
    effect,
    priority: wholeOf(values.priority) ?? 0,
    from: fromOf(values),
    ...member('until', untilOf(values)),
    ...(values.weekdays.length > 0 &&
      values.weekdays.length < 7 && { weekdays: values.weekdays.map(Number).toSorted((a, b) => a - b) }),
    ...member('hours', hoursOf(values)),
    ...(!values.everyStore && { storeIds: values.storeIds }),
    ...member('audience', audienceOf(values)),
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(values.combinable && { combinable: true }),
    ...effectOf(values),
  }
}

function effectOf(values: OfferValues): Record<string, unknown> {
  const [first = emptySelector(), second = emptySelector()] = values.selectors
  const percent = member('percentBp', percentOf(values.getPercent))
  switch (values.effect) {
    case 'unit-off':
      return {
        selector: selectorOf(first),
        ...member('off', reductionOf(values.off, false)),
        ...member('minimumUnits', wholeOf(values.minimumUnits)),
      }
    case 'buy-get':
      return {
        selector: selectorOf(first),
        ...member('buy', wholeOf(values.buy)),
        ...member('get', wholeOf(values.get)),
        ...percent,
      }
    case 'buy-other':
      return {
        buy: { selector: selectorOf(first), ...member('units', wholeOf(values.buy)) },
        get: { selector: selectorOf(second), ...member('units', wholeOf(values.get)) },
        ...percent,
      }
    case 'bundle':
      return {
        parts: values.selectors.map(selectorOf),
        ...member('priceMinor', minorOf(values.bundlePrice)),
      }
    case 'markdown':
      return {
        selector: selectorOf(first),
        steps: values.markdowns.map((step) => ({
          ...member('withinDays', wholeOf(step.days)),
          ...member('percentBp', percentOf(step.percent)),
        })),
      }
    case 'complimentary':
      return { selector: selectorOf(first) }
    case 'percent-off-bill':
      return {
        ...member('percentBp', percentOf(values.off.percent)),
        ...member('minimumMinor', minorOf(values.minimum)),
      }
    case 'threshold':
      return {
        selector: selectorOf(first),
        on: values.thresholdOn,
        tiers: values.thresholds.map((tier) => ({
          ...member('fromMinor', minorOf(tier.from)),
          ...member('off', reductionOf(tier, true)),
        })),
      }
    case 'gift':
      return {
        selector: selectorOf(first),
        ...member('fromMinor', minorOf(values.giftFrom)),
        gifts: values.gifts.map(Number),
        unitMinor: minorOf(values.giftPrice) ?? 0,
      }
    case 'coupon':
      return {
        code:
          values.codeKind === 'public'
            ? { kind: 'public', text: values.code.trim() }
            : { kind: 'series', prefix: values.code.trim(), ...member('length', wholeOf(values.codeLength)) },
        selector: selectorOf(first),
        ...member('off', reductionOf(values.off, true)),
        ...member('minimumMinor', minorOf(values.minimum)),
        ...(values.onGifts && { onGifts: true }),
      }
  }
}

function selectorOf(values: SelectorValues): Record<string, unknown> {
  const except = {
    ...values.otherExceptions,
    ...ids('products', values.exceptProducts),
    ...ids('brands', values.exceptBrands),
    ...ids('categories', values.exceptCategories),
  }
  return {
    ...values.others,
    ...(values.everything
      ? { everything: true }
      : {
          ...ids('products', values.products),
          ...ids('brands', values.brands),
          ...ids('categories', values.categories),
        }),
    ...member('unitFromMinor', minorOf(values.priceFrom)),
    ...member('unitUntilMinor', minorOf(values.priceBelow)),
    ...member('expiresWithinDays', wholeOf(values.expiresWithin)),
    ...(Object.keys(except).length > 0 && { except }),
  }
}

function ids(name: string, texts: readonly string[]): Record<string, number[]> {
  return texts.length === 0 ? {} : { [name]: texts.map(Number) }
}

function reductionOf(values: ReductionValues, isCapped: boolean): Record<string, number> | undefined {
  if (values.kind === 'amount') {
    const amountMinor = minorOf(values.amount)
    return amountMinor === undefined ? undefined : { amountMinor }
  }
  const percentBp = percentOf(values.percent)
  if (percentBp === undefined) return undefined
  return { percentBp, ...(isCapped && member('capMinor', minorOf(values.cap))) }
}

function audienceOf({ audience, tiers }: OfferValues): Record<string, unknown> | undefined {
  if (audience === '') return undefined
  return audience === 'tier' ? { kind: 'tier', tiers } : { kind: audience }
}

/** The first instant; 0 is since ever. */
export function fromOf({ firstDay, firstTime, stored }: OfferValues): number {
  if (firstDay === '') return 0
  const { from } = stored
  if (from !== undefined && from !== 0 && localDate(from) === firstDay && timeOf(from) === firstTime) {
    return from
  }
  return startOfDate(firstDay) + (minuteOf(firstTime) ?? 0) * 60_000
}

/** The first instant at which it is over; undefined for never. */
export function untilOf({ lastDay, lastTime, stored }: OfferValues): number | undefined {
  if (lastDay === '') return undefined
  const { until } = stored
  if (until !== undefined && lastDayOf(until) === lastDay && lastTimeOf(until) === lastTime) return until
  const minute = minuteOf(lastTime)
  return minute === undefined ? startOfDate(addDays(lastDay, 1)) : startOfDate(lastDay) + minute * 60_000
}

function hoursOf({ hourFrom, hourUntil }: OfferValues) {
  const [fromMinute, untilMinute] = [minuteOf(hourFrom), minuteOf(hourUntil)]
  if (fromMinute === undefined && untilMinute === undefined) return undefined
  return { fromMinute: fromMinute ?? 0, untilMinute: untilMinute ?? 0 }
}

// From a definition to the form

/** A stored definition as the form shows it; what it has of other shapes than the form's reads as empty. */
export function valuesOf(definition: OfferDefinition): OfferValues {
  const empty = emptyOffer(0)
  const it: Record<string, unknown> = definition
  const effect = effects.find((name) => name === definition.effect) ?? 'unit-off'
  const [from, until] = [numberOf(it.from), numberOf(it.until)]
  const limits = recordOf(it.limits)
  const audience = recordOf(it.audience)
  const hours = recordOf(it.hours)
  const kind = (['tier', 'staff', 'first-purchase'] as const).find((name) => name === audience.kind)
  const code = recordOf(it.code)
  const [buy, get] = [recordOf(it.buy), recordOf(it.get)]
  const tiers = listOf(it.tiers).map((tier) => ({
    ...reductionValues(recordOf(tier).off),
    key: newKey(),
    from: amountText(recordOf(tier).fromMinor),
  }))
  const steps = listOf(it.steps).map((step) => ({
    key: newKey(),
    days: wholeText(recordOf(step).withinDays),
    percent: percentText(recordOf(step).percentBp),
  }))
  const values: OfferValues = {
    ...empty,
    name: definition.name,
    effect,
    priority: wholeText(it.priority) || '0',
    firstDay: from === undefined || from === 0 ? '' : localDate(from),
    firstTime: from === undefined || from === 0 ? '' : timeOf(from),
    lastDay: until === undefined ? '' : lastDayOf(until),
    lastTime: until === undefined ? '' : lastTimeOf(until),
    stored: { from, until },
    weekdays: listOf(it.weekdays).map(String),
    hourFrom: minuteText(hours.fromMinute),
    hourUntil: minuteText(hours.untilMinute),
    everyStore: it.storeIds === undefined,
    storeIds: listOf(it.storeIds).map(String),
    audience: kind ?? '',
    tiers: listOf(audience.tiers).map(String),
    perBill: wholeText(limits.perBill),
    perCustomer: wholeText(limits.perCustomer),
    total: wholeText(limits.total),
    budget: amountText(limits.budgetMinor),
    combinable: it.combinable === true,
    selectors: selectorsIn(effect, it),
    off: reductionValues(effect === 'percent-off-bill' ? { percentBp: it.percentBp } : it.off),
    minimumUnits: wholeText(it.minimumUnits),
    buy: wholeText(effect === 'buy-other' ? buy.units : it.buy) || empty.buy,
    get: wholeText(effect === 'buy-other' ? get.units : it.get) || empty.get,
    getPercent:
      effect === 'percent-off-bill' ? empty.getPercent : percentText(it.percentBp) || empty.getPercent,
    bundlePrice: amountText(it.priceMinor),
    minimum: amountText(it.minimumMinor),
    thresholdOn: it.on === 'selector' ? 'selector' : 'bill',
    thresholds: tiers.length > 0 ? tiers : empty.thresholds,
    markdowns: steps.length > 0 ? steps : empty.markdowns,
    giftFrom: amountText(it.fromMinor),
    gifts: listOf(it.gifts).map(String),
    giftPrice: amountText(it.unitMinor),
    codeKind: code.kind === 'series' ? 'series' : 'public',
    code: textOf(code.kind === 'series' ? code.prefix : code.text),
    codeLength: wholeText(code.length) || empty.codeLength,
    onGifts: it.onGifts === true,
  }
  return { ...values, selectors: withSelectors(values, effect) }
}

function selectorsIn(effect: EffectName, it: Record<string, unknown>): SelectorValues[] {
  switch (effect) {
    case 'buy-other':
      return [selectorValues(recordOf(it.buy).selector), selectorValues(recordOf(it.get).selector)]
    case 'bundle':
      return listOf(it.parts).map(selectorValues)
    default:
      return [selectorValues(it.selector)]
  }
}

function selectorValues(given: unknown): SelectorValues {
  const {
    everything,
    products,
    brands,
    categories,
    unitFromMinor,
    unitUntilMinor,
    expiresWithinDays,
    except,
    ...others
  } = recordOf(given)
  const {
    products: exceptProducts,
    brands: exceptBrands,
    categories: exceptCategories,
    ...rest
  } = recordOf(except)
  return {
    key: newKey(),
    everything: everything === true,
    products: listOf(products).map(String),
    brands: listOf(brands).map(String),
    categories: listOf(categories).map(String),
    priceFrom: amountText(unitFromMinor),
    priceBelow: amountText(unitUntilMinor),
    expiresWithin: wholeText(expiresWithinDays),
    exceptProducts: listOf(exceptProducts).map(String),
    exceptBrands: listOf(exceptBrands).map(String),
    exceptCategories: listOf(exceptCategories).map(String),
    others,
    otherExceptions: rest,
  }
}

function reductionValues(given: unknown): ReductionValues {
  const { percentBp, amountMinor, capMinor } = recordOf(given)
  return {
    kind: amountMinor === undefined ? 'percent' : 'amount',
    percent: percentText(percentBp),
    amount: amountText(amountMinor),
    cap: amountText(capMinor),
  }
}

// Places of faults

/** The form's field for a member that the server names: `tiers/0/off/percentBp` → `thresholds.0.percent`. */
export function formField(path: string, { effect }: OfferValues): string {
  const [first = '', second = '', third = ''] = path.split(/[/.]/)
  switch (first) {
    case 'until':
      return 'lastDay'
    case 'from':
      return 'firstDay'
    case 'hours':
      return 'hourFrom'
    case 'limits':
      return second === 'budgetMinor' ? 'budget' : second || 'perBill'
    case 'audience':
      return second === 'tiers' ? 'tiers' : 'audience'
    case 'off':
      return second === 'amountMinor' ? 'off.amount' : second === 'capMinor' ? 'off.cap' : 'off.percent'
    case 'selector':
      return selectorField(0, second, third)
    case 'parts':
      return second === '' ? 'selectors.0.categories' : selectorField(Number(second), third)
    case 'buy':
    case 'get':
      if (second === 'selector') return selectorField(first === 'buy' ? 0 : 1, third)
      return first
    case 'percentBp':
      return effect === 'percent-off-bill' ? 'off.percent' : 'getPercent'
    case 'priceMinor':
      return 'bundlePrice'
    case 'minimumMinor':
      return 'minimum'
    case 'tiers':
      return `thresholds.${second || '0'}.${third === 'off' ? 'percent' : 'from'}`
    case 'steps':
      return `markdowns.${second || '0'}.${third === 'percentBp' ? 'percent' : 'days'}`
    case 'fromMinor':
      return 'giftFrom'
    case 'unitMinor':
      return 'giftPrice'
    case 'code':
      return second === 'length' ? 'codeLength' : 'code'
    default:
      return first
  }
}

function selectorField(at: number, member: string, exception = ''): string {
  const field =
    member === 'except'
      ? ({ brands: 'exceptBrands', categories: 'exceptCategories' }[exception] ?? 'exceptProducts')
      : ({ unitFromMinor: 'priceFrom', unitUntilMinor: 'priceBelow', expiresWithinDays: 'expiresWithin' }[
          member
        ] ?? (member === 'products' || member === 'brands' ? member : 'categories'))
  return `selectors.${at}.${field}`
}

// Texts and figures

/** Paise of a typed amount; undefined for nothing and for what is no amount. */
export function minorOf(text: string): number | undefined {
  const read = parseAmount(text)
  return 'amountMinor' in read ? read.amountMinor : undefined
}

/** A typed count; undefined for nothing and for what is none. */
export function wholeOf(text: string): number | undefined {
  return /^-?[0-9]{1,10}$/.test(text.trim()) ? Number(text) : undefined
}

/** Basis points of a typed percentage, `12.5` or `12.5 %`; undefined for nothing and for what is none. */
export function percentOf(text: string): number | undefined {
  const read = /^([0-9]{1,3})(?:\.([0-9]{1,2}))?\s*%?$/.exec(text.trim())
  return read === null ? undefined : Number(read[1]) * 100 + Number((read[2] ?? '').padEnd(2, '0'))
}

/** Minutes after midnight of `HH:MM`. */
export function minuteOf(text: string): number | undefined {
  const read = /^([01][0-9]|2[0-3]):([0-5][0-9])$/.exec(text)
  return read === null ? undefined : Number(read[1]) * 60 + Number(read[2])
}

function minuteText(value: unknown): string {
  if (typeof value !== 'number') return ''
  const minute = value % 1440
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/** Time of an instant; empty for a day's beginning. */
function timeOf(instant: number): string {
  const time = localTime(instant)
  return time === '00:00' ? '' : time
}

/** What ends at midnight ends with the day before, without a time. */
function lastDayOf(until: number): string {
  return localDate(timeOf(until) === '' ? until - 1 : until)
}

function lastTimeOf(until: number): string {
  return timeOf(until)
}

function amountText(value: unknown): string {
  return typeof value === 'number' && Number.isSafeInteger(value)
    ? formatPlain(value).replace(/\.00$/, '')
    : ''
}

function percentText(value: unknown): string {
  return typeof value === 'number' ? String(Number((value / 100).toFixed(2))) : ''
}

function wholeText(value: unknown): string {
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : ''
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined
}

function recordOf(value: unknown): Record<string, unknown> {
  // A definition of a draft may hold anything.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function member<Name extends string, T>(name: Name, value: T | undefined): { [key in Name]?: T } {
  // as: an object with the one member, or with none.
  return (value === undefined ? {} : { [name]: value }) as { [key in Name]?: T }
}
