import {
  type Decision,
  type PreparedEntry,
  type PreparedPush,
  prepareEntry,
  type Totals,
  toBase64Url,
  utf8,
  verifyChain,
} from '@nexus/sync'
import { type Disk, type MemoryServer, memoryVerify, nodeSha256 } from '@nexus/sync/testing'
import { isIntact } from './disks.ts'

/** Tells that an invariant is broken: its number, and what was seen. */
export type Tell = (invariant: string, what: string) => void

/**
 * Watches one server: after every write it looks at what the write touched (I1 to I5, I7, I8, I10), and
 * at the end at everything. What it expects it folds itself, from slots and identities alone.
 */
export class ServerWatch {
  readonly #name: string
  readonly #server: MemoryServer
  readonly #tell: Tell
  /** False: doubled numbers and carts would have no excuse. */
  readonly #mayDouble: () => boolean
  #folded = new Map<number, number>()
  #counted = new Set<string>()
  /** Bills by number and by cart. */
  #holders = new Map<string, string[]>()
  /** Doubles that people were told of. */
  #told = new Set<string>()
  /** Acts that are no sale, by the reason that makes each one unique. */
  #acts = new Map<string, string>()
  /** Last stated totals of each epoch. */
  #totals = new Map<string, { seq: number; totals: Totals }>()
  #noticesSeen = 0

  constructor(name: string, server: MemoryServer, tell: Tell, mayDouble: () => boolean) {
    this.#name = name
    this.#server = server
    this.#tell = tell
    this.#mayDouble = mayDouble
  }

  #broken(invariant: string, what: string): void {
    this.#tell(invariant, `${this.#name}: ${what}`)
  }

  /** After a restore everything is folded again. */
  begin(): void {
    this.#folded = new Map()
    this.#counted = new Set()
    this.#holders = new Map()
    this.#told = new Set()
    this.#acts = new Map()
    this.#totals = new Map()
    this.#noticesSeen = 0
    this.#hear()
    for (const { bytes } of this.#server.rows.slots.values()) this.#count(prepareEntry(bytes, nodeSha256))
  }

  written(push: PreparedPush, { answer, rows }: Decision): void {
    this.#hear()
    for (const slot of rows.slots) {
      const prepared = prepareEntry(slot.bytes, nodeSha256)
      if (prepared.hash !== slot.hash) this.#broken('I2', `${slot.epoch}/${slot.seq} holds other bytes`)
      this.#checkLink(slot.epoch, slot.seq, prepared)
      this.#checkSettled(prepared, `${slot.epoch.slice(-4)}/${slot.seq}`)
      this.#checkTotals(slot.epoch, slot.seq, prepared)
      this.#count(prepared)
    }
    for (const { identity, entry, via } of rows.effects) {
      const times = this.#server.rows.effects.get(identity)
      if (times !== 1) this.#broken('I1', `${identity.slice(0, 6)} took effect ${times} times`)
      if (via === 'released') this.#count(prepareEntry(this.#bytesOf(identity), nodeSha256))
      if (entry.type === 'sale') this.#compareSold(entry.body.documents.flatMap(({ lines }) => lines))
    }
    for (const { code, seq, epoch } of rows.discrepancies) {
      if (code === 'totals') this.#broken('I8', `totals of ${epoch.slice(-4)}/${seq} do not follow`)
    }
    this.#checkHoles(rows.holes?.epoch)
    this.#checkAnswer(push, answer)
  }

  #bytesOf(identity: string): Uint8Array {
    const at = this.#server.rows.identities.get(identity)
    return this.#server.rows.slots.get(`${at?.epoch}/${at?.seq}`)?.bytes ?? new Uint8Array()
  }

  #hear(): void {
    const { notices } = this.#server.rows
    for (const { code, identity } of notices.slice(this.#noticesSeen)) {
      if (identity !== null && (code === 'number-twice' || code === 'cart-closed-twice'))
        this.#told.add(identity)
    }
    this.#noticesSeen = notices.length
  }

  /** I3: it links to the slot before it, or to the hole that was declared there. */
  #checkLink(epoch: string, seq: number, { decoded }: PreparedEntry): void {
    const { slots, epochs } = this.#server.rows
    const { prevHash } = decoded.outline
    if (prevHash === null) return
    const before = slots.get(`${epoch}/${seq - 1}`)?.hash
    const hole = epochs.get(epoch)?.holes.find(({ toSeq }) => toSeq === seq - 1)?.lastHash
    const wanted = seq === 1 ? toBase64Url(nodeSha256(utf8(epoch))) : (before ?? hole)
    const head = epochs.get(epoch)?.head.seq ?? 0
    if (decoded.kind !== 'ok' && decoded.kind !== 'unknown-type') return
    if (prevHash !== wanted || seq > head) this.#broken('I3', `${epoch.slice(-4)}/${seq} does not link`)
  }

  /** I1: what has a slot has had its effect, or waits for a person; so has what it wraps. */
  #checkSettled(prepared: PreparedEntry, place: string): void {
    const { identities, quarantine } = this.#server.rows
    const state = identities.get(prepared.hash)?.state
    const waits = state === 'quarantine' && quarantine.has(prepared.hash)
    if (state !== 'acted' && !waits) this.#broken('I1', `${place} has a slot and is ${state}`)
    if (state === 'acted' && prepared.inner !== null) this.#checkSettled(prepared.inner, `${place} (inner)`)
  }

  /** I8: within an epoch totals never fall. */
  #checkTotals(epoch: string, seq: number, { decoded }: PreparedEntry): void {
    const totals = decoded.kind === 'ok' ? decoded.entry.totals : null
    if (totals === null) return
    const last = this.#totals.get(epoch)
    if (last !== undefined && last.seq > seq) return
    if (last !== undefined && fallsBelow(totals, last.totals)) {
      this.#broken('I8', `totals fall at ${epoch.slice(-4)}/${seq}`)
    }
    this.#totals.set(epoch, { seq, totals })
  }

  /** Folds an entry that acted, once, with what it wraps. */
  #count(prepared: PreparedEntry): void {
    if (prepared.inner !== null) this.#count(prepared.inner)
    const { hash, decoded } = prepared
    if (this.#counted.has(hash) || this.#server.rows.identities.get(hash)?.state !== 'acted') return
    this.#counted.add(hash)
    if (decoded.kind !== 'ok') return
    const { entry } = decoded
    if (entry.type === 'drawer-opened') this.#actsOnce(entry.body.reason, hash)
    if (entry.type !== 'sale') return
    for (const { lines } of entry.body.documents) {
      for (const { product, quantityMilli } of lines) {
        this.#folded.set(product, (this.#folded.get(product) ?? 0) + quantityMilli)
      }
    }
    for (const { number } of entry.body.documents) this.#standsOnce(number, hash)
    this.#standsOnce(`cart ${entry.cart}`, hash)
  }

  /** I1: one act of a person is one entry, whatever went wrong while it was written. */
  #actsOnce(reason: string, hash: string): void {
    const other = this.#acts.get(reason)
    if (other !== undefined && other !== hash) this.#broken('I1', `${reason} acts as two entries`)
    this.#acts.set(reason, hash)
  }

  /** I7: a number stands on one bill, or people were told. A cart was sold once, or people were told. */
  #standsOnce(key: string, hash: string): void {
    const bills = [...(this.#holders.get(key) ?? []), hash]
    this.#holders.set(key, bills)
    if (bills.length < 2) return
    const untold = bills.filter((identity) => !this.#told.has(identity))
    if (untold.length > 1) this.#broken('I7', `${key} stands on ${bills.length} bills and nobody was told`)
    if (!this.#mayDouble()) this.#broken('I7', `${key} stands on ${bills.length} bills without any reason`)
  }

  /** I4: what was booked is the fold of the journal. */
  #compareSold(lines: readonly { product: number }[]): void {
    for (const { product } of lines) {
      const [booked, folded] = [this.#server.rows.sold.get(product), this.#folded.get(product)]
      if (booked !== folded)
        this.#broken('I4', `product ${product}: ${booked} booked, ${folded} in the journal`)
    }
  }

  /** I10: of every hole people were told. */
  #checkHoles(epoch: string | undefined): void {
    if (epoch === undefined) return
    const { epochs, notices } = this.#server.rows
    for (const { toSeq } of epochs.get(epoch)?.holes ?? []) {
      const told = notices.some(
        (notice) =>
          notice.code === 'hole-declared' && notice.epoch === epoch && Number(notice.params.toSeq) >= toSeq,
      )
      if (!told) this.#broken('I10', `nobody was told of the hole up to ${epoch.slice(-4)}/${toSeq}`)
    }
  }

  /** I5: acknowledged is stored, forked is kept aside. */
  #checkAnswer(push: PreparedPush, { head, forked }: Decision['answer']): void {
    const { slots, identities } = this.#server.rows
    for (const [index, { hash }] of push.entries.entries()) {
      const seq = push.firstSeq + index
      const place = `${push.epoch.slice(-4)}/${seq}`
      if (forked.includes(seq)) {
        if (!identities.has(hash)) this.#broken('I5', `${place} was answered as forked and is not kept`)
      } else if (
        seq <= head.seq &&
        slots.get(`${push.epoch}/${seq}`)?.hash !== hash &&
        !isInHole(this.#server, push.epoch, seq)
      ) {
        this.#broken('I5', `${place} was acknowledged and is not stored`)
      }
    }
  }

  /** I5 from a till: what it believes stored, received or durable is. Of older generations nothing is believed. */
  believed(
    till: string,
    { notes, entries }: Pick<Disk, 'notes' | 'entries'>,
    headquarters: MemoryServer,
  ): void {
    if (notes === undefined) return
    const { hop } = notes
    if (hop.generation === this.#server.generation) {
      for (const [epoch, { seq, hash }] of Object.entries(hop.agreed)) {
        // Of a place whose bytes the till lost it only knows that nothing is left to send.
        const own = entries.get(`${epoch}/${seq}`)
        const isLost = own === undefined || !isIntact(own)
        if (seq > 0 && !isLost && !hasHash(this.#server, epoch, seq, hash)) {
          this.#broken('I5', `${till} believes that ${epoch.slice(-4)}/${seq} is stored`)
        }
      }
    }
    for (const mark of [...Object.values(hop.received), ...Object.values(hop.durable)]) {
      const { epoch, seq, hash, generation } = mark
      if (generation === headquarters.generation && seq > 0 && !hasHash(headquarters, epoch, seq, hash)) {
        this.#broken('I5', `${till} believes that headquarters have ${epoch.slice(-4)}/${seq}`)
      }
    }
  }

  /** Everything once more, from nothing: chains as the verifier sees them, and the same folds. */
  end(): void {
    const folded = this.#folded
    this.begin()
    for (const product of new Set([
      ...folded.keys(),
      ...this.#folded.keys(),
      ...this.#server.rows.sold.keys(),
    ])) {
      const [booked, now, before] = [
        this.#server.rows.sold.get(product),
        this.#folded.get(product),
        folded.get(product),
      ]
      if (booked !== now || before !== now) {
        this.#broken(
          'I4',
          `product ${product}: ${booked} booked, ${now} in the journal, ${before} step by step`,
        )
      }
    }
    const { epochs, slots, identities, effects } = this.#server.rows
    for (const [identity, times] of effects) {
      if (times !== 1) this.#broken('I1', `${identity.slice(0, 6)} took effect ${times} times`)
      if (identities.get(identity)?.state !== 'acted')
        this.#broken('I4', `${identity.slice(0, 6)} acted and is not known`)
    }
    for (const { epoch, head, holes } of epochs.values()) {
      this.#checkHoles(epoch)
      const entries: { seq: number; bytes: Uint8Array }[] = []
      for (let seq = 1; seq <= head.seq; seq++) {
        const slot = slots.get(`${epoch}/${seq}`)
        if (slot !== undefined) entries.push({ seq, bytes: slot.bytes })
      }
      const input = { epoch, entries, holes, checkpoints: [], trusted: null }
      const report = verifyChain(input, {
        sha256: nodeSha256,
        verify: memoryVerify,
        enrolmentKeys: ['enrolment-key'],
      })
      const place = epoch.slice(-4)
      if (report.firstBad !== null) this.#broken('I3', `${place}: ${JSON.stringify(report.firstBad)}`)
      if (report.wrongTotals.length > 0) this.#broken('I8', `${place}: totals at ${report.wrongTotals}`)
      if (report.wrongNumbers.length > 0)
        this.#broken('I7', `${place}: ${JSON.stringify(report.wrongNumbers)}`)
    }
  }
}

function hasHash({ rows }: MemoryServer, epoch: string, seq: number, hash: string): boolean {
  const slot = rows.slots.get(`${epoch}/${seq}`)
  if (slot !== undefined) return slot.hash === hash
  return rows.epochs.get(epoch)?.holes.some((hole) => hole.toSeq === seq && hole.lastHash === hash) ?? false
}

function isInHole({ rows }: MemoryServer, epoch: string, seq: number): boolean {
  return rows.epochs.get(epoch)?.holes.some(({ fromSeq, toSeq }) => fromSeq <= seq && seq <= toSeq) ?? false
}

function fallsBelow(now: Totals, before: Totals): boolean {
  const members = [
    'sales',
    'documents',
    'soldMinor',
    'taxMinor',
    'returnedMinor',
    'returnedTaxMinor',
  ] as const
  return members.some((member) => now[member] < before[member])
}
