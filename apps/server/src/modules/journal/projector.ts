import type { Entry } from '@nexus/sync'
import type { Tx } from '../../db/database.ts'

/** An entry that takes effect: it was accepted, released or re-homed, and its identity is new. */
export type Fact = {
  /** Small keys of the place that HQ resolved from the entry's store, register and epoch. */
  storeNo: number
  registerNo: number
  epochNo: number
  seq: number
  /** SHA-256 of the entry's bytes, 32 bytes; of the inner entry when it was re-homed. */
  identity: Buffer
  entry: Entry
  /** ms since 1970 UTC, by the server's clock. */
  receivedAt: number
}

/**
 * Turns facts into rows of the module's own tables, in the transaction that stores the entries.
 * The journal calls it with all facts of a group at once, in order of acceptance, so that rows are
 * written by multi-row statements. It never throws for odd content: what cannot be made sense of
 * becomes a discrepancy (JRN-10).
 */
export type Projector = {
  /** For logs and `nexus rebuild`. */
  name: string
  types: readonly Entry['type'][]
  apply(tx: Tx, facts: readonly Fact[]): Promise<void>
  /** Empties the module's derived tables before a rebuild. */
  clear(tx: Tx): Promise<void>
}

/** A difference for a person to look at; it never changes an entry (JRN-5). */
export type Discrepancy = { kind: string; params: Record<string, string | number | boolean | null> }

/** Compares a sale entry with what price and rules give; run before the transaction. */
export type SaleCheck = (entry: Entry<'sale'>) => Promise<readonly Discrepancy[]>
