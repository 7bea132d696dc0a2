import { listQuery, listStock } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { Type } from 'typebox'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'
import { readSearch } from '../../lists/read-search.ts'

const pageQuery = Type.Object(listQuery)

const stockRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/stock',
  validateSearch: (raw: Record<string, unknown>) => readSearch(listStock.query, raw),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps }) => void queries.prefetchQuery(asks(listStock, { query: deps })),
  component: lazyRouteComponent(() => import('./stock-page.tsx'), 'StockPage'),
})

const movesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/stock/$storeId/$productId',
  params: {
    parse: ({ storeId, productId }) => ({ storeId, productId: Number(productId) }),
    stringify: ({ storeId, productId }) => ({ storeId, productId: String(productId) }),
  },
  validateSearch: (raw: Record<string, unknown>) => readSearch(pageQuery, raw),
  component: lazyRouteComponent(() => import('./moves-page.tsx'), 'MovesPage'),
})

export const stockRoutes = [stockRoute, movesRoute] as const
