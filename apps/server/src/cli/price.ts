import { CartFile } from '@nexus/contract'
import type { PricingContext } from '@nexus/domain'
import { faultsOf } from '../http/validation.ts'
import {
  priceInWords,
  priceOrRefuse,
  type RulebookFile,
  readRulebookFile,
} from '../modules/rulebook/index.ts'
import { CommandError, defineCommand } from './command.ts'
import { readJsonFile } from './read-json-file.ts'

/** State of a file that tells of no store: tax is then that of a sale within one State. */
const noState = '00'
/** Faults that are printed; `nexus rulebook check` names all. */
const faultsMax = 20

export const command = defineCommand({
  summary: 'Price a cart by a rulebook, and say why.',
  options: {
    rulebook: { type: 'string', value: 'FILE', help: 'Products, prices, taxes and offers.' },
    cart: { type: 'string', value: 'FILE', help: 'The cart, and who buys it where and when.' },
    at: { type: 'string', value: 'TIME', help: 'Price at this instant, e.g. 2026-11-23T18:00:00+05:30.' },
    store: { type: 'string', value: 'ID', help: 'Price in this store of the rulebook.' },
    json: { type: 'boolean', help: 'Print every figure as JSON.' },
  },
  more: `docs/rulebook-format.md explains both files. --at and --store count more than the cart's file; without any,
the instant is now and the store the first of the rulebook.`,
  async run({ values, io }) {
    if (values.rulebook === undefined) throw new CommandError('--rulebook is missing. See --help.')
    if (values.cart === undefined) throw new CommandError('--cart is missing. See --help.')
    const { file, faults } = readRulebookFile(readJsonFile(values.rulebook))
    if (!file) throw new CommandError(`${values.rulebook} cannot be used.${listOf(faults)}`)
    const { cart, context = {} } = readCart(values.cart)
    const pricedAt = values.at === undefined ? (context.pricedAt ?? Date.now()) : readInstant(values.at)
    const place = placeOf(file, values.store ?? context.storeId)
    const { placeOfSupply = place.storeState } = context
    const full: PricingContext = { ...context, ...place, pricedAt, placeOfSupply }
    const priced = priceOrRefuse(cart, file.rulebook, full)
    const words = priceInWords(priced, file.rulebook)
    if (!values.json) for (const row of words) io.print(row)
    else io.print(JSON.stringify({ storeId: place.storeId, pricedAt, priced, words }, null, 2))
  },
})

function readCart(path: string): CartFile {
  const value = readJsonFile(path)
  const faults = faultsOf(CartFile, value)
  if (faults.length > 0) throw new CommandError(`${path} cannot be used.${listOf(faults)}`)
  // The schema has just accepted it.
  return value as CartFile
}

function listOf(faults: readonly { field: string; message: string }[]): string {
  const rows = faults.slice(0, faultsMax).map(({ field, message }) => `\n${field || 'the file'}: ${message}`)
  return (
    rows.join('') + (faults.length > faultsMax ? '\n… and more; nexus rulebook check names them all.' : '')
  )
}

/** Text without a zone would mean another instant on another machine. */
function readInstant(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)
    ? Date.parse(text)
    : Number.NaN
  if (Number.isNaN(at))
    throw new CommandError('--at is written with its zone, like 2026-11-23T18:00:00+05:30.')
  return at
}

function placeOf(
  { stores }: RulebookFile,
  wanted: string | undefined,
): Pick<PricingContext, 'storeId' | 'regionId' | 'storeState'> {
  const store = wanted === undefined ? stores[0] : stores.find(({ id }) => id === wanted)
  if (store) return { storeId: store.id, regionId: store.regionId, storeState: store.state }
  if (wanted === undefined) return { storeId: '', regionId: '', storeState: noState }
  const ids = stores.map(({ id }) => id).slice(0, faultsMax)
  throw new CommandError(
    `The rulebook has no store "${wanted}". ${ids.length > 0 ? `It has: ${ids.join(', ')}.` : 'Add it under "stores".'}`,
  )
}
