import { type ChainSize, demoChain, seedChain } from '../seeding/seed-chain.ts'
import { CommandError, defineCommand } from './command.ts'
import { openForCommand } from './open-for-command.ts'

/** Flag, what it sets, and its bounds. */
const numbers = {
  seed: { member: 'seed', min: 0, max: 2_147_483_647, help: 'Equal numbers make equal chains' },
  stores: { member: 'stores', min: 1, max: 10_000, help: 'Stores, in three States' },
  registers: { member: 'registersPerStore', min: 1, max: 20, help: 'Registers in each store' },
  products: { member: 'products', min: 1, max: 1_000_000, help: 'Products' },
  staff: { member: 'staff', min: 3, max: 100_000, help: 'People, headquarters included' },
  days: { member: 'days', min: 0, max: 1000, help: 'Trading days up to yesterday' },
  'bills-per-day': {
    member: 'billsPerDay',
    min: 1,
    max: 10_000,
    help: 'Bills a store has on an average day',
  },
} as const satisfies Record<string, { member: keyof ChainSize; min: number; max: number; help: string }>

export const command = defineCommand({
  summary: 'Make the demo chain, or a large one.',
  options: {
    seed: option('seed'),
    stores: option('stores'),
    registers: option('registers'),
    products: option('products'),
    staff: option('staff'),
    days: option('days'),
    'bills-per-day': option('bills-per-day'),
  },
  more: `Into an empty installation; a seeding that was stopped goes on where it was, with the numbers it began with.
The large chain: nexus seed --stores 100 --products 100000 --staff 600 --days 365 --bills-per-day 25`,
  async run({ values, io }) {
    const size = { ...demoChain }
    for (const [flag, { member }] of Object.entries(numbers)) {
      // The options above are made of the same names.
      const text = values[flag as keyof typeof numbers]
      if (text !== undefined) size[member] = numberOf(flag as keyof typeof numbers, text)
    }
    await using context = await openForCommand(io)
    const made = await seedChain(context, size, (line) => io.print(line))
    io.print(
      `${made.size.stores} stores, ${made.size.products.toLocaleString('en-IN')} products, ${made.bills.toLocaleString('en-IN')} bills made now.`,
    )
  },
})

function option(flag: keyof typeof numbers) {
  const { member, help } = numbers[flag]
  return { type: 'string', value: 'N', help: `${help} (default ${demoChain[member]}).` } as const
}

function numberOf(flag: keyof typeof numbers, text: string): number {
  const { min, max } = numbers[flag]
  const number = Number(text)
  if (!Number.isInteger(number) || number < min || number > max) {
    throw new CommandError(`--${flag} takes a whole number from ${min} to ${max}, not "${text}".`)
  }
  return number
}
