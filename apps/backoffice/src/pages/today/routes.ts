import { getToday } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'
import { readSearch } from '../../lists/read-search.ts'

const todayRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/today',
  validateSearch: (raw: Record<string, unknown>) => readSearch(getToday.query, raw),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps }) => void queries.prefetchQuery(asks(getToday, { query: deps })),
  component: lazyRouteComponent(() => import('./today-page.tsx'), 'TodayPage'),
})

export const todayRoutes = [todayRoute] as const
