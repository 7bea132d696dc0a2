import type { Tx } from '../db/database.ts'

/** A fact for others. Facts of one stream are delivered in order of `streamSeq`. */
export type Event = {
  /** 32 bytes, made from what happened, so that the same fact always has the same id. */
  id: Uint8Array
  /** Past tense with a version, e.g. `sales.bill-recorded.v1`. */
  topic: string
  stream: string
  streamSeq: number
  payload: Record<string, unknown>
}
export type StoredEvent = Event & { createdAt: number }

/**
 * A reaction to facts. `handle` runs in one transaction with the note that it has run, so an event
 * that is delivered twice has one effect.
 */
export type Consumer = {
  /** Stays the same for ever: it is the key of what was handled. */
  name: string
  topics: readonly string[]
  handle(tx: Tx, event: StoredEvent): Promise<void>
}

/** Takes facts out of the server. Embedded: straight to consumers; in production: a broker. */
export type EventBus = {
  /** Resolves when every event is taken for good; events of one stream are given in order. */
  publish(events: readonly StoredEvent[]): Promise<void>
}
