export interface OutboxTable {
  id: Uint8Array
  topic: string
  stream: string
  stream_seq: number
  payload: string
  created_at: number
  published_at: number | null
}
export interface OutboxParkedTable {
  stream: string
  tries: number
  not_before_at: number
  reason: string
}
export interface InboxTable {
  consumer: string
  event_id: Uint8Array
  handled_at: number
}
declare module '../db/database.ts' {
  interface Schema {
    outbox: OutboxTable
    outbox_parked: OutboxParkedTable
    inbox: InboxTable
  }
}
