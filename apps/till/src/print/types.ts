/** A bill ready for paper or screen: texts in the bill's language, nothing left to decide. */
export type PrintModel = {
  language: string
  /** DUPLICATE mark, above everything, on every copy after the first. */
  duplicate: string | undefined
  tradeName: string
  /** Legal name, address, phone, GSTIN: one line each. */
  seller: readonly string[]
  /** Tax Invoice, Invoice-cum-bill of supply, Bill of Supply … */
  title: string
  number: string
  /** Number, date and time, cashier, register, buyer's GSTIN, place of supply, reverse charge. */
  facts: readonly { label: string; value: string }[]
  lines: readonly PrintLine[]
  /** Gross, discount, taxable, round-off, total …; the total is `strong`. */
  sums: readonly { label: string; value: string; strong: boolean }[]
  /** Rate table; headings and rows have the same number of cells. Empty on a bill of supply. */
  taxHeadings: readonly string[]
  taxRows: readonly (readonly string[])[]
  amountInWords: string
  tenders: readonly { label: string; value: string; reference: string | undefined }[]
  /** "You saved …", seq and short hash, footer of the company. */
  footer: readonly string[]
  /** Content of the QR or barcode at the end: the bill's number. */
  code: string
}

export type PrintLine = {
  name: string
  /** HSN, code, batch's MRP: small print under the name. */
  details: string
  /** `2 NOS × 399.00` */
  quantity: string
  /** Before discounts. */
  amount: string
  discount: { label: string; value: string } | undefined
}

/** Why a job did not end well. `out-of-paper` and `not-connected` people can mend. */
export type PrintFault = 'not-connected' | 'out-of-paper' | 'cover-open' | 'refused' | 'failed'
export type PrintOutcome = { outcome: 'printed' } | { outcome: 'fault'; fault: PrintFault }

/** A way to get paper. Repeating a job id prints again: who repeats marks the copy. */
export type Printer = {
  kind: 'browser' | 'usb' | 'serial'
  print(job: { id: string; models: readonly PrintModel[]; openDrawer: boolean }): Promise<PrintOutcome>
  /** Resolves false where this printer has no drawer to open. */
  openDrawer(): Promise<boolean>
  close(): Promise<void>
}
