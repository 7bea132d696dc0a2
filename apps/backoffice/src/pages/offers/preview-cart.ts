import { Id, ProductId } from '@nexus/contract'
import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'

const Line = Type.Object({
  productId: ProductId,
  name: Type.String(),
  units: Type.Integer({ minimum: 1, maximum: 999 }),
  /** A chosen batch; null leaves it to the till's rule. */
  batchId: Type.Union([ProductId, Type.Null()]),
})
const Sample = Type.Object({
  lines: Type.Array(Line, { maxItems: 100 }),
  /** null: the offer's first store. */
  storeId: Type.Union([Id, Type.Null()]),
})
/** A cart that somebody tries offers on; it stays on this machine, from one offer to the next. */
export type SampleCart = Static<typeof Sample>
export type SampleLine = Static<typeof Line>

const key = 'nexus-office-offer-cart'
const nothing: SampleCart = { lines: [], storeId: null }

/** The cart that was tried last on this machine; an empty one where there is none, or an odd one. */
export function readSample(storage: Pick<Storage, 'getItem'>): SampleCart {
  try {
    const read: unknown = JSON.parse(storage.getItem(key) ?? 'null')
    return Check(Sample, read) ? read : nothing
  } catch {
    return nothing
  }
}

/** Keeps the cart; a machine that has no room for it forgets it. */
export function keepSample(storage: Pick<Storage, 'setItem'>, cart: SampleCart): void {
  try {
    storage.setItem(key, JSON.stringify(cart))
  } catch {
    // Nobody loses more than a few scans.
  }
}

/** One more of a product, as a line of its own or on the line that it has. */
export function withProduct(cart: SampleCart, productId: number, name: string): SampleCart {
  const known = cart.lines.find((line) => line.productId === productId && line.batchId === null)
  if (known) return withUnits(cart, cart.lines.indexOf(known), known.units + 1)
  return { ...cart, lines: [...cart.lines, { productId, name, units: 1, batchId: null }] }
}

/** Another number of units; none takes the line out. */
export function withUnits(cart: SampleCart, at: number, units: number): SampleCart {
  if (units < 1) return { ...cart, lines: cart.lines.filter((_, place) => place !== at) }
  return { ...cart, lines: cart.lines.map((line, place) => (place === at ? { ...line, units } : line)) }
}

export function withBatch(cart: SampleCart, at: number, batchId: number | null): SampleCart {
  return { ...cart, lines: cart.lines.map((line, place) => (place === at ? { ...line, batchId } : line)) }
}
