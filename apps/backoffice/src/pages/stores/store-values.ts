import type { I18n } from '@lingui/core'
import type { Store, StoreBody } from '@nexus/contract'
import { type GstinFault, isPin, parseGstin, pinMatchesState, stateName } from '@nexus/domain'

/** What the form holds; the State is not asked, it follows from the GSTIN. */
export type StoreValues = Omit<StoreBody, 'state'>

export const emptyStore: StoreValues = {
  code: '',
  name: '',
  gstin: '',
  regionId: '',
  address: '',
  city: '',
  pin: '',
  phone: '',
  language: 'en',
  cutOver: '04:00',
  active: true,
}

/** A stored store as the form shows it. */
export function valuesOf(store: Store): StoreValues {
  const { id: _, state: __, registers: ___, ...values } = store
  return values
}

/** The form's texts as the server takes them. */
export function bodyOf(values: StoreValues): StoreBody {
  const gstin = values.gstin.replace(/\s/g, '').toUpperCase()
  return {
    ...values,
    code: values.code.trim().toUpperCase(),
    name: values.name.trim(),
    gstin,
    state: gstin.slice(0, 2),
    regionId: values.regionId.trim(),
    address: values.address.trim(),
    city: values.city.trim(),
    pin: values.pin.trim(),
    phone: values.phone.trim(),
  }
}

/** State of a typed GSTIN; undefined while it is not whole or not valid. */
export function stateOf(gstin: string): string | undefined {
  const read = parseGstin(gstin)
  return 'fault' in read ? undefined : stateName(read.stateCode)
}

/** Faults of the form by field. */
export function storeFaults(i18n: I18n, values: StoreValues): Record<string, string> {
  const faults: Record<string, string> = {}
  const required = i18n._('form.required', {}, { message: 'Fill this in.' })
  for (const name of ['name', 'address', 'city'] as const) {
    if (values[name].trim() === '') faults[name] = required
  }
  if (!/^[A-Z][A-Z0-9]{1,2}$/i.test(values.code.trim())) {
    faults.code = i18n._(
      'store.code-fault',
      {},
      { message: 'Two or three letters and digits, beginning with a letter.' },
    )
  }
  const gstin = parseGstin(values.gstin)
  if ('fault' in gstin) faults.gstin = gstinFaultWords(i18n, gstin.fault)
  if (!isPin(values.pin.trim())) {
    faults.pin = i18n._(
      'store.pin-fault',
      {},
      { message: 'A PIN code has six digits and does not begin with 0.' },
    )
  } else if (!('fault' in gstin) && !pinMatchesState(values.pin.trim(), gstin.stateCode)) {
    faults.pin = i18n._(
      'store.pin-state',
      { state: stateName(gstin.stateCode) ?? '' },
      {
        message: 'This PIN code does not lie in {state}.',
      },
    )
  }
  if (!/^[0-2][0-9]:[0-5][0-9]$/.test(values.cutOver)) faults.cutOver = required
  return faults
}

/** Why a GSTIN is not taken. */
function gstinFaultWords(i18n: I18n, fault: GstinFault): string {
  switch (fault) {
    case 'length':
      return i18n._('gstin.length', {}, { message: 'A GSTIN has 15 characters.' })
    case 'format':
      return i18n._(
        'gstin.format',
        {},
        { message: 'Two digits of the State, the PAN, a sign, Z, a check sign.' },
      )
    case 'state':
      return i18n._('gstin.state', {}, { message: 'The first two digits are no State.' })
    case 'check-character':
      return i18n._(
        'gstin.check',
        {},
        { message: 'The last sign does not fit, so one is wrong. Compare it with the certificate.' },
      )
  }
}
