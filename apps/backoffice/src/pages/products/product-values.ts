import type { UseFormReturnType } from '@mantine/form'
import type { Product, ProductBody } from '@nexus/contract'
import { addDays, formatPlain, localDate, parseAmount, startOfDate } from '@nexus/domain'

/** What the form holds: texts as typed. */
export type ProductValues = {
  sku: string
  nameEn: string
  nameHi: string
  brand: string
  category: string
  hsn: string
  uqc: string
  taxClassId: string
  active: boolean
  barcodes: { key: string; text: string }[]
  batches: BatchValues[]
  prices: PriceValues[]
}
/** The form itself, which every part of the page takes. */
export type ProductFormState = UseFormReturnType<ProductValues>
export type BatchValues = {
  key: string
  /** 0 until the server has numbered it. */
  id: number
  batchNo: string
  mrp: string
  revisedMrp: string
  expiryKind: '' | 'use-before' | 'expiry'
  expiryMonth: string
}
export type PriceValues = {
  key: string
  listId: string
  price: string
  /** First and last day; without a first one since ever, without a last one for ever. */
  firstDay: string
  lastDay: string
  /** Instants as stored: a price that began at noon goes on doing so until its day is changed. */
  stored: { from: number; until: number | null } | null
}

export const emptyProduct: ProductValues = {
  sku: '',
  nameEn: '',
  nameHi: '',
  brand: '',
  category: '',
  hsn: '',
  uqc: 'NOS',
  taxClassId: '',
  active: true,
  barcodes: [],
  batches: [],
  prices: [],
}

/** A stored product as the form shows it. */
export function valuesOf(product: Product): ProductValues {
  return {
    sku: product.sku,
    nameEn: product.names.en,
    nameHi: namesOf(product).hi ?? '',
    brand: product.brand,
    category: product.category,
    hsn: product.hsn,
    uqc: product.uqc,
    taxClassId: product.taxClassId,
    active: product.active,
    barcodes: product.barcodes.map((text) => ({ key: `stored-${text}`, text })),
    batches: product.batches.map((batch) => ({
      key: `stored-${batch.id}`,
      id: batch.id,
      batchNo: batch.batchNo,
      mrp: amountText(batch.mrpMinor),
      revisedMrp: amountText(batch.revisedMrpMinor),
      expiryKind: batch.expiryKind ?? '',
      expiryMonth: batch.expiryMonth ?? '',
    })),
    prices: product.prices.map((row) => ({
      key: `stored-${row.listId}-${row.from}`,
      listId: String(row.listId),
      price: amountText(row.unitMinor),
      firstDay: row.from === 0 ? '' : localDate(row.from),
      lastDay: row.until === null ? '' : lastDayOf(row.until),
      stored: { from: row.from, until: row.until },
    })),
  }
}

/**
 * The form's texts as the server takes them, rows in the server's order, so that its faults by place find
 * their rows. Call it on values without faults: an amount that cannot be read counts as none.
 *
 * @param before names in languages that the form does not show are kept from it
 */
export function bodyOf(values: ProductValues, before: Product | undefined): ProductBody {
  const { hi: _, en: __, ...others } = before ? namesOf(before) : {}
  const nameHi = values.nameHi.trim()
  return {
    sku: values.sku.trim(),
    names: { ...others, en: values.nameEn.trim(), ...(nameHi !== '' && { hi: nameHi }) },
    brand: values.brand.trim(),
    category: values.category.trim(),
    hsn: values.hsn.trim(),
    uqc: values.uqc,
    taxClassId: values.taxClassId,
    active: values.active,
    barcodes: values.barcodes.map(({ text }) => text.trim()).filter((text) => text !== ''),
    batches: values.batches.map((batch) => ({
      id: batch.id,
      batchNo: batch.batchNo.trim(),
      mrpMinor: amountMinor(batch.mrp),
      revisedMrpMinor: amountMinor(batch.revisedMrp),
      expiryKind: batch.expiryKind === '' ? null : batch.expiryKind,
      expiryMonth: batch.expiryMonth === '' ? null : batch.expiryMonth,
    })),
    prices: inServerOrder(values.prices).map(({ row }) => ({
      listId: Number(row.listId),
      unitMinor: amountMinor(row.price) ?? 0,
      from: fromOf(row),
      until: untilOf(row),
    })),
  }
}

/** Names by language; the contract's type shows English only. */
function namesOf(product: Product): Record<string, string | undefined> {
  return product.names
}

/** Names of the server's fields in the form: `prices.0.unitMinor` → `prices.2.price` where the rows were re-ordered. */
export function formField(field: string, values: ProductValues): string {
  const [list = '', place = '', member] = field.split('.')
  if (list === 'names') return place === 'hi' ? 'nameHi' : 'nameEn'
  if (list === 'barcodes') return `barcodes.${place}.text`
  if (list === 'batches') return `batches.${place}.${batchFields[member ?? ''] ?? 'batchNo'}`
  if (list === 'prices') {
    const row = inServerOrder(values.prices)[Number(place)]
    return `prices.${row?.place ?? place}.${priceFields[member ?? ''] ?? 'price'}`
  }
  return field
}

const batchFields: Record<string, keyof BatchValues> = {
  mrpMinor: 'mrp',
  revisedMrpMinor: 'revisedMrp',
  expiryKind: 'expiryKind',
  expiryMonth: 'expiryMonth',
}
const priceFields: Record<string, keyof PriceValues> = {
  listId: 'listId',
  unitMinor: 'price',
  from: 'firstDay',
  until: 'lastDay',
}

/** Prices by list and beginning, each with its place in the form. */
function inServerOrder(prices: readonly PriceValues[]): { row: PriceValues; place: number }[] {
  return prices
    .map((row, place) => ({ row, place }))
    .toSorted(
      (one, other) =>
        Number(one.row.listId) - Number(other.row.listId) || fromOf(one.row) - fromOf(other.row),
    )
}

function fromOf(row: PriceValues): number {
  if (row.firstDay === '') return 0
  if (row.stored && localDate(row.stored.from) === row.firstDay) return row.stored.from
  return startOfDate(row.firstDay)
}

function untilOf(row: PriceValues): number | null {
  if (row.lastDay === '') return null
  const stored = row.stored?.until ?? null
  if (stored !== null && lastDayOf(stored) === row.lastDay) return stored
  return startOfDate(addDays(row.lastDay, 1))
}

/** A price ends before `until`, so its last day is the one a moment earlier. */
function lastDayOf(until: number): string {
  return localDate(until - 1)
}

/** Rupees as typed, or nothing. */
export function amountText(minor: number | null): string {
  return minor === null ? '' : formatPlain(minor)
}

/** Paise of a typed amount; null for nothing and for what is no amount. */
export function amountMinor(text: string): number | null {
  const read = parseAmount(text)
  return 'amountMinor' in read ? read.amountMinor : null
}
