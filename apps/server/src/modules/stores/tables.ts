export type CompanyTable = {
  id: string
  legal_name: string
  trade_name: string
  pan: string
  rupee_rounding: number
  upi_id: string | null
  bill_footer: string
}
export type StoreTable = {
  id: string
  no: number
  code: string
  name: string
  gstin: string
  state: string
  region_id: string
  address: string
  city: string
  pin: string
  phone: string
  language: string
  cut_over: string
  active: number
}
export type RegisterTable = {
  id: string
  no: number
  store_id: string
  number: number
  name: string
  active: number
}
export type RegisterStatusTable = {
  register_id: string
  last_seen_at: number | null
  app: string | null
  clock_skew_ms: number | null
  queued_entries: number | null
  queued_minor: number | null
  persisted: number | null
  rulebook_version: number | null
  queued_sales: number | null
  queued_oldest_at: number | null
  told_epoch: string | null
  told_seq: number | null
  told_hash: string | null
}
export type RegisterContactTable = {
  register_id: string
  from_at: number
  until_at: number
  app: string
  entries_max: number
  minor_max: number
}
export type EnrolmentCodeTable = {
  code_hash: Uint8Array
  register_id: string
  created_at: number
  created_by: string | null
  expires_at: number
  ended_at: number | null
  used_at: number | null
  epoch_id: string | null
}
export type SeriesCodeTable = { code: string; register_id: string | null; given_at: number }
export type RegisterEpochTable = {
  id: string
  register_id: string
  kind: 'device' | 'spare'
  state: 'issued' | 'active' | 'revoked'
  series_code: string
  public_key: string
  key_id: string
  certificate: string
  certificate_signature: string
  proved_by: string
  issued_at: number
  opened_at: number | null
  revoked_at: number | null
  retired_at: number | null
  persisted: number | null
  quota_bytes: number | null
  verifier_key_sealed: Uint8Array
}

declare module '../../db/database.ts' {
  interface Schema {
    company: CompanyTable
    store: StoreTable
    register: RegisterTable
    register_status: RegisterStatusTable
    register_contact: RegisterContactTable
    enrolment_code: EnrolmentCodeTable
    series_code: SeriesCodeTable
    register_epoch: RegisterEpochTable
  }
}
