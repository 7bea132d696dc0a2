/** Why a cart could not be priced. */
export type PricingRefusalCode =
  | 'product/unknown'
  | 'product/unclassified'
  | 'product/no-price'
  | 'batch/unknown'
  | 'quantity/not-positive'
  | 'quantity/fractional'
  | 'quantity/too-large'
  | 'line/uid-repeated'
  | 'line/mixed-inclusive'

/** Thrown by `price`: the line `uid` cannot be sold as it stands. The cart is unchanged. */
export class PricingRefusal extends Error {
  readonly code: PricingRefusalCode
  readonly uid: string
  readonly productId: number

  constructor(code: PricingRefusalCode, uid: string, productId: number) {
    super(`${code} (line ${uid}, product ${productId})`)
    this.name = 'PricingRefusal'
    this.code = code
    this.uid = uid
    this.productId = productId
  }
}
