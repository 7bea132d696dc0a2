export { attentionCounts } from './attention/queries.ts'
export { exportJournal } from './export/export-journal.ts'
export { readGeneration, startNewGeneration } from './generation.ts'
export { readForkParcel, readParcel } from './hop/parcels.ts'
export {
  closeEpochs,
  countWaiting,
  findHopFact,
  type HqMarks,
  removeHqMarks,
  replaceHqMarks,
  selectForkIdentities,
  selectHqMarks,
  selectOwnHeads,
  setHopFact,
} from './hop/sql.ts'
export { standingForHop } from './hop/standing.ts'
export { type Journal, type JournalParts, openJournal, projectorsWith } from './open-journal.ts'
export type { Discrepancy, Fact, Finding, Projector, SaleCheck } from './projector.ts'
export { findActedEntry, headSeqs, headsOf, restoredAt, slotHashAt, standing } from './queries.ts'
export { rebuildProjections } from './rebuild/rebuild.ts'
export { journalRoutes } from './routes.ts'
export { eventId } from './rows.ts'
export { discrepanciesOf } from './sql.ts'
