import { listForks, listHoles, listIncidents, listQuarantine } from '@nexus/contract'
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
    void queries.prefetchQuery(asks(listIncidents, { query: { source: 'incident', ...deps } })),
  component: lazyRouteComponent(() => import('./incidents-page.tsx'), 'IncidentsPage'),
})

const discrepanciesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/incidents/discrepancies',
  validateSearch: (raw: Record<string, unknown>) => readSearch(listIncidents.query, raw),
  component: lazyRouteComponent(() => import('./incidents-page.tsx'), 'DiscrepanciesPage'),
})

const quarantineRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/incidents/quarantine',
  validateSearch: (raw: Record<string, unknown>) => readSearch(listQuarantine.query, raw),
  component: lazyRouteComponent(() => import('./quarantine-page.tsx'), 'QuarantinePage'),
})

const forksRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/incidents/forks',
  validateSearch: (raw: Record<string, unknown>) => readSearch(listForks.query, raw),
  component: lazyRouteComponent(() => import('./forks-page.tsx'), 'ForksPage'),
})

const holesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/incidents/holes',
  validateSearch: (raw: Record<string, unknown>) => readSearch(listHoles.query, raw),
  component: lazyRouteComponent(() => import('./holes-page.tsx'), 'HolesPage'),
})

export const attentionRoutes = [
  incidentsRoute,
  discrepanciesRoute,
  quarantineRoute,
  forksRoute,
  holesRoute,
] as const
