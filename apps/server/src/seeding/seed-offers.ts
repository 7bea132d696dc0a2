import { startOfDate } from '@nexus/domain'
import type { Chain } from '@nexus/seed'
import type { Context } from '../context.ts'
import { allNames } from '../modules/catalogue/index.ts'
import { addOffer, createOffer, findOffer, type NewOffer } from '../modules/rulebook/index.ts'

const author = { by: null, how: 'seed' }

/**
 * The chain's offers, one of each kind that its goods allow, and one draft; with the ids 1, 2, 3 … in the
 * order of the plan, so that a seeding that was stopped adds what is missing.
 */
export async function seedOffers(context: Context, chain: Chain, firstDay: string): Promise<void> {
  const { read } = context.database
  const categories = await allNames(read, 'category')
  // The shelves that a small chain lacks are in no offer.
  const category = (name: string) => categories.find((one) => one.name === name)?.id
  const live = liveOffers(category, giftsOf(chain), startOfDate(firstDay))
  for (const [index, offer] of live.entries()) {
    if ((await findOffer(read, index + 1)) === undefined) await addOffer(context, offer, author)
  }
  const draft = draftOffer(category, startOfDate(firstDay))
  if (draft && (await findOffer(read, live.length + 1)) === undefined)
    await createOffer(context, draft, author)
}

/** Small things to give away: the four cheapest goods. */
function giftsOf({ products }: Chain): number[] {
  return products
    .map(({ priceMinor }, index) => ({ id: index + 1, priceMinor }))
    .sort((one, other) => one.priceMinor - other.priceMinor || one.id - other.id)
    .slice(0, 4)
    .map(({ id }) => id)
}

function liveOffers(
  category: (name: string) => number | undefined,
  gifts: number[],
  from: number,
): NewOffer[] {
  const shelves = (...names: string[]) => {
    const ids = names.map(category)
    return ids.every((id) => id !== undefined) ? { categories: ids } : undefined
  }
  const [lips, nails, eyes, bath, hair, tools, skin, fragrance] = [
    shelves('Lips'),
    shelves('Nails'),
    shelves('Eyes'),
    shelves('Bath'),
    shelves('Hair'),
    shelves('Tools'),
    shelves('Skin'),
    shelves('Fragrance'),
  ]
  const offers: NewOffer[] = [
    {
      name: '10% off above ₹1,499',
      effect: 'percent-off-bill',
      percentBp: 1000,
      minimumMinor: 149_900,
      priority: 0,
      from: 0,
    },
    {
      name: 'Short-dated: up to 50% off',
      effect: 'markdown',
      selector: { everything: true },
      steps: [
        { withinDays: 30, percentBp: 5000 },
        { withinDays: 90, percentBp: 2500 },
      ],
      priority: 5,
      from,
    },
    {
      name: 'NAYA10: 10% off up to ₹150',
      effect: 'coupon',
      code: { kind: 'public', text: 'NAYA10' },
      selector: { everything: true },
      off: { percentBp: 1000, capMinor: 15_000 },
      minimumMinor: 79_900,
      limits: { budgetMinor: 50_000_000 },
      priority: 0,
      from,
    },
  ]
  if (lips)
    offers.push({
      name: 'Any 2 from Lips: 15% off',
      effect: 'unit-off',
      selector: lips,
      off: { percentBp: 1500 },
      minimumUnits: 2,
      priority: 0,
      from,
    })
  if (bath)
    offers.push({
      name: 'Bath: buy 2, get 1 free',
      effect: 'buy-get',
      selector: bath,
      buy: 2,
      get: 1,
      percentBp: 10_000,
      priority: 0,
      from,
    })
  if (hair && tools)
    offers.push({
      name: 'Hair care: brush or comb at half price',
      effect: 'buy-other',
      buy: { selector: hair, units: 1 },
      get: { selector: tools, units: 1 },
      percentBp: 5000,
      priority: 0,
      from,
    })
  if (nails && eyes)
    offers.push({
      name: 'Nails and Eyes together: ₹249',
      effect: 'bundle',
      parts: [nails, eyes],
      priceMinor: 24_900,
      limits: { perBill: 2 },
      priority: 0,
      from,
    })
  if (skin)
    offers.push({
      name: 'Skin: ₹75 off from ₹799, ₹200 off from ₹1,499',
      effect: 'threshold',
      selector: skin,
      on: 'selector',
      tiers: [
        { fromMinor: 79_900, off: { amountMinor: 7500 } },
        { fromMinor: 149_900, off: { amountMinor: 20_000 } },
      ],
      priority: 10,
      from,
    })
  if (fragrance)
    offers.push({
      name: 'Fragrance from ₹999: a gift for ₹1',
      effect: 'gift',
      selector: fragrance,
      fromMinor: 99_900,
      gifts,
      unitMinor: 100,
      limits: { total: 100_000 },
      priority: 20,
      from,
    })
  return offers
}

function draftOffer(category: (name: string) => number | undefined, from: number): NewOffer | undefined {
  const eyes = category('Eyes')
  if (eyes === undefined) return undefined
  return {
    name: 'Any 3 from Eyes: 20% off',
    effect: 'unit-off',
    selector: { categories: [eyes] },
    off: { percentBp: 2000 },
    minimumUnits: 3,
    priority: 0,
    from,
  }
}
