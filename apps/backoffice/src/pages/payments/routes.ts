import { listOpenPayments } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'
import { readSearch } from '../../lists/read-search.ts'

const paymentsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/payments',
  validateSearch: (raw: Record<string, unknown>) => readSearch(listOpenPayments.query, raw),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps }) =>
    void queries.prefetchQuery(asks(listOpenPayments, { query: deps })),
  component: lazyRouteComponent(() => import('./payments-page.tsx'), 'PaymentsPage'),
})

export const paymentRoutes = [paymentsRoute] as const
