import { type Answer, type Input, Problem, type priceCart } from '@nexus/contract'
import { adviceOn } from '@nexus/domain'
import type { Context } from '../../context.ts'
import { requireStore, type StaffCaller } from '../../http/serve.ts'
import { selectStores } from '../stores/index.ts'
import { withNamedProducts } from './explain-sale.ts'
import { priceInWords } from './price-in-words.ts'
import { priceOnlyOrRefuse } from './price-or-refuse.ts'
import type { RulebookReader } from './reader.ts'
import { newestVersion } from './sql.ts'

/**
 * Prices a cart by a published rulebook, at a store that the caller works for.
 *
 * Throws Problem `rulebook/none`, `rulebook/version-unknown`, `store/not-found`, `session/not-allowed`, and
 * `request/invalid` for a line that cannot be sold.
 */
export async function priceForCaller(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  reader: RulebookReader,
  caller: StaffCaller,
  { cart, context = {}, rulebookVersion }: Input<typeof priceCart>['body'],
): Promise<Answer<typeof priceCart>> {
  const newest = await newestVersion(database.read)
  if (!newest)
    throw new Problem('rulebook/none', 'No rulebook has been published yet. Publish one, then try again.')
  const version = rulebookVersion ?? newest.version
  const rulebook = await reader.find(
    version,
    cart.lines.map((line) => line.productId),
  )
  if (!rulebook) {
    throw new Problem(
      'rulebook/version-unknown',
      `There is no version ${version}; the newest is ${newest.version}. Name one that was published.`,
      { version, newest: newest.version },
    )
  }
  if (context.storeId !== undefined) requireStore(caller, context.storeId)
  const mine = context.storeId === undefined ? caller.storeIds : [context.storeId]
  const stores = await selectStores(database.read, mine)
  const [store] = stores.sort((one, other) => one.no - other.no)
  if (!store)
    throw new Problem('store/not-found', 'There is no such store. Name one of the list of stores.', {
      storeId: context.storeId ?? null,
    })
  const pricedAt = context.pricedAt ?? clock.now()
  const full = {
    ...context,
    pricedAt,
    storeId: store.id,
    regionId: store.regionId,
    storeState: store.state,
    placeOfSupply: context.placeOfSupply ?? store.state,
  }
  const bare = priceOnlyOrRefuse(cart, rulebook, full)
  const whole = await withNamedProducts(reader, rulebook, bare)
  const priced = { ...bare, ...adviceOn(cart, whole, full, bare) }
  return {
    rulebook: { version: rulebook.version, checksum: rulebook.checksum },
    storeId: store.id,
    pricedAt,
    priced,
    words: priceInWords(priced, whole),
  }
}
