export { salesProjector } from './projector.ts'
