export type OfferReplayTable = {
  id: string
  offer_id: number
  revision: number
  definition: string
  from_day: string
  until_day: string
  store_ids: string | null
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  bills_done: number
  bills_total: number
  created_at: number
  by_name: string | null
  finished_at: number | null
  message: string | null
  result: string | null
}

declare module '../../../db/database.ts' {
  interface Schema {
    offer_replay: OfferReplayTable
  }
}
