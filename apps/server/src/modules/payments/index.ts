export { checkPayments, type PaymentBreach } from './check-payments.ts'
export { paymentProjector } from './projector.ts'
export { paymentsAtRestJob } from './tell-at-rest.ts'
