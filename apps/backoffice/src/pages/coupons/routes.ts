import { couponCodeQuery, getCouponSeries, listCouponSeries } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { Type } from 'typebox'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'
import { readSearch } from '../../lists/read-search.ts'

const { offer: _, ...codeSearch } = couponCodeQuery.properties
const codesOfSeries = Type.Object(codeSearch)

const couponsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/coupons',
  validateSearch: (raw: Record<string, unknown>) => readSearch(listCouponSeries.query, raw),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps }) =>
    void queries.prefetchQuery(asks(listCouponSeries, { query: deps })),
  component: lazyRouteComponent(() => import('./coupons-page.tsx'), 'CouponsPage'),
})

const seriesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/coupons/$offerId',
  params: {
    parse: ({ offerId }) => ({ offerId: Number(offerId) }),
    stringify: ({ offerId }) => ({ offerId: String(offerId) }),
  },
  validateSearch: (raw: Record<string, unknown>) => readSearch(codesOfSeries, raw),
  loader: ({ context: { queries }, params }) => void queries.prefetchQuery(asks(getCouponSeries, { params })),
  component: lazyRouteComponent(() => import('./series-page.tsx'), 'SeriesPage'),
})

export const couponRoutes = [couponsRoute, seriesRoute] as const
