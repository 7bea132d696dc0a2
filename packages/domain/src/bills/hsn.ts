/** True for an HSN code as returns take it: 4, 6 or 8 digits; services (SAC) have 6. */
export function isHsn(text: string): boolean {
  return /^(?:[0-9]{4}|[0-9]{6}|[0-9]{8})$/.test(text)
}

/**
 * Digits of HSN that an invoice must show (Notification 78/2020): 6 above a turnover of five crore,
 * otherwise 4 for a registered buyer and none for others.
 */
export function hsnDigitsMin(turnoverAboveFiveCrore: boolean, buyerRegistered: boolean): 0 | 4 | 6 {
  if (turnoverAboveFiveCrore) return 6
  return buyerRegistered ? 4 : 0
}
