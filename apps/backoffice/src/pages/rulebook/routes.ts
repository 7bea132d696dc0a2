import { getRulebook } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'

const rulebookRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/rulebook',
  loader: ({ context: { queries } }) => void queries.prefetchQuery(asks(getRulebook, {})),
  component: lazyRouteComponent(() => import('./rulebook-page.tsx'), 'RulebookPage'),
})

export const rulebookRoutes = [rulebookRoute] as const
