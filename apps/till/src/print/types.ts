/** A document ready for paper or screen: texts in the bill's language, nothing left to decide. */
export type PrintModel = {
  language: string
  /** DUPLICATE mark, above everything, on every copy after the first (JRN-11). */
  duplicate: string | undefined
  tradeName: string
  /** Legal name, store, address, phone, GSTIN: one line each. */
  seller: readonly string[]
  /** Tax Invoice, Invoice-cum-Bill of Supply, Bill of Supply … */
  title: string
  number: string
  /** Number, date, buyer, place of supply, reverse charge, cashier … */
  facts: readonly Labelled[]
  lines: readonly PrintLine[]
  /** Items, gross, discount, taxable, tax heads, round-off. */
  sums: readonly Labelled[]
  total: Labelled
  amountInWords: string
  /** Headings and rows of the rate table, as many cells each; both empty on a bill of supply. */
  taxHeadings: readonly string[]
  taxRows: readonly (readonly string[])[]
  /** What was paid how, with references, and the change. */
  tenders: readonly Labelled[]
  /** Savings, journal place (JRN-18), the company's own words. */
  footer: readonly string[]
  /** Content of the QR at the end: the portal's signed one, else the document's number. */
  qr: string
}

export type Labelled = { label: string; value: string }

export type PrintLine = {
  name: string
  /** HSN, rate, MRP: small print under the name. */
  details: string
  /** `2 NOS × 399.00` */
  quantity: string
  /** Before discounts. */
  amount: string
  discount: Labelled | undefined
}

/** Why a job did not end well. The first three people can mend. */
export type PrintFault = 'not-connected' | 'out-of-paper' | 'cover-open' | 'failed'
export type PrintOutcome = { outcome: 'printed' } | { outcome: 'fault'; fault: PrintFault }

export type PrintJob = {
  /** UUID; the journal's `reprint` names it. */
  id: string
  models: readonly PrintModel[]
  /** Opens the drawer with the same job, where the printer drives one. */
  openDrawer: boolean
}

/** A way to get paper. Repeating a job prints again: who repeats it marks the copy. */
export type Printer = {
  kind: 'browser' | 'usb' | 'serial'
  print(job: PrintJob): Promise<PrintOutcome>
  /** false where this printer has no drawer to open. */
  openDrawer(): Promise<boolean>
  close(): Promise<void>
}
