/** By role, in basis points. One table for till and server. */
const LIMITS_BP: ReadonlyMap<string, number> = new Map([
  ['cashier', 1000],
  ['store-manager', 5000],
  ['administrator', 10_000],
])

/**
 * The most that a person of a role takes off by hand alone, in basis points of what the offers left
 * (PRC-14a). A role that is not named gives nothing.
 */
export function discountLimitBp(role: string): number {
  return LIMITS_BP.get(role) ?? 0
}
