export { getBill } from './bill-page/queries.ts'
export { billNumbers } from './bill-page/sql.ts'
export { salesProjector } from './projector.ts'
export { salesRoutes } from './routes.ts'
