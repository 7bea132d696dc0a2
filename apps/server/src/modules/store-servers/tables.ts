export type StoreServerTable = {
  id: string
  store_id: string
  public_key: string
  code_hash: Uint8Array
  joined_at: number
  revoked_at: number | null
  address: string | null
  last_seen_at: number | null
  app: string | null
  queued_entries: number | null
  queued_since: number | null
}
export type StoreServerCodeTable = {
  code_hash: Uint8Array
  store_id: string
  created_at: number
  created_by: string | null
  expires_at: number
  ended_at: number | null
  used_at: number | null
}

declare module '../../db/database.ts' {
  interface Schema {
    store_server: StoreServerTable
    store_server_code: StoreServerCodeTable
  }
}
