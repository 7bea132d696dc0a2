import { listPriceLists } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'

const priceListsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/price-lists',
  loader: ({ context: { queries } }) => void queries.prefetchQuery(asks(listPriceLists, {})),
  component: lazyRouteComponent(() => import('./price-lists-page.tsx'), 'PriceListsPage'),
})

export const priceListRoutes = [priceListsRoute] as const
