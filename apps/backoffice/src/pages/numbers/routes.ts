import { listNumberGaps } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'
import { readSearch } from '../../lists/read-search.ts'

const numbersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/bill-numbers',
  validateSearch: (raw: Record<string, unknown>) => readSearch(listNumberGaps.query, raw),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps }) =>
    void queries.prefetchQuery(asks(listNumberGaps, { query: deps })),
  component: lazyRouteComponent(() => import('./numbers-page.tsx'), 'NumbersPage'),
})

export const numberRoutes = [numbersRoute] as const
