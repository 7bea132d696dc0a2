import type { DocumentKind } from '@nexus/sync'

export interface JournalGenerationTable {
  no: number
  generation: Uint8Array
  started_at: number
  reason: 'first-start' | 'restored'
}
export interface JournalEpochTable {
  store_no: number
  epoch_no: number
  epoch: Uint8Array
  register_no: number
  tenant: string
  store: string
  register: string
  code: string
  public_key: string
  key_id: string
  kind: 'till' | 'hq' | 'recovery' | 'store-server'
  state: 'open' | 'closed' | 'stolen'
  opened_at: number
  /** JSON `Hole[]` */
  holes: string
  has_forks: number
}
export interface JournalHeadTable {
  store_no: number
  epoch_no: number
  seq: number
  hash: Uint8Array
  moved_at: number
  sales: number | null
  documents: number | null
  sold_minor: number | null
  tax_minor: number | null
  returned_minor: number | null
  returned_tax_minor: number | null
  checkpoint_seq: number | null
  checkpoint_signature: string | null
}
export interface JournalEntryTable {
  store_no: number
  epoch_no: number
  seq: number
  hash: Uint8Array
  received_at: number
  bytes: Uint8Array
}
export interface EntryIdentityTable {
  identity: Uint8Array
  store_no: number
  state: 'acted' | 'quarantine' | 'fork'
  epoch: Uint8Array
  seq: number
}
export interface JournalCartTable {
  cart: Uint8Array
  identity: Uint8Array
  store_no: number
}
export interface JournalNumberTable {
  number: string
  epoch: Uint8Array
  identity: Uint8Array
  store_no: number
}
export interface JournalForkTable {
  store_no: number
  identity: Uint8Array
  epoch: Uint8Array
  seq: number
  prev_hash: Uint8Array | null
  bytes: Uint8Array
  received_at: number
  settled: 'adopted' | 'rehomed' | null
}
export interface JournalQuarantineTable {
  store_no: number
  identity: Uint8Array
  epoch: Uint8Array
  seq: number
  reason: string
  bytes: Uint8Array
  received_at: number
  released: 'act' | 'drop' | null
}
export interface PersonalDataTable {
  store_no: number
  identity: Uint8Array
  salt: Uint8Array | null
  data: string | null
  received_at: number
  erased_at: number | null
}
export interface JournalEffectTable {
  store_no: number
  epoch_no: number
  seq: number
  identity: Uint8Array
  via: 'rehomed' | 'released'
  received_at: number
}
export interface IncidentTable {
  store_no: number
  id: Uint8Array
  at: number
  kind: string
  /** JSON object */
  params: string
  epoch: Uint8Array
  seq: number
  source: 'till' | 'server'
}
export interface DiscrepancyTable {
  store_no: number
  identity: Uint8Array
  n: number
  at: number
  kind: string
  /** JSON object */
  params: string
  epoch: Uint8Array
  seq: number
  found_by: 'accept' | 'projector'
}
export interface JournalCheckpointTable {
  store_no: number
  of_epoch: Uint8Array
  epoch: Uint8Array
  seq: number
  hash: Uint8Array
  key_id: string
  signature: string
}
export interface HopMarkTable {
  epoch: Uint8Array
  /** JSON `Mark` */
  received: string | null
  /** JSON `Mark` */
  durable: string | null
}
export interface HopFactTable {
  name: string
  value: string
}
export interface OwnJournalTable {
  kind: Exclude<JournalEpochTable['kind'], 'till'>
  store_no: number
  n: number
  epoch: Uint8Array
  generation_no: number
  certificate: string
  certificate_signature: string
  private_key: Uint8Array
  opened_at: number
}
export interface JournalHoleLostTable {
  store_no: number
  epoch: Uint8Array
  from_seq: number
  to_seq: number
  by_epoch: Uint8Array
  by_seq: number
}
export interface JournalHandoverTable {
  store_no: number
  epoch: Uint8Array
  register: string
  declaration: 'clean' | 'tail-unknown' | 'stolen'
  after_seq: number
  reason: string
  staff: string | null
  at: number
  by_epoch: Uint8Array
  by_seq: number
}
export interface JournalNumberLostTable {
  number: string
  epoch: Uint8Array
  store_no: number
  by_epoch: Uint8Array
  by_seq: number
}
export interface JournalNumberBearerTable {
  number: string
  epoch: Uint8Array
  identity: Uint8Array
  store_no: number
  kind: DocumentKind
  renumbered: string | null
}
export interface IncidentClosedTable {
  id: Uint8Array
  store_no: number
  at: number
  staff: string
  remark: string
}
export interface DiscrepancyClosedTable {
  identity: Uint8Array
  n: number
  kind: string
  store_no: number
  at: number
  staff: string
  remark: string
}
export interface ArchiveSegmentTable {
  no: number
  content: 'entries' | 'personal'
  bytes: number
  sha256: Uint8Array | null
  state: 'open' | 'closed' | 'damaged' | 'replaced'
  checked_at: number
}
export interface ArchiveManifestTable {
  store_no: number
  epoch_no: number
  segment_no: number
  from_seq: number
  to_seq: number
  hash: Uint8Array
}
export interface ArchiveMarkTable {
  store_no: number
  epoch_no: number
  generation: Uint8Array
  seq: number
  hash: Uint8Array | null
  signature: string | null
  waits_for: 'hole' | 'personal' | 'damaged' | null
  look_at: number
}
export interface ArchiveWaitTable {
  identity: Uint8Array
  store_no: number
  epoch_no: number
  seq: number
}
export interface ArchiveLostTable {
  epoch: Uint8Array
  from_seq: number
  to_seq: number
  by_store_no: number
  by_epoch_no: number
  by_seq: number
}
export interface ArchiveStateTable {
  name: 'domain' | 'replayed' | 'erased'
  value: string
  at: number
}
export interface JournalDayTable {
  day: string
  hash: Uint8Array
  /** canonical JSON `DayRoot` */
  record: string
  signature: string
  signed_at: number
}
export interface JournalReceivedTable {
  store_no: number
  epoch_no: number
  from_seq: number
  to_seq: number
  day: string
  /** canonical JSON `ReceivedRecord` */
  record: string
  signature: string
  leaf: number
  path: Uint8Array
}
export interface JournalAccountedTable {
  store_no: number
  epoch_no: number
  seq: number
  /** JSON `[fromSeq, toSeq][]` */
  gaps: string
}
export interface JournalWatchTable {
  store_no: number
  epoch_no: number
  seq: number
  hash: Uint8Array
  /** JSON `Totals` */
  totals: string | null
  checked_at: number
}
export interface JournalPeriodTable {
  store_no: number
  epoch_no: number
  from_seq: number
  to_seq: number
  is_closed: number
  /** JSON {ledger: {figure: number}} */
  fold: string
  folded_at: number
  checked_at: number
}
export interface InvariantRunTable {
  no: number
  started_at: number
  finished_at: number
  entries: number
  /** JSON [{invariant, checked, broken}] */
  results: string
  /** JSON `Breach[]` */
  breaches: string
}
declare module '../../db/database.ts' {
  interface Schema {
    archive_segment: ArchiveSegmentTable
    archive_manifest: ArchiveManifestTable
    archive_mark: ArchiveMarkTable
    archive_wait: ArchiveWaitTable
    archive_lost: ArchiveLostTable
    archive_state: ArchiveStateTable
    journal_generation: JournalGenerationTable
    journal_epoch: JournalEpochTable
    journal_head: JournalHeadTable
    journal_entry: JournalEntryTable
    entry_identity: EntryIdentityTable
    journal_cart: JournalCartTable
    journal_number: JournalNumberTable
    journal_fork: JournalForkTable
    journal_quarantine: JournalQuarantineTable
    personal_data: PersonalDataTable
    journal_effect: JournalEffectTable
    journal_checkpoint: JournalCheckpointTable
    hop_mark: HopMarkTable
    hop_fact: HopFactTable
    incident: IncidentTable
    discrepancy: DiscrepancyTable
    own_journal: OwnJournalTable
    journal_hole_lost: JournalHoleLostTable
    journal_handover: JournalHandoverTable
    journal_number_lost: JournalNumberLostTable
    journal_number_bearer: JournalNumberBearerTable
    incident_closed: IncidentClosedTable
    discrepancy_closed: DiscrepancyClosedTable
    journal_day: JournalDayTable
    journal_received: JournalReceivedTable
    journal_accounted: JournalAccountedTable
    journal_watch: JournalWatchTable
    journal_period: JournalPeriodTable
    invariant_run: InvariantRunTable
  }
}
