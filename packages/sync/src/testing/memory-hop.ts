import { firstPrevHashSync } from '../entry/hash.ts'
import { Forwarder } from '../hop/forwarder.ts'
import { maxAsked, type Parcel, type StandingAnswer, type StandingRequest } from '../hop/messages.ts'
import { cutParcel, type StoredEntry } from '../hop/parcel.ts'
import { type HopJournal, type HqLink, HqRefused, type OwnHead } from '../hop/types.ts'
import type {
  HeartbeatAnswer,
  HeartbeatRequest,
  HelloAnswer,
  HelloRequest,
  Marks,
  PushAnswer,
  PushRequest,
} from '../messages.ts'
import type { Random } from '../ports.ts'
import { prepareEntry } from '../server/prepare-push.ts'
import { nodeSha256 } from './memory-ports.ts'
import { MemoryServer, type MemoryServerOptions, Refused, type ServerRows } from './memory-server.ts'

/** What of a store server survives its power cut: a backup of it is a clone. */
export type HopDisk = { rows: ServerRows; marks: Map<string, Marks> }

export type MemoryHopOptions = Pick<MemoryServerOptions, 'unknownTypes' | 'onWritten'> & {
  /** Headquarters' answer to a till's hello, which brings its spare. Throws where they are not reached. */
  askHq?: (request: HelloRequest) => HelloAnswer
  /** After another branch was taken over (JRN-7n): slots changed under whoever watches. */
  onTakenOver?: () => void
}

/**
 * A store server in memory: a `MemoryServer` for its tills, and the real forwarding to headquarters.
 */
export class MemoryHop {
  readonly server: MemoryServer
  /** `received` and `durable` of HQ, by epoch. */
  marks = new Map<string, Marks>()
  readonly #hq: HqLink
  readonly #random: Random
  readonly #now: () => number
  readonly #options: MemoryHopOptions
  #isTakingOver = false
  forwarder: Forwarder

  constructor(hq: HqLink, random: Random, now: () => number, options: MemoryHopOptions = {}) {
    const { unknownTypes, onWritten } = options
    this.server = new MemoryServer(random, now, {
      ...(unknownTypes && { unknownTypes }),
      onWritten: (push, decision) => {
        if (!this.#isTakingOver) onWritten?.(push, decision)
      },
    })
    this.server.isHop = true
    this.#options = options
    this.#hq = hq
    this.#random = random
    this.#now = now
    this.forwarder = this.#start()
  }

  #start(): Forwarder {
    const ports = { journal: this.#journal(), hq: this.#hq, random: this.#random, now: this.#now }
    return new Forwarder(ports)
  }

  /** Power cut and start: only the disk is left. */
  restart(): void {
    this.forwarder = this.#start()
  }

  backup(): HopDisk {
    return { rows: this.server.backup(), marks: new Map(this.marks) }
  }

  restore(disk: HopDisk): void {
    this.server.restore(disk.rows)
    this.marks = new Map(disk.marks)
    this.restart()
  }

  // What its tills see

  /** Gives no spare of its own: series codes are HQ's (JRN-20b). */
  hello(request: HelloRequest): HelloAnswer {
    const answer = this.server.hello({ ...request, sparePublicKey: null }, request)
    const marks = request.heads.map(({ epoch }) => this.#marksOf(epoch))
    return { ...answer, marks, spare: this.#spareOf(request) }
  }

  #spareOf(request: HelloRequest): HelloAnswer['spare'] {
    try {
      return this.#options.askHq?.(request).spare ?? 'kept'
    } catch {
      return 'kept'
    }
  }

  heartbeat(request: HeartbeatRequest): HeartbeatAnswer {
    return { ...this.server.heartbeat(request), marks: this.#marksOf(request.epoch) }
  }

  push(request: PushRequest): PushAnswer {
    const answer = this.server.push(request)
    const { epoch, seq, hash } = answer.head
    if (seq > 0) this.forwarder.moved({ register: request.register, epoch, seq, hash })
    const { received, durable } = this.#marksOf(epoch)
    return { ...answer, marks: { ...answer.marks, received, durable } }
  }

  #marksOf(epoch: string): Marks {
    return this.marks.get(epoch) ?? { stored: null, received: null, durable: null }
  }

  // What forwarding sees

  #journal(): HopJournal {
    const { server } = this
    return {
      heads: async () => headsOf(server),
      hashAt: async (epoch, seq) => server.rows.slots.get(`${epoch}/${seq}`)?.hash,
      read: async (epoch, fromSeq, toSeq) => parcelFrom(server, epoch, fromSeq, toSeq),
      forks: async (after) => forksBehind(server, after),
      readFork: async (identity) => forkParcel(server, identity),
      keep: async ({ marks }) => {
        for (const mark of marks) {
          const epoch = mark.received?.epoch ?? mark.durable?.epoch
          if (epoch !== undefined) this.marks.set(epoch, mark)
        }
      },
      accept: async (push) => server.push(push),
      takeOver: async (push) => this.#takeOver(push),
    }
  }

  #takeOver(push: PushRequest): PushAnswer {
    const { rows } = this.server
    const { epoch, firstSeq, hole } = push
    const from = hole?.fromSeq ?? firstSeq
    const known = rows.epochs.get(epoch)
    if (known === undefined) throw new Error('The epoch is unknown')
    const prevHash = prepareEntry(push.entries[0] ? decode(push.entries[0]) : new Uint8Array(), nodeSha256)
    const before =
      from === 1
        ? firstPrevHashSync(epoch, nodeSha256)
        : (rows.slots.get(`${epoch}/${from - 1}`)?.hash ??
          known.holes.find(({ toSeq }) => toSeq === from - 1)?.lastHash)
    const linked = hole === null ? prevHash.decoded.outline.prevHash : before
    if (!linked) throw new Error('What both branches share is gone here')
    for (let seq = from; seq <= known.head.seq; seq++) {
      const slot = rows.slots.get(`${epoch}/${seq}`)
      if (slot === undefined) continue
      rows.slots.delete(`${epoch}/${seq}`)
      const { hash, inner } = prepareEntry(slot.bytes, nodeSha256)
      if (rows.identities.get(hash)?.state !== 'quarantine') {
        rows.identities.set(hash, { state: 'fork', epoch, seq })
        rows.forks.set(hash, { epoch, seq, bytes: slot.bytes })
      }
      if (inner === null || rows.identities.get(inner.hash)?.state !== 'acted') continue
      const { outline } = inner.decoded
      const place = { epoch: outline.epoch ?? epoch, seq: outline.seq ?? seq }
      // One that acted by its own slot goes on acting there.
      if (rows.slots.get(`${place.epoch}/${place.seq}`)?.hash !== inner.hash) {
        rows.identities.set(inner.hash, { state: 'fork', ...place })
        rows.forks.set(inner.hash, { ...place, bytes: inner.bytes })
      }
    }
    const head = { seq: from - 1, hash: linked }
    const holes = known.holes
      .filter(({ toSeq }) => toSeq < from)
      .map((gap) => (gap.toSeq === from - 1 ? { ...gap, lastHash: linked } : gap))
    rows.epochs.set(epoch, { ...known, head, holes, totals: null })
    this.server.beginGeneration()
    this.#isTakingOver = true
    try {
      return this.server.push(push)
    } finally {
      this.#isTakingOver = false
      this.server.refold()
      this.#options.onTakenOver?.()
    }
  }
}

function decode(text: string): Uint8Array {
  return Buffer.from(text, 'base64url')
}

function forksBehind({ rows }: MemoryServer, after: string | null): string[] {
  const identities = [...rows.forks]
    .sort(([, one], [, other]) => one.epoch.localeCompare(other.epoch) || one.seq - other.seq)
    .map(([identity]) => identity)
  return identities.slice(after === null ? 0 : identities.indexOf(after) + 1).slice(0, maxAsked)
}

function headsOf({ rows }: MemoryServer): OwnHead[] {
  return [...rows.epochs.values()]
    .filter(({ head }) => head.seq > 0)
    .map(({ register, epoch, head }) => ({ register, epoch, ...head }))
}

function parcelFrom(
  server: MemoryServer,
  epoch: string,
  fromSeq: number,
  toSeq = Number.POSITIVE_INFINITY,
): Parcel | undefined {
  const { rows } = server
  const known = rows.epochs.get(epoch)
  if (known === undefined) return undefined
  const entries: StoredEntry[] = []
  for (let seq = fromSeq; seq <= Math.min(known.head.seq, toSeq) && entries.length < 100; seq++) {
    const slot = rows.slots.get(`${epoch}/${seq}`)
    if (slot !== undefined) entries.push({ seq, ...slot })
  }
  const { register, holes } = known
  const checkpoints = rows.checkpoints.get(epoch) ?? []
  const personal = [...rows.personal.values()]
  return withCertificate(
    server,
    cutParcel({ register, epoch, fromSeq, entries, holes, checkpoints, personal }),
  )
}

/** A receiver may never have met the epoch that signed for another one (JRN-4s). */
function withCertificate(server: MemoryServer, parcel: Parcel | undefined): Parcel | undefined {
  const signer = parcel?.checkpoint.checkpoint.epoch
  if (parcel === undefined || signer === undefined || signer === parcel.epoch) return parcel
  return { ...parcel, certificate: server.certificateOf(signer) }
}

function forkParcel(server: MemoryServer, identity: string): Parcel | undefined {
  const { rows } = server
  const fork = rows.forks.get(identity)
  const known = rows.epochs.get(fork?.epoch ?? '')
  if (fork === undefined || known === undefined) return undefined
  const { epoch, seq, bytes } = fork
  const checkpoints = rows.checkpoints.get(epoch) ?? []
  const entries = [{ seq, hash: identity, bytes }]
  const personal = [...rows.personal.values()]
  const source = { register: known.register, epoch, fromSeq: seq, entries, checkpoints, personal }
  return withCertificate(server, cutParcel({ ...source, holes: [] }))
}

/** Headquarters in memory, as a store server reaches it; `carry` is the line, which may lose what goes either way. */
export function memoryHq(
  server: MemoryServer,
  carry: <T>(answer: () => T) => T = (answer) => answer(),
): HqLink {
  return {
    standing: async (request) => carry(() => standingOf(server, request)),
    push: async (request) => refusing(() => carry(() => server.push(request))),
    parcel: async ({ epoch, fromSeq }) =>
      carry(() => {
        return { parcel: parcelFrom(server, epoch, fromSeq) ?? null }
      }),
  }
}

function refusing<T>(ask: () => T): T {
  try {
    return ask()
  } catch (cause) {
    if (cause instanceof Refused) throw new HqRefused('refused', { cause })
    throw cause
  }
}

function standingOf(server: MemoryServer, request: StandingRequest): StandingAnswer {
  const { rows, generation } = server
  const known = request.heads.map(({ epoch }) => rows.epochs.get(epoch))
  return {
    requestId: request.requestId,
    generation,
    serverAt: 0,
    heads: request.heads.map(({ epoch }, index) => ({
      epoch,
      ...(known[index]?.head ?? { seq: 0, hash: 'A'.repeat(43) }),
    })),
    marks: request.heads.map(({ epoch }) => ({ ...server.marksOf(epoch), stored: null })),
    forked: request.heads
      .filter(({ epoch, seq, hash }) => {
        const held = rows.slots.get(`${epoch}/${seq}`)?.hash
        return rows.identities.get(hash)?.state === 'fork' || (held !== undefined && held !== hash)
      })
      .map(({ epoch }) => epoch),
    holes: known.flatMap((epoch) =>
      (epoch?.holes ?? []).map(({ fromSeq, toSeq }) => ({ epoch: epoch?.epoch ?? '', fromSeq, toSeq })),
    ),
    closed: [],
    lacking: request.forks.filter((identity) => !rows.identities.has(identity)),
  }
}
