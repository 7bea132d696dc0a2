import type { I18n } from '@lingui/core'
import {
  formatRupees,
  gtinCheckDigit,
  isGtin,
  isHsn,
  isMangledBarcode,
  normaliseGtin,
  parseAmount,
  productOfInternalCode,
} from '@nexus/domain'
import { amountMinor, type BatchValues, type ProductValues } from './product-values.ts'

/** Faults of the form by field; empty when it may be sent. The server checks again, and more. */
export function productFaults(i18n: I18n, values: ProductValues): Record<string, string> {
  const faults: Record<string, string> = {}
  const required = i18n._('form.required', {}, { message: 'Fill this in.' })
  if (values.nameEn.trim() === '') faults.nameEn = required
  if (values.sku.trim() === '') faults.sku = required
  else if (!/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(values.sku.trim())) {
    faults.sku = i18n._(
      'product.sku-fault',
      {},
      {
        message: 'Letters, digits and . _ / - only, beginning with a letter or digit.',
      },
    )
  }
  if (values.hsn.trim() !== '' && !isHsn(values.hsn.trim())) {
    faults.hsn = i18n._('product.hsn-fault', {}, { message: 'An HSN code has 4, 6 or 8 digits.' })
  }
  for (const [place, { text }] of values.barcodes.entries()) {
    const fault = barcodeFault(
      i18n,
      text,
      values.barcodes.slice(0, place).map((one) => one.text),
    )
    if (fault !== undefined) faults[`barcodes.${place}.text`] = fault
  }
  for (const [place, batch] of values.batches.entries()) {
    Object.assign(faults, batchFaults(i18n, batch, `batches.${place}`))
  }
  Object.assign(faults, priceFaults(i18n, values))
  return faults
}

/** What is wrong with a typed barcode; undefined when nothing is, or nothing is typed. */
export function barcodeFault(i18n: I18n, text: string, others: readonly string[]): string | undefined {
  if (text.trim() === '') return undefined
  const code = normaliseGtin(text)
  if (code !== undefined) {
    if (productOfInternalCode(code) !== undefined) {
      return i18n._(
        'barcode.internal',
        {},
        {
          message: 'This is an internal code; its product scans by it already. Take it out.',
        },
      )
    }
    if (others.some((other) => normaliseGtin(other) === code)) {
      return i18n._('barcode.twice', {}, { message: 'This barcode stands here already.' })
    }
    return undefined
  }
  if (isMangledBarcode(text)) {
    return i18n._(
      'barcode.mangled',
      {},
      {
        message: 'A spreadsheet has shortened this barcode, and its last digits are lost. Scan the pack.',
      },
    )
  }
  const digits = text.replace(/[\s-]/g, '')
  if (/^(?:[0-9]{8}|[0-9]{12,14})$/.test(digits) && !isGtin(digits)) {
    return i18n._(
      'barcode.check-digit',
      { digit: gtinCheckDigit(digits.slice(0, -1)) },
      {
        message: 'The last digit should be {digit}, so a digit is wrong. Compare it with the pack.',
      },
    )
  }
  return i18n._('barcode.length', {}, { message: 'A barcode has 8, 12, 13 or 14 digits.' })
}

function batchFaults(i18n: I18n, batch: BatchValues, field: string): Record<string, string> {
  const faults: Record<string, string> = {}
  for (const name of ['mrp', 'revisedMrp'] as const) {
    if (batch[name].trim() === '') continue
    const fault = amountFault(i18n, batch[name])
    if (fault !== undefined) faults[`${field}.${name}`] = fault
    else if (amountMinor(batch[name]) === 0) {
      faults[`${field}.${name}`] = i18n._(
        'batch.mrp-zero',
        {},
        {
          message: 'An MRP is more than zero. Leave it empty for goods without one.',
        },
      )
    }
  }
  if ((batch.expiryKind === '') !== (batch.expiryMonth === '')) {
    const missing = batch.expiryKind === '' ? 'expiryKind' : 'expiryMonth'
    faults[`${field}.${missing}`] = i18n._(
      'batch.expiry-half',
      {},
      {
        message: 'A label says a kind and a month. Give both or none.',
      },
    )
  }
  return faults
}

function priceFaults(i18n: I18n, values: ProductValues): Record<string, string> {
  const faults: Record<string, string> = {}
  const ceiling = highestMrp(values.batches)
  const starts = new Set<string>()
  for (const [place, row] of values.prices.entries()) {
    const field = `prices.${place}`
    const fault = amountFault(i18n, row.price)
    const minor = amountMinor(row.price)
    if (fault !== undefined) faults[`${field}.price`] = fault
    else if (minor !== null && ceiling !== undefined && minor > ceiling) {
      faults[`${field}.price`] = i18n._(
        'price.above-mrp',
        { mrp: formatRupees(ceiling) },
        {
          message: 'Above the MRP of {mrp}, which the law forbids.',
        },
      )
    }
    if (row.listId === '')
      faults[`${field}.listId`] = i18n._('form.required', {}, { message: 'Fill this in.' })
    if (row.lastDay !== '' && row.lastDay < row.firstDay) {
      faults[`${field}.lastDay`] = i18n._('price.ends-before', {}, { message: 'It ends before it begins.' })
    }
    const start = `${row.listId} ${row.firstDay}`
    if (row.stored === null && starts.has(start)) {
      faults[`${field}.firstDay`] = i18n._(
        'price.twice',
        {},
        {
          message: 'Another price of this list begins on the same day.',
        },
      )
    }
    starts.add(start)
  }
  return faults
}

/** What is wrong with a typed amount. */
function amountFault(i18n: I18n, text: string): string | undefined {
  const read = parseAmount(text)
  if ('amountMinor' in read) return undefined
  switch (read.fault) {
    case 'empty':
      return i18n._('form.required', {}, { message: 'Fill this in.' })
    case 'negative':
      return i18n._('amount.negative', {}, { message: 'Without a sign: an amount here is not negative.' })
    case 'grouping':
      return i18n._('amount.grouping', {}, { message: 'The commas are in no usual place. Leave them out.' })
    case 'too-many-decimals':
      return i18n._('amount.decimals', {}, { message: 'Two decimals at most.' })
    case 'too-large':
      return i18n._(
        'amount.too-large',
        {},
        { message: 'Above a hundred crore rupees: look for a lost point.' },
      )
    case 'not-a-number':
      return i18n._('amount.not-a-number', {}, { message: 'Type it like 1299.50.' })
  }
}

/** The most that any batch may be sold for (PRC-3); undefined when some batch, or all goods, carry no MRP. */
function highestMrp(batches: readonly BatchValues[]): number | undefined {
  const ceilings = batches.map((batch) => {
    const amounts = [amountMinor(batch.mrp), amountMinor(batch.revisedMrp)].filter((minor) => minor !== null)
    return amounts.length === 0 ? undefined : Math.min(...amounts)
  })
  return ceilings.length === 0 || ceilings.includes(undefined)
    ? undefined
    : Math.max(...ceilings.filter((minor) => minor !== undefined))
}
