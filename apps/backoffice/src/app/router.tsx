import type { QueryClient } from '@tanstack/react-query'
import { createRoute, createRouter, redirect } from '@tanstack/react-router'
import { parseSearch, writeSearch } from '../lists/read-search.ts'
import { attentionRoutes } from '../pages/attention/routes.ts'
import { auditRoutes } from '../pages/audit/routes.ts'
import { billRoutes } from '../pages/bills/routes.ts'
import { companyRoutes } from '../pages/company/routes.ts'
import { couponRoutes } from '../pages/coupons/routes.ts'
import { healthRoutes } from '../pages/health/routes.ts'
import { importRoutes } from '../pages/imports/routes.ts'
import { labelRoutes } from '../pages/labels/routes.ts'
import { lateRoutes } from '../pages/late-documents/routes.ts'
import { numberRoutes } from '../pages/numbers/routes.ts'
import { offerRoutes } from '../pages/offers/routes.ts'
import { paymentRoutes } from '../pages/payments/routes.ts'
import { priceListRoutes } from '../pages/price-lists/routes.ts'
import { productRoutes } from '../pages/products/routes.ts'
import { rulebookRoutes } from '../pages/rulebook/routes.ts'
import { shiftRoutes } from '../pages/shifts/routes.ts'
import { SignInPage } from '../pages/sign-in/sign-in-page.tsx'
import { staffRoutes } from '../pages/staff/routes.ts'
import { stockRoutes } from '../pages/stock/routes.ts'
import { storeRoutes } from '../pages/stores/routes.ts'
import { taxClassRoutes } from '../pages/tax-classes/routes.ts'
import { todayRoutes } from '../pages/today/routes.ts'
import { areasFor } from './areas.ts'
import { NoAreas, NotFound, PageTrouble } from './dead-ends.tsx'
import { rootRoute, shellRoute } from './shell-route.tsx'
import { Loading } from './states.tsx'

const prefix = '/office/'

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  // Only addresses of this app: a link to elsewhere must not come through our sign-in page.
  validateSearch: ({ to }: Record<string, unknown>): { to?: string } =>
    typeof to === 'string' && to.startsWith(prefix) ? { to } : {},
  component: SignInPage,
})

const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  beforeLoad: ({ context: { session } }) => {
    const first = areasFor(session.permissions)[0]?.areas[0]
    if (first) throw redirect({ to: first.to, replace: true })
  },
  component: NoAreas,
})

const nowhereRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '$',
  component: NotFound,
})

const routeTree = rootRoute.addChildren([
  signInRoute,
  shellRoute.addChildren([
    homeRoute,
    ...todayRoutes,
    ...billRoutes,
    ...shiftRoutes,
    ...attentionRoutes,
    ...paymentRoutes,
    ...numberRoutes,
    ...lateRoutes,
    ...productRoutes,
    ...importRoutes,
    ...priceListRoutes,
    ...couponRoutes,
    ...labelRoutes,
    ...taxClassRoutes,
    ...offerRoutes,
    ...rulebookRoutes,
    ...stockRoutes,
    ...storeRoutes,
    ...healthRoutes,
    ...staffRoutes,
    ...auditRoutes,
    ...companyRoutes,
    nowhereRoute,
  ]),
])

/** All pages of the back office, under /office/. */
export function openRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    basepath: prefix,
    context: { queries },
    parseSearch,
    stringifySearch: writeSearch,
    scrollRestoration: true,
    defaultPendingComponent: Loading,
    defaultErrorComponent: PageTrouble,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof openRouter>
  }
}
