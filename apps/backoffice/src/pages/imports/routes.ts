import { getImport, listImports } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'

const importsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/imports',
  loader: ({ context: { queries } }) => void queries.prefetchQuery(asks(listImports, {})),
  component: lazyRouteComponent(() => import('./imports-page.tsx'), 'ImportsPage'),
})

const importRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/imports/$importId',
  loader: ({ context: { queries }, params }) => void queries.prefetchQuery(asks(getImport, { params })),
  component: lazyRouteComponent(() => import('./import-page.tsx'), 'ImportPage'),
})

export const importRoutes = [importsRoute, importRoute] as const
