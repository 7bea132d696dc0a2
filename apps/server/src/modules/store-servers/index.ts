export { makeStoreServerCode } from './code.ts'
export { authenticateOnBehalf, authenticateStoreServer } from './pass.ts'
export { storeServerAddress } from './queries.ts'
export { storeServersRoutes } from './routes.ts'
