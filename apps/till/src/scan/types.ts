/** A burst of keys that ended in Enter faster than people type. */
export type Scan = {
  /** As the scanner sent it; `\u001d` for FNC1. */
  text: string
  /** What stood in the focused field before the burst, e.g. `3*`; the field was put back to it. */
  before: string
}

/** What the search box or a scan says. */
export type Entered = {
  /** From `3*`; 1 without a prefix. Thousandths. */
  quantityMilli: number
  /** A prefix was given. */
  quantityGiven: boolean
  /** The rest, trimmed. */
  text: string
}

/** A code as the catalogue is asked for it. */
export type ReadCode = {
  /** GTIN in its normal form, or the text as scanned. */
  code: string
  /** Digits with a wrong check digit: a broken label rather than an unknown product. */
  damaged: boolean
  batchNo?: string
  /** `YYYY-MM-DD`. */
  expiryDate?: string
  serial?: string
}

export type CameraScan = { stop(): void }
export type Sound = 'good' | 'bad' | 'done'
