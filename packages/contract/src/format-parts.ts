import { type TProperties, Type } from 'typebox'

/** What the formats for outside use share (docs/rulebook-format.md). */

/** Ten thousand crore rupees; below it all sums of the engine stay exact. */
export const amountMax = 10_000_000_000_000
/** The last instant that a date can name, ms since 1970 UTC. */
export const instantMax = 8_640_000_000_000_000

/** An object without members of other names: a misspelt one would change a price without a word. */
export const closed = <Members extends TProperties>(members: Members) =>
  Type.Object(members, { additionalProperties: false })
