import type { ProblemCode, ProductBody } from '@nexus/contract'
import { gtinCheckDigit, isHsn, isMangledBarcode, normaliseGtin, productOfInternalCode } from '@nexus/domain'

/** Why a product cannot be stored as it is, and the way out: two sentences for people. */
export type ProductFault = { code: ProblemCode; field: string; reason: string; remedy: string }

/** What a product may refer to. */
export type Known = { taxClassIds: ReadonlySet<string>; priceListIds: ReadonlySet<number> }

/** Unit quantity codes of the GST portal. */
const unitCodes = new Set(
  'BAG BAL BDL BKL BOU BOX BTL BUN CAN CBM CCM CMS CTN DOZ DRM GGK GMS GRS GYD KGS KLR KME LTR MLT MTR MTS NA NOS OTH PAC PCS PRS QTL ROL SET SQF SQM SQY TBS TGM THD TON TUB UGS UNT YDS'.split(
    ' ',
  ),
)

/** Blanks as people mean them: none at the ends, one between words. Non-breaking ones count as blanks. */
export function tidyText(text: string): string {
  return /[^\S ]|^ | {2}| $/u.test(text) ? text.replace(/\s+/gu, ' ').trim() : text
}

/**
 * The same product in the form in which it is stored and compared: texts without stray blanks, names
 * and prices in order, barcodes as normal GTINs, each once. Codes that are no GTIN stay as they are,
 * for `faultsOf` to name.
 */
export function tidyProduct(body: ProductBody): ProductBody {
  const names = Object.entries(body.names).map(([language, name]) => [language, tidyText(String(name))])
  return {
    sku: body.sku.trim(),
    // as: `en` is among the entries, since it was among the members.
    names: Object.fromEntries(
      names
        .filter(([language, name]) => name !== '' || language === 'en')
        .sort(([one = ''], [other = '']) => (one < other ? -1 : 1)),
    ) as ProductBody['names'],
    brand: tidyText(body.brand),
    category: tidyText(body.category),
    hsn: body.hsn,
    uqc: body.uqc,
    taxClassId: body.taxClassId,
    active: body.active,
    barcodes: [...new Set(body.barcodes.map((code) => normaliseGtin(code) ?? code.trim()))],
    batches: body.batches
      .map((batch) => ({
        id: batch.id,
        batchNo: tidyText(batch.batchNo),
        mrpMinor: batch.mrpMinor,
        revisedMrpMinor: batch.revisedMrpMinor,
        expiryKind: batch.expiryKind,
        expiryMonth: batch.expiryMonth,
      }))
      // New batches have id 0 and come last, in the order given.
      .sort((one, other) => (one.id || Number.MAX_SAFE_INTEGER) - (other.id || Number.MAX_SAFE_INTEGER)),
    prices: body.prices
      .map((row) => ({ listId: row.listId, unitMinor: row.unitMinor, from: row.from, until: row.until }))
      .sort((one, other) => one.listId - other.listId || one.from - other.from),
  }
}

/**
 * Everything that is wrong with a tidy product, in the order of its fields; empty when it may be stored.
 * An unclassified product, or one without price, may: it never reaches a till (TAX-1b).
 *
 * @param at prices that ended before are history and not held against a new MRP
 */
export function faultsOf(
  product: ProductBody,
  before: (Pick<ProductBody, 'sku' | 'batches'> & { id: number }) | undefined,
  known: Known,
  at: number,
): ProductFault[] {
  const faults: ProductFault[] = []
  const fault: Report = (field, reason, remedy, code = 'request/invalid') =>
    faults.push({ code, field, reason, remedy })
  if (isGivenSku(product.sku) && product.sku !== before?.sku) {
    fault('sku', 'SKUs like P000123 are given by Nexus itself.', 'Choose another one.')
  }
  if (product.names.en === '') fault('names.en', 'The product has no English name.', 'Fill it in.')
  if (product.hsn !== '' && !isHsn(product.hsn)) {
    fault('hsn', 'An HSN code has 4, 6 or 8 digits.', 'Look for lost leading zeros.')
  }
  if (!unitCodes.has(product.uqc)) {
    fault(
      'uqc',
      `The GST portal has no unit code ${product.uqc}.`,
      'Use NOS for pieces, or BTL, GMS, MLT and so on.',
    )
  }
  if (product.taxClassId !== '' && !known.taxClassIds.has(product.taxClassId)) {
    const { reason, remedy } = unknownTaxClass(product.taxClassId, known)
    fault('taxClassId', reason, remedy, 'product/tax-class-unknown')
  }
  checkBarcodes(product, fault)
  checkBatches(product, before, fault)
  checkPrices(product, known, at, fault)
  return faults
}

type Report = (field: string, reason: string, remedy: string, code?: ProblemCode) => void

function checkBarcodes(product: ProductBody, fault: Report): void {
  for (const [index, text] of product.barcodes.entries()) {
    const read = readBarcode(text)
    if ('reason' in read) fault(`barcodes.${index}`, read.reason, read.remedy, 'product/barcode-invalid')
  }
}

function checkBatches(
  product: ProductBody,
  before: Pick<ProductBody, 'batches'> | undefined,
  fault: Report,
): void {
  const ids = new Set(before?.batches.map((batch) => batch.id))
  for (const [index, batch] of product.batches.entries()) {
    const field = `batches.${index}`
    if (batch.id !== 0 && !ids.delete(batch.id)) {
      fault(`${field}.id`, 'This product has no such batch.', 'Use 0 for a new one.')
    }
    for (const name of ['mrpMinor', 'revisedMrpMinor'] as const) {
      const amount = batch[name]
      if (amount !== null && !(amount > 0 && amount <= amountMax)) {
        fault(`${field}.${name}`, 'An MRP is more than zero.', 'Leave it empty for goods without MRP.')
      }
    }
    if ((batch.expiryKind === null) !== (batch.expiryMonth === null)) {
      fault(
        `${field}.expiryMonth`,
        'A label says a kind (use before, or expiry) and a month.',
        'Give both or none.',
      )
    }
  }
}

/** A hundred crore rupees: more is a slip of the finger. */
const amountMax = 100_000_000_000

function checkPrices(product: ProductBody, known: Known, at: number, fault: Report): void {
  const ceiling = highestCeiling(product.batches)
  const starts = new Set<string>()
  for (const [index, row] of product.prices.entries()) {
    const field = `prices.${index}`
    if (!known.priceListIds.has(row.listId)) {
      fault(`${field}.listId`, `There is no price list ${row.listId}.`, "Choose one of the chain's lists.")
    }
    if (!(row.unitMinor >= 0 && row.unitMinor <= amountMax)) {
      fault(`${field}.unitMinor`, 'A price is zero or more.', 'Correct it.')
    }
    if (row.until !== null && row.until <= row.from) {
      fault(`${field}.until`, 'A price ends after it begins.', 'Correct the dates.')
    }
    if (starts.has(`${row.listId} ${row.from}`)) {
      fault(`${field}.from`, 'Two prices of one list begin at the same time.', 'Take one out.')
    }
    starts.add(`${row.listId} ${row.from}`)
    if (ceiling !== undefined && row.unitMinor > ceiling && (row.until === null || row.until > at)) {
      fault(
        `${field}.unitMinor`,
        'The price is above the MRP, which the law forbids.',
        'Lower the price, or correct the MRP of the batch.',
        'product/price-above-mrp',
      )
    }
  }
}

/**
 * The most that any batch may be sold for (PRC-3b): a dearer price is wrong for certain. Batches with a
 * lower MRP are capped at the till, line by line. undefined when some batch, or all goods, carry no MRP.
 */
export function highestCeiling(batches: ProductBody['batches']): number | undefined {
  let highest: number | undefined
  for (const { mrpMinor, revisedMrpMinor } of batches) {
    if (mrpMinor === null && revisedMrpMinor === null) return undefined
    const ceiling = Math.min(mrpMinor ?? Number.MAX_SAFE_INTEGER, revisedMrpMinor ?? Number.MAX_SAFE_INTEGER)
    if (highest === undefined || ceiling > highest) highest = ceiling
  }
  return highest
}

/** Reads a barcode as typed or exported: its normal form, or why not and what to do. */
export function readBarcode(text: string): { code: string } | { reason: string; remedy: string } {
  const code = normaliseGtin(text)
  if (code !== undefined) {
    if (productOfInternalCode(code) === undefined) return { code }
    return {
      reason: 'This is an internal code of Nexus; its product scans by it already.',
      remedy: 'Take it out.',
    }
  }
  if (isMangledBarcode(text)) {
    return {
      reason: 'A spreadsheet turned this barcode into a number, and its last digits are lost.',
      remedy: 'Format the column as text in the source and export again, or scan the pack.',
    }
  }
  const digits = text.replace(/[\s-]/g, '')
  if (/^(?:[0-9]{8}|[0-9]{12,14})$/.test(digits)) {
    return {
      reason: `The last digit should be ${gtinCheckDigit(digits.slice(0, -1))}, so a digit of this barcode is wrong.`,
      remedy: 'Compare it with the pack, or scan it.',
    }
  }
  return {
    reason: 'This is not a GTIN: those have 8, 12, 13 or 14 digits.',
    remedy: 'Look for lost leading zeros, or leave it empty: the product then gets an internal code.',
  }
}

/** SKU of a product that came without one. Permanent, since ids are. */
export function givenSku(productId: number): string {
  return `P${String(productId).padStart(6, '0')}`
}

function isGivenSku(sku: string): boolean {
  return /^P[0-9]{6,}$/i.test(sku)
}

function unknownTaxClass(taxClassId: string, known: Known): { reason: string; remedy: string } {
  const ids = [...known.taxClassIds].sort()
  return {
    reason: `There is no tax class ${taxClassId}.`,
    remedy: ids.length === 0 ? 'Make the tax classes first.' : `Use one of: ${ids.join(', ')}.`,
  }
}
