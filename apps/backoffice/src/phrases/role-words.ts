import type { I18n } from '@lingui/core'
import type { Role } from '@nexus/contract'

export const roles = [
  'cashier',
  'store-manager',
  'merchandiser',
  'accountant',
  'administrator',
] as const satisfies readonly Role[]

/** Name of a role. */
export function roleName(i18n: I18n, role: Role): string {
  switch (role) {
    case 'cashier':
      return i18n._('role.cashier', {}, { message: 'Cashier' })
    case 'store-manager':
      return i18n._('role.store-manager', {}, { message: 'Store manager' })
    case 'merchandiser':
      return i18n._('role.merchandiser', {}, { message: 'Merchandiser' })
    case 'accountant':
      return i18n._('role.accountant', {}, { message: 'Accountant' })
    case 'administrator':
      return i18n._('role.administrator', {}, { message: 'Administrator' })
  }
}

/** What a role may do, in a sentence. The server decides; this says it. */
export function roleHint(i18n: I18n, role: Role): string {
  switch (role) {
    case 'cashier':
      return i18n._('role.cashier-hint', {}, { message: 'Sells at the tills. Nothing in the back office.' })
    case 'store-manager':
      return i18n._(
        'role.store-manager-hint',
        {},
        {
          message: 'Sees bills, shifts, products and stock of the stores below, and looks after their staff.',
        },
      )
    case 'merchandiser':
      return i18n._(
        'role.merchandiser-hint',
        {},
        {
          message: 'Changes products and prices, imports, and publishes the rulebook.',
        },
      )
    case 'accountant':
      return i18n._(
        'role.accountant-hint',
        {},
        {
          message:
            'Sees bills, shifts, products, stock and the audit, and brings settlement files of payment providers. Changes nothing else.',
        },
      )
    case 'administrator':
      return i18n._('role.administrator-hint', {}, { message: 'May do everything.' })
  }
}
