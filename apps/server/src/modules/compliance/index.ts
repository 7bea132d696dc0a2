export { lateProjector } from './late-projector.ts'
export { complianceRoutes } from './routes.ts'
