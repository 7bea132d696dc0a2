import type { I18n } from '@lingui/core'
import type { ImportField, ImportKind, ImportState } from '@nexus/contract'

/** Name of a field that an import can fill. */
export function importFieldName(i18n: I18n, field: ImportField): string {
  switch (field) {
    case 'sku':
      return i18n._('product.sku', {}, { message: 'SKU' })
    case 'name':
      return i18n._('product.name-en', {}, { message: 'Name in English' })
    case 'nameHi':
      return i18n._('product.name-hi', {}, { message: 'Name in Hindi' })
    case 'brand':
      return i18n._('product.brand', {}, { message: 'Brand' })
    case 'category':
      return i18n._('product.category', {}, { message: 'Category' })
    case 'hsn':
      return i18n._('product.hsn', {}, { message: 'HSN' })
    case 'uqc':
      return i18n._('product.unit', {}, { message: 'Unit' })
    case 'taxClass':
      return i18n._('product.tax-class', {}, { message: 'Tax class' })
    case 'barcode':
      return i18n._('product.barcode', {}, { message: 'Barcode' })
    case 'price':
      return i18n._('product.price', {}, { message: 'Price' })
    case 'mrp':
      return i18n._('product.mrp', {}, { message: 'MRP' })
    case 'batchNo':
      return i18n._('batch.number', {}, { message: 'Batch number' })
    case 'expiryMonth':
      return i18n._('import.expiry', {}, { message: 'Expiry month' })
    case 'openingStock':
      return i18n._('move.opening', {}, { message: 'Opening stock' })
    case 'list':
      return i18n._('import.list', {}, { message: 'Price list' })
    case 'from':
      return i18n._('import.from', {}, { message: 'Holds from' })
    case 'until':
      return i18n._('import.until', {}, { message: 'Holds until' })
    case 'revisedMrp':
      return i18n._('import.revised-mrp', {}, { message: 'Revised MRP' })
  }
}

/** What a file holds. */
export function importKindName(i18n: I18n, kind: ImportKind): string {
  switch (kind) {
    case 'products':
      return i18n._('nav.products', {}, { message: 'Products' })
    case 'prices':
      return i18n._('import.prices', {}, { message: 'Prices' })
    case 'mrp':
      return i18n._('import.mrps', {}, { message: 'MRPs' })
  }
}

/** Where an import stands. */
export function importStateName(i18n: I18n, state: ImportState['state']): string {
  switch (state) {
    case 'uploaded':
      return i18n._('import.uploaded', {}, { message: 'Uploaded' })
    case 'checking':
      return i18n._('import.checking', {}, { message: 'Being checked' })
    case 'checked':
      return i18n._('import.checked', {}, { message: 'Checked, nothing written yet' })
    case 'running':
      return i18n._('import.running', {}, { message: 'Running' })
    case 'done':
      return i18n._('import.done', {}, { message: 'Done' })
    case 'failed':
      return i18n._('import.failed', {}, { message: 'Stopped' })
  }
}
