import type { Entry } from '@nexus/sync'
import type { Tx } from '../../db/database.ts'

/** An entry that takes effect: it was accepted, released or re-homed, and its identity is new. */
export type Fact = {
  /**
   * Small keys of the slot that the entry holds: its own place, or for a re-homed one its wrapper's.
   * No two facts have the same slot, so it is the key of derived rows.
   */
  storeNo: number
  registerNo: number
  epochNo: number
  seq: number
  /** SHA-256 of the entry's bytes, 32 bytes; of the inner entry when it was re-homed. */
  identity: Buffer
  entry: Entry
  /** ms since 1970 UTC, by the server's clock. */
  receivedAt: number
  /** What acceptance flagged: price, totals, number. Left out where nothing was. */
  discrepancies?: readonly Discrepancy[]
}

/** A difference that a projector found in a fact. */
export type Finding = {
  identity: Buffer
  discrepancy: Discrepancy
  /** Only for a fact of an earlier group, which this group's facts turned into the odd one. */
  earlier?: Pick<Fact, 'storeNo' | 'receivedAt'> & { epoch: string; seq: number }
}

/**
 * Turns facts into rows of the module's own tables, in the transaction that stores the entries.
 * The journal calls it with all facts of a group at once, in order of acceptance, so that rows are
 * written by multi-row statements (`insertRows`). It never throws for odd content: what cannot be made
 * sense of is answered as a finding, which becomes a discrepancy (JRN-10). Facts of one epoch come in
 * order; between epochs the outcome must not depend on order, since a rebuild goes through them one by one.
 */
export type Projector = {
  /** For logs and `nexus rebuild`. */
  name: string
  types: readonly Entry['type'][]
  // biome-ignore lint/suspicious/noConfusingVoidType: most projectors find nothing and return nothing
  apply(tx: Tx, facts: readonly Fact[]): Promise<readonly Finding[] | undefined | void>
  /**
   * Tells the rest of the world, by the outbox, once a fact took effect. Apart from `apply`, because a
   * rebuild derives rows again and must not tell anybody again.
   */
  announce?(tx: Tx, facts: readonly Fact[]): Promise<void>
  /** Empties the module's derived tables before a rebuild. */
  clear(tx: Tx): Promise<void>
}

/** A difference for a person to look at; it never changes an entry (JRN-5). */
export type Discrepancy = { kind: string; params: Record<string, string | number | boolean | null> }

/** Compares a sale entry with what price and rules give; run before the transaction. */
export type SaleCheck = (entry: Entry<'sale'>) => Promise<readonly Discrepancy[]>
