export type OfferTakeUpTable = {
  store_no: number
  offer_id: number
  day: string
  bills: number
  applications: number
  given_minor: number
}

declare module '../../../db/database.ts' {
  interface Schema {
    offer_take_up: OfferTakeUpTable
  }
}
