import { getOffer, listOffers } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'
import { readSearch } from '../../lists/read-search.ts'

const offersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/offers',
  validateSearch: (raw: Record<string, unknown>) => readSearch(listOffers.query, raw),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps }) => void queries.prefetchQuery(asks(listOffers, { query: deps })),
  component: lazyRouteComponent(() => import('./offers-page.tsx'), 'OffersPage'),
})

const newOfferRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/offers/new',
  component: lazyRouteComponent(() => import('./new-offer-page.tsx'), 'NewOfferPage'),
})

const offerRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/offers/$offerId',
  params: {
    parse: ({ offerId }) => ({ offerId: Number(offerId) }),
    stringify: ({ offerId }) => ({ offerId: String(offerId) }),
  },
  loader: ({ context: { queries }, params }) => void queries.prefetchQuery(asks(getOffer, { params })),
  component: lazyRouteComponent(() => import('./offer-page.tsx'), 'OfferPage'),
})

export const offerRoutes = [offersRoute, newOfferRoute, offerRoute] as const
