export { shiftProjector } from './projector.ts'
export { shiftsRoutes } from './routes.ts'
