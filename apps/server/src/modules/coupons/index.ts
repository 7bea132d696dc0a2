export { couponCodesJob } from './make-codes.ts'
export { couponProjector } from './projector.ts'
export { couponsRoutes } from './routes.ts'
