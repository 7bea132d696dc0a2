import { parseBillNumber } from '@nexus/domain'
import { maxPushBytes, maxPushEntries } from '../entry/limits.ts'
import type { Entry } from '../entry/schema.ts'
import { sameTotals, statesTotals, totalsAfter, zeroTotals } from '../entry/totals.ts'
import type { Hole } from '../messages.ts'
import { Ledger, type OpenEpoch } from './ledger.ts'
import type {
  AcceptState,
  Decision,
  Effect,
  IdentityState,
  Notice,
  PreparedEntry,
  PreparedPush,
  QuarantineRow,
  Rows,
} from './types.ts'
import { saleKeys } from './wanted.ts'

/** What every answer of the group carries. */
export type AnswerFacts = { serverAt: number; retryAfterMs: number | null }

/** Entry types that record decisions of a server; a till's journal cannot make them (JRN-20). */
const serverTypes: ReadonlySet<string> = new Set([
  'handover',
  'quarantine-released',
  'hole-lost',
  'fork-rehomed',
  'payment-resolved',
  'sub-grant',
  'month-closed',
  'recovered-bill',
  'renumbered',
])

/**
 * The accept path's decision: heads and known identities as read, pushes as received → answers and rows
 * to write. Pure and deterministic; nothing is dropped, nothing rewritten. Pushes of one epoch are
 * decided in turn, each upon the rows of those before it, so the rows must be written in this order.
 *
 * @param state the rows that `wanted(pushes)` names, read under the locks of the epochs
 * @param firstPrevHash `prevHash` of entry 1 of an epoch that has no row yet
 * @returns one decision for each push, in the same order
 */
export function decide(
  state: AcceptState,
  pushes: readonly PreparedPush[],
  facts: AnswerFacts,
  firstPrevHash: (epoch: string) => string,
): Decision[] {
  const ledger = new Ledger(state)
  return pushes.map((push) => new PushDecision(ledger, push, firstPrevHash).decide(facts))
}

/** One push on its way through the ledger; collects the rows. */
class PushDecision {
  readonly #ledger: Ledger
  readonly #push: PreparedPush
  readonly #firstPrevHash: (epoch: string) => string
  readonly #rows: Rows = emptyRows()
  readonly #forked: number[] = []
  readonly #waiting: number[] = []
  /** An entry of this push left the accepted chain: its successors go with it. */
  #forking = false

  constructor(ledger: Ledger, push: PreparedPush, firstPrevHash: (epoch: string) => string) {
    this.#ledger = ledger
    this.#push = push
    this.#firstPrevHash = firstPrevHash
  }

  decide(facts: AnswerFacts): Decision {
    const epoch = this.#epoch()
    if (epoch === undefined) return this.#answerUnknown(facts)
    const headBefore = epoch.head
    const holesBefore = epoch.holes
    this.#declareHole(epoch)
    const inHoles: { seq: number; prepared: PreparedEntry }[] = []
    for (const [index, prepared] of this.#push.entries.entries()) {
      const seq = this.#push.firstSeq + index
      const isBeyond = seq > epoch.head.seq + 1 && !this.#forking && !this.#followsFork(seq, prepared)
      if (isBeyond && !this.#push.aside) break
      if (isBeyond) this.#fork(epoch, seq, prepared)
      else this.#take(epoch, seq, prepared, inHoles)
    }
    this.#fillHoles(epoch, inHoles)
    // What no hole could prove to be its own may be another branch: its till writes it again, once by identity.
    for (const { seq, prepared } of inHoles) {
      if (this.#ledger.slot(epoch.epoch, seq) !== prepared.hash) this.#forked.push(seq)
    }
    if (epoch.head !== headBefore) this.#adoptForks(epoch)
    if (epoch.holes !== holesBefore) this.#rows.holes = { epoch: epoch.epoch, holes: epoch.holes }
    if (epoch.head !== headBefore) {
      this.#rows.head = { epoch: epoch.epoch, ...epoch.head, totals: epoch.totals }
    }
    this.#keepPersonal(epoch)
    return this.#answer(epoch, facts)
  }

  /** The epoch of the push, known or made known by its certificate; undefined when nobody proves it. */
  #epoch(): OpenEpoch | undefined {
    const push = this.#push
    if (!push.proved) return undefined
    const known = this.#ledger.epoch(push.epoch)
    if (known !== undefined) {
      if (known.register !== push.register) return undefined
      if (push.certificate !== null && push.certificate.publicKey !== known.publicKey) {
        this.#notice('certificate-mismatch', 1, null, { keyId: push.certificate.keyId })
      }
      return known
    }
    const { certificate, writer: kind } = push
    if (certificate === null) return undefined
    const state = this.#isOfStolenDevice() ? 'stolen' : 'open'
    const opened: OpenEpoch = {
      ...certificate,
      kind,
      state,
      head: { seq: 0, hash: this.#firstPrevHash(push.epoch) },
      totals: zeroTotals,
      holes: [],
      marks: { received: null, durable: null },
    }
    this.#ledger.openEpoch(opened)
    this.#rows.epochs.push({ ...certificate, kind, state })
    return opened
  }

  /** Beyond the head, behind an entry that is known and has no slot there: its branch goes on (JRN-7h). */
  #followsFork(seq: number, { decoded }: PreparedEntry): boolean {
    const { prevHash } = decoded.outline
    const before = prevHash === null ? undefined : this.#ledger.identity(prevHash)
    this.#forking = before?.epoch === this.#push.epoch && before.seq === seq - 1
    return this.#forking
  }

  /** A stolen device that begins a new life stays stolen (JRN-10): its spare opens without asking anybody. */
  #isOfStolenDevice(): boolean {
    const first = this.#push.entries[0]?.decoded
    if (first?.kind !== 'ok' || first.entry.type !== 'epoch-opened') return false
    const { predecessor } = first.entry.body
    return predecessor !== null && this.#ledger.epoch(predecessor.epoch)?.state === 'stolen'
  }

  #take(
    epoch: OpenEpoch,
    seq: number,
    prepared: PreparedEntry,
    inHoles: { seq: number; prepared: PreparedEntry }[],
  ): void {
    if (seq <= epoch.head.seq) {
      const held = this.#ledger.slot(epoch.epoch, seq)
      if (held === prepared.hash) this.#acknowledgeAgain(seq, prepared)
      else if (held === undefined && inHole(epoch.holes, seq)) inHoles.push({ seq, prepared })
      else this.#fork(epoch, seq, prepared)
      return
    }
    const { prevHash } = prepared.decoded.outline
    const misplaced = isMisplaced(prepared, epoch.epoch, seq)
    if (this.#forking || (!misplaced && prevHash !== null && prevHash !== epoch.head.hash)) {
      this.#fork(epoch, seq, prepared)
    } else {
      this.#accept(epoch, seq, prepared, 'own')
    }
  }

  #acknowledgeAgain(seq: number, prepared: PreparedEntry): void {
    if (this.#ledger.identity(prepared.hash)?.state === 'quarantine') this.#waiting.push(seq)
  }

  /** Gives the entry its slot behind the head, and its effect or a place in quarantine (JRN-10). */
  #accept(epoch: OpenEpoch, seq: number, prepared: PreparedEntry, via: Effect['via']): void {
    this.#fillSlot(epoch, seq, prepared)
    epoch.head = { seq, hash: prepared.hash }
    this.#foldTotals(epoch, seq, prepared)
    this.#actOrWait(epoch, seq, prepared, via)
  }

  #fillSlot(epoch: OpenEpoch, seq: number, prepared: PreparedEntry): void {
    const { prevHash, type, at } = prepared.decoded.outline
    const { hash, bytes } = prepared
    this.#ledger.fillSlot(epoch.epoch, seq, hash)
    this.#rows.slots.push({ epoch: epoch.epoch, seq, hash, prevHash, type, at, bytes })
  }

  #actOrWait(epoch: OpenEpoch, seq: number, prepared: PreparedEntry, via: Effect['via']): void {
    const known = this.#ledger.identity(prepared.hash)
    if (known?.state === 'acted') return
    if (known?.state === 'quarantine') {
      this.#waiting.push(seq)
      return
    }
    if (known?.state === 'fork') this.#settleFork(known.epoch, prepared.hash, 'adopted')
    const slot = { epoch: epoch.epoch, seq }
    const reason = this.#reasonToWait(epoch, seq, prepared)
    if (reason !== undefined) {
      this.#quarantine(prepared, slot, reason)
      this.#waiting.push(seq)
    } else if (prepared.decoded.kind === 'ok') {
      this.#act(prepared, prepared.decoded.entry, slot, slot, via)
    }
  }

  #reasonToWait(epoch: OpenEpoch, seq: number, prepared: PreparedEntry): QuarantineRow['reason'] | undefined {
    const { decoded } = prepared
    if (isMisplaced(prepared, epoch.epoch, seq)) return 'wrong-place'
    if (decoded.kind !== 'ok') return decoded.kind
    if (epoch.state === 'stolen') {
      this.#notice('stolen-entry', seq, prepared.hash, { type: decoded.entry.type })
      return 'stolen'
    }
    if (epoch.kind === 'till' && serverTypes.has(decoded.entry.type)) return 'wrong-writer'
    if (isWrapper(decoded.entry) && prepared.inner === null) return 'inner-mismatch'
    if (this.#push.withoutEffects) return 'underivable'
    return undefined
  }

  #quarantine(
    prepared: PreparedEntry,
    slot: { epoch: string; seq: number },
    reason: QuarantineRow['reason'],
  ): void {
    this.#setIdentity(prepared.hash, { state: 'quarantine', ...slot })
    this.#rows.quarantine.push({ identity: prepared.hash, ...slot, reason, bytes: prepared.bytes })
  }

  /** The one effect of an identity. Whoever calls has made sure that it had none. */
  #act(
    prepared: PreparedEntry,
    entry: Entry,
    place: { epoch: string; seq: number },
    slot: { epoch: string; seq: number },
    via: Effect['via'],
  ): void {
    this.#setIdentity(prepared.hash, { state: 'acted', ...place })
    this.#rows.effects.push({ identity: prepared.hash, entry, place, slot, via })
    if (entry.type === 'sale') this.#noteSale(prepared.hash, entry, place, slot)
    if (this.#decides(entry, prepared)) this.#rows.decided.push(prepared.hash)
    if (entry.type === 'epoch-opened' && entry.seq !== 1) this.#flag('first-entry', prepared.hash, slot, {})
    if (prepared.inner !== null && isWrapper(entry)) this.#actInner(prepared.inner, entry.body.place, slot)
  }

  /** Carries out a server's decision; false for other entries and where it changes nothing (JRN-20). */
  #decides(entry: Entry, { inner }: PreparedEntry): boolean {
    switch (entry.type) {
      case 'quarantine-released':
        return this.#release(entry)
      case 'fork-rehomed':
        return inner !== null && this.#settleWrapped(entry.body.place, inner)
      case 'hole-lost':
        return this.#loseHole(entry)
      case 'handover':
        return this.#handOver(entry)
      case 'renumbered':
        return this.#renumber(entry)
      default:
        return false
    }
  }

  /** Effect of a re-homed entry: once, by the inner identity, wherever its bytes arrived before (JRN-7). */
  #actInner(
    inner: PreparedEntry,
    statedPlace: { epoch: string; seq: number },
    slot: { epoch: string; seq: number },
  ): void {
    const known = this.#ledger.identity(inner.hash)
    if (known?.state === 'acted' || known?.state === 'quarantine') return
    const { epoch, seq } = inner.decoded.outline
    const place = epoch !== null && seq !== null ? { epoch, seq } : statedPlace
    if (known?.state === 'fork') this.#settleFork(known.epoch, inner.hash, 'rehomed')
    if (inner.decoded.kind !== 'ok') this.#quarantine(inner, slot, inner.decoded.kind)
    else if (isWrapper(inner.decoded.entry)) this.#quarantine(inner, slot, 'inner-mismatch')
    else this.#act(inner, inner.decoded.entry, place, slot, 'rehomed')
  }

  #release(entry: Entry<'quarantine-released'>): boolean {
    const { identity, outcome, place: stated } = entry.body
    const known = this.#ledger.identity(identity)
    if (known?.state !== 'quarantine' || known.epoch !== stated.epoch || known.seq !== stated.seq)
      return false
    const waiting = this.#ledger.quarantined(identity)
    if (outcome === 'act' && waiting?.decoded.kind !== 'ok') return false
    this.#rows.released.push({ identity, outcome })
    const held = { epoch: known.epoch, seq: known.seq }
    if (outcome === 'drop' || waiting?.decoded.kind !== 'ok') {
      this.#setIdentity(identity, { ...known, state: 'acted' })
    } else {
      const { outline } = waiting.decoded
      const place = { epoch: outline.epoch ?? held.epoch, seq: outline.seq ?? held.seq }
      this.#act(waiting, waiting.decoded.entry, place, held, 'released')
    }
    return true
  }

  /**
   * Settles the fork entry that a `fork-rehomed` names by its place: the entry itself, or a wrapper of a
   * till around it that was forked too and has no effect of its own (JRN-7). Whether the inner entry acts
   * is decided by its identity alone.
   */
  #settleWrapped({ epoch, seq }: { epoch: string; seq: number }, inner: PreparedEntry): boolean {
    const fork = this.#ledger
      .forks(epoch)
      .find(
        ({ seq: at, prepared }) => at === seq && [prepared.hash, prepared.inner?.hash].includes(inner.hash),
      )
    if (fork !== undefined && fork.prepared.hash !== inner.hash) {
      this.#settleFork(epoch, fork.prepared.hash, 'rehomed')
      this.#setIdentity(fork.prepared.hash, { state: 'acted', epoch, seq })
    }
    return fork !== undefined
  }

  /** A named person says that these slots of a declared hole will never be filled (JRN-9d, I10). */
  #loseHole({ body: { epoch: id, fromSeq, toSeq } }: Entry<'hole-lost'>): boolean {
    const holes = this.#ledger.epoch(id)?.holes ?? []
    if (!holes.some((hole) => hole.fromSeq <= fromSeq && fromSeq <= toSeq && toSeq <= hole.toSeq))
      return false
    this.#rows.notices.push({ code: 'hole-lost', epoch: id, seq: fromSeq, identity: null, params: { toSeq } })
    return true
  }

  /** Closes the epoch of a device that is gone (JRN-21); the last declaration rules. */
  #handOver({ body }: Entry<'handover'>): boolean {
    const epoch = this.#ledger.epoch(body.epoch)
    if (epoch === undefined || epoch.register !== body.register || epoch.kind !== 'till') return false
    epoch.state = body.declaration === 'stolen' ? 'stolen' : 'closed'
    this.#rows.states.push({ epoch: epoch.epoch, state: epoch.state })
    if (body.declaration !== 'clean') {
      const code = body.declaration === 'stolen' ? 'device-stolen' : 'tail-lost'
      const params = { numbers: body.lostNumbers.length }
      this.#rows.notices.push({ code, epoch: epoch.epoch, seq: body.afterSeq, identity: null, params })
    }
    return true
  }

  /** A further bill with a used number gets one of the recovery register's series (JRN-14c). */
  #renumber({ epoch, body: { identity, oldNumber, number } }: Entry<'renumbered'>): boolean {
    const isTaken = this.#ledger.documentHolder(epoch, number) !== undefined
    if (isTaken || this.#ledger.identity(identity)?.state !== 'acted') return false
    this.#ledger.setDocumentHolder(epoch, number, identity)
    this.#rows.documents.push({ epoch, number, identity })
    this.#rows.renumbered.push({ identity, oldNumber, number })
    return true
  }

  #noteSale(
    identity: string,
    entry: Entry<'sale'>,
    place: { epoch: string; seq: number },
    slot: { epoch: string; seq: number },
  ): void {
    const keys = saleKeys(entry)
    const twin = keys.flatMap((key) => this.#ledger.salesOf(key)).find((other) => other !== identity)
    if (twin !== undefined) {
      this.#notice('cart-closed-twice', slot.seq, identity, { root: entry.body.root, other: twin })
    }
    for (const key of keys) {
      this.#ledger.addSale(key, identity)
      this.#rows.sales.push({ key, identity })
    }
    const code = this.#ledger.epoch(place.epoch)?.code
    for (const { number, kind } of entry.body.documents) {
      if (code !== undefined && parseBillNumber(number)?.code !== code) {
        this.#flag('number-foreign', identity, slot, { number, code })
      }
      const holder = this.#ledger.documentHolder(place.epoch, number)
      if (holder === undefined) {
        this.#ledger.setDocumentHolder(place.epoch, number, identity)
        this.#rows.documents.push({ epoch: place.epoch, number, identity })
      } else if (holder !== identity) {
        this.#notice('number-twice', slot.seq, identity, { number, other: holder })
        const bearer = { epoch: place.epoch, number, kind }
        this.#rows.bearers.push({ ...bearer, identity: holder }, { ...bearer, identity })
      }
    }
  }

  /** Recomputes the totals along the chain and flags a difference; the entry's own stay as they are (JRN-18). */
  #foldTotals(epoch: OpenEpoch, seq: number, { decoded, hash }: PreparedEntry): void {
    if (decoded.kind !== 'ok') {
      epoch.totals = null
      return
    }
    const { entry } = decoded
    const place = { epoch: epoch.epoch, seq }
    if (seq === 1 && entry.type !== 'epoch-opened')
      this.#flag('first-entry', hash, place, { type: entry.type })
    const expected = epoch.totals === null ? null : totalsAfter(epoch.totals, entry)
    if (!statesTotals(entry.type)) {
      if (entry.totals !== null) this.#flag('totals-unexpected', hash, place, {})
      epoch.totals = expected
    } else if (entry.totals === null) {
      this.#flag('totals-missing', hash, place, {})
      epoch.totals = expected
    } else {
      if (expected !== null && !sameTotals(expected, entry.totals)) {
        this.#flag('totals', hash, place, {
          soldMinor: entry.totals.soldMinor,
          expectedSoldMinor: expected.soldMinor,
          sales: entry.totals.sales,
          expectedSales: expected.sales,
        })
      }
      epoch.totals = entry.totals
    }
  }

  /** Keeps the entry aside with its bytes (JRN-7). Its identity may still have effect another way. */
  #fork(epoch: OpenEpoch, seq: number, prepared: PreparedEntry): void {
    if (!this.#forking && this.#ledger.identity(prepared.hash) === undefined) {
      this.#notice('fork', seq, prepared.hash, { accepted: epoch.head.hash, headSeq: epoch.head.seq })
    }
    this.#forking = true
    this.#forked.push(seq)
    this.#keepAside(epoch.epoch, seq, prepared)
  }

  #keepAside(epoch: string, seq: number, prepared: PreparedEntry): void {
    if (this.#ledger.identity(prepared.hash) !== undefined) return
    this.#setIdentity(prepared.hash, { state: 'fork', epoch, seq })
    this.#ledger.forks(epoch).push({ epoch, seq, prepared })
    const { hash: identity, bytes } = prepared
    this.#rows.forks.push({ epoch, seq, identity, prevHash: prepared.decoded.outline.prevHash, bytes })
  }

  #settleFork(epoch: string, identity: string, by: 'adopted' | 'rehomed'): void {
    this.#ledger.settleFork(epoch, identity)
    this.#rows.settledForks.push({ identity, by })
  }

  /** A fork whose predecessor became the head after all takes its slots (JRN-7). */
  #adoptForks(epoch: OpenEpoch): void {
    for (;;) {
      const { seq, hash } = epoch.head
      const next = this.#ledger
        .forks(epoch.epoch)
        .find((fork) => fork.seq === seq + 1 && fork.prepared.decoded.outline.prevHash === hash)
      if (next === undefined) return
      this.#accept(epoch, next.seq, next.prepared, 'adopted')
    }
  }

  /** The slots between the head and the first entry that the sender no longer holds (JRN-8). */
  #declareHole(epoch: OpenEpoch): void {
    const { hole, firstSeq, entries } = this.#push
    if (hole === null || hole.toSeq !== firstSeq - 1) return
    const fromSeq = epoch.head.seq + 1
    if (hole.fromSeq > fromSeq || hole.toSeq < fromSeq) return
    const prevHash = entries[0]?.decoded.outline.prevHash ?? null
    if (prevHash !== null && prevHash !== hole.lastHash) return
    const declared: Hole = { fromSeq, toSeq: hole.toSeq, lastHash: hole.lastHash }
    epoch.holes = [...epoch.holes, declared]
    epoch.head = { seq: hole.toSeq, hash: hole.lastHash }
    epoch.totals = null
    // What HQ holds in two places is no loss for a hop (JRN-8i).
    if (hole.toSeq > this.#push.durableSeq) {
      this.#notice('hole-declared', fromSeq, null, { toSeq: hole.toSeq })
    }
  }

  /**
   * Fills holes from their top down, where each hash is known by its successor. What cannot be linked
   * yet is kept aside and taken when the bytes above it turn up.
   */
  #fillHoles(epoch: OpenEpoch, found: readonly { seq: number; prepared: PreparedEntry }[]): void {
    for (const { seq, prepared } of found) this.#keepAside(epoch.epoch, seq, prepared)
    if (epoch.holes.length === 0) return
    const filled: { seq: number; prepared: PreparedEntry }[] = []
    const rest: Hole[] = []
    for (const hole of epoch.holes) {
      let { toSeq, lastHash } = hole
      while (toSeq >= hole.fromSeq) {
        const fork = this.#ledger
          .forks(epoch.epoch)
          .find(({ seq, prepared }) => seq === toSeq && prepared.hash === lastHash)
        if (fork === undefined) break
        filled.unshift({ seq: toSeq, prepared: fork.prepared })
        toSeq--
        const { prevHash } = fork.prepared.decoded.outline
        if (prevHash === null) break
        lastHash = prevHash
      }
      if (toSeq === hole.toSeq) rest.push(hole)
      else if (toSeq >= hole.fromSeq) rest.push({ fromSeq: hole.fromSeq, toSeq, lastHash })
    }
    if (filled.length === 0) return
    epoch.holes = rest
    for (const { seq, prepared } of filled) {
      this.#fillSlot(epoch, seq, prepared)
      this.#actOrWait(epoch, seq, prepared, 'hole-filled')
    }
  }

  #keepPersonal(epoch: OpenEpoch): void {
    const known = (identity: string) => this.#ledger.identity(identity) !== undefined
    this.#rows.personal.push(...this.#push.personal.filter(({ identity }) => known(identity)))
    for (const identity of this.#push.strayPersonal) {
      this.#notice('personal-mismatch', epoch.head.seq, identity, {})
    }
  }

  #setIdentity(identity: string, state: IdentityState): void {
    this.#ledger.setIdentity(identity, state)
    this.#rows.identities.push({ identity, ...state })
  }

  #notice(code: Notice['code'], seq: number, identity: string | null, params: Notice['params']): void {
    this.#rows.notices.push({ code, epoch: this.#push.epoch, seq, identity, params })
  }

  #flag(
    code: Rows['discrepancies'][number]['code'],
    identity: string,
    place: { epoch: string; seq: number },
    params: Notice['params'],
  ): void {
    this.#rows.discrepancies.push({ code, identity, ...place, params })
  }

  #answer(epoch: OpenEpoch, facts: AnswerFacts): Decision {
    const head = { epoch: epoch.epoch, seq: epoch.head.seq, hash: epoch.head.hash }
    const stored = { ...head, generation: this.#ledger.generation, signature: null }
    return {
      answer: {
        requestId: this.#push.requestId,
        generation: this.#ledger.generation,
        ...facts,
        head,
        marks: { stored, ...epoch.marks },
        quarantined: this.#waiting,
        forked: this.#forked,
        maxBatch: { entries: maxPushEntries, bytes: maxPushBytes },
      },
      rows: this.#rows,
    }
  }

  /** An epoch that nobody proves has head 0: the till sends entry 1 with its certificate. Stores nothing. */
  #answerUnknown(facts: AnswerFacts): Decision {
    const { epoch, requestId } = this.#push
    return {
      answer: {
        requestId,
        generation: this.#ledger.generation,
        ...facts,
        head: { epoch, seq: 0, hash: this.#firstPrevHash(epoch) },
        marks: { stored: null, received: null, durable: null },
        quarantined: [],
        forked: [],
        maxBatch: { entries: maxPushEntries, bytes: maxPushBytes },
      },
      rows: emptyRows(),
    }
  }
}

function isWrapper(entry: Entry): entry is Entry<'rehomed'> | Entry<'fork-rehomed'> {
  return entry.type === 'rehomed' || entry.type === 'fork-rehomed'
}

/** True where readable bytes name another place than the push does. */
function isMisplaced({ decoded }: PreparedEntry, epoch: string, seq: number): boolean {
  if (decoded.kind === 'unreadable') return false
  const { outline } = decoded
  return outline.epoch !== epoch || outline.seq !== seq
}

function inHole(holes: readonly Hole[], seq: number): boolean {
  return holes.some((hole) => seq >= hole.fromSeq && seq <= hole.toSeq)
}

function emptyRows(): Rows {
  return {
    epochs: [],
    states: [],
    slots: [],
    identities: [],
    quarantine: [],
    released: [],
    forks: [],
    settledForks: [],
    holes: null,
    personal: [],
    effects: [],
    sales: [],
    documents: [],
    bearers: [],
    renumbered: [],
    decided: [],
    notices: [],
    discrepancies: [],
    head: null,
  }
}
