import type { I18n } from '@lingui/core'
import type { AuditRow } from '@nexus/contract'
import { formatDateTime, formatRupees } from '@nexus/domain'
import { phraseOf } from '../../phrases/coded-words.ts'
import { percent } from '../../phrases/figures.ts'
import { changesBetween } from './audit-changes.ts'

/** Which members an edit changed, in a few words. */
export function changeSummary(i18n: I18n, row: Pick<AuditRow, 'before' | 'after'>): string {
  if (row.before === null) return i18n._('audit.made', {}, { message: 'Made' })
  const members = changesBetween(row.before, row.after).map(({ path }) => memberName(i18n, path.slice(0, 1)))
  if (members.length === 0) return i18n._('audit.same', {}, { message: 'Saved without a change.' })
  return [...new Set(members)].join(', ')
}

/** Name of a changed member: `Prices › unit`. Members without a word of their own read as their names. */
export function memberName(i18n: I18n, path: readonly string[]): string {
  return path.map((name) => partName(i18n, name)).join(' › ')
}

function partName(i18n: I18n, name: string): string {
  switch (name) {
    case 'names':
      return i18n._('member.names', {}, { message: 'Names' })
    case 'en':
      return i18n._('member.en', {}, { message: 'English' })
    case 'hi':
      return i18n._('member.hi', {}, { message: 'Hindi' })
    case 'brand':
      return i18n._('product.brand', {}, { message: 'Brand' })
    case 'category':
      return i18n._('product.category', {}, { message: 'Category' })
    case 'taxClassId':
      return i18n._('product.tax-class', {}, { message: 'Tax class' })
    case 'barcodes':
      return i18n._('product.barcodes', {}, { message: 'Barcodes' })
    case 'batches':
      return i18n._('product.batches', {}, { message: 'Batches' })
    case 'prices':
      return i18n._('product.prices', {}, { message: 'Prices' })
    case 'unitMinor':
      return i18n._('product.price', {}, { message: 'Price' })
    case 'mrpMinor':
      return i18n._('product.mrp', {}, { message: 'MRP' })
    case 'active':
      return i18n._('member.active', {}, { message: 'Active' })
    case 'name':
      return i18n._('product.name', {}, { message: 'Name' })
    case 'role':
      return i18n._('staff.role', {}, { message: 'Role' })
    case 'storeIds':
      return i18n._('staff.stores', {}, { message: 'Stores' })
    case 'batch':
      return i18n._('coupons.batch', {}, { message: 'Batch' })
    case 'count':
      return i18n._('coupons.count', {}, { message: 'How many codes' })
    case 'void':
      return i18n._('coupon.void', {}, { message: 'Void' })
    case 'exported':
      return i18n._('member.exported', {}, { message: 'Taken as a file' })
    case 'expiresAt':
      return i18n._('member.expires', {}, { message: 'Expires' })
    case 'hsn':
    case 'uqc':
    case 'sku':
    case 'pan':
    case 'pin':
    case 'gstin':
      return name.toUpperCase()
    default:
      return placeName(i18n, name)
  }
}

/** Things of a list stand under their id, their place, or list and beginning. */
function placeName(i18n: I18n, name: string): string {
  const price = /^(\d+)@(\d+)$/.exec(name)
  if (price) {
    return i18n._(
      'member.price',
      { list: price[1], at: formatDateTime(Number(price[2])) },
      {
        message: 'list {list} from {at}',
      },
    )
  }
  if (/^\d+$/.test(name)) return name
  return phraseOf(
    name
      .replace(/(Minor|Milli|Bp)$/, '')
      .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
      .toLowerCase(),
  )
}

/** A value of a changed member as people read it. */
export function memberValue(i18n: I18n, path: readonly string[], value: unknown): string {
  const name = path.at(-1) ?? ''
  if (value === undefined || value === null || value === '') return '–'
  if (typeof value === 'boolean') {
    return value ? i18n._('value.yes', {}, { message: 'yes' }) : i18n._('value.no', {}, { message: 'no' })
  }
  if (typeof value === 'number') {
    if (name.endsWith('Minor')) return formatRupees(value)
    if (name.endsWith('Bp')) return percent(value)
    if (name === 'from' || name === 'until' || name.endsWith('At')) return formatDateTime(value)
  }
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(String).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
