import { getOfferChoices, getOfferGoods } from '@nexus/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { asks } from '../../app/api.ts'
import { useStores } from '../../lists/use-stores.ts'
import type { GoodsNames } from './offer-words.ts'

export type Option = { value: string; label: string }

/** Everything that an offer may name, and how it is called. */
export type Goods = GoodsNames & {
  brands: readonly Option[]
  categories: readonly Option[]
  tiers: readonly string[]
  stores: number
  /** Keeps the names of products that somebody found. */
  learn: (products: readonly Option[]) => void
}

/**
 * @param stored the offer whose products are asked for by name, at the revision that names them; undefined for
 * a new one
 */
export function useGoods(stored: { id: number; revision: number } | undefined): Goods {
  const choices = useQuery({ ...asks(getOfferChoices, {}), staleTime: 60_000 }).data
  const question = asks(getOfferGoods, { params: { offerId: stored?.id ?? 1 } })
  const goods = useQuery({
    ...question,
    queryKey: [...question.queryKey, stored?.revision],
    enabled: stored !== undefined,
    staleTime: 60_000,
  }).data
  const stores = useStores()
  const [learnt, setLearnt] = useState<ReadonlyMap<string, string>>(new Map())
  const brands = optionsOf(choices?.brands)
  const categories = optionsOf(choices?.categories)
  const products = new Map(goods?.products.map(({ id, name }) => [String(id), name]))
  const called = (options: readonly Option[]) => {
    const names = new Map(options.map(({ value, label }) => [value, label]))
    return (id: string) => names.get(id) ?? `#${id}`
  }
  return {
    brands,
    categories,
    tiers: choices?.tiers ?? [],
    stores: stores.length,
    product: (id) => learnt.get(id) ?? products.get(id) ?? `#${id}`,
    brand: called(brands),
    category: called(categories),
    store: (id) => stores.find((store) => store.id === id)?.name ?? id,
    learn: (found) =>
      setLearnt(
        (before) => new Map([...before, ...found.map(({ value, label }) => [value, label] as const)]),
      ),
  }
}

function optionsOf(named: readonly { id: number; name: string }[] = []): Option[] {
  return named.map(({ id, name }) => ({ value: String(id), label: name }))
}
