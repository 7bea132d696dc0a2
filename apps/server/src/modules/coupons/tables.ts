export type CouponBatchTable = {
  id: string
  offer_id: number
  name: string
  prefix: string
  length: number
  wanted: number
  made: number
  expires_at: number | null
  void_at: number | null
  created_at: number
  created_by: string | null
}
export type CouponCodeTable = {
  code: string
  batch_id: string
  offer_id: number
  void_at: number | null
  reserved_by: string | null
  reserved_until: number | null
}
export type CouponUseTable = { code: string; uses: number }
export type CouponRedemptionTable = {
  code: string
  store_no: number
  epoch_no: number
  seq: number
  document: number
  identity: Uint8Array
  number: string
  at: number
  amount_minor: number
}

declare module '../../db/database.ts' {
  interface Schema {
    coupon_batch: CouponBatchTable
    coupon_code: CouponCodeTable
    coupon_use: CouponUseTable
    coupon_redemption: CouponRedemptionTable
  }
}
