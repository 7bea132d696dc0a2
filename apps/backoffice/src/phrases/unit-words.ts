import type { I18n } from '@lingui/core'

/** Unit quantity codes that shops use, of the GST portal's list. */
export const unitCodes = [
  'NOS',
  'PCS',
  'BTL',
  'TUB',
  'SET',
  'PAC',
  'BOX',
  'PRS',
  'DOZ',
  'ROL',
  'UNT',
  'GMS',
  'KGS',
  'MLT',
  'LTR',
  'CMS',
  'MTR',
  'OTH',
] as const

/** A unit code with its meaning: `BTL, bottles`. Codes without a word here stand alone. */
export function unitName(i18n: I18n, code: string): string {
  const word = meaning(i18n, code)
  return word === undefined ? code : `${code}, ${word}`
}

function meaning(i18n: I18n, code: string): string | undefined {
  switch (code) {
    case 'NOS':
      return i18n._('unit.nos', {}, { message: 'numbers' })
    case 'PCS':
      return i18n._('unit.pcs', {}, { message: 'pieces' })
    case 'BTL':
      return i18n._('unit.btl', {}, { message: 'bottles' })
    case 'TUB':
      return i18n._('unit.tub', {}, { message: 'tubes' })
    case 'SET':
      return i18n._('unit.set', {}, { message: 'sets' })
    case 'PAC':
      return i18n._('unit.pac', {}, { message: 'packs' })
    case 'BOX':
      return i18n._('unit.box', {}, { message: 'boxes' })
    case 'PRS':
      return i18n._('unit.prs', {}, { message: 'pairs' })
    case 'DOZ':
      return i18n._('unit.doz', {}, { message: 'dozens' })
    case 'ROL':
      return i18n._('unit.rol', {}, { message: 'rolls' })
    case 'UNT':
      return i18n._('unit.unt', {}, { message: 'units' })
    case 'GMS':
      return i18n._('unit.gms', {}, { message: 'grams' })
    case 'KGS':
      return i18n._('unit.kgs', {}, { message: 'kilograms' })
    case 'MLT':
      return i18n._('unit.mlt', {}, { message: 'millilitres' })
    case 'LTR':
      return i18n._('unit.ltr', {}, { message: 'litres' })
    case 'CMS':
      return i18n._('unit.cms', {}, { message: 'centimetres' })
    case 'MTR':
      return i18n._('unit.mtr', {}, { message: 'metres' })
    case 'OTH':
      return i18n._('unit.oth', {}, { message: 'others' })
    default:
      return undefined
  }
}
