import {
  type EnrolAnswer,
  type EnrolRequest,
  type HeadRef,
  type HeartbeatAnswer,
  type HeartbeatRequest,
  type HelloAnswer,
  type HelloRequest,
  type PushAnswer,
  type PushRequest,
  prepareEntry,
  type Random,
  type SignedCheckpoint,
  toBase64Url,
} from '@nexus/sync'
import { MemoryServer, type MemoryServerOptions, nodeSha256, type ServerRows } from '@nexus/sync/testing'

/** Headquarters as a store server reaches them. Throws where no answer comes. */
export type Upstream = {
  enrol(request: EnrolRequest): EnrolAnswer
  push(request: PushRequest): PushAnswer
  /** In which generation they are: what a heartbeat would say. */
  generation(): string
  certify(register: string, publicKey: string): { certificate: string; signature: string }
}

/** What a backup of a store server brings back. */
export type HopRows = { rows: ServerRows; checkpoints: Map<string, SignedCheckpoint> }

/** Entries in one push on the way to headquarters. */
const batchEntries = 20

/**
 * A store server in memory (JRN-20): takes pushes like any hop, forwards the verbatim journals to
 * headquarters by the same push message, passes on headquarters' marks and forks, and assigns nothing
 * itself. Stands in for the real forwarding core, so that a simulation has a second hop.
 */
export class MemoryHop {
  readonly server: MemoryServer
  readonly #random: Random
  readonly #now: () => number
  readonly #upstream: Upstream
  /** By epoch: a signed head of the till's, which vouches for what is forwarded. */
  #checkpoints = new Map<string, SignedCheckpoint>()
  /** By epoch: up to where headquarters have the very bytes, in their present generation. */
  #agreed = new Map<string, number>()
  #generation: string | undefined
  /** By epoch: first place at which headquarters chose another branch. */
  readonly #forks = new Map<string, number>()

  constructor(random: Random, now: () => number, upstream: Upstream, options: MemoryServerOptions = {}) {
    this.#random = random
    this.#now = now
    this.#upstream = upstream
    const certify = (register: string, publicKey: string) => upstream.certify(register, publicKey)
    this.server = new MemoryServer(random, now, { ...options, certify })
    this.server.isHop = true
  }

  enrol(request: EnrolRequest): EnrolAnswer {
    return this.#upstream.enrol(request)
  }

  hello(request: HelloRequest): HelloAnswer {
    const answer = this.server.hello(request)
    this.#keepCheckpoint(request.checkpoint)
    const forks = request.heads.flatMap(({ epoch }) => {
      const fromSeq = this.#forks.get(epoch)
      return fromSeq === undefined ? [] : [{ epoch, fromSeq }]
    })
    return { ...answer, forks, heads: answer.heads.map((head) => this.#asDecided(head)) }
  }

  heartbeat(request: HeartbeatRequest): HeartbeatAnswer {
    const answer = this.server.heartbeat(request)
    return { ...answer, head: this.#asDecided(answer.head) }
  }

  push(request: PushRequest): PushAnswer {
    const answer = this.server.push(request)
    if (answer.head.seq > 0 && answer.forked.length === 0)
      this.#keepCheckpoint(request.checkpoint, request.epoch)
    const fromSeq = this.#forks.get(request.epoch)
    if (fromSeq === undefined) return answer
    const seqs = request.entries.map((_, index) => request.firstSeq + index)
    const forked = seqs.filter((seq) => seq >= fromSeq || answer.forked.includes(seq))
    return { ...answer, forked, head: this.#asDecided(answer.head) }
  }

  /** The head up to which headquarters follow: what they forked is told on, so that the till writes it again (JRN-7o). */
  #asDecided(head: HeadRef): HeadRef {
    const last = (this.#forks.get(head.epoch) ?? Number.POSITIVE_INFINITY) - 1
    if (last >= head.seq) return head
    // Of a hole there is no hash to compare: the place below it is.
    for (let seq = last; seq > 0; seq--) {
      const hash = this.server.rows.slots.get(`${head.epoch}/${seq}`)?.hash
      if (hash !== undefined) return { ...head, seq, hash }
    }
    return { ...head, seq: 0 }
  }

  #keepCheckpoint(signed: SignedCheckpoint, epoch = signed.checkpoint.epoch): void {
    const known = this.#checkpoints.get(epoch)
    const { epoch: signedEpoch, seq, hash } = signed.checkpoint
    const isOlder = known?.checkpoint.epoch === signedEpoch && known.checkpoint.seq > seq
    // A head of another branch vouches for nothing that is forwarded.
    if (isOlder || this.server.rows.slots.get(`${signedEpoch}/${seq}`)?.hash !== hash) return
    // Set anew, so that the newest comes last.
    this.#checkpoints.delete(epoch)
    this.#checkpoints.set(epoch, signed)
  }

  backup(): HopRows {
    return { rows: this.server.backup(), checkpoints: new Map(this.#checkpoints) }
  }

  /** Starts over older data, or none: a new generation, and headquarters are asked again (JRN-20). */
  restore(backup: HopRows): void {
    this.server.restore(backup.rows)
    this.#checkpoints = new Map(backup.checkpoints)
    this.#agreed.clear()
    this.#forks.clear()
    this.#generation = undefined
  }

  /** Pushes the next entries that headquarters lack. False: there are none, or nobody can vouch for them. */
  forwardOnce(): boolean {
    for (const epoch of this.server.rows.epochs.keys()) {
      const request = this.#nextPush(epoch)
      if (request === undefined) continue
      const before = this.#agreed.get(epoch)
      this.#afterPush(epoch, request, this.#upstream.push(request))
      if (this.#agreed.get(epoch) !== before || this.#forks.has(epoch)) return true
    }
    return this.#enterGeneration(this.#upstream.generation())
  }

  /** Other or restored headquarters: what they once had counts no more (JRN-9). True: they are. */
  #enterGeneration(generation: string): boolean {
    if (generation === this.#generation) return false
    this.#generation = generation
    this.#agreed.clear()
    this.#forks.clear()
    return true
  }

  #nextPush(epoch: string): PushRequest | undefined {
    const { epochs, slots, personal } = this.server.rows
    const known = epochs.get(epoch)
    if (known === undefined) return undefined
    const last = Math.min(known.head.seq, (this.#forks.get(epoch) ?? Number.POSITIVE_INFINITY) - 1)
    const checkpoint = this.#checkpointFor(epoch, known.register, last)
    if (checkpoint === undefined) return undefined
    const covered = checkpoint.checkpoint.epoch === epoch ? Math.min(last, checkpoint.checkpoint.seq) : last
    let firstSeq = (this.#agreed.get(epoch) ?? 0) + 1
    const hole = known.holes.find(({ fromSeq, toSeq }) => fromSeq <= firstSeq && firstSeq <= toSeq) ?? null
    if (hole !== null) firstSeq = hole.toSeq + 1
    const entries: string[] = []
    const data: PushRequest['personal'] = []
    for (let seq = firstSeq; seq <= covered && entries.length < batchEntries; seq++) {
      const slot = slots.get(`${epoch}/${seq}`)
      if (slot === undefined) break
      entries.push(toBase64Url(slot.bytes))
      data.push(...this.#personalOf(slot, personal))
    }
    if (entries.length === 0) return undefined
    return {
      requestId: this.#random.uuid(this.#now()),
      register: known.register,
      epoch,
      firstSeq,
      entries,
      personal: data,
      hole,
      checkpoint,
    }
  }

  /** A signed head of the epoch that covers its end, else the newest one of the register (JRN-3e). */
  #checkpointFor(epoch: string, register: string, lastSeq: number): SignedCheckpoint | undefined {
    const own = this.#checkpoints.get(epoch)
    if (own !== undefined && (own.checkpoint.epoch !== epoch || own.checkpoint.seq >= lastSeq)) return own
    const others = [...this.#checkpoints.values()].filter(({ checkpoint }) => checkpoint.epoch !== epoch)
    return others.findLast(({ checkpoint }) => checkpoint.register === register) ?? own
  }

  /** Personal data travels with its entry, that of a re-homed one with its wrapper (JRN-19). */
  #personalOf(
    slot: { hash: string; bytes: Uint8Array },
    personal: ServerRows['personal'],
  ): PushRequest['personal'] {
    const inner = prepareEntry(slot.bytes, nodeSha256).inner?.hash
    const identities = inner === undefined ? [slot.hash] : [slot.hash, inner]
    return identities.flatMap((identity) => personal.get(identity) ?? [])
  }

  #afterPush(epoch: string, request: PushRequest, answer: PushAnswer): void {
    if (this.#enterGeneration(answer.generation)) {
      // This answer is to a push from a place that they may not have reached: it is sent again from the start.
      this.#agreed.set(epoch, 0)
      if (answer.forked.length > 0) return
    }
    const { received, durable } = answer.marks
    this.server.mark(epoch, { received, durable })
    const lastSeq = request.firstSeq + request.entries.length - 1
    if (answer.forked.length > 0) {
      const fromSeq = Math.min(...answer.forked)
      this.#forks.set(epoch, Math.min(fromSeq, this.#forks.get(epoch) ?? fromSeq))
      this.#agreed.set(epoch, fromSeq - 1)
      return
    }
    this.#agreed.set(epoch, Math.min(answer.head.seq, lastSeq))
  }
}
