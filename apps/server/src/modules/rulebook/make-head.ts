import type { RulebookHead } from '@nexus/contract'
import type { Offer, PriceList } from '@nexus/domain'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Db } from '../../db/database.ts'
import { allNames, allPriceLists, allTaxClasses, taxClasses as taxClassesInUse } from '../catalogue/index.ts'
import { findCompany, selectStoreKeys } from '../stores/index.ts'
import type { OwnLists } from './make-rows.ts'
import { activeOffers } from './sql.ts'

/** Something that tills could not evaluate: field and a sentence with a way out. */
export type PublishFault = { field: string; message: string }

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

/** Whose each price list is that belongs to one store. */
export function ownListsOf(lists: readonly PriceList[]): OwnLists {
  return new Map(lists.filter((list) => list.scope === 'store').map((list) => [list.id, list.scopeId]))
}

const OfferShape = Type.Object({
  id: Type.Integer({ minimum: 1 }),
  name: Type.String({ minLength: 1, maxLength: 80 }),
  priority: Type.Integer(),
  from: Type.Integer({ minimum: 0 }),
  until: Type.Optional(Type.Integer({ minimum: 0 })),
  storeIds: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
  effect: Type.Literal('percent-off-bill'),
  percentBp: Type.Integer({ minimum: 1, maximum: 10_000 }),
  minimumMinor: Type.Optional(Type.Integer({ minimum: 0 })),
})

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
  const stores = new Set((await selectStoreKeys(db)).map((store) => store.id))
  for (const offer of head.offers) faults.push(...faultsOfOffer(offer, stores))
  return faults
}

/** What is wrong with an offer; `stores` are the ids of all. */
export function faultsOfOffer(offer: Offer, stores: ReadonlySet<string>): PublishFault[] {
  const field = `offers/${offer.id}`
  const [fault] = Value.Errors(OfferShape, offer)
  if (fault) {
    return [
      {
        field: `${field}${fault.instancePath}`,
        message: `The offer "${offer.name}" cannot be computed: ${fault.message}. Correct it, or switch it off.`,
      },
    ]
  }
  const faults: PublishFault[] = []
  if (offer.until !== undefined && offer.until <= offer.from) {
    faults.push({
      field: `${field}/until`,
      message: `The offer "${offer.name}" ends before it begins. Correct the dates.`,
    })
  }
  const unknown = offer.storeIds?.find((storeId) => !stores.has(storeId))
  if (unknown !== undefined) {
    faults.push({
      field: `${field}/storeIds`,
      message: `The offer "${offer.name}" names the store ${unknown}, which does not exist. Take it out.`,
    })
  }
  return faults
}
