import type { ProductBody } from '@nexus/contract'
import { startOfDate } from '@nexus/domain'
import { type Chain, dice } from '@nexus/seed'
import type { Context } from '../context.ts'
import {
  addPriceList,
  addProducts,
  allPriceLists,
  chainListOf,
  lastChangeNo,
  productsById,
  putTaxClass,
} from '../modules/catalogue/index.ts'
import { foldStock, recordOpening } from '../modules/inventory/index.ts'
import { putPassword, putPin, putStaff, staffNames } from '../modules/staff/index.ts'
import { findCompany, putCompany, putRegister, putStore } from '../modules/stores/index.ts'

export type Say = (line: string) => void

const author = { by: null, how: 'seed' }
const actor = { how: 'seed' }
/** PINs and passwords are hashed a few at a time: each takes tens of milliseconds and 19 MiB. */
const hashedAtOnce = 4

/** Company, stores and registers; what is there is written again with the same content. */
export async function seedPlaces(context: Context, chain: Chain, say: Say): Promise<void> {
  say(`${chain.stores.length} stores …`)
  const { id, ...company } = chain.company
  if (!(await findCompany(context.database.read)))
    await putCompany(context, author, { ...company, rupeeRounding: true }, id)
  for (const { id: storeId, registers, ...store } of chain.stores) {
    await putStore(context, author, storeId, { ...store, language: 'en', cutOver: '05:00', active: true })
    for (const register of registers) {
      await putRegister(context, author, register.id, {
        storeId,
        number: register.number,
        name: register.name,
        active: true,
      })
    }
  }
}

/** People with PINs and passwords; those who are there keep theirs. */
export async function seedStaff(context: Context, chain: Chain, say: Say): Promise<void> {
  say(`${chain.staff.length} people …`)
  const known = await staffNames(
    context.database.read,
    chain.staff.map((person) => person.id),
  )
  const missing = chain.staff.filter((person) => !known.has(person.id))
  for (let from = 0; from < missing.length; from += hashedAtOnce) {
    await Promise.all(
      missing
        .slice(from, from + hashedAtOnce)
        .map(async ({ id, name, login, role, storeId, pin, password }) => {
          await putStaff(context, actor, id, {
            name,
            login,
            role,
            storeIds: storeId ? [storeId] : null,
            active: true,
            language: 'en',
          })
          await putPin(context, actor, id, pin)
          if (password) await putPassword(context, actor, id, password)
        }),
    )
  }
}

const productsAtOnce = 2000

/** Tax classes, the chain's price list and products, with ids 1, 2, 3 … in the order of the plan. */
export async function seedCatalogue(context: Context, chain: Chain, from: string, say: Say): Promise<void> {
  for (const taxClass of chain.taxClasses)
    await putTaxClass(context, { ...taxClass, rates: [...taxClass.rates] }, author)
  const { read } = context.database
  const list =
    chainListOf(await allPriceLists(read)) ??
    (await addPriceList(
      context,
      { name: 'Selling price', scope: 'chain', scopeId: '', tier: null, inclusive: true },
      author,
    ))
  let done = await productCount(context)
  while (done < chain.products.length) {
    const portion = chain.products.slice(done, done + productsAtOnce)
    await addProducts(
      context,
      portion.map(
        (product): ProductBody => ({
          sku: product.sku,
          names: product.names,
          brand: product.brand,
          category: product.category,
          hsn: product.hsn,
          uqc: product.uqc,
          taxClassId: product.taxClassId,
          active: true,
          barcodes: [product.barcode],
          batches: product.batches.map(({ batchNo, mrpMinor, expiryMonth }) => ({
            id: 0,
            batchNo,
            mrpMinor,
            revisedMrpMinor: null,
            expiryKind: expiryMonth ? 'use-before' : null,
            expiryMonth: expiryMonth ?? null,
          })),
          prices: [{ listId: list.id, unitMinor: product.priceMinor, from: startOfDate(from), until: null }],
        }),
      ),
      author,
    )
    done += portion.length
    say(`${done.toLocaleString('en-IN')} products …`)
  }
}

/** How many of the plan's products are there: ids rise without gaps while only the seeding adds. */
async function productCount(context: Context): Promise<number> {
  const { read } = context.database
  if ((await lastChangeNo(read)) === 0) return 0
  let low = 0
  let high = 1
  const exists = async (id: number) => (await productsById(read, [id])).has(id)
  while (await exists(high)) {
    low = high
    high *= 2
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (await exists(middle)) low = middle
    else high = middle
  }
  return low
}

/** The goods that a store keeps: at most `rangeMax` of the plan, the popular ones first. */
const rangeMax = 3000

/** Opening stock of every store; safe to repeat. */
export async function seedStock(context: Context, chain: Chain, seed: number, say: Say): Promise<void> {
  say('opening stock …')
  const range = chain.products
    .map((product, index) => ({ productId: index + 1, weight: product.weight }))
    .sort((one, other) => other.weight - one.weight)
    .slice(0, rangeMax)
    .map((product) => product.productId)
    .sort((one, other) => one - other)
  for (const [index, store] of chain.stores.entries()) {
    const roll = dice(seed, 5_000_011 + index)
    await recordOpening(context, author, roll.uuid(0), {
      storeId: store.id,
      lines: range.map((productId) => ({
        productId,
        batchId: null,
        quantityMilli: roll.whole(4, 60) * 1000,
      })),
    })
  }
  while ((await context.database.write((tx) => foldStock(tx))) > 0);
}
