import { type Effect, type OfferFormat, offerFormats, type SelectorFormat } from '@nexus/contract'
import { type FieldError, faultsOf } from '../../http/validation.ts'

/** Something that tills could not evaluate: field and a sentence with a way out. */
export type PublishFault = { field: string; message: string }

/** What there is for offers to name; a member that is not given is not checked. */
export type Known = {
  stores?: ReadonlySet<string>
  products: ReadonlySet<number>
  brands: ReadonlySet<number>
  categories: ReadonlySet<number>
}

/** Members whose form has alternatives, with what they must look like. */
const alternatives: Readonly<Record<string, string>> = {
  off: 'needs either percentBp (1 to 10000) or amountMinor (1 or more), and nothing else but capMinor where the effect has one. Give exactly one of the two.',
  audience:
    'is neither {"kind": "tier", "tiers": […]} nor {"kind": "staff"} nor {"kind": "first-purchase"}. Write one of these, or leave it out for everyone.',
  code: 'is neither {"kind": "public", "text": …} nor {"kind": "series", "prefix": …, "length": …}. Write one of these.',
}

/**
 * What is wrong with offers, each alone and beside each other; at most one fault a field, in their order.
 * Takes anything, since offers come from files and from rows of other releases.
 *
 * @param at offers that ended before are not compared with others
 */
export function faultsOfOffers(offers: readonly unknown[], known: Known, at: number): PublishFault[] {
  const faults: PublishFault[] = []
  const whole: OfferFormat[] = []
  for (const [index, offer] of offers.entries()) {
    const found = shapeFaults(offer, index)
    if (found.length > 0 || !isWhole(offer)) faults.push(...found)
    else {
      whole.push(offer)
      faults.push(...meaningFaults(offer, known))
    }
  }
  return [...faults, ...repeatedIds(whole), ...sharedCodes(whole, at)]
}

/** Products that offers name anywhere, for whoever must look them up; those of shapeless offers are left out. */
export function productsNamedBy(offers: readonly unknown[]): number[] {
  const ids = new Set<number>()
  for (const offer of offers) {
    if (!isWhole(offer)) continue
    for (const { selector } of selectorsOf(offer)) {
      for (const id of [...(selector.products ?? []), ...(selector.except?.products ?? [])]) ids.add(id)
    }
    if (offer.effect === 'gift') for (const id of offer.gifts) ids.add(id)
  }
  return [...ids]
}

function isWhole(offer: unknown): offer is OfferFormat {
  const effect = effectOf(offer)
  return effect !== undefined && faultsOf(offerFormats[effect], offer).length === 0
}

function effectOf(offer: unknown): Effect | undefined {
  const effect = memberOf(offer, 'effect')
  // as: hasOwn has just said that it is a key.
  return typeof effect === 'string' && Object.hasOwn(offerFormats, effect) ? (effect as Effect) : undefined
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined
}

function shapeFaults(offer: unknown, index: number): PublishFault[] {
  const id = memberOf(offer, 'id')
  const name = memberOf(offer, 'name')
  const place = `offers/${typeof id === 'number' ? id : `at-${index}`}`
  const called =
    typeof name === 'string' && name !== '' ? `The offer "${name.slice(0, 80)}"` : `Offer ${index + 1}`
  const effect = effectOf(offer)
  if (effect === undefined) {
    const given = memberOf(offer, 'effect')
    const shown = typeof given === 'string' ? `"${given.slice(0, 40)}"` : 'nothing that is a text'
    return [
      {
        field: `${place}/effect`,
        message: `${called} has ${shown} for its effect, which no till can compute. Choose one of ${Object.keys(offerFormats).join(', ')}.`,
      },
    ]
  }
  return oneAlternative(faultsOf(offerFormats[effect], offer)).map(({ field, message }) => ({
    field: field === '' ? place : `${place}/${field.replaceAll('.', '/')}`,
    message: field === '' ? `${called} ${message}` : `${called}: ${field} ${message}`,
  }))
}

/** Complaints of each alternative are no help; the member itself is told what it may be. */
function oneAlternative(faults: readonly FieldError[]): FieldError[] {
  const byField = new Map<string, string>()
  for (const { field, message } of faults) {
    const steps = field.split('.')
    const at = steps.findIndex((step) => Object.hasOwn(alternatives, step))
    const told = at < 0 ? field : steps.slice(0, at + 1).join('.')
    byField.set(told, at < 0 ? message : (alternatives[steps[at] ?? ''] ?? message))
  }
  return [...byField].map(([field, message]) => ({ field, message }))
}

/** What a whole offer says that cannot hold. */
function meaningFaults(offer: OfferFormat, known: Known): PublishFault[] {
  const faults: PublishFault[] = []
  const add = (field: string, sentence: string) =>
    faults.push({ field: `offers/${offer.id}/${field}`, message: `The offer "${offer.name}" ${sentence}` })

  if (offer.until !== undefined && offer.until <= offer.from) {
    add('until', 'ends before it begins. Correct the dates.')
  }
  const { stores } = known
  const store = stores && offer.storeIds?.find((id) => !stores.has(id))
  if (store !== undefined) {
    add('storeIds', `names the store ${store}, which does not exist. Take it out.`)
  }
  for (const { path, selector } of selectorsOf(offer)) {
    if (isEmpty(selector)) {
      add(
        path,
        `selects nothing in ${path}. Say which goods it means, or "everything": true for all of them.`,
      )
    }
    const { unitFromMinor, unitUntilMinor } = selector
    if (unitFromMinor !== undefined && unitUntilMinor !== undefined && unitUntilMinor <= unitFromMinor) {
      add(`${path}/unitUntilMinor`, `has a price band in ${path} that ends before it begins. Correct it.`)
    }
    for (const [within, names] of [
      ['', selector],
      ['except/', selector.except ?? {}],
    ] as const) {
      for (const member of ['products', 'brands', 'categories'] as const) {
        const unknown = names[member]?.find((id) => !known[member].has(id))
        if (unknown === undefined) continue
        const field = `${path}/${within}${member}`
        add(field, `names ${unknown} in ${field}, which does not exist. Take it out.`)
      }
    }
  }
  if (offer.effect === 'threshold') {
    addDisorder(
      'tiers',
      offer.tiers.map((tier) => tier.fromMinor),
      'fromMinor',
    )
  }
  if (offer.effect === 'markdown') {
    addDisorder(
      'steps',
      offer.steps.map((step) => step.withinDays),
      'withinDays',
    )
  }
  if (offer.effect === 'gift') {
    const unknown = offer.gifts.find((id) => !known.products.has(id))
    if (unknown !== undefined) add('gifts', `gives ${unknown}, which is no product. Take it out.`)
  }
  if (offer.effect === 'coupon' && offer.code.kind === 'series') {
    const { prefix, length } = offer.code
    if (length <= prefix.length) {
      add(
        'code/length',
        `makes codes of ${length} characters, all of which its prefix fills. Make them longer.`,
      )
    }
  }
  return faults

  function addDisorder(list: string, bounds: readonly number[], bound: string): void {
    for (const [index, at] of bounds.entries()) {
      const before = bounds[index - 1]
      if (before === undefined || at > before) continue
      const wrong = at === before ? 'as the one before it' : 'after a higher one'
      add(
        `${list}/${index}/${bound}`,
        `has ${at} for ${bound} in ${list}, ${wrong}. Put them in rising order.`,
      )
      return
    }
  }
}

function isEmpty({ except, ...selector }: SelectorFormat): boolean {
  return Object.keys(selector).length === 0
}

/** Every selector of an offer, with its place; one of the whole bill has none. */
export function selectorsOf(offer: OfferFormat): { path: string; selector: SelectorFormat }[] {
  switch (offer.effect) {
    case 'percent-off-bill':
      return []
    case 'buy-other':
      return [
        { path: 'buy/selector', selector: offer.buy.selector },
        { path: 'get/selector', selector: offer.get.selector },
      ]
    case 'bundle':
      return offer.parts.map((selector, index) => ({ path: `parts/${index}`, selector }))
    default:
      return [{ path: 'selector', selector: offer.selector }]
  }
}

function repeatedIds(offers: readonly OfferFormat[]): PublishFault[] {
  const seen = new Map<number, string>()
  const faults: PublishFault[] = []
  for (const { id, name } of offers) {
    const other = seen.get(id)
    if (other === undefined) seen.set(id, name)
    else {
      faults.push({
        field: `offers/${id}/id`,
        message: `The offer "${name}" has the id ${id} of "${other}". Give it another id.`,
      })
    }
  }
  return faults
}

type Coupon = Extract<OfferFormat, { effect: 'coupon' }>

/**
 * Coupons that one code would call together, while both are in force: an equal public code, or a code or
 * prefix that begins with another's prefix. Sorted by code, whatever begins with a prefix follows it.
 */
function sharedCodes(offers: readonly OfferFormat[], at: number): PublishFault[] {
  const coupons = offers
    .filter((offer): offer is Coupon => offer.effect === 'coupon')
    .filter(({ until }) => until === undefined || until > at)
    .map((offer) => ({ offer, key: keyOf(offer) }))
    .sort((one, other) => (one.key < other.key ? -1 : Number(one.key > other.key)))
  const faults: PublishFault[] = []
  for (const [index, { offer, key }] of coupons.entries()) {
    for (const { offer: other, key: otherKey } of coupons.slice(index + 1)) {
      if (!otherKey.startsWith(key)) break
      if (!areBothInForce(offer, other)) continue
      if (key === otherKey && offer.code.kind === other.code.kind) {
        const field = offer.code.kind === 'public' ? 'code/text' : 'code/prefix'
        faults.push(faultOfCode(other, field, `has the same code ${otherKey} as "${offer.name}"`))
      } else if (offer.code.kind === 'series') {
        const field = other.code.kind === 'public' ? 'code/text' : 'code/prefix'
        faults.push(
          faultOfCode(
            other,
            field,
            `has ${otherKey}, which begins with the prefix ${key} of "${offer.name}"`,
          ),
        )
      } else if (key === otherKey && other.code.kind === 'series') {
        faults.push(faultOfCode(other, 'code/prefix', `has the prefix ${key}, the code of "${offer.name}"`))
      } else continue
      break
    }
  }
  return faults
}

/** Codes are compared as people type them, in whatever case. */
function keyOf({ code }: Coupon): string {
  return (code.kind === 'public' ? code.text : code.prefix).trim().toUpperCase()
}

function areBothInForce(one: Coupon, other: Coupon): boolean {
  return (
    one.from < (other.until ?? Number.POSITIVE_INFINITY) &&
    other.from < (one.until ?? Number.POSITIVE_INFINITY)
  )
}

function faultOfCode(offer: Coupon, field: string, sentence: string): PublishFault {
  return {
    field: `offers/${offer.id}/${field}`,
    message: `The offer "${offer.name}" ${sentence}, and both are live at the same time. Choose another, or end one of them first.`,
  }
}
