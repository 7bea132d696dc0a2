import type { RulebookHead } from '@nexus/contract'
import type { PriceList } from '@nexus/domain'
import type { Db } from '../../db/database.ts'
import {
  allNames,
  allPriceLists,
  allTaxClasses,
  productNames,
  taxClasses as taxClassesInUse,
} from '../catalogue/index.ts'
import { findCompany, selectStoreKeys } from '../stores/index.ts'
import type { OwnLists } from './make-rows.ts'
import { faultsOfOffers, type Known, type PublishFault, productsNamedBy } from './offer-faults.ts'
import { activeOffers } from './sql.ts'

/** Everything but products, as it stands now. */
export async function currentHead(db: Db): Promise<RulebookHead> {
  const company = await findCompany(db)
  const lists = await allPriceLists(db)
  return {
    taxClasses: await allTaxClasses(db),
    priceLists: lists.map(({ tier, ...list }): PriceList => ({ ...list, ...(tier !== null && { tier }) })),
    offers: await activeOffers(db),
    rupeeRounding: company?.rupeeRounding ?? false,
    brands: await allNames(db, 'brand'),
    categories: await allNames(db, 'category'),
  }
}

/** Bills that were open, and clocks that are behind, are long past by then. */
const endedKeptMs = 45 * 86_400_000

/**
 * The head that a publication at an instant makes: offers that ended 45 days before are left out. Old bills
 * are priced again, and taken back, by the version that they name.
 */
export async function headToPublish(db: Db, at: number): Promise<RulebookHead> {
  const head = await currentHead(db)
  const offers = head.offers.filter(({ until }) => until === undefined || until > at - endedKeptMs)
  return { ...head, offers }
}

/** Whose each price list is that belongs to one store. */
export function ownListsOf(lists: readonly PriceList[]): OwnLists {
  return new Map(lists.filter((list) => list.scope === 'store').map((list) => [list.id, list.scopeId]))
}

/** What is wrong with a head. */
export async function faultsOfHead(db: Db, head: RulebookHead, at: number): Promise<PublishFault[]> {
  const faults: PublishFault[] = []
  const [first] = head.priceLists
  for (const list of head.priceLists) {
    if (list.inclusive === first?.inclusive) continue
    faults.push({
      field: `priceLists/${list.id}`,
      message: `${list.name} is ${list.inclusive ? 'with' : 'without'} GST and ${first?.name} is not, but one bill has one of both. Make all lists alike.`,
    })
  }
  const inUse = await taxClassesInUse(db)
  for (const taxClass of inUse) {
    if (taxClass.products === 0 || (taxClass.rates[0]?.from ?? Number.POSITIVE_INFINITY) <= at) continue
    faults.push({
      field: `taxClasses/${taxClass.id}`,
      message: `${taxClass.name} has ${taxClass.products} products and no rate in force yet. Add the rate that holds now.`,
    })
  }
  faults.push(...faultsOfOffers(head.offers, await knownTo(db, head, head.offers), at))
  return faults
}

/** What offers may name, as it stands now: all stores, brands and categories, and of the products those that they do name. */
export async function knownTo(
  db: Db,
  { brands, categories }: Pick<RulebookHead, 'brands' | 'categories'>,
  offers: readonly unknown[],
): Promise<Known> {
  return {
    stores: new Set((await selectStoreKeys(db)).map((store) => store.id)),
    products: new Set((await productNames(db, productsNamedBy(offers))).keys()),
    brands: new Set(brands.map((brand) => brand.id)),
    categories: new Set(categories.map((category) => category.id)),
  }
}
