export type OfferTable = {
  id: number
  definition: string
  state: 'draft' | 'published' | 'stopped' | 'removed'
  revision: number
  name: string
  from_at: number | null
  until_at: number | null
  changed_at: number
  changed_by: string | null
}
export type RulebookVersionTable = {
  version: number
  head_hash: Uint8Array
  checksum: string
  change_no: number
  products: number
  changes: number
  note: string
  by_name: string | null
  published_at: number
}
export type RulebookRowTable = {
  product_id: number
  from_version: number
  until_version: number
  json: string
}
export type RulebookChunkTable = {
  place: string
  chunk: number
  from_version: number
  hash: Uint8Array | null
  row_count: number
  byte_count: number
}
export type RulebookHeadTable = { hash: Uint8Array; json: string }
export type RulebookPartTable = { hash: Uint8Array; gzip: Uint8Array }
export type RulebookLeaseTable = { id: number; holder: string; until_at: number }

declare module '../../db/database.ts' {
  interface Schema {
    offer: OfferTable
    rulebook_version: RulebookVersionTable
    rulebook_row: RulebookRowTable
    rulebook_chunk: RulebookChunkTable
    rulebook_head: RulebookHeadTable
    rulebook_part: RulebookPartTable
    rulebook_lease: RulebookLeaseTable
  }
}
