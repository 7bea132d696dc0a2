import type { I18n } from '@lingui/core'
import type { OfferStatus } from '@nexus/contract'
import { formatDate, formatRupees, localDate, localTime } from '@nexus/domain'
import { countText } from '../../phrases/figures.ts'
import { saysGoods } from './offer-faults.ts'
import {
  type EffectName,
  fromOf,
  minorOf,
  type OfferValues,
  percentOf,
  type ReductionValues,
  type SelectorValues,
  selectorCount,
  untilOf,
  wholeOf,
} from './offer-values.ts'

/** Names of what offers name by number; one that is not known yet reads as its number. */
export type GoodsNames = {
  product: (id: string) => string
  brand: (id: string) => string
  category: (id: string) => string
  store: (id: string) => string
}

/** Names that are spelt out; of more, the number is said. */
const namedMax = 3

/** What stands where nothing is filled in yet. */
const blank = '…'

/** An effect as a merchandiser says it. */
export function effectName(i18n: I18n, effect: string): string {
  switch (effect) {
    case 'unit-off':
      return i18n._('effect.unit-off', {}, { message: 'So much off each piece' })
    case 'buy-get':
      return i18n._('effect.buy-get', {}, { message: 'Buy some, get some free' })
    case 'buy-other':
      return i18n._('effect.buy-other', {}, { message: 'Buy this, get that' })
    case 'bundle':
      return i18n._('effect.bundle', {}, { message: 'Together for one price' })
    case 'markdown':
      return i18n._('effect.markdown', {}, { message: 'Cheaper near expiry' })
    case 'complimentary':
      return i18n._('effect.complimentary', {}, { message: 'Free on any bill' })
    case 'percent-off-bill':
      return i18n._('effect.percent-off-bill', {}, { message: 'So much off the whole bill' })
    case 'threshold':
      return i18n._('effect.threshold', {}, { message: 'Spend more, save more' })
    case 'gift':
      return i18n._('effect.gift', {}, { message: 'A gift with a purchase' })
    case 'coupon':
      return i18n._('effect.coupon', {}, { message: 'A coupon' })
    default:
      return effect
  }
}

/** An example of an effect. */
export function effectExample(i18n: I18n, effect: EffectName): string {
  switch (effect) {
    case 'unit-off':
      return i18n._('effect.unit-off-example', {}, { message: 'Any 2 from Lips: 25% off' })
    case 'buy-get':
      return i18n._('effect.buy-get-example', {}, { message: 'Buy 2, get 1 free from Soaps' })
    case 'buy-other':
      return i18n._('effect.buy-other-example', {}, { message: 'Buy 1 serum: a face wash at half price' })
    case 'bundle':
      return i18n._('effect.bundle-example', {}, { message: 'Lipstick and kajal together for ₹599' })
    case 'markdown':
      return i18n._('effect.markdown-example', {}, { message: '30% off in the last 60 days of a batch' })
    case 'complimentary':
      return i18n._('effect.complimentary-example', {}, { message: 'A carry bag free on any bill' })
    case 'percent-off-bill':
      return i18n._('effect.percent-off-bill-example', {}, { message: '10% off bills from ₹1,499' })
    case 'threshold':
      return i18n._('effect.threshold-example', {}, { message: '₹100 off from ₹999, ₹250 off from ₹1,999' })
    case 'gift':
      return i18n._('effect.gift-example', {}, { message: 'A pouch for ₹1 from ₹1,500 of skin care' })
    case 'coupon':
      return i18n._('effect.coupon-example', {}, { message: '15% off with the code LUCKY15, up to ₹300' })
  }
}

/** What an offer gives, in one sentence: "Any 2 from Lips: 25% off". */
export function sentenceOf(i18n: I18n, values: OfferValues, names: GoodsNames): string {
  const goodsOf = (at: number) => goodsWords(i18n, values.selectors[at], names)
  const goods = goodsOf(0)
  const off = reductionWords(i18n, values.off)
  switch (values.effect) {
    case 'unit-off': {
      const count = wholeOf(values.minimumUnits)
      if (count === undefined || count < 2) {
        return i18n._('offer.says-unit', { goods, off }, { message: '{goods}: {off} each' })
      }
      return i18n._(
        'offer.says-any',
        { count, goods, off },
        { message: 'Any {count} or more from {goods}: {off} each' },
      )
    }
    case 'buy-get': {
      const facts = { buy: values.buy || blank, get: values.get || blank, goods }
      return isFree(values)
        ? i18n._(
            'offer.says-buy-get-free',
            { ...facts },
            { message: 'Buy {buy}, get {get} free from {goods}' },
          )
        : i18n._(
            'offer.says-buy-get',
            { ...facts, percent: percentWords(values.getPercent) },
            { message: 'Buy {buy}, get {get} at {percent} off from {goods}' },
          )
    }
    case 'buy-other': {
      const facts = { buy: values.buy || blank, get: values.get || blank, goods, others: goodsOf(1) }
      return isFree(values)
        ? i18n._(
            'offer.says-buy-other-free',
            { ...facts },
            {
              message: 'Buy {buy} from {goods}: {get} from {others} free',
            },
          )
        : i18n._(
            'offer.says-buy-other',
            { ...facts, percent: percentWords(values.getPercent) },
            { message: 'Buy {buy} from {goods}: {get} from {others} at {percent} off' },
          )
    }
    case 'bundle': {
      const parts = values.selectors.map((_, at) => goodsOf(at)).join(' + ')
      return i18n._(
        'offer.says-bundle',
        { parts, price: amountWords(values.bundlePrice) },
        { message: '{parts}: together for {price}' },
      )
    }
    case 'markdown': {
      const steps = values.markdowns
        .map(({ days, percent }) =>
          i18n._(
            'offer.says-step',
            { percent: percentWords(percent), days: days || blank },
            { message: '{percent} off in the last {days} days' },
          ),
        )
        .join(', ')
      return i18n._('offer.says-markdown', { goods, steps }, { message: '{goods}: {steps}' })
    }
    case 'complimentary':
      return i18n._('offer.says-complimentary', { goods }, { message: '{goods}: free on any bill' })
    case 'percent-off-bill': {
      const percent = percentWords(values.off.percent)
      const minimum = minorOf(values.minimum)
      if (!minimum) return i18n._('offer.says-bill', { percent }, { message: '{percent} off the bill' })
      return i18n._(
        'offer.says-bill-from',
        { percent, minimum: amountWords(values.minimum) },
        { message: '{percent} off bills from {minimum}' },
      )
    }
    case 'threshold': {
      const steps = values.thresholds
        .map((tier) =>
          i18n._(
            'offer.says-tier',
            { from: amountWords(tier.from), off: reductionWords(i18n, tier) },
            { message: '{off} from {from}' },
          ),
        )
        .join(', ')
      return values.thresholdOn === 'bill'
        ? i18n._(
            'offer.says-threshold-bill',
            { goods, steps },
            {
              message: 'For what is bought from {goods}: {steps}, off the bill',
            },
          )
        : i18n._(
            'offer.says-threshold',
            { goods, steps },
            {
              message: 'For what is bought from {goods}: {steps}, off these goods',
            },
          )
    }
    case 'gift': {
      const facts = {
        from: amountWords(values.giftFrom),
        goods,
        gifts: listWords(i18n, values.gifts.map(names.product), 'or') || blank,
      }
      const price = minorOf(values.giftPrice) ?? 0
      if (price === 0) {
        return i18n._(
          'offer.says-gift-free',
          { ...facts },
          {
            message: 'From {from} of {goods}: {gifts} as a gift',
          },
        )
      }
      return i18n._(
        'offer.says-gift',
        { ...facts, price: formatRupeesShort(price) },
        { message: 'From {from} of {goods}: {gifts} for {price}' },
      )
    }
    case 'coupon':
      return couponSentence(i18n, values, goods, off)
  }
}

function couponSentence(i18n: I18n, values: OfferValues, goods: string, off: string): string {
  const code = values.code.trim() || blank
  const given =
    values.codeKind === 'public'
      ? i18n._('offer.says-code', { code, off, goods }, { message: 'With the code {code}: {off} {goods}' })
      : i18n._(
          'offer.says-series',
          { code, off, goods },
          { message: 'With a code of its own that begins with {code}: {off} {goods}' },
        )
  if (!minorOf(values.minimum)) return given
  return i18n._(
    'offer.says-from',
    { given, minimum: amountWords(values.minimum) },
    { message: '{given}, from {minimum}' },
  )
}

/** Where, when and for whom, as the server will take it: "Goes live in 12 stores on 01-12-2026 00:00." */
export function placeAndTime(
  i18n: I18n,
  values: OfferValues,
  { status, now, names, stores }: { status: OfferStatus; now: number; names: GoodsNames; stores: number },
): string {
  const place = values.everyStore
    ? i18n._(
        'offer.in-all',
        { count: stores },
        { message: '{count, plural, one {in the one store} other {in all # stores}}' },
      )
    : values.storeIds.length <= namedMax && values.storeIds.length > 0
      ? i18n._(
          'offer.in',
          { stores: listWords(i18n, values.storeIds.map(names.store), 'and') },
          { message: 'in {stores}' },
        )
      : i18n._(
          'offer.in-some',
          { count: values.storeIds.length },
          { message: '{count, plural, one {in # store} other {in # stores}}' },
        )
  const from = fromOf(values)
  const facts = { place, from: instantWords(from) }
  const begins =
    status === 'stopped'
      ? i18n._('offer.was-stopped', { place }, { message: 'Was stopped {place}.' })
      : status === 'ended'
        ? i18n._('offer.was-live', { place }, { message: 'Was live {place}.' })
        : status === 'live'
          ? i18n._('offer.is-live', { place }, { message: 'Is live {place}.' })
          : from > now
            ? i18n._('offer.goes-live', { ...facts }, { message: 'Goes live {place} on {from}.' })
            : i18n._(
                'offer.goes-live-now',
                { place },
                {
                  message: 'Goes live {place} as soon as it is published.',
                },
              )
  const until = untilOf(values)
  const ends =
    until === undefined
      ? i18n._('offer.no-end', {}, { message: 'Without an end.' })
      : i18n._('offer.ends', { until: lastWords(until) }, { message: 'Until {until}.' })
  return [begins, ends, ...whenWords(i18n, values), ...whoWords(i18n, values)].join(' ')
}

function whenWords(i18n: I18n, values: OfferValues): string[] {
  const words: string[] = []
  if (values.weekdays.length > 0 && values.weekdays.length < 7) {
    const days = values.weekdays.toSorted().map((weekday) => weekdayName(i18n, Number(weekday), 'short'))
    words.push(i18n._('offer.only-on', { days: days.join(', ') }, { message: 'Only on {days}.' }))
  }
  if (values.hourFrom !== '' || values.hourUntil !== '') {
    const hours = { from: values.hourFrom || '00:00', until: values.hourUntil || '24:00' }
    words.push(i18n._('offer.only-hours', { ...hours }, { message: 'From {from} to {until}.' }))
  }
  return words
}

function whoWords(i18n: I18n, values: OfferValues): string[] {
  switch (values.audience) {
    case '':
      return []
    case 'tier':
      return [
        i18n._(
          'offer.only-tiers',
          { tiers: values.tiers.join(', ') || blank },
          { message: 'Only for customers of {tiers}.' },
        ),
      ]
    case 'staff':
      return [i18n._('offer.only-staff', {}, { message: 'Only for staff.' })]
    case 'first-purchase':
      return [i18n._('offer.only-first', {}, { message: 'Only for a customer’s first purchase.' })]
  }
}

/** Name of a day of the week, 1 Monday … 7 Sunday. */
export function weekdayName(i18n: I18n, weekday: number, length: 'short' | 'long'): string {
  // 5 January 2026 was a Monday.
  const date = new Date(Date.UTC(2026, 0, 4 + weekday))
  return new Intl.DateTimeFormat(i18n.locale, { weekday: length, timeZone: 'UTC' }).format(date)
}

function goodsWords(i18n: I18n, selector: SelectorValues | undefined, names: GoodsNames): string {
  if (selector === undefined || !saysGoods(selector)) return blank
  const { products, brands, categories } = selector
  const parts: string[] = []
  if (products.length > 0) parts.push(listWords(i18n, products.map(names.product), 'or'))
  if (categories.length > 0) parts.push(listWords(i18n, categories.map(names.category), 'or'))
  if (brands.length > 0) parts.push(listWords(i18n, brands.map(names.brand), 'or'))
  let goods =
    parts.length === 0 ? i18n._('offer.everything', {}, { message: 'everything' }) : parts.join(' · ')
  const [from, below] = [minorOf(selector.priceFrom), minorOf(selector.priceBelow)]
  if (from !== undefined && below !== undefined) {
    goods = i18n._(
      'offer.goods-band',
      { goods, from: formatRupeesShort(from), below: formatRupeesShort(below) },
      { message: '{goods} from {from} to below {below}' },
    )
  } else if (from !== undefined) {
    goods = i18n._(
      'offer.goods-from',
      { goods, from: formatRupeesShort(from) },
      { message: '{goods} from {from} a piece' },
    )
  } else if (below !== undefined) {
    goods = i18n._(
      'offer.goods-below',
      { goods, below: formatRupeesShort(below) },
      { message: '{goods} below {below} a piece' },
    )
  }
  if (selector.expiresWithin !== '') {
    goods = i18n._(
      'offer.goods-expiring',
      { goods, days: selector.expiresWithin },
      { message: '{goods} in the last {days} days before expiry' },
    )
  }
  const except = [
    ...selector.exceptProducts.map(names.product),
    ...selector.exceptCategories.map(names.category),
    ...selector.exceptBrands.map(names.brand),
  ]
  if (except.length === 0) return goods
  return i18n._(
    'offer.goods-except',
    { goods, except: listWords(i18n, except, 'and') },
    { message: '{goods} (not {except})' },
  )
}

/** A few names; of many the first and how many more. */
function listWords(i18n: I18n, names: readonly string[], kind: 'and' | 'or'): string {
  const format = new Intl.ListFormat(i18n.locale, { type: kind === 'or' ? 'disjunction' : 'conjunction' })
  if (names.length <= namedMax) return format.format(names)
  const more = names.length - namedMax + 1
  return i18n._(
    'offer.and-more',
    { names: names.slice(0, namedMax - 1).join(', '), more: countText(more) },
    { message: '{names} and {more} more' },
  )
}

function reductionWords(i18n: I18n, values: ReductionValues): string {
  if (values.kind === 'amount') {
    return i18n._('offer.amount-off', { amount: amountWords(values.amount) }, { message: '{amount} off' })
  }
  const percent = percentWords(values.percent)
  if (minorOf(values.cap) === undefined) {
    return i18n._('offer.percent-off', { percent }, { message: '{percent} off' })
  }
  return i18n._(
    'offer.percent-off-capped',
    { percent, cap: amountWords(values.cap) },
    { message: '{percent} off (at most {cap})' },
  )
}

function isFree(values: OfferValues): boolean {
  return percentOf(values.getPercent) === 10_000
}

function percentWords(text: string): string {
  const bp = percentOf(text)
  return bp === undefined ? blank : `${bp / 100}%`
}

function amountWords(text: string): string {
  const minor = minorOf(text)
  return minor === undefined ? blank : formatRupeesShort(minor)
}

/** Whole rupees without paise, as people say them. */
function formatRupeesShort(minor: number): string {
  return formatRupees(minor).replace(/\.00$/, '')
}

function instantWords(instant: number): string {
  return `${formatDate(localDate(instant))} ${localTime(instant)}`
}

/** The last moment: a day where it ends at midnight. */
function lastWords(until: number): string {
  return localTime(until) === '00:00' ? formatDate(localDate(until - 1)) : instantWords(until)
}

/** From when to when an offer of a list is on. */
export function spanWords(
  i18n: I18n,
  { from, until }: { from: number | null; until: number | null },
): string {
  if (until === null) {
    return from === null || from === 0
      ? i18n._('offer.always', {}, { message: 'Always' })
      : i18n._('offer.since', { from: instantWords(from) }, { message: 'From {from}' })
  }
  if (from === null || from === 0) {
    return i18n._('offer.ends', { until: lastWords(until) }, { message: 'Until {until}.' })
  }
  return `${instantWords(from)} – ${lastWords(until)}`
}

/** How many parts an effect names at once; the words of the form ask for it. */
export function partTitle(i18n: I18n, effect: EffectName, at: number): string {
  if (effect === 'buy-other') {
    return at === 0
      ? i18n._('offer.part-buy', {}, { message: 'What is bought' })
      : i18n._('offer.part-get', {}, { message: 'What is cheaper then' })
  }
  if (selectorCount(effect) === undefined) {
    return i18n._('offer.part', { n: at + 1 }, { message: 'Part {n}: one of' })
  }
  if (effect === 'gift' || effect === 'threshold') {
    return i18n._('offer.part-counted', {}, { message: 'Goods that count' })
  }
  return i18n._('offer.goods', {}, { message: 'Goods' })
}
