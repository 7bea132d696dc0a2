import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { Type } from 'typebox'
import { shellRoute } from '../../app/shell-route.tsx'
import { readSearch } from '../../lists/read-search.ts'

const labelsSearch = Type.Object({
  /** See `readItems`. */
  items: Type.Optional(Type.String({ maxLength: 8000 })),
  /** Whose prices the labels show. */
  store: Type.Optional(Type.String()),
  paper: Type.Optional(Type.Union([Type.Literal('roll'), Type.Literal('a4')])),
})

const labelsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/labels',
  validateSearch: (raw: Record<string, unknown>) => readSearch(labelsSearch, raw),
  component: lazyRouteComponent(() => import('./labels-page.tsx'), 'LabelsPage'),
})

export const labelRoutes = [labelsRoute] as const
