import { getStore, listStores } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { Type } from 'typebox'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'
import { readSearch } from '../../lists/read-search.ts'

const storesSearch = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 100 })),
  /** Only stores where something is to be looked at. */
  ill: Type.Optional(Type.Boolean()),
})

const storesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/stores',
  validateSearch: (raw: Record<string, unknown>) => readSearch(storesSearch, raw),
  loader: ({ context: { queries } }) => void queries.prefetchQuery(asks(listStores, {})),
  component: lazyRouteComponent(() => import('./stores-page.tsx'), 'StoresPage'),
})

const newStoreRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/stores/new',
  component: lazyRouteComponent(() => import('./store-page.tsx'), 'NewStorePage'),
})

const storeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/stores/$storeId',
  loader: ({ context: { queries }, params }) => void queries.prefetchQuery(asks(getStore, { params })),
  component: lazyRouteComponent(() => import('./store-page.tsx'), 'StorePage'),
})

export const storeRoutes = [storesRoute, newStoreRoute, storeRoute] as const
