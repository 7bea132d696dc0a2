import type { AcceptState, EpochState, IdentityState, PreparedFork } from './types.ts'

type Writable<T> = { -readonly [K in keyof T]: T[K] }
export type OpenEpoch = Writable<EpochState>

/** The state as read, with what the pushes of the group decided so far laid over it. The state itself is left alone. */
export class Ledger {
  readonly #state: AcceptState
  readonly #epochs = new Map<string, OpenEpoch>()
  readonly #slots = new Map<string, string>()
  readonly #identities = new Map<string, IdentityState>()
  readonly #sales = new Map<string, readonly string[]>()
  readonly #documents = new Map<string, string>()
  readonly #forks = new Map<string, PreparedFork[]>()

  constructor(state: AcceptState) {
    this.#state = state
    // Forks that may be adopted are named by no push: what is known of them comes with them.
    for (const { epoch, seq, prepared } of [...state.forks.values()].flat()) {
      this.#identities.set(prepared.hash, { state: 'fork', epoch, seq })
    }
  }

  get generation(): string {
    return this.#state.generation
  }

  /** The epoch for writing; undefined while unknown. */
  epoch(id: string): OpenEpoch | undefined {
    const open = this.#epochs.get(id)
    if (open !== undefined) return open
    const read = this.#state.epochs.get(id)
    if (read === undefined) return undefined
    const copy = { ...read }
    this.#epochs.set(id, copy)
    return copy
  }

  openEpoch(epoch: OpenEpoch): void {
    this.#epochs.set(epoch.epoch, epoch)
  }

  slot(epoch: string, seq: number): string | undefined {
    const key = `${epoch}/${seq}`
    return this.#slots.get(key) ?? this.#state.slots.get(key)
  }

  fillSlot(epoch: string, seq: number, hash: string): void {
    this.#slots.set(`${epoch}/${seq}`, hash)
  }

  identity(hash: string): IdentityState | undefined {
    return this.#identities.get(hash) ?? this.#state.identities.get(hash)
  }

  setIdentity(hash: string, state: IdentityState): void {
    this.#identities.set(hash, state)
  }

  salesOf(key: string): readonly string[] {
    return this.#sales.get(key) ?? this.#state.sales.get(key) ?? []
  }

  addSale(key: string, identity: string): void {
    this.#sales.set(key, [...this.salesOf(key), identity])
  }

  documentHolder(epoch: string, number: string): string | undefined {
    const key = `${epoch}:${number}`
    return this.#documents.get(key) ?? this.#state.documents.get(key)
  }

  setDocumentHolder(epoch: string, number: string, identity: string): void {
    this.#documents.set(`${epoch}:${number}`, identity)
  }

  /** Fork entries of the epoch that wait, those of this group included. */
  forks(epoch: string): PreparedFork[] {
    let forks = this.#forks.get(epoch)
    if (forks === undefined) {
      forks = [...(this.#state.forks.get(epoch) ?? [])]
      this.#forks.set(epoch, forks)
    }
    return forks
  }

  settleFork(epoch: string, identity: string): void {
    this.#forks.set(
      epoch,
      this.forks(epoch).filter((fork) => fork.prepared.hash !== identity),
    )
  }

  quarantined(identity: string) {
    return this.#state.quarantined.get(identity)
  }
}
