import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandLine } from './testing/run.ts'

const line = { uid: 'a', productId: 1, quantityMilli: 4000 }
const product = {
  id: 1,
  sku: 'SOAP',
  names: { en: 'Rose Soap' },
  brandId: 1,
  categoryId: 1,
  hsn: '340111',
  uqc: 'NOS',
  taxClassId: 'gst-18',
  barcodes: [],
  batches: [],
  prices: [
    { list: 1, unitMinor: 3500, from: 0, until: 1_800_000_000_000 },
    { list: 1, unitMinor: 4000, from: 1_800_000_000_000 },
  ],
}
const offer = { id: 1, name: '10% off', priority: 1, from: 0, effect: 'percent-off-bill', percentBp: 1000 }
const rulebook = {
  stores: [
    { id: 'village', regionId: 'south', state: '29' },
    { id: 'airport', regionId: 'south', state: '33' },
  ],
  taxClasses: [{ id: 'gst-18', name: 'GST 18%', rates: [{ from: 0, kind: 'taxable', rateBp: 1800 }] }],
  priceLists: [{ id: 1, name: 'Chain', scope: 'chain', scopeId: '', inclusive: true }],
  products: [product],
  offers: [
    { ...offer, minimumMinor: 10_000 },
    { ...offer, id: 2, name: 'Airport', storeIds: ['airport'], percentBp: 2000, priority: 2 },
  ],
}
const cart = { cart: { lines: [line] }, context: { pricedAt: 1_795_000_000_000 } }

/** Runs `nexus price` on files of the given contents; a text is written as it is. */
async function priced(book: unknown, basket: unknown, ...options: string[]) {
  const { folder, run } = commandLine()
  const file = (name: string, content: unknown) => {
    const path = join(folder, name)
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }
  const files = ['--rulebook', file('rulebook.json', book), '--cart', file('cart.json', basket)]
  return await run(['price', ...files, ...options])
}

async function checked(book: unknown, ...options: string[]) {
  const { folder, run } = commandLine()
  writeFileSync(join(folder, 'rulebook.json'), JSON.stringify(book))
  return await run(['rulebook', 'check', join(folder, 'rulebook.json'), ...options])
}

test('[PRC-8a] nexus price prints the bill and why it is what it is, without a server', async () => {
  const { code, output } = await priced(rulebook, cart)
  expect([code, output]).toEqual([
    0,
    [
      'a: 4 × Rose Soap, ₹126.00',
      '  list Chain: ₹35.00 each, ₹140.00',
      '  offer "10% off": -₹14.00',
      '  GST 18%: taxable ₹106.78, CGST ₹9.61, SGST ₹9.61',
      'At list prices: ₹140.00',
      'Discounts: -₹14.00',
      'Taxable value: ₹106.78',
      'CGST: ₹9.61',
      'SGST: ₹9.61',
      'To pay: ₹126.00',
      '"Airport" did not apply: it does not hold in this store.',
    ].join('\n'),
  ])
})

test('[PRC-9a] store and instant are chosen on the command line, and --json has every figure', async () => {
  const there = await priced(rulebook, cart, '--store', 'airport')
  expect(there.output).toContain('offer "Airport": -₹28.00')
  const later = await priced(rulebook, cart, '--at', '2027-01-15T13:30:00+05:30', '--json')
  expect(JSON.parse(later.output)).toMatchObject({
    storeId: 'village',
    pricedAt: 1_800_000_000_000,
    priced: { grossMinor: 16_000, toPayMinor: 14_400, lines: [{ uid: 'a', unitMinor: 4000 }] },
  })
  const short = { ...cart, cart: { lines: [{ ...line, quantityMilli: 1000 }] } }
  expect((await priced(rulebook, short)).output).toContain(
    'Add goods for ₹65.00 more: "10% off" then saves ₹10.00.',
  )
})

test('[PRC-6j] an effect that this release does not know keeps nothing from being priced, and is named', async () => {
  const raffle = {
    id: 3,
    name: 'Raffle',
    priority: 1,
    from: 0,
    effect: 'raffle',
    selector: { everything: true },
  }
  const book = { ...rulebook, offers: [...rulebook.offers, raffle] }
  const { code, output } = await priced(book, cart)
  expect([code, output]).toEqual([0, expect.stringContaining('To pay: ₹126.00')])
  const check = await checked(book)
  expect([check.code, check.output]).toEqual([
    1,
    expect.stringContaining('offers/3/effect: The offer "Raffle"'),
  ])
})

test('nexus rulebook check names every fault with its place', async () => {
  expect(await checked(rulebook)).toMatchObject({ code: 0, output: expect.stringMatching(/is good\.$/) })
  const faulty = {
    ...rulebook,
    taxClasses: [...rulebook.taxClasses, ...rulebook.taxClasses],
    priceLists: [...rulebook.priceLists, { ...rulebook.priceLists[0], id: 2, inclusive: false }],
    products: [
      { ...product, taxClassId: 'gst-5' },
      { ...product, id: 2, prices: [{ list: 9, unitMinor: 1, from: 0 }] },
    ],
    offers: [
      { ...offer, percentBp: 20_000 },
      { ...offer, id: 2, storeIds: ['moon'] },
    ],
  }
  const { code, output } = await checked(faulty, '--json')
  expect(code).toBe(1)
  expect(
    JSON.parse(output.slice(0, output.lastIndexOf(']') + 1)).map(({ field }: { field: string }) => field),
  ).toEqual([
    'taxClasses/gst-18/id',
    'priceLists/2/inclusive',
    'products/1/taxClassId',
    'products/2/prices',
    'offers/1/percentBp',
    'offers/2/storeIds',
  ])
  const rates = [
    { from: 5, kind: 'nil', rateBp: 0 },
    { from: 5, kind: 'nil', rateBp: 0 },
  ]
  expect((await checked({ ...rulebook, taxClasses: [{ id: 'gst-18', name: 'x', rates }] })).output).toContain(
    'taxClasses/gst-18/rates/1/from: ',
  )
  expect((await checked({ ...rulebook, products: [{ ...product, id: 0 }] })).output).toContain(
    'products/0/id: must be 1 or more.',
  )
})

test('what cannot be priced is refused with a sentence', async () => {
  const refusals: [book: unknown, basket: unknown, options: string[], sentence: string][] = [
    [rulebook, { cart: { lines: [{ ...line, productId: 9 }] } }, [], 'Line "a" (product 9) is not in this'],
    [
      rulebook,
      { cart: { lines: [{ ...line, quantityMilli: 0 }] } },
      [],
      'cart.lines.0.quantityMilli: must be 1',
    ],
    [rulebook, { cart: { lines: Array(1001).fill(line) } }, [], 'cart.lines: may have at most 1000 entries'],
    [rulebook, '{"cart":{"lines":[],"__proto__":{"x":1}}}', [], 'cart.__proto__: is not known here'],
    [rulebook, `{"cart":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, [], 'cart: is not a group of fields'],
    [rulebook, 'hello', [], 'is not JSON'],
    [{ ...rulebook, products: undefined }, cart, [], 'products: is missing'],
    [{ ...rulebook, offers: [null] }, cart, [], 'offers/at-0/effect: Offer 1'],
    [rulebook, cart, ['--store', 'moon'], 'no store "moon". It has: village, airport.'],
    [rulebook, cart, ['--at', '2027-01-15T13:30'], '--at is written with its zone'],
  ]
  for (const [book, basket, options, sentence] of refusals) {
    const { code, output } = await priced(book, basket, ...options)
    expect([code, output]).toEqual([1, expect.stringContaining(sentence)])
  }
  const { run } = commandLine()
  expect((await run(['price'])).output).toContain('--rulebook is missing')
  expect((await run(['price', '--rulebook', 'nowhere', '--cart', 'nowhere'])).output).toContain(
    'There is no file',
  )
  expect((await run(['rulebook', 'bake', 'x'])).output).toContain('can only be checked')
})
