/** Why goods could not be taken back as asked. */
export type ReturnRefusalCode =
  | 'return/nothing-picked'
  | 'return/not-a-sale'
  | 'return/line-unknown'
  | 'return/quantity-not-positive'
  | 'return/quantity-fractional'
  | 'return/more-than-sold'
  | 'return/uid-repeated'
  | 'return/value-not-whole'

/** Thrown where a return does not fit its bill; nothing was changed. */
export class ReturnRefusal extends Error {
  readonly code: ReturnRefusalCode
  /** The pick at fault; undefined where it is the return as a whole. */
  readonly uid: string | undefined
  /** What may still be returned of its line, with `return/more-than-sold`. */
  readonly leftMilli: number | undefined

  constructor(code: ReturnRefusalCode, uid?: string, leftMilli?: number) {
    super(uid === undefined ? code : `${code} (line ${uid})`)
    this.name = 'ReturnRefusal'
    this.code = code
    this.uid = uid
    this.leftMilli = leftMilli
  }
}
