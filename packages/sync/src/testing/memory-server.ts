import { fromBase64Url, toBase64Url } from '../canonical/base64url.ts'
import { type Certificate, certificateBytes, signedCertificate } from '../entry/certificate.ts'
import { firstPrevHashSync, markBytes, requestBytes } from '../entry/hash.ts'
import { hqKeyBytes, signedHqKey } from '../entry/hq-key.ts'
import type {
  EnrolAnswer,
  EnrolRequest,
  HeartbeatAnswer,
  HeartbeatRequest,
  HelloAnswer,
  HelloRequest,
  Mark,
  Marks,
  PersonalItem,
  PushAnswer,
  PushRequest,
  ServerKeys,
  SignedCertificate,
  SignedCheckpoint,
} from '../messages.ts'
import type { Random } from '../ports.ts'
import { type AnswerFacts, decide } from '../server/decide.ts'
import {
  type PrepareTools,
  prepareEntry,
  preparePush,
  verifyCertificate,
  verifyCheckpoint,
} from '../server/prepare-push.ts'
import type {
  AcceptState,
  Decision,
  Effect,
  EpochState,
  IdentityState,
  Notice,
  PreparedEntry,
  PreparedPush,
  QuarantineRow,
  Rows,
} from '../server/types.ts'
import { wanted, wantedOf } from '../server/wanted.ts'
import { ChainWriter } from './entries.ts'
import { memorySign, memoryVerify, nodeSha256 } from './memory-ports.ts'

/** Everything that a restored backup brings back. Plain data. */
export type ServerRows = {
  epochs: Map<string, EpochState>
  slots: Map<string, { hash: string; bytes: Uint8Array }>
  identities: Map<string, IdentityState>
  sales: Map<string, string[]>
  documents: Map<string, string>
  forks: Map<string, { epoch: string; seq: number; bytes: Uint8Array }>
  quarantine: Map<string, QuarantineRow>
  /** How often each identity took effect. */
  effects: Map<string, number>
  /** Units sold, by product: folded from effects as they happen. */
  sold: Map<number, number>
  /** By identity of the entry that it belongs to. */
  personal: Map<string, PersonalItem>
  /** Signed heads that came with pushes of an epoch, by epoch. */
  checkpoints: Map<string, SignedCheckpoint[]>
  notices: Notice[]
  discrepancies: string[]
  /** Enrolments by (code or proving epoch, public key). */
  enrolments: Map<string, { enrolment: SignedCertificate; spare: SignedCertificate }>
  registers: Map<string, { register: string; store: string; epochs: string[] }>
  nextCode: number
}

export type MemoryServerOptions = {
  /** Types that this release does not know yet (JRN-10). */
  unknownTypes?: ReadonlySet<string>
  /** Who certifies epochs: a hop asks headquarters. Absent: this server itself. */
  certify?: Certify
  /** Called after each decision was written, with the push that it answers. */
  onWritten?: (push: PreparedPush, decision: Decision) => void
}

export type Certify = (register: string, publicKey: string) => SignedCertificate

/** The server refused the request's credentials: HTTP 401 on a real one. */
export class Refused extends Error {}

const enrolmentKey = 'enrolment-key'
/** HQ's key for marks, as an SPKI would stand here. */
const hqKey = 'hq-key'
const tenant = '00000000-0000-7000-8000-000000000001'
const store = '00000000-0000-7000-8000-000000000002'

/**
 * A whole hop in memory over the real `decide`: what the simulator pushes to, and a stand-in for a server
 * in tests of the till.
 */
export class MemoryServer {
  rows: ServerRows = emptyRows()
  generation: string
  readonly #random: Random
  readonly #now: () => number
  readonly #onWritten: MemoryServerOptions['onWritten']
  readonly #certify: Certify
  #knownTools: PrepareTools | undefined
  /** Up to which seq the second domain holds each epoch: what `durable` says (JRN-9b). */
  readonly archived = new Map<string, number>()
  /** A store server: HQ's marks tell it what is no loss (JRN-8i). */
  isHop = false
  /** Types that this release does not know yet (JRN-10). */
  unknownTypes: ReadonlySet<string>

  constructor(random: Random, now: () => number, options: MemoryServerOptions = {}) {
    this.#random = random
    this.#now = now
    this.#onWritten = options.onWritten
    this.#certify = options.certify ?? ((register, publicKey) => this.certify(register, publicKey))
    this.unknownTypes = options.unknownTypes ?? new Set()
    this.generation = this.#mint()
  }

  /** A backup as it is now. */
  backup(): ServerRows {
    return copyOf(this.rows)
  }

  /** Starts over older data: a new generation (JRN-9). Handed-out codes stay handed out: they are durable first. */
  restore(backup: ServerRows): void {
    const { nextCode } = this.rows
    this.rows = copyOf(backup)
    this.rows.nextCode = nextCode
    this.beginGeneration()
  }

  beginGeneration(): void {
    this.generation = this.#mint()
  }

  /** A one-time code for a new register. */
  issueCode(): string {
    const register = this.#random.uuid(this.#now())
    this.rows.registers.set(register, { register, store, epochs: [] })
    return register
  }

  enrol(request: EnrolRequest): EnrolAnswer {
    const proof = request.proof?.checkpoint
    const register = request.code ?? proof?.register ?? ''
    const key = `${request.code ?? proof?.epoch}/${request.publicKey}`
    const known = this.rows.enrolments.get(key)
    if (known === undefined) {
      const certificate = request.certificate && verifyCertificate(request.certificate, this.#tools())
      const publicKey = certificate?.publicKey ?? this.rows.epochs.get(proof?.epoch ?? '')?.publicKey ?? ''
      const proved =
        request.proof &&
        this.#isSigned(request.proof, certificate ?? undefined) &&
        memoryVerify(publicKey, requestBytes(request), request.signature ?? '')
      if (request.code === null ? !proved : !this.rows.registers.has(request.code)) throw new Refused('enrol')
    }
    const granted = known ?? {
      enrolment: this.#certify(register, request.publicKey),
      spare: this.#certify(register, request.sparePublicKey),
    }
    this.rows.enrolments.set(key, granted)
    return {
      requestId: request.requestId,
      ...granted,
      heads: [],
      generation: this.generation,
      serverAt: this.#now(),
      keys: serverKeys,
    }
  }

  /** @param signed the request as it was signed, where a hop asks with less than the till said */
  hello(request: HelloRequest, signed: HelloRequest = request): HelloAnswer {
    const certificate = verifyCertificate(request.certificate, this.#tools())
    if (
      certificate === undefined ||
      !this.#isSigned(request.checkpoint, certificate) ||
      !memoryVerify(certificate.publicKey, requestBytes(signed), request.signature)
    ) {
      throw new Refused('hello')
    }
    this.#learn(certificate)
    const spare =
      request.sparePublicKey === null ? 'kept' : this.#certify(request.register, request.sparePublicKey)
    return {
      requestId: request.requestId,
      generation: this.generation,
      serverAt: this.#now(),
      heads: request.heads.map(({ epoch }) => this.#headOf(epoch)),
      marks: request.heads.map(({ epoch }) => this.marksOf(epoch)),
      forks: [],
      holes: request.heads.flatMap(({ epoch }) =>
        (this.rows.epochs.get(epoch)?.holes ?? []).map(({ fromSeq, toSeq }) => ({ epoch, fromSeq, toSeq })),
      ),
      spare,
      closed: [],
      erasures: { version: 0, identities: [] },
      minimumApp: null,
      keys: serverKeys,
    }
  }

  heartbeat(request: HeartbeatRequest): HeartbeatAnswer {
    if (!this.#isSigned(request.checkpoint)) throw new Refused('heartbeat')
    return {
      requestId: request.requestId,
      generation: this.generation,
      serverAt: this.#now(),
      head: this.#headOf(request.epoch),
      marks: this.marksOf(request.epoch),
    }
  }

  /** `received` and `durable` as HQ signs them, `durable` as far as `archived` says; a hop's are those that it was told. */
  marksOf(epoch: string): Marks {
    const head = this.#headOf(epoch)
    const { seq } = head
    if (this.isHop) {
      const told = this.rows.epochs.get(epoch)?.marks ?? { received: null, durable: null }
      return { stored: { ...head, generation: this.generation, signature: null }, ...told }
    }
    const archivedSeq = Math.min(this.archived.get(epoch) ?? 0, seq)
    const archived = this.rows.slots.get(`${epoch}/${archivedSeq}`)
    return {
      stored: { ...head, generation: this.generation, signature: null },
      received: this.signMark('received', head),
      durable:
        archived === undefined
          ? null
          : this.signMark('durable', { epoch, seq: archivedSeq, hash: archived.hash }),
    }
  }

  /** A mark as HQ signs it. */
  signMark(kind: 'received' | 'durable', head: { epoch: string; seq: number; hash: string }): Mark {
    const mark = { ...head, generation: this.generation }
    return { ...mark, signature: memorySign(hqKey, markBytes(kind, mark)) }
  }

  push(request: PushRequest): PushAnswer {
    const [answer] = this.pushGroup([request])
    if (answer === undefined) throw new Error('A push has an answer')
    return answer
  }

  /** Accepts a group of pushes in one go, as the server's group commit does. */
  pushGroup(requests: readonly PushRequest[]): PushAnswer[] {
    for (const { certificate: signed } of requests) {
      const certificate = signed && verifyCertificate(signed, this.#tools())
      if (certificate) this.#learn(certificate)
    }
    const pushes = requests.map((request) => this.#prepare(request))
    const facts: AnswerFacts = { serverAt: this.#now(), retryAfterMs: null }
    const decisions = decide(this.stateFor(pushes), pushes, facts, firstPrevHash)
    for (const [index, decision] of decisions.entries()) {
      this.#write(decision)
      const { slots, forks } = decision.rows
      const [push, request] = [pushes[index], requests[index]]
      if (push === undefined || request === undefined) continue
      if (slots.length > 0 || forks.length > 0) this.#keepCheckpoint(push.epoch, request.checkpoint)
      this.#onWritten?.(push, decision)
    }
    return decisions.map(({ answer }) => ({ ...answer, marks: this.marksOf(answer.head.epoch) }))
  }

  /** Marks of headquarters for an epoch, as a hop passes them on unchanged (JRN-9). */
  mark(epoch: string, marks: Pick<Marks, 'received' | 'durable'>): void {
    const known = this.rows.epochs.get(epoch)
    if (known !== undefined) this.rows.epochs.set(epoch, { ...known, marks })
  }

  /** What this release can read now has its effect: a newer server writes so in a journal of its own (JRN-10d). */
  releaseReadable(): void {
    const readable = [...this.rows.quarantine.values()].filter(({ reason, bytes }) => {
      return reason === 'unknown-type' && this.#readAgain(bytes).decoded.kind === 'ok'
    })
    if (readable.length === 0) return
    const [epoch, register] = [this.#random.uuid(this.#now()), this.#random.uuid(this.#now())]
    const writer = new ChainWriter({ epoch, register, code: 'HQ' })
    this.push(writer.push())
    const own = this.rows.epochs.get(epoch)
    if (own !== undefined) this.rows.epochs.set(epoch, { ...own, kind: 'hq' })
    for (const row of readable) {
      const place = { epoch: row.epoch, seq: row.seq }
      const released = { identity: row.identity, place, outcome: 'act', reason: 'newer-release' } as const
      writer.write('quarantine-released', { ...released, personalHash: null })
    }
    this.push(writer.push(2))
  }

  /** What the shell reads before it decides. */
  stateFor(pushes: readonly PreparedPush[]): AcceptState {
    const { epochs, slots, identities, sales, documents, forks, quarantine } = this.rows
    const want = wanted(pushes)
    const picked = <T>(map: ReadonlyMap<string, T>, keys: readonly string[]) =>
      new Map(keys.flatMap((key) => pair(key, map.get(key))))
    const wantedSlots = want.slots.flatMap(({ epoch, fromSeq, toSeq }) =>
      Array.from({ length: toSeq - fromSeq + 1 }, (_, n) => `${epoch}/${fromSeq + n}`),
    )
    const waiting = new Map(
      want.epochs.map((epoch) => [
        epoch,
        [...forks.values()]
          .filter((fork) => fork.epoch === epoch)
          .map(({ seq, bytes }) => ({ epoch, seq, prepared: this.#readAgain(bytes) })),
      ]),
    )
    const quarantined = new Map(
      want.quarantined.flatMap((identity) => {
        const row = quarantine.get(identity)
        return pair(identity, row && this.#readAgain(row.bytes))
      }),
    )
    const more = wantedOf([
      ...[...waiting.values()].flat().map(({ prepared }) => prepared),
      ...quarantined.values(),
    ])
    return {
      generation: this.generation,
      epochs: picked(epochs, want.epochs),
      slots: new Map(wantedSlots.flatMap((key) => pair(key, slots.get(key)?.hash))),
      identities: picked(identities, [...want.identities, ...more.identities]),
      sales: picked(sales, [...want.sales, ...more.sales]),
      documents: picked(
        documents,
        [...want.documents, ...more.documents].map(({ epoch, number }) => `${epoch}:${number}`),
      ),
      forks: waiting,
      quarantined,
    }
  }

  #prepare(request: PushRequest): PreparedPush {
    const push = preparePush(request, this.#tools())
    if ('kind' in push) throw new Refused(push.reason)
    return { ...push, entries: push.entries.map((entry) => this.#asKnownHere(entry)) }
  }

  /** As this release reads it: of types that it does not know only the outline. */
  #asKnownHere(entry: PreparedEntry): PreparedEntry {
    if (this.unknownTypes.size === 0) return entry
    const { outline } = entry.decoded
    const isUnknown = outline.type !== null && this.unknownTypes.has(outline.type)
    if (isUnknown) return { ...entry, decoded: { kind: 'unknown-type', outline } }
    return entry.inner === null ? entry : { ...entry, inner: this.#asKnownHere(entry.inner) }
  }

  /** Bytes that were stored, read again by this release. */
  #readAgain(bytes: Uint8Array): PreparedEntry {
    return this.#asKnownHere(prepareEntry(bytes, nodeSha256))
  }

  /** Made once: it is asked for with every request. */
  #tools(): PrepareTools {
    this.#knownTools ??= this.#makeTools()
    return this.#knownTools
  }

  #makeTools(): PrepareTools {
    return {
      sha256: nodeSha256,
      verify: memoryVerify,
      enrolmentKeys: [enrolmentKey],
      hqKeys: this.isHop ? [hqKey] : [],
      findKey: (epoch) => this.rows.epochs.get(epoch),
    }
  }

  #isSigned(signed: Parameters<typeof verifyCheckpoint>[0], certificate?: Certificate): boolean {
    const key = this.rows.epochs.get(signed.checkpoint.epoch) ?? certificate
    return verifyCheckpoint(signed, key, this.#tools())
  }

  /** A new epoch of a register, with the next series code. */
  certify(register: string, publicKey: string): SignedCertificate {
    const code = `T${(this.rows.nextCode++).toString(36).toUpperCase().padStart(3, '0')}`
    const epoch = this.#random.uuid(this.#now())
    const keyId = toBase64Url(nodeSha256(fromBase64Url(publicKey)))
    const certificate = { tenant, store, register, epoch, code, publicKey, keyId }
    return signedCertificate(certificate, memorySign(enrolmentKey, certificateBytes(certificate)))
  }

  /** The newest signed head covers those before it, until a fork asks for an older one. */
  #keepCheckpoint(epoch: string, signed: SignedCheckpoint): void {
    const { seq, hash } = signed.checkpoint
    const isSame = ({ checkpoint }: SignedCheckpoint) => checkpoint.seq === seq && checkpoint.hash === hash
    const kept = this.rows.checkpoints.get(epoch) ?? []
    if (!kept.some(isSame)) this.rows.checkpoints.set(epoch, [signed, ...kept])
  }

  /** Certificate of an epoch that it knows, as HQ sends it to a store server. */
  certificateOf(id: string): SignedCertificate | null {
    const known = this.rows.epochs.get(id)
    if (known === undefined) return null
    const { tenant, store, register, epoch, code, publicKey, keyId } = known
    const certificate = { tenant, store, register, epoch, code, publicKey, keyId }
    return signedCertificate(certificate, memorySign(enrolmentKey, certificateBytes(certificate)))
  }

  #learn(certificate: Certificate & Partial<Pick<EpochState, 'kind' | 'state'>>): void {
    const { epoch } = certificate
    if (this.rows.epochs.has(epoch)) return
    this.rows.epochs.set(epoch, {
      kind: 'till',
      state: 'open',
      ...certificate,
      head: { seq: 0, hash: firstPrevHash(epoch) },
      totals: { sales: 0, documents: 0, soldMinor: 0, taxMinor: 0, returnedMinor: 0, returnedTaxMinor: 0 },
      holes: [],
      marks: { received: null, durable: null },
    })
  }

  #headOf(epoch: string) {
    const head = this.rows.epochs.get(epoch)?.head ?? { seq: 0, hash: firstPrevHash(epoch) }
    return { epoch, ...head }
  }

  #write({ rows }: Decision): void {
    const own = this.rows
    for (const certificate of rows.epochs) this.#learn(certificate)
    for (const { epoch, state } of rows.states) {
      const known = own.epochs.get(epoch)
      if (known !== undefined) own.epochs.set(epoch, { ...known, state })
    }
    for (const { epoch, seq, hash, bytes } of rows.slots) {
      const key = `${epoch}/${seq}`
      if (own.slots.has(key)) throw new Error(`Slot ${key} was taken twice`)
      own.slots.set(key, { hash, bytes })
    }
    for (const { identity, state, epoch, seq } of rows.identities) {
      own.identities.set(identity, { state, epoch, seq })
    }
    for (const row of rows.quarantine) own.quarantine.set(row.identity, row)
    for (const { identity } of rows.released) own.quarantine.delete(identity)
    for (const { identity, epoch, seq, bytes } of rows.forks) own.forks.set(identity, { epoch, seq, bytes })
    for (const { identity } of rows.settledForks) own.forks.delete(identity)
    for (const effect of rows.effects) this.#apply(effect)
    for (const { key, identity } of rows.sales) own.sales.set(key, [...(own.sales.get(key) ?? []), identity])
    for (const { epoch, number, identity } of rows.documents)
      own.documents.set(`${epoch}:${number}`, identity)
    for (const item of rows.personal) own.personal.set(item.identity, item)
    own.notices.push(...rows.notices)
    own.discrepancies.push(...rows.discrepancies.map(({ code }) => code))
    this.#moveHead(rows)
  }

  #moveHead({ head, holes }: Rows): void {
    const epoch = this.rows.epochs.get(head?.epoch ?? holes?.epoch ?? '')
    if (epoch === undefined) return
    this.rows.epochs.set(epoch.epoch, {
      ...epoch,
      ...(head && { head: { seq: head.seq, hash: head.hash }, totals: head.totals }),
      ...(holes && { holes: holes.holes }),
    })
  }

  /** Derives what the slots give anew, after a branch was exchanged. */
  refold(): void {
    this.rows.effects = new Map()
    this.rows.sold = new Map()
    const act = (prepared: PreparedEntry, slot: { epoch: string; seq: number }) => {
      const { decoded, inner, hash } = prepared
      if (inner !== null) act(inner, slot)
      const isFresh = this.rows.identities.get(hash)?.state === 'acted' && !this.rows.effects.has(hash)
      if (decoded.kind !== 'ok' || !isFresh) return
      this.#apply({ identity: hash, entry: decoded.entry, place: slot, slot, via: 'own' })
    }
    for (const [key, { bytes }] of this.rows.slots) {
      const [epoch = '', seq] = key.split('/')
      act(prepareEntry(bytes, nodeSha256), { epoch, seq: Number(seq) })
    }
  }

  #apply({ identity, entry }: Effect): void {
    const { effects, sold } = this.rows
    effects.set(identity, (effects.get(identity) ?? 0) + 1)
    if (entry.type !== 'sale') return
    for (const { product, quantityMilli } of entry.body.documents.flatMap(({ lines }) => lines)) {
      sold.set(product, (sold.get(product) ?? 0) + quantityMilli)
    }
  }

  #mint(): string {
    return toBase64Url(this.#random.bytes(16))
  }
}

const hqKeyOfServer = { use: 'hq-marks', publicKey: hqKey, keyId: 'A'.repeat(43) } as const
const serverKeys: ServerKeys = {
  enrolment: enrolmentKey,
  hq: signedHqKey(hqKeyOfServer, memorySign(enrolmentKey, hqKeyBytes(hqKeyOfServer))),
}

function firstPrevHash(epoch: string): string {
  return firstPrevHashSync(epoch, nodeSha256)
}

function pair<T>(key: string, value: T | undefined): [string, T][] {
  return value === undefined ? [] : [[key, value]]
}

/** A copy of the tables: rows are replaced, never changed. */
function copyOf(rows: ServerRows): ServerRows {
  return {
    epochs: new Map(rows.epochs),
    slots: new Map(rows.slots),
    identities: new Map(rows.identities),
    sales: new Map(rows.sales),
    documents: new Map(rows.documents),
    forks: new Map(rows.forks),
    quarantine: new Map(rows.quarantine),
    effects: new Map(rows.effects),
    sold: new Map(rows.sold),
    personal: new Map(rows.personal),
    checkpoints: new Map(rows.checkpoints),
    notices: [...rows.notices],
    discrepancies: [...rows.discrepancies],
    enrolments: new Map(rows.enrolments),
    registers: new Map(rows.registers),
    nextCode: rows.nextCode,
  }
}

function emptyRows(): ServerRows {
  return {
    epochs: new Map(),
    slots: new Map(),
    identities: new Map(),
    sales: new Map(),
    documents: new Map(),
    forks: new Map(),
    quarantine: new Map(),
    effects: new Map(),
    sold: new Map(),
    personal: new Map(),
    checkpoints: new Map(),
    notices: [],
    discrepancies: [],
    enrolments: new Map(),
    registers: new Map(),
    nextCode: 1,
  }
}
