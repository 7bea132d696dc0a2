import { listIncidents } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'
import { readSearch } from '../../lists/read-search.ts'

const incidentsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/incidents',
  validateSearch: (raw: Record<string, unknown>) => readSearch(listIncidents.query, raw),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps }) =>
    void queries.prefetchQuery(asks(listIncidents, { query: deps })),
  component: lazyRouteComponent(() => import('./incidents-page.tsx'), 'IncidentsPage'),
})

export const incidentRoutes = [incidentsRoute] as const
