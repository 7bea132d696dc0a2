import { gstinCheckCharacter, gtinCheckDigit, startOfDate } from '@nexus/domain'
import { brandNames, type Kind, kinds } from './goods.ts'
import { firstNames, lastNames } from './people.ts'
import { type Region, regions } from './places.ts'
import { type Dice, dice } from './random.ts'

export type SeedOptions = {
  /** Equal numbers give equal chains. */
  seed: number
  stores: number
  registersPerStore: number
  products: number
  /** People in stores and headquarters together. */
  staff: number
}

export type SeedRegister = { id: string; number: number; name: string }
export type SeedStore = {
  id: string
  code: string
  name: string
  state: string
  regionId: string
  gstin: string
  address: string
  city: string
  pin: string
  phone: string
  registers: readonly SeedRegister[]
}
export type SeedPerson = {
  id: string
  name: string
  login: string
  role: 'administrator' | 'merchandiser' | 'accountant' | 'store-manager' | 'cashier'
  /** undefined: all stores. */
  storeId?: string
  pin: string
  /** Only those who use the back office. */
  password?: string
}
export type SeedProduct = {
  sku: string
  names: { en: string; hi: string }
  brand: string
  category: string
  hsn: string
  uqc: string
  taxClassId: string
  barcode: string
  batches: readonly { batchNo: string; mrpMinor: number; expiryMonth?: string }[]
  priceMinor: number
  /** How often it is bought, beside the others. */
  weight: number
}
export type SeedTaxClass = {
  id: string
  name: string
  rates: readonly { from: number; kind: 'taxable' | 'nil'; rateBp: number }[]
}
export type Chain = {
  company: {
    id: string
    legalName: string
    tradeName: string
    pan: string
    upiId: string
    billFooter: string
  }
  regions: readonly Region[]
  stores: readonly SeedStore[]
  staff: readonly SeedPerson[]
  taxClasses: readonly SeedTaxClass[]
  products: readonly SeedProduct[]
}

const pan = 'AAFCN4821K'
/** The day from which rates of GST 2.0 apply (docs: Notification 9/2025-CT(Rate)). */
const newRatesFrom = startOfDate('2025-09-22')
/** Ids of a seeded chain carry this instant, so that equal seeds give equal ids. */
const idsAt = startOfDate('2025-04-01')

export const taxClasses: readonly SeedTaxClass[] = [
  { id: 'GST18', name: 'GST 18%', rates: [{ from: 0, kind: 'taxable', rateBp: 1800 }] },
  { id: 'GST5', name: 'GST 5%', rates: [{ from: 0, kind: 'taxable', rateBp: 500 }] },
  {
    id: 'GST5-2025',
    name: 'GST 5% since 22 Sep 2025, 18% before',
    rates: [
      { from: 0, kind: 'taxable', rateBp: 1800 },
      { from: newRatesFrom, kind: 'taxable', rateBp: 500 },
    ],
  },
  { id: 'NIL', name: 'Nil rated', rates: [{ from: 0, kind: 'nil', rateBp: 0 }] },
]

/** Invents a chain: company, stores in three States, people, goods. Nothing in it depends on today's date. */
export function inventChain(options: SeedOptions): Chain {
  const company = {
    id: dice(options.seed, 1).uuid(idsAt),
    legalName: 'Nayanika Retail Private Limited',
    tradeName: 'Nayanika Beauty',
    pan,
    upiId: 'nayanika@upi',
    billFooter:
      'Goods once sold are taken back within 15 days with this bill. Thank you for shopping with us.',
  }
  const stores = inventStores(options)
  return {
    company,
    regions,
    stores,
    staff: inventStaff(options, stores),
    taxClasses,
    products: inventProducts(options),
  }
}

function inventStores(options: SeedOptions): SeedStore[] {
  const roll = dice(options.seed, 2)
  const codes = new Set<string>()
  return Array.from({ length: options.stores }, (_, index) => {
    const region = regions[index % regions.length]
    if (!region) throw new RangeError('there is at least one region')
    const turn = Math.floor(index / regions.length)
    const locality = region.localities[turn % region.localities.length]
    if (!locality) throw new RangeError('each region has localities')
    const again = Math.floor(turn / region.localities.length)
    const name = again === 0 ? locality.name : `${locality.name} ${again + 1}`
    const first14 = `${region.state}${pan}1Z`
    return {
      id: roll.uuid(idsAt + index),
      code: codeFor(locality.name, codes),
      name,
      state: region.state,
      regionId: region.id,
      gstin: `${first14}${gstinCheckCharacter(first14)}`,
      address: `${roll.whole(1, 240)}, ${roll.pick(['Main Road', 'Market Road', '1st Cross', 'Station Road', 'High Street'])}, ${locality.name}`,
      city: locality.city,
      pin: locality.pin,
      phone: `+9180${roll.whole(10000000, 99999999)}`,
      registers: Array.from({ length: options.registersPerStore }, (_, place) => ({
        id: roll.uuid(idsAt + index),
        number: place + 1,
        name: `Counter ${place + 1}`,
      })),
    }
  })
}

/** Three characters, unique in the chain: letters of the name, then digits. */
function codeFor(name: string, taken: Set<string>): string {
  const letters = name.toUpperCase().replace(/[^A-Z]/g, '')
  const tries = [letters.slice(0, 3), `${letters.slice(0, 2)}${letters.at(-1)}`]
  for (let n = 0; n < 36; n++) tries.push(`${letters.slice(0, 2)}${n.toString(36).toUpperCase()}`)
  for (let n = 0; n < 1296; n++)
    tries.push(`${letters.slice(0, 1)}${n.toString(36).toUpperCase().padStart(2, '0')}`)
  const code = tries.find((candidate) => candidate.length === 3 && !taken.has(candidate))
  if (!code) throw new RangeError(`no code is left for ${name}`)
  taken.add(code)
  return code
}

function inventStaff(options: SeedOptions, stores: readonly SeedStore[]): SeedPerson[] {
  const roll = dice(options.seed, 3)
  const logins = new Set<string>()
  const person = (
    role: SeedPerson['role'],
    rest: { storeId?: string; password?: string; login?: string },
  ): SeedPerson => {
    const name = `${roll.pick(firstNames)} ${roll.pick(lastNames)}`
    const wish = rest.login ?? name.toLowerCase().replace(' ', '.')
    let login = wish
    for (let n = 2; logins.has(login); n++) login = `${wish}${n}`
    logins.add(login)
    let pin = ''
    // The server refuses PINs that repeat or count; four different digits in no order never do.
    do pin = String(roll.whole(1000, 9999))
    while (new Set(pin).size < 4 || steps(pin).size === 1)
    return {
      id: roll.uuid(idsAt),
      name,
      login,
      role,
      pin,
      ...(rest.storeId ? { storeId: rest.storeId } : {}),
      ...(rest.password ? { password: rest.password } : {}),
    }
  }
  const head = [
    person('administrator', { login: 'admin', password: 'monsoon-marigold-tram' }),
    person('merchandiser', { login: 'merch', password: 'copper-lantern-river' }),
    person('accountant', { login: 'accounts', password: 'velvet-mango-signal' }),
  ]
  const inStores = Array.from({ length: Math.max(0, options.staff - head.length) }, (_, index) => {
    const store = stores[index % stores.length]
    if (!store) throw new RangeError('there is at least one store')
    return index < stores.length
      ? person('store-manager', {
          storeId: store.id,
          login: `manager.${store.code.toLowerCase()}`,
          password: `teapot-orchard-${store.code.toLowerCase()}`,
        })
      : person('cashier', { storeId: store.id })
  })
  return [...head, ...inStores]
}

/** The steps from digit to digit, 0 beside 9. */
function steps(pin: string): Set<number> {
  return new Set([...pin].slice(1).map((digit, at) => (Number(digit) - Number(pin[at]) + 10) % 10))
}

function inventProducts(options: SeedOptions): SeedProduct[] {
  const roll = dice(options.seed, 4)
  const brands = brandNames(Math.max(12, Math.min(1000, Math.ceil(options.products / 100))))
  const names = new Set<string>()
  const products: SeedProduct[] = []
  for (let index = 0; index < options.products; index++) {
    const kind = roll.weighted(kinds.map((kind) => [kind, kind.weight] as const))
    products.push(inventProduct(roll, kind, roll.pick(brands), index, names))
  }
  return products
}

function inventProduct(
  roll: Dice,
  kind: Kind,
  brand: string,
  index: number,
  names: Set<string>,
): SeedProduct {
  const variant = roll.pick(kind.variants)
  let en = `${brand} ${kind.name}, ${variant}`
  let hi = `${brand} ${kind.nameHi}, ${variant}`
  for (let n = 2; names.has(en); n++) {
    en = `${brand} ${kind.name} No. ${n}, ${variant}`
    hi = `${brand} ${kind.nameHi} नं. ${n}, ${variant}`
  }
  names.add(en)
  const mrp = pleasant(roll.whole(kind.mrpFrom, kind.mrpTo))
  const mrpMinor = mrp * 100
  const batches = Array.from({ length: roll.fraction() < 0.15 ? 2 : 1 }, (_, place) => ({
    batchNo: `${String.fromCharCode(65 + roll.whole(0, 25))}${roll.whole(1000, 9999)}`,
    // A second batch on the shelf often came with a higher MRP.
    mrpMinor: place === 0 ? mrpMinor : mrpMinor + roll.whole(1, 5) * 1000,
    ...(kind.expires
      ? { expiryMonth: `${roll.whole(2027, 2029)}-${String(roll.whole(1, 12)).padStart(2, '0')}` }
      : {}),
  }))
  const below = roll.weighted([
    [0, 50],
    [5, 15],
    [10, 20],
    [15, 10],
    [25, 5],
  ] as const)
  const digits = `952${String(index + 1).padStart(9, '0')}`
  return {
    sku: `${kind.category.slice(0, 2).toUpperCase()}${String(index + 1).padStart(6, '0')}`,
    names: { en, hi },
    brand,
    category: kind.category,
    hsn: kind.hsn,
    uqc: kind.uqc,
    taxClassId: kind.taxClass,
    barcode: `${digits}${gtinCheckDigit(digits)}`,
    batches,
    priceMinor: Math.round((mrp * (100 - below)) / 100) * 100,
    weight: kind.weight * roll.fraction() ** 3 + 0.01,
  }
}

/** Prices as shops like them: ending in 9 above fifty rupees, in 5 or 0 below. */
function pleasant(rupees: number): number {
  return rupees < 50 ? Math.max(5, Math.round(rupees / 5) * 5) : Math.round(rupees / 10) * 10 - 1
}
