export { attentionCounts } from './attention/queries.ts'
export { type EpochStanding, epochStandings } from './epoch-standings.ts'
export { exportJournal } from './export/export-journal.ts'
export { readGeneration, startNewGeneration } from './generation.ts'
export { invariantJob } from './invariants/job.ts'
export type { Figures, Ledger, Span } from './invariants/ledger.ts'
export {
  type BookParts,
  type CheckResult,
  checkBooks,
  type Mode,
  type ModuleCheck,
  type Round,
  type Save,
} from './invariants/round.ts'
export { type Journal, type JournalParts, openJournal, projectorsWith } from './open-journal.ts'
export type { Discrepancy, Fact, Finding, Projector, SaleCheck } from './projector.ts'
export { entryKnown, findActedEntry, headSeqs, headsOf, restoredAt, slotHash, standing } from './queries.ts'
export { rebuildProjections } from './rebuild/rebuild.ts'
export { journalRoutes } from './routes.ts'
export { eventId } from './rows.ts'
export { discrepanciesOf, type EpochOfStore, epochsOfStores, epochsWaiting } from './sql.ts'
