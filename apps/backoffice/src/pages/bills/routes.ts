import { billQuery, getBill, listBills } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'
import { readSearch } from '../../lists/read-search.ts'

const billsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/bills',
  validateSearch: (raw: Record<string, unknown>) => readSearch(billQuery, raw),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps }) => void queries.prefetchQuery(asks(listBills, { query: deps })),
  component: lazyRouteComponent(() => import('./bills-page.tsx'), 'BillsPage'),
})

const billRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/bills/$identity/$document',
  params: {
    parse: ({ identity, document }) => ({ identity, document: document === '1' ? 1 : 0 }),
    stringify: ({ identity, document }) => ({ identity, document: String(document) }),
  },
  loader: ({ context: { queries }, params }) => void queries.prefetchQuery(asks(getBill, { params })),
  component: lazyRouteComponent(() => import('./bill-page.tsx'), 'BillPage'),
})

export const billRoutes = [billsRoute, billRoute] as const
