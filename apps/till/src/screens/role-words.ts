import type { I18n } from '@lingui/core'
import type { Role } from '@nexus/contract'

/** Name of a role, as headquarters gave it to a person. */
export function roleWords(i18n: I18n, role: Role): string {
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
