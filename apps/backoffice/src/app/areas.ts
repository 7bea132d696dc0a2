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
export const areaGroups: readonly AreaGroup[] = [
  {
    id: 'sales',
    title: (i18n) => i18n._('nav.sales', {}, { message: 'Sales' }),
    areas: [
      { to: '/bills', title: (i18n) => i18n._('nav.bills', {}, { message: 'Bills' }), may: 'bills.read' },
    ],
  },
  {
    id: 'products',
    title: (i18n) => i18n._('nav.products', {}, { message: 'Products' }),
    areas: [
      {
        to: '/products',
        title: (i18n) => i18n._('nav.catalogue', {}, { message: 'All products' }),
        may: 'products.read',
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
