import type { PreparedPush, SignedCheckpoint } from '@nexus/sync'
import type { Discrepancy } from '../projector.ts'

/** A push that was read and checked, waiting for its group. */
export type Offered = {
  push: PreparedPush
  /** Of the till that sends. */
  storeNo: number
  registerNo: number
  checkpoint: SignedCheckpoint
  /** What price and rules say against its sales, by identity. */
  flagged: ReadonlyMap<string, readonly Discrepancy[]>
  /** ms UTC */
  receivedAt: number
}
