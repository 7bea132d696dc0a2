import type { Role } from '@nexus/contract'

export type StaffTable = {
  id: string
  login: string
  name: string
  role: Role
  all_stores: number
  active: number
  language: string
  password_hash: string | null
  pin_salt: Uint8Array | null
  pin_iterations: number | null
  pin_sealed: Uint8Array | null
  pin_hash: string | null
  last_sign_in_at: number | null
}
export type StaffStoreTable = { staff_id: string; store_id: string }
export type SessionTable = {
  id_hash: Uint8Array
  staff_id: string
  created_at: number
  expires_at: number
}

declare module '../../db/database.ts' {
  interface Schema {
    staff: StaffTable
    staff_store: StaffStoreTable
    session: SessionTable
  }
}
