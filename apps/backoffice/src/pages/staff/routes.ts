import { getStaff, listStaff } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'
import { readSearch } from '../../lists/read-search.ts'

const staffRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/staff',
  validateSearch: (raw: Record<string, unknown>) => readSearch(listStaff.query, raw),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps }) => void queries.prefetchQuery(asks(listStaff, { query: deps })),
  component: lazyRouteComponent(() => import('./staff-page.tsx'), 'StaffPage'),
})

const newPersonRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/staff/new',
  component: lazyRouteComponent(() => import('./person-page.tsx'), 'NewPersonPage'),
})

const personRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/staff/$staffId',
  loader: ({ context: { queries }, params }) => void queries.prefetchQuery(asks(getStaff, { params })),
  component: lazyRouteComponent(() => import('./person-page.tsx'), 'PersonPage'),
})

export const staffRoutes = [staffRoute, newPersonRoute, personRoute] as const
