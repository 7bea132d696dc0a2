import type { I18n } from '@lingui/core'
import { parseAmount } from '@nexus/domain'
import {
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

type Faults = Record<string, string>

/** What is typed and cannot be read, by field: it would be lost if the draft were saved. A name is needed too. */
export function typedFaults(i18n: I18n, values: OfferValues): Faults {
  const faults: Faults = {}
  const check = (field: string, text: string, isRight: (text: string) => boolean, sentence: string) => {
    if (text.trim() !== '' && !isRight(text)) faults[field] = sentence
  }
  const amount = (field: string, text: string) =>
    check(
      field,
      text,
      (typed) => 'amountMinor' in parseAmount(typed),
      i18n._('amount.not-a-number', {}, { message: 'Type it like 1299.50.' }),
    )
  const percent = (field: string, text: string) =>
    check(
      field,
      text,
      (typed) => {
        const bp = percentOf(typed)
        return bp !== undefined && bp > 0 && bp <= 10_000
      },
      i18n._('offer.percent-fault', {}, { message: 'A percentage is more than 0 and at most 100.' }),
    )
  const whole = (field: string, text: string, least = 1) =>
    check(
      field,
      text,
      (typed) => (wholeOf(typed) ?? Number.NEGATIVE_INFINITY) >= least,
      i18n._('offer.whole-fault', { least }, { message: 'A whole number, {least} or more.' }),
    )
  const reduction = (field: string, { percent: rate, amount: typed, cap }: ReductionValues) => {
    percent(`${field}percent`, rate)
    amount(`${field}amount`, typed)
    amount(`${field}cap`, cap)
  }

  if (values.name.trim() === '') faults.name = i18n._('form.required', {}, { message: 'Fill this in.' })
  whole('priority', values.priority, -1_000_000_000)
  for (const field of ['perBill', 'perCustomer', 'total', 'minimumUnits', 'buy', 'get'] as const) {
    whole(field, values[field])
  }
  whole('codeLength', values.codeLength)
  for (const field of ['budget', 'bundlePrice', 'minimum', 'giftFrom', 'giftPrice'] as const) {
    amount(field, values[field])
  }
  percent('getPercent', values.getPercent)
  reduction('off.', values.off)
  for (const [at, tier] of values.thresholds.entries()) {
    amount(`thresholds.${at}.from`, tier.from)
    reduction(`thresholds.${at}.`, tier)
  }
  for (const [at, step] of values.markdowns.entries()) {
    whole(`markdowns.${at}.days`, step.days, 0)
    percent(`markdowns.${at}.percent`, step.percent)
  }
  for (const [at, selector] of values.selectors.entries()) {
    amount(`selectors.${at}.priceFrom`, selector.priceFrom)
    amount(`selectors.${at}.priceBelow`, selector.priceBelow)
    whole(`selectors.${at}.expiresWithin`, selector.expiresWithin, 0)
  }
  return faults
}

/** What a draft still lacks before it can be published, by field. The server looks again, and further. */
export function unfinished(i18n: I18n, values: OfferValues): Faults {
  const faults: Faults = {}
  const until = untilOf(values)
  if (until !== undefined && until <= fromOf(values)) {
    faults.lastDay = i18n._('price.ends-before', {}, { message: 'It ends before it begins.' })
  }
  if (!values.everyStore && values.storeIds.length === 0) {
    faults.storeIds = i18n._('staff.stores-fault', {}, { message: 'Choose at least one store.' })
  }
  if (values.audience === 'tier' && values.tiers.length === 0) {
    faults.tiers = i18n._('offer.tiers-missing', {}, { message: 'Say which customers.' })
  }
  const count = selectorCount(values.effect) ?? values.selectors.length
  for (const [at, selector] of values.selectors.slice(0, count).entries()) {
    selectorFaults(i18n, selector, `selectors.${at}`, faults)
  }
  effectFaults(i18n, values, faults)
  return faults
}

function selectorFaults(i18n: I18n, selector: SelectorValues, field: string, faults: Faults): void {
  if (!saysGoods(selector)) {
    faults[`${field}.categories`] = i18n._(
      'offer.goods-missing',
      {},
      { message: 'Say which goods: choose some, or everything.' },
    )
  }
  const [from, below] = [minorOf(selector.priceFrom), minorOf(selector.priceBelow)]
  if (below !== undefined && below <= (from ?? 0)) {
    faults[`${field}.priceBelow`] = i18n._(
      'offer.band-empty',
      {},
      { message: 'No price is in this band: the second amount is the higher one.' },
    )
  }
}

/** Whether a selector names anything; exclusions alone name nothing. */
export function saysGoods(selector: SelectorValues): boolean {
  return (
    selector.everything ||
    selector.products.length + selector.brands.length + selector.categories.length > 0 ||
    selector.priceFrom !== '' ||
    selector.priceBelow !== '' ||
    selector.expiresWithin !== '' ||
    Object.keys(selector.others).length > 0
  )
}

function effectFaults(i18n: I18n, values: OfferValues, faults: Faults): void {
  const required = i18n._('form.required', {}, { message: 'Fill this in.' })
  const rising = i18n._('offer.rising', {}, { message: 'More than in the row before.' })
  const need = (field: string, value: number | undefined) => {
    if (value === undefined) faults[field] = required
  }
  const needReduction = (field: string, { kind, percent, amount }: ReductionValues) => {
    if (kind === 'percent') need(`${field}percent`, percentOf(percent))
    else if (minorOf(amount) === undefined || minorOf(amount) === 0) faults[`${field}amount`] = required
  }
  switch (values.effect) {
    case 'unit-off':
      needReduction('off.', values.off)
      break
    case 'coupon':
      needReduction('off.', values.off)
      if (values.code.trim() === '') faults.code = required
      if (values.codeKind === 'series' && (wholeOf(values.codeLength) ?? 0) <= values.code.trim().length) {
        faults.codeLength = i18n._(
          'offer.code-short',
          {},
          { message: 'Longer than the beginning, so that codes differ.' },
        )
      }
      break
    case 'percent-off-bill':
      need('off.percent', percentOf(values.off.percent))
      break
    case 'buy-get':
    case 'buy-other':
      need('buy', wholeOf(values.buy))
      need('get', wholeOf(values.get))
      need('getPercent', percentOf(values.getPercent))
      break
    case 'bundle':
      need('bundlePrice', minorOf(values.bundlePrice))
      break
    case 'gift':
      if ((minorOf(values.giftFrom) ?? 0) === 0) faults.giftFrom = required
      if (values.gifts.length === 0) {
        faults.gifts = i18n._('offer.gifts-missing', {}, { message: 'Choose at least one gift.' })
      }
      break
    case 'threshold':
      for (const [at, tier] of values.thresholds.entries()) {
        const from = minorOf(tier.from) ?? 0
        if (from === 0) faults[`thresholds.${at}.from`] = required
        else if (at > 0 && from <= (minorOf(values.thresholds[at - 1]?.from ?? '') ?? 0)) {
          faults[`thresholds.${at}.from`] = rising
        }
        needReduction(`thresholds.${at}.`, tier)
      }
      break
    case 'markdown':
      for (const [at, step] of values.markdowns.entries()) {
        const days = wholeOf(step.days)
        if (days === undefined) faults[`markdowns.${at}.days`] = required
        else if (at > 0 && days <= (wholeOf(values.markdowns[at - 1]?.days ?? '') ?? -1)) {
          faults[`markdowns.${at}.days`] = rising
        }
        need(`markdowns.${at}.percent`, percentOf(step.percent))
      }
      break
    case 'complimentary':
      break
  }
}

/** A fault that the server found, in the language of the screen; its own sentences speak English. */
export function serverFault(i18n: I18n, { field, message }: { field: string; message: string }): string {
  if (i18n.locale === 'en') return message
  if (field.startsWith('code')) {
    return i18n._(
      'offer.code-taken',
      {},
      { message: 'Another coupon of the same time has this code, or begins like it. Choose another.' },
    )
  }
  return i18n._(
    'offer.server-fault',
    {},
    { message: 'It cannot be published like this. Look at this field again.' },
  )
}
