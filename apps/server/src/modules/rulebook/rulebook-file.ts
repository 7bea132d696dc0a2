import { RulebookFormat } from '@nexus/contract'
import { indexRulebook, type Offer, type Rulebook } from '@nexus/domain'
import { faultsOf } from '../../http/validation.ts'
import { faultsOfOffers, type PublishFault } from './offer-faults.ts'

/** A rulebook from a file, ready to price, with the stores that the file tells of. */
export type RulebookFile = { rulebook: Rulebook; stores: NonNullable<RulebookFormat['stores']> }

/**
 * Reads a rulebook in its documented format (docs/rulebook-format.md); the faults where it has any.
 * An effect that this release does not know is a fault too, but keeps nothing from being priced: `file`
 * is there when all faults are of that kind.
 */
export function readRulebookFile(value: unknown): { file?: RulebookFile; faults: PublishFault[] } {
  const shape = faultsOf(RulebookFormat, value)
  if (shape.length > 0) {
    return {
      faults: shape.map(({ field, message }) => ({ field: field.replaceAll('.', '/') || '/', message })),
    }
  }
  // The schema has just accepted it.
  const data = value as RulebookFormat
  const faults = [...faultsOfMasters(data), ...offerFaults(data)]
  if (!faults.every(isUnknownEffect)) return { faults }
  const rulebook = indexRulebook({
    version: data.version ?? 1,
    checksum: '',
    rupeeRounding: data.rupeeRounding ?? false,
    products: data.products,
    taxClasses: data.taxClasses,
    priceLists: data.priceLists,
    // Checked above, but for effects that the engine names as unknown (PRC-6j).
    offers: data.offers as Offer[],
  })
  return { file: { rulebook, stores: data.stores ?? [] }, faults }
}

function isUnknownEffect({ field }: PublishFault): boolean {
  return /^offers\/[0-9]+\/effect$/.test(field)
}

function offerFaults({ offers, stores, products }: RulebookFormat): PublishFault[] {
  const known = {
    ...(stores && { stores: new Set(stores.map((store) => store.id)) }),
    products: new Set(products.map((product) => product.id)),
    brands: new Set(products.map((product) => product.brandId)),
    categories: new Set(products.map((product) => product.categoryId)),
  }
  return faultsOfOffers(offers, known, 0)
}

function faultsOfMasters({ taxClasses, priceLists, products, stores = [] }: RulebookFormat): PublishFault[] {
  const faults: PublishFault[] = []
  const add = (field: string, message: string) => faults.push({ field, message })
  for (const [name, rows] of Object.entries({ taxClasses, priceLists, products, stores })) {
    const seen = new Set<number | string>()
    for (const { id } of rows) {
      if (seen.has(id)) add(`${name}/${id}/id`, `The id ${id} stands twice in ${name}. Give each its own.`)
      seen.add(id)
    }
  }
  for (const { id, rates } of taxClasses) {
    const wrong = rates.findIndex(({ from }, index) => from <= (rates[index - 1]?.from ?? -1))
    if (wrong >= 0) {
      add(`taxClasses/${id}/rates/${wrong}/from`, `The rates of ${id} are not in rising order. Sort them.`)
    }
  }
  const inclusive = priceLists[0]?.inclusive
  for (const list of priceLists) {
    if (list.inclusive === inclusive) continue
    const message = `${list.name} differs from the first list about GST, but one bill has one of both. Make all lists alike.`
    add(`priceLists/${list.id}/inclusive`, message)
  }
  const classes = new Set(taxClasses.map(({ id }) => id))
  const lists = new Set(priceLists.map(({ id }) => id))
  for (const { id, sku, taxClassId, prices } of products) {
    if (!classes.has(taxClassId)) {
      const message = `${sku} has the tax class ${taxClassId}, which is not in the file. Add it, or correct it.`
      add(`products/${id}/taxClassId`, message)
    }
    const price = prices.find(({ list }) => !lists.has(list))
    if (price) {
      const message = `${sku} has a price on list ${price.list}, which is not in the file. Add it, or correct it.`
      add(`products/${id}/prices`, message)
    }
  }
  return faults
}
