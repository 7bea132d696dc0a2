import type { Store } from '@nexus/contract'

/** Names of a row's store and register; a dash where there is none. */
export function placeNames(
  stores: readonly Store[],
  { storeId, registerId }: { storeId: string | null; registerId: string | null },
): { store: string; register: string } {
  const store = stores.find(({ id }) => id === storeId)
  const register = store?.registers.find(({ id }) => id === registerId)
  return { store: store?.name ?? '–', register: register?.name ?? '–' }
}
