/** What is left to settle between the documents of one cart. */
export type Difference = {
  /** `in` the customer pays, `out` the customer is paid; `in` where nothing is left. */
  direction: 'in' | 'out'
  amountMinor: number
}

/**
 * The one difference of a cart with returned and sold lines (RET-1a): the invoice less the credit note.
 * Both stay documents of their own and are rounded by themselves (RET-1b, TAX-4d); nothing is rounded here.
 *
 * @param back the credit note or refund; undefined where nothing came back
 * @param sold the invoice; undefined where nothing was bought
 */
export function exchangeOf(
  back: { readonly totalMinor: number } | undefined,
  sold: { readonly totalMinor: number } | undefined,
): Difference {
  const dueMinor = (sold?.totalMinor ?? 0) - (back?.totalMinor ?? 0)
  return dueMinor < 0
    ? { direction: 'out', amountMinor: -dueMinor }
    : { direction: 'in', amountMinor: dueMinor }
}
