import { Problem } from '@nexus/contract'
import {
  type Advice,
  adviceOn,
  type Cart,
  type PricedCart,
  type PricingContext,
  PricingRefusal,
  type PricingRefusalCode,
  price,
  type Rulebook,
} from '@nexus/domain'

const sentences: Readonly<Record<PricingRefusalCode, string>> = {
  'product/unknown': 'is not in this rulebook. Take the line out, or publish the product.',
  'product/unclassified': 'has no tax rate at that time. Give its tax class a rate, or take the line out.',
  'product/no-price': 'has no price in this store at that time. Give it one, or take the line out.',
  'batch/unknown': 'has no such batch. Correct batchId, or leave it out.',
  'quantity/not-positive': 'needs a quantity above 0. Correct quantityMilli.',
  'quantity/fractional': 'is sold in whole units. Make quantityMilli a multiple of 1000.',
  'quantity/too-large': 'lifts the line or the bill above what it may cost. Make quantityMilli smaller.',
  'line/uid-repeated': 'has the uid of a line before it. Give each line its own.',
  'line/mixed-inclusive':
    'has a price list that is not like the others about GST. Put it into a cart of its own.',
}

/**
 * Prices a cart with the newest engine, and says what may be said beyond the price.
 *
 * Throws Problem `request/invalid` that names the line which cannot be sold as it stands.
 */
export function priceOrRefuse(cart: Cart, rulebook: Rulebook, context: PricingContext): PricedCart & Advice {
  const priced = priceOnlyOrRefuse(cart, rulebook, context)
  return { ...priced, ...adviceOn(cart, rulebook, context, priced) }
}

/** The same without advice. */
export function priceOnlyOrRefuse(cart: Cart, rulebook: Rulebook, context: PricingContext): PricedCart {
  try {
    return price(cart, rulebook, context)
  } catch (error) {
    if (!(error instanceof PricingRefusal)) throw error
    const { code, uid, productId } = error
    const index = cart.lines.findLastIndex((line) => line.uid === uid)
    const message = `Line "${uid}" (product ${productId}) ${sentences[code]}`
    throw new Problem('request/invalid', message, { reason: code, uid, productId }, [
      { field: `cart.lines.${index}`, message },
    ])
  }
}
