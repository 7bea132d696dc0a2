import { type TProperties, Type } from 'typebox'

/** What the formats for outside use share (docs/rulebook-format.md). */

/** Ten thousand crore rupees; below it all sums of the engine stay exact. */
export const amountMax = 10_000_000_000_000
/** The beginning of the year 9000, ms since 1970 UTC: later ones have dates that are not written `YYYY-MM-DD`. */
export const instantMax = 221_845_392_000_000

/** An object without members of other names: a misspelt one would change a price without a word. */
export const closed = <Members extends TProperties>(members: Members) =>
  Type.Object(members, { additionalProperties: false })

/** A month as a label says it, of our era's second and third thousand years: `2027-03`. */
export const monthPattern = '^[12][0-9]{3}-(0[1-9]|1[0-2])$'
