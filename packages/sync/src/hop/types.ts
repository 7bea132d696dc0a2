import type { HeadRef } from '../entry/schema.ts'
import type { Marks, PushAnswer, PushRequest } from '../messages.ts'
import type { Random } from '../ports.ts'
import type { Parcel, ParcelAnswer, StandingAnswer, StandingRequest } from './messages.ts'

/** An epoch in the store server's own journal. */
export type OwnHead = HeadRef & { register: string }

/** The store server's own journal, as forwarding needs it. Promises reject when its database fails. */
export type HopJournal = {
  /** Every epoch that has entries here, oldest first. */
  heads(): Promise<OwnHead[]>
  /** Hash of an accepted slot; undefined where there is none. */
  hashAt(epoch: string, seq: number): Promise<string | undefined>
  /**
   * Accepted entries from `fromSeq` on, as many as one push takes and not above `toSeq`, byte for byte,
   * with people's data, a declared hole before them, the till's signed head that covers them, and the
   * certificate of its epoch where that is another one.
   * undefined: there is nothing, or nobody signed it yet.
   */
  read(epoch: string, fromSeq: number, toSeq?: number): Promise<Parcel | undefined>
  /** Identities of entries that are kept aside and wait, by epoch and seq behind `after`, at most `maxAsked`. */
  forks(after: string | null): Promise<string[]>
  /** One of them with those that follow it; undefined when it waits no more. */
  readFork(identity: string): Promise<Parcel | undefined>
  /** Keeps what HQ said: `received` and `durable` are passed on to tills unchanged (JRN-9b). */
  keep(said: { generation: string; marks: readonly Marks[]; closed: readonly string[] }): Promise<void>
  /** Takes entries in that HQ has and this journal lacks, by the same path as a till's. */
  accept(push: PushRequest): Promise<PushAnswer>
  /**
   * HQ chose another branch (JRN-7n): in one transaction the own slots from the parcel's first on are
   * kept aside as forks and HQ's take their place; what is derived follows the slots. What was acknowledged
   * counts no more, so a new generation begins: every till compares all its epochs again.
   */
  takeOver(push: PushRequest): Promise<PushAnswer>
}

/** Headquarters refuses this request and would refuse it again; others may pass. */
export class HqRefused extends Error {}

/** The line to headquarters. Promises reject with `HqRefused` for a refusal, with anything else without an answer. */
export type HqLink = {
  standing(request: StandingRequest): Promise<StandingAnswer>
  push(request: PushRequest): Promise<PushAnswer>
  /** What HQ holds of an epoch from a place on, as many as one push takes. */
  parcel(head: { register: string; epoch: string; fromSeq: number }): Promise<ParcelAnswer>
}

export type ForwarderPorts = {
  journal: HopJournal
  hq: HqLink
  random: Random
  /** ms since 1970 UTC. */
  now(): number
}

/** What one step did. */
export type ForwardOutcome =
  | { kind: 'idle' }
  | { kind: 'asked' }
  | { kind: 'forwarded'; epoch: string; entries: number }
  | { kind: 'fetched'; epoch: string; entries: number }
  | { kind: 'taken-over'; epoch: string; fromSeq: number }
  | { kind: 'failed'; epoch: string | null; cause: unknown }
