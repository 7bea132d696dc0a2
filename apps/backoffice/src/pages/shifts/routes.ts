import { listShifts } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'
import { readSearch } from '../../lists/read-search.ts'

const shiftsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/shifts',
  validateSearch: (raw: Record<string, unknown>) => readSearch(listShifts.query, raw),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps }) => void queries.prefetchQuery(asks(listShifts, { query: deps })),
  component: lazyRouteComponent(() => import('./shifts-page.tsx'), 'ShiftsPage'),
})

export const shiftRoutes = [shiftsRoute] as const
