import type { DocumentLine } from '../entry/schema.ts'
import type { DocumentDraft, EntryContext, SaleDraft } from '../till/types.ts'

/** 22 November 2026, 10:00 in Kolkata. */
export const tenInTheMorning = 1_795_321_800_000

export const counterContext: EntryContext = {
  shift: '00000000-0000-7000-8000-00000000000a',
  tradingDay: '2026-11-22',
  rulebook: { version: 1, checksum: 'corner-shop' },
  staff: '00000000-0000-7000-8000-00000000000b',
}

/** A line of one product at 18%, taken out of an inclusive price as TAX-2 has it. */
export function soldLine(
  uid: string,
  product: number,
  quantityMilli: number,
  unitMinor: number,
): DocumentLine {
  const paidMinor = Math.round((unitMinor * quantityMilli) / 1000)
  const taxableMinor = Math.round((paidMinor * 10_000) / 11_800)
  const cgstMinor = Math.round((taxableMinor * 900) / 10_000)
  return {
    uid,
    product,
    batch: product * 10,
    code: `890000000${String(product).padStart(4, '0')}`,
    name: `Product ${product}`,
    hsn: '330499',
    uqc: 'NOS',
    quantityMilli,
    list: 1,
    unitMinor,
    mrpMinor: unitMinor,
    grossMinor: paidMinor,
    discountMinor: 0,
    paidMinor,
    taxKind: 'taxable',
    rateBp: 1800,
    taxableMinor,
    cgstMinor,
    igstMinor: 0,
    roundOffMinor: paidMinor - taxableMinor - 2 * cgstMinor,
    rupeeMinor: 0,
    offers: [],
  }
}

const sumOf = <K extends keyof DocumentLine>(lines: readonly DocumentLine[], member: K) =>
  lines.reduce((sum, line) => sum + Number(line[member]), 0)

/** A tax invoice of these lines. */
export function invoiceOf(lines: DocumentLine[], pricedAt = tenInTheMorning): DocumentDraft {
  const figures = {
    taxableMinor: sumOf(lines, 'taxableMinor'),
    cgstMinor: sumOf(lines, 'cgstMinor'),
    igstMinor: 0,
    roundOffMinor: sumOf(lines, 'roundOffMinor'),
  }
  return {
    kind: 'I',
    pricing: {
      pricedAt,
      region: 'south',
      storeState: '29',
      placeOfSupply: '29',
      tier: null,
      inclusive: true,
      rupeeRounding: false,
    },
    lines,
    taxes: [{ taxKind: 'taxable', rateBp: 1800, ...figures }],
    mrpTotalMinor: sumOf(lines, 'grossMinor'),
    grossMinor: sumOf(lines, 'grossMinor'),
    discountMinor: 0,
    ...figures,
    rupeeMinor: 0,
    totalMinor: sumOf(lines, 'paidMinor'),
    buyerGstin: null,
    of: null,
  }
}

/** A cash sale of one invoice, to complete. */
export function cashSale(cart: string, lines: DocumentLine[], pricedAt = tenInTheMorning): SaleDraft {
  const document = invoiceOf(lines, pricedAt)
  return {
    cart,
    context: counterContext,
    body: {
      documents: [document],
      tenders: [
        {
          kind: 'cash',
          direction: 'in',
          amountMinor: document.totalMinor,
          reference: null,
          attempt: null,
        },
      ],
      changeMinor: 0,
      recalledFrom: null,
      root: cart,
      language: 'en',
    },
  }
}
