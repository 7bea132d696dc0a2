export { countedBy } from './closings/counted-by.ts'
export { closingLedger, takenBy } from './closings/ledger.ts'
export { closingProjector } from './closings/projector.ts'
export {
  type Cover,
  coversOfClosing,
  coversOfEpoch,
  firstMonthClosed,
  subjectOfClosing,
} from './closings/sql.ts'
export { shiftProjector } from './projector.ts'
export { shiftsRoutes } from './routes.ts'
