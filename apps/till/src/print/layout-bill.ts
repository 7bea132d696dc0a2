import type { I18n } from '@lingui/core'
import type { TillPlace } from '@nexus/contract'
import {
  amountInWords,
  documentTitleOf,
  formatAmount,
  formatDate,
  formatQuantity,
  formatRupees,
  localTime,
  stateName,
} from '@nexus/domain'
import type { BillDocument, DocumentLine, Tender } from '@nexus/sync'
import type { Bill } from '../journal/types.ts'
import type { Labelled, PrintLine, PrintModel } from './types.ts'

export type BillLayoutOptions = {
  /** Marks the copy (JRN-11). */
  duplicate: boolean
  /** Name of the cashier as printed. */
  cashier: string
  /** Name, address and State of the buyer, where the bill must bear them (rule 46 d to f); else empty. */
  buyer: readonly string[]
  /** Name of an offer for the bill; undefined where this device no longer knows it. */
  offerName(offerId: number): string | undefined
}

/** Union Territories without a legislature: their own half of the tax is called UTGST. */
const UTGST_STATES = new Set(['04', '26', '31', '35', '38'])

/**
 * Lays out a bill for screen, browser printing and ESC/POS alike, with everything that rule 46 of the
 * CGST Rules asks for. One model a document: an exchange has two. Figures are those of the entry, never
 * worked out again. `i18n` is active in the bill's language.
 */
export function layoutBill(
  bill: Bill,
  place: TillPlace,
  i18n: I18n,
  options: BillLayoutOptions,
): PrintModel[] {
  const { documents } = bill.body
  return documents.map((document, at) => {
    const isLast = at === documents.length - 1
    const table = taxTable(document, i18n)
    return {
      language: bill.body.language,
      duplicate: options.duplicate ? i18n._('bill.duplicate', {}, { message: 'DUPLICATE' }) : undefined,
      tradeName: place.company.tradeName,
      seller: sellerLines(place, i18n),
      title: titleOf(document, i18n),
      number: document.number,
      facts: factsOf(bill, document, place, i18n, options),
      lines: document.lines.map((line) => lineOf(line, document, i18n, options)),
      sums: sumsOf(document, i18n, options),
      total: {
        label: i18n._('bill.total', {}, { message: 'Total' }),
        value: formatRupees(document.totalMinor),
      },
      amountInWords: amountInWords(document.totalMinor, i18n.locale === 'hi' ? 'hi' : 'en'),
      taxHeadings: table.headings,
      taxRows: table.rows,
      // An exchange is paid once: its money stands under its last document.
      tenders: isLast ? [...differenceOf(documents, i18n), ...tendersOf(bill, i18n)] : [],
      footer: isLast ? footerOf(bill, document, place, i18n) : [],
      qr: document.signedQr ?? document.number,
    }
  })
}

function titleOf(document: BillDocument, i18n: I18n): string {
  switch (document.kind) {
    case 'C':
      return i18n._('bill.title.credit-note', {}, { message: 'Credit Note' })
    case 'R':
      return i18n._('bill.title.refund', {}, { message: 'Refund Receipt' })
    case 'P':
      return i18n._('bill.title.provisional', {}, { message: 'Provisional Slip, not an invoice' })
    case 'G':
      return i18n._('bill.title.gift-card', {}, { message: 'Gift Card Receipt' })
  }
  switch (documentTitleOf(document.lines)) {
    case 'tax-invoice':
      return i18n._('bill.title.tax-invoice', {}, { message: 'Tax Invoice' })
    case 'invoice-cum-bill-of-supply':
      return i18n._('bill.title.mixed', {}, { message: 'Invoice-cum-Bill of Supply' })
    case 'bill-of-supply':
      return i18n._('bill.title.bill-of-supply', {}, { message: 'Bill of Supply' })
  }
}

function sellerLines({ company, store }: TillPlace, i18n: I18n): string[] {
  return [
    company.legalName,
    store.name,
    store.address,
    `${store.city} ${store.pin}, ${stateOf(store.state)}`,
    store.phone && i18n._('bill.phone', { phone: store.phone }, { message: 'Phone {phone}' }),
    i18n._('bill.gstin', { gstin: store.gstin }, { message: 'GSTIN {gstin}' }),
  ].filter((line) => line !== '')
}

/** Name and code, as rule 46 asks for a State. */
function stateOf(code: string): string {
  return `${stateName(code) ?? ''} (${code})`.trim()
}

function factsOf(
  bill: Bill,
  document: BillDocument,
  place: TillPlace,
  i18n: I18n,
  options: BillLayoutOptions,
): Labelled[] {
  const { pricing, of: original, buyerGstin } = document
  const facts: Labelled[] = [
    { label: i18n._('bill.number', {}, { message: 'Number' }), value: document.number },
    {
      label: i18n._('bill.date', {}, { message: 'Date' }),
      value: `${formatDate(document.issueDate)} ${localTime(bill.at)}`,
    },
  ]
  if (original) {
    facts.push({
      label: goesBack(document)
        ? i18n._('bill.original', {}, { message: 'Original' })
        : i18n._('bill.exchange-for', {}, { message: 'Exchange for goods of' }),
      value: `${original.number}, ${formatDate(original.issueDate)}`,
    })
  }
  options.buyer.forEach((value, at) => {
    facts.push({ label: at === 0 ? i18n._('bill.buyer', {}, { message: 'Buyer' }) : '', value })
  })
  if (buyerGstin) {
    facts.push({ label: i18n._('bill.buyer-gstin', {}, { message: "Buyer's GSTIN" }), value: buyerGstin })
  }
  if (pricing.placeOfSupply !== pricing.storeState) {
    facts.push({
      label: i18n._('bill.place-of-supply', {}, { message: 'Place of supply' }),
      value: stateOf(pricing.placeOfSupply),
    })
  }
  if (document.irn) facts.push({ label: 'IRN', value: document.irn })
  facts.push(
    {
      label: i18n._('bill.reverse-charge', {}, { message: 'Tax payable on reverse charge' }),
      value: i18n._('bill.no', {}, { message: 'No' }),
    },
    {
      label: i18n._('bill.cashier', {}, { message: 'Cashier' }),
      value: i18n._(
        'bill.cashier-at',
        { cashier: options.cashier, register: place.register.name },
        { message: '{cashier}, {register}' },
      ),
    },
  )
  return facts
}

function lineOf(
  line: DocumentLine,
  document: BillDocument,
  i18n: I18n,
  options: BillLayoutOptions,
): PrintLine {
  const mrpMinor = line.mrpMinor
  const discounts = discountsOf([line], i18n, options)
  const [only] = discounts
  const details = [
    line.giftOf === undefined ? '' : i18n._('bill.gift', {}, { message: 'Gift' }),
    line.hsn && i18n._('bill.hsn', { hsn: line.hsn }, { message: 'HSN {hsn}' }),
    document.kind === 'B' ? '' : rateName(line, i18n),
    mrpMinor === null ? '' : i18n._('bill.mrp', { mrp: formatAmount(mrpMinor) }, { message: 'MRP {mrp}' }),
  ]
  return {
    name: line.name,
    details: details.filter((detail) => detail !== '').join(' · '),
    quantity: `${formatQuantity(line.quantityMilli)} ${line.uqc} × ${formatAmount(line.unitMinor)}`,
    amount: formatAmount(line.grossMinor),
    discount:
      line.discountMinor === 0
        ? undefined
        : {
            // Several share a row here; what each took off stands in the sums.
            label:
              discounts.length === 1 && only !== undefined
                ? only.label
                : i18n._('bill.line-discount', {}, { message: 'Discount' }),
            value: formatAmount(-line.discountMinor),
          },
  }
}

/**
 * What took something off some lines, in the order in which it was reckoned: offers by their names, coupons
 * by their codes, people, points, and the ceiling of the MRP. Adds up to the discount of the lines; what no
 * name is known of goes together.
 */
function discountsOf(
  lines: readonly DocumentLine[],
  i18n: I18n,
  { offerName }: BillLayoutOptions,
): { label: string; amountMinor: number }[] {
  const taken = new Map<string, number>()
  const add = (label: string, amountMinor: number) => {
    if (amountMinor > 0) taken.set(label, (taken.get(label) ?? 0) + amountMinor)
  }
  const plain = i18n._('bill.discount', {}, { message: 'Discount' })
  for (const { offers } of lines) {
    for (const { id, amountMinor, code } of offers) {
      if (code === undefined) add(offerName(id) ?? plain, amountMinor)
    }
  }
  for (const { offers } of lines) {
    for (const { amountMinor, code } of offers) {
      if (code !== undefined)
        add(i18n._('reduction.coupon', { code }, { message: 'Coupon {code}' }), amountMinor)
    }
  }
  for (const { offers, discountMinor, manualMinor = 0, pointsMinor = 0 } of lines) {
    add(i18n._('bill.by-hand', {}, { message: 'Special discount' }), manualMinor)
    add(i18n._('reduction.points', {}, { message: 'Points' }), pointsMinor)
    const offersMinor = offers.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
    const restMinor = discountMinor - offersMinor - manualMinor - pointsMinor
    add(i18n._('bill.ceiling', {}, { message: 'Held at the MRP' }), restMinor)
  }
  return [...taken].map(([label, amountMinor]) => ({ label, amountMinor }))
}

function rateName(
  { taxKind, rateBp }: { taxKind: DocumentLine['taxKind']; rateBp: number },
  i18n: I18n,
): string {
  switch (taxKind) {
    case 'taxable':
      return i18n._('bill.rate', { rate: percent(rateBp) }, { message: 'GST {rate}' })
    case 'nil':
      return i18n._('bill.nil', {}, { message: 'Nil rated' })
    case 'exempt':
      return i18n._('bill.exempt', {}, { message: 'Exempt' })
    case 'non-gst':
      return i18n._('bill.non-gst', {}, { message: 'Non-GST' })
  }
}

/** Basis points as a percentage without needless zeros: 1800 is 18%, 25 is 0.25%. */
function percent(rateBp: number): string {
  return `${rateBp / 100}%`
}

/** Names of the two halves of the tax within a State. */
function halves(document: BillDocument, i18n: I18n): [string, string] {
  const own = UTGST_STATES.has(document.pricing.placeOfSupply)
    ? i18n._('bill.utgst', {}, { message: 'UTGST' })
    : i18n._('bill.sgst', {}, { message: 'SGST' })
  return [i18n._('bill.cgst', {}, { message: 'CGST' }), own]
}

function isInterState({ pricing, igstMinor }: BillDocument): boolean {
  // A supply to a SEZ pays IGST within its State too.
  return pricing.placeOfSupply !== pricing.storeState || igstMinor > 0
}

function taxTable(document: BillDocument, i18n: I18n): { headings: string[]; rows: string[][] } {
  if (document.kind === 'B' || document.taxes.length === 0) return { headings: [], rows: [] }
  const heads = isInterState(document)
    ? [i18n._('bill.igst', {}, { message: 'IGST' })]
    : halves(document, i18n)
  return {
    headings: [
      i18n._('bill.rate-heading', {}, { message: 'Rate' }),
      i18n._('bill.taxable', {}, { message: 'Taxable value' }),
      ...heads,
    ],
    rows: document.taxes.map((row) => {
      const amountMinor = isInterState(document) ? row.igstMinor : row.cgstMinor
      const cell =
        row.taxKind === 'taxable' ? `${percent(row.rateBp / heads.length)} ${formatAmount(amountMinor)}` : '–'
      return [
        row.taxKind === 'taxable' ? percent(row.rateBp) : rateName(row, i18n),
        formatAmount(row.taxableMinor),
        ...heads.map(() => cell),
      ]
    }),
  }
}

function sumsOf(document: BillDocument, i18n: I18n, options: BillLayoutOptions): Labelled[] {
  const sums: Labelled[] = [
    {
      label: i18n._(
        'bill.gross',
        { items: document.lines.length },
        { message: '{items, plural, one {# line} other {# lines}}' },
      ),
      value: formatAmount(document.grossMinor),
    },
  ]
  const add = (label: string, amountMinor: number) => {
    if (amountMinor !== 0) sums.push({ label, value: formatAmount(amountMinor) })
  }
  for (const { label, amountMinor } of discountsOf(document.lines, i18n, options)) add(label, -amountMinor)
  if (document.kind !== 'B') {
    add(i18n._('bill.taxable', {}, { message: 'Taxable value' }), document.taxableMinor)
    const [central, own] = halves(document, i18n)
    add(central, document.cgstMinor)
    add(own, document.cgstMinor)
    add(i18n._('bill.igst', {}, { message: 'IGST' }), document.igstMinor)
  }
  add(i18n._('bill.round-off', {}, { message: 'Round-off' }), document.roundOffMinor + document.rupeeMinor)
  return sums
}

/** The documents of an exchange and the one difference between them (RET-1a); empty for a single document. */
function differenceOf(documents: readonly BillDocument[], i18n: I18n): Labelled[] {
  if (documents.length === 1) return []
  let dueMinor = 0
  const rows = documents.map((document) => {
    const amountMinor = goesBack(document) ? -document.totalMinor : document.totalMinor
    dueMinor += amountMinor
    return { label: document.number, value: formatAmount(amountMinor) }
  })
  const label =
    dueMinor < 0
      ? i18n._('bill.to-give-back', {}, { message: 'Difference, to give back' })
      : i18n._('bill.to-pay', {}, { message: 'Difference, to pay' })
  return [...rows, { label, value: formatRupees(Math.abs(dueMinor)) }]
}

/** Credit notes and refunds: their amounts go to the customer. */
function goesBack({ kind }: BillDocument): boolean {
  return kind === 'C' || kind === 'R'
}

function tendersOf({ body }: Bill, i18n: I18n): Labelled[] {
  const tenders = body.tenders.map((tender) => ({
    label: tenderName(tender, i18n) + (tender.reference ? ` ${tender.reference}` : ''),
    // Cash is shown as handed over, so that the change below makes sense.
    value: formatAmount(
      tender.direction === 'out' ? -tender.amountMinor : (tender.handedMinor ?? tender.amountMinor),
    ),
  }))
  if (body.changeMinor === 0) return tenders
  const change = {
    label: i18n._('bill.change', {}, { message: 'Change' }),
    value: formatAmount(body.changeMinor),
  }
  return [...tenders, change]
}

function tenderName({ kind }: Tender, i18n: I18n): string {
  switch (kind) {
    case 'cash':
      return i18n._('tender.cash', {}, { message: 'Cash' })
    case 'upi':
      return i18n._('tender.upi', {}, { message: 'UPI' })
    case 'card':
      return i18n._('tender.card', {}, { message: 'Card' })
    case 'gift-card':
      return i18n._('tender.gift-card', {}, { message: 'Gift card' })
    case 'credit-note':
      return i18n._('tender.credit-note', {}, { message: 'Credit note' })
    case 'points':
      return i18n._('tender.points', {}, { message: 'Points' })
    case 'voucher':
      return i18n._('tender.voucher', {}, { message: 'Voucher' })
  }
}

function footerOf(bill: Bill, document: BillDocument, { company }: TillPlace, i18n: I18n): string[] {
  const savedMinor = document.mrpTotalMinor - document.totalMinor
  const saved =
    savedMinor > 0 && (document.kind === 'I' || document.kind === 'B')
      ? i18n._(
          'bill.saved',
          { amount: formatRupees(savedMinor) },
          { message: 'You saved {amount} on the MRP' },
        )
      : ''
  return [saved, company.billFooter, `${bill.seq} · ${bill.shortHash}`].filter((line) => line !== '')
}
