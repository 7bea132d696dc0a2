import { listStores, type Store } from '@nexus/contract'
import { useQuery } from '@tanstack/react-query'
import { asks } from '../app/api.ts'

const none: readonly Store[] = []

/** The stores that the person sees; empty while they load. */
export function useStores(): readonly Store[] {
  return useQuery({ ...asks(listStores, {}), staleTime: 60_000 }).data?.stores ?? none
}

/** Stores as choices of a filter or form. */
export function storeOptions(stores: readonly Store[]): { value: string; label: string }[] {
  return stores.map((store) => ({ value: store.id, label: `${store.name} (${store.code})` }))
}
