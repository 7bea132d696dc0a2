import type { I18n } from '@lingui/core'
import type { Permission } from '@nexus/contract'
import type { LinkProps } from '@tanstack/react-router'

export type Area = {
  to: NonNullable<LinkProps['to']>
  title: (i18n: I18n) => string
  /** What one must be allowed to see it. */
  may: Permission
}
export type AreaGroup = { id: string; title: (i18n: I18n) => string; areas: readonly Area[] }

/** The navigation, by the people who use it. An area stands here once it exists. */
const areaGroups: readonly AreaGroup[] = [
  {
    id: 'sales',
    title: (i18n) => i18n._('nav.sales', {}, { message: 'Sales' }),
    areas: [
      { to: '/today', title: (i18n) => i18n._('nav.today', {}, { message: 'Today' }), may: 'bills.read' },
      { to: '/bills', title: (i18n) => i18n._('nav.bills', {}, { message: 'Bills' }), may: 'bills.read' },
      { to: '/shifts', title: (i18n) => i18n._('nav.shifts', {}, { message: 'Shifts' }), may: 'shifts.read' },
      {
        to: '/payments',
        title: (i18n) => i18n._('nav.payments', {}, { message: 'Payments' }),
        may: 'bills.read',
      },
      {
        to: '/incidents',
        title: (i18n) => i18n._('nav.incidents', {}, { message: 'To look at' }),
        may: 'bills.read',
      },
      {
        to: '/bill-numbers',
        title: (i18n) => i18n._('nav.numbers', {}, { message: 'Numbers to explain' }),
        may: 'bills.read',
      },
      {
        to: '/late-documents',
        title: (i18n) => i18n._('nav.late', {}, { message: 'Late for tax' }),
        may: 'audit.read',
      },
    ],
  },
  {
    id: 'range',
    title: (i18n) => i18n._('nav.range', {}, { message: 'Range' }),
    areas: [
      {
        to: '/products',
        title: (i18n) => i18n._('nav.products', {}, { message: 'Products' }),
        may: 'products.read',
      },
      {
        to: '/imports',
        title: (i18n) => i18n._('nav.imports', {}, { message: 'Import' }),
        may: 'products.write',
      },
      {
        to: '/labels',
        title: (i18n) => i18n._('nav.labels', {}, { message: 'Labels' }),
        may: 'products.read',
      },
      {
        to: '/tax-classes',
        title: (i18n) => i18n._('nav.tax-classes', {}, { message: 'Tax classes' }),
        may: 'products.read',
      },
      { to: '/stock', title: (i18n) => i18n._('nav.stock', {}, { message: 'Stock' }), may: 'stock.read' },
    ],
  },
  {
    id: 'prices',
    title: (i18n) => i18n._('nav.prices', {}, { message: 'Prices & offers' }),
    areas: [
      {
        to: '/offers',
        title: (i18n) => i18n._('nav.offers', {}, { message: 'Offers' }),
        may: 'products.read',
      },
      {
        to: '/coupons',
        title: (i18n) => i18n._('nav.coupons', {}, { message: 'Coupons' }),
        may: 'products.read',
      },
      {
        to: '/price-lists',
        title: (i18n) => i18n._('nav.price-lists', {}, { message: 'Price lists' }),
        may: 'products.read',
      },
      {
        to: '/rulebook',
        title: (i18n) => i18n._('nav.rulebook', {}, { message: 'Rulebook' }),
        may: 'products.read',
      },
    ],
  },
  {
    id: 'chain',
    title: (i18n) => i18n._('nav.chain', {}, { message: 'Chain' }),
    areas: [
      {
        to: '/stores',
        title: (i18n) => i18n._('nav.stores', {}, { message: 'Stores & tills' }),
        may: 'stores.read',
      },
      {
        to: '/health',
        title: (i18n) => i18n._('nav.health', {}, { message: 'Health of the tills' }),
        may: 'stores.read',
      },
      { to: '/staff', title: (i18n) => i18n._('nav.staff', {}, { message: 'Staff' }), may: 'staff.read' },
      { to: '/audit', title: (i18n) => i18n._('nav.audit', {}, { message: 'Audit' }), may: 'audit.read' },
      {
        to: '/company',
        title: (i18n) => i18n._('nav.company', {}, { message: 'Company' }),
        may: 'settings.write',
      },
    ],
  },
]

/** Groups with the areas that a person may use; empty groups are left out. */
export function areasFor(permissions: readonly Permission[]): AreaGroup[] {
  return areaGroups
    .map((group) => ({ ...group, areas: group.areas.filter((area) => permissions.includes(area.may)) }))
    .filter((group) => group.areas.length > 0)
}
