import { listLateDocuments } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'
import { readSearch } from '../../lists/read-search.ts'

const lateRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/late-documents',
  validateSearch: (raw: Record<string, unknown>) => readSearch(listLateDocuments.query, raw),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps }) =>
    void queries.prefetchQuery(asks(listLateDocuments, { query: deps })),
  component: lazyRouteComponent(() => import('./late-page.tsx'), 'LatePage'),
})

export const lateRoutes = [lateRoute] as const
