import { type Permission, permissions, type Role } from '@nexus/contract'

/** What each role allows in the back office. A cashier's rights are the till's business. */
const allowed: Record<Role, readonly Permission[]> = {
  cashier: [],
  'store-manager': [
    'bills.read',
    'products.read',
    'stock.read',
    'stock.write',
    'stores.read',
    'staff.read',
    'staff.write',
    'shifts.read',
    'attention.write',
    'registers.handover',
  ],
  merchandiser: [
    'bills.read',
    'products.read',
    'products.write',
    'prices.write',
    'rulebook.publish',
    'stock.read',
    'stores.read',
  ],
  accountant: [
    'bills.read',
    'products.read',
    'stock.read',
    'stores.read',
    'shifts.read',
    'settlements.write',
    'audit.read',
    'attention.write',
    'tax.write',
  ],
  administrator: permissions,
}

export function permissionsOf(role: Role): ReadonlySet<Permission> {
  return new Set(allowed[role])
}
