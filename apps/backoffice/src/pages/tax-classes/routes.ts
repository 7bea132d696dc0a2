import { listTaxClasses } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'

const taxClassesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tax-classes',
  loader: ({ context: { queries } }) => void queries.prefetchQuery(asks(listTaxClasses, {})),
  component: lazyRouteComponent(() => import('./tax-classes-page.tsx'), 'TaxClassesPage'),
})

export const taxClassRoutes = [taxClassesRoute] as const
