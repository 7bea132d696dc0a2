import type { Rulebook } from '@nexus/domain'
import { type Cart, engines, type PricedCart, type PricingContext, PricingRefusal } from '@nexus/domain'
import { type BillDocument, cartOf, contextOf, type Entry } from '@nexus/sync'
import type { Manifests } from './manifests.ts'
import type { RulebookReader } from './reader.ts'

/** A sold document as its own engine, rulebook version and context price it, or what is in the way. */
export type PricedAgain =
  | { kind: 'priced'; priced: PricedCart; cart: Cart; context: PricingContext; rulebook: Rulebook }
  | { kind: 'rulebook-unknown'; version: number | null }
  | { kind: 'engine-unknown'; engine: number }
  | { kind: 'products-unknown'; lines: BillDocument['lines'] }
  | { kind: 'refused'; refusal: PricingRefusal }

/** Prices a sold document of an entry again (PRC-9a). */
export async function priceAgain(
  reader: RulebookReader,
  manifests: Manifests,
  entry: Pick<Entry<'sale'>, 'store' | 'engine' | 'rulebook'>,
  document: BillDocument,
): Promise<PricedAgain> {
  if (entry.rulebook === null) return { kind: 'rulebook-unknown', version: null }
  const { version, checksum } = entry.rulebook
  const engine = engines[entry.engine]
  if (!engine) return { kind: 'engine-unknown', engine: entry.engine }
  const rulebook = await reader.find(
    version,
    document.lines.map((line) => line.product),
  )
  if (!rulebook || (await manifests.checksum(entry.store, version)) !== checksum) {
    return { kind: 'rulebook-unknown', version }
  }
  const lines = document.lines.filter((line) => rulebook.findProduct(line.product) === undefined)
  if (lines.length > 0) return { kind: 'products-unknown', lines }
  const cart = cartOf(document)
  const context = contextOf(entry.store, document.pricing)
  try {
    return { kind: 'priced', priced: engine(cart, rulebook, context), cart, context, rulebook }
  } catch (error) {
    if (!(error instanceof PricingRefusal)) throw error
    return { kind: 'refused', refusal: error }
  }
}

/** Nothing is priced on a document that gives back: its figures were worked out when it was sold (RET-2e). */
export function isPriced({ kind }: Pick<BillDocument, 'kind'>): boolean {
  return kind !== 'C' && kind !== 'R'
}
