import { getInvariants, getRegisterHealth, listRegisterHealth } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'
import { readSearch } from '../../lists/read-search.ts'

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/health',
  validateSearch: (raw: Record<string, unknown>) => readSearch(listRegisterHealth.query, raw),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps }) => {
    void queries.prefetchQuery(asks(listRegisterHealth, { query: deps }))
    void queries.prefetchQuery(asks(getInvariants, {}))
  },
  component: lazyRouteComponent(() => import('./health-page.tsx'), 'HealthPage'),
})

const tillRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/health/$registerId',
  loader: ({ context: { queries }, params }) =>
    void queries.prefetchQuery(asks(getRegisterHealth, { params })),
  component: lazyRouteComponent(() => import('./till-page.tsx'), 'TillPage'),
})

export const healthRoutes = [listRoute, tillRoute] as const
