import { call, createEnrolmentCode, listStores } from '@nexus/contract'
import { inventChain, type SeedOptions } from '@nexus/seed'
import { type Chain, makeChain } from '../../../tests/support/nexus.ts'
import { officeHeaders } from '../../../tests/support/office.ts'

const bigShop: SeedOptions = { seed: 7, stores: 1, registersPerStore: 1, products: 100_000, staff: 6 }

export type TillChain = {
  chain: Chain
  cashier: { name: string; pin: string }
  barcodes: string[]
  enrolCode(): Promise<string>
}

/** A running chain of one register and 100,000 products, with who may sell and what can be scanned. */
export async function makeTillChain(say: (line: string) => void): Promise<TillChain> {
  const chain = await makeChain()
  say('making a chain of 100,000 products')
  await chain.seed(bigShop)
  await chain.start()
  const plan = inventChain(bigShop)
  const cashier = plan.staff.find((person) => person.role === 'cashier')
  if (!cashier) throw new Error('the plan has a cashier')
  // Goods with one MRP ask no question when they are scanned.
  const barcodes = plan.products
    .filter((product) => product.batches.length === 1)
    .map((product) => product.barcode)
  return {
    chain,
    cashier,
    barcodes,
    async enrolCode() {
      const headers = await officeHeaders(chain.url, 'admin', 'monsoon-marigold-tram')
      const office = { baseUrl: chain.url, headers: () => headers }
      const { stores } = await call(office, listStores, {})
      const registerId = stores[0]?.registers[0]?.id
      if (!registerId) throw new Error('the chain has a register')
      return (await call(office, createEnrolmentCode, { params: { registerId } })).code
    },
  }
}
