export { type Domain, domainOf } from './archive/domain.ts'
export { archiveFolder } from './archive/files.ts'
export { archiveJob } from './archive/job.ts'
export { requireArchive } from './archive/require-archive.ts'
export { archiveStatus } from './archive/status.ts'
export { attentionCounts } from './attention/queries.ts'
export { dayRootJob } from './day-roots/close-day.ts'
export type { DecisionParts, DecisionTools, IssuedEpoch } from './decisions/ports.ts'
export { rehomeForksJob } from './decisions/rehome-forks.ts'
export { renumberJob } from './decisions/renumber.ts'
export { renumberedOf } from './decisions/sql.ts'
export { twoDevicesJob } from './decisions/two-devices.ts'
export { type EpochStanding, epochStandings } from './epoch-standings.ts'
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
export { type ImportedEpoch, importJournal, type JournalImport } from './import/import-journal.ts'
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
export { journalTools } from './journal-tools.ts'
export { serverKeys } from './marks.ts'
export { type FoundIncident, noteIncidents, notTold } from './note-incidents.ts'
export {
  type AcceptPath,
  type Journal,
  type JournalParts,
  openAcceptPath,
  openJournal,
  projectorsWith,
} from './open-journal.ts'
export {
  type EnrolOwn,
  type OwnDraft,
  type OwnJournals,
  type OwnOrder,
  type OwnTurn,
  type OwnWritten,
  openOwnJournals,
} from './own/own-journals.ts'
export type { Discrepancy, Fact, Finding, Projector, SaleCheck } from './projector.ts'
export {
  entryKnown,
  findActedEntry,
  headSeqs,
  headsOf,
  restoredAt,
  slotHash,
  standing,
} from './queries.ts'
export { rebuildProjections } from './rebuild/rebuild.ts'
export { type DeskView, journalRoutes } from './routes.ts'
export { eventId } from './rows.ts'
export { discrepanciesOf, type EpochOfStore, epochsOfStores, epochsWaiting } from './sql.ts'
