import { getProduct, listProducts } from '@nexus/contract'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { shellRoute } from '../../app/shell-route.tsx'
import { readSearch } from '../../lists/read-search.ts'

const productsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/products',
  validateSearch: (raw: Record<string, unknown>) => readSearch(listProducts.query, raw),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps }) => void queries.prefetchQuery(asks(listProducts, { query: deps })),
  component: lazyRouteComponent(() => import('./products-page.tsx'), 'ProductsPage'),
})

const newProductRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/products/new',
  component: lazyRouteComponent(() => import('./new-product-page.tsx'), 'NewProductPage'),
})

const productRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/products/$productId',
  params: {
    parse: ({ productId }) => ({ productId: Number(productId) }),
    stringify: ({ productId }) => ({ productId: String(productId) }),
  },
  loader: ({ context: { queries }, params }) => void queries.prefetchQuery(asks(getProduct, { params })),
  component: lazyRouteComponent(() => import('./product-page.tsx'), 'ProductPage'),
})

export const productRoutes = [productsRoute, newProductRoute, productRoute] as const
