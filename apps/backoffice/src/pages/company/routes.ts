import { getCompany } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'

const companyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/company',
  loader: ({ context: { queries } }) => void queries.prefetchQuery(asks(getCompany, {})),
  component: lazyRouteComponent(() => import('./company-page.tsx'), 'CompanyPage'),
})

export const companyRoutes = [companyRoute] as const
