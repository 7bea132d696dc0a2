import type { Breach } from '@nexus/contract'
import { firstPrevHashSync, type Hole, type Totals } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import type { Fact } from '../projector.ts'
import { factsOf, type PreparedSlot, prepareSlots } from '../rebuild/facts.ts'
import { readSlotsAfter } from '../rebuild/sql.ts'
import { sha256 } from '../sha256.ts'
import { unknownIdentities, type WatchedEpoch } from './sql.ts'

/** What is known of an epoch up to a slot; seq 0 and the first `prevHash` before any. */
export type Standing = { seq: number; hash: string; totals: Totals | null }

export type ReadSpan = {
  /** After the last slot. */
  standing: Standing
  facts: Fact[]
  entries: number
  breaches: Breach[]
}

const slotsMax = 500

export function standingAtStart(epoch: string): Standing {
  return { seq: 0, hash: firstPrevHashSync(epoch, sha256), totals: null }
}

/**
 * Reads the slots behind a standing up to `toSeq` from their bytes: each is there or in a declared hole
 * (I5), hashes to what its row says (I2), links to the one before (I3), is known by its identity (I5), and
 * states totals that do not fall (I8).
 */
export async function readSpan(
  db: Db,
  epoch: WatchedEpoch,
  from: Standing,
  toSeq: number,
): Promise<ReadSpan> {
  const reader = new SpanReader(epoch, from)
  const facts: Fact[] = []
  let entries = 0
  while (reader.standing.seq < toSeq) {
    const slots = (await readSlotsAfter(db, epoch, reader.standing.seq, slotsMax)).filter(
      ({ seq }) => seq <= toSeq,
    )
    const prepared = prepareSlots(slots)
    for (const slot of prepared) reader.take(slot)
    if (slots.length === 0) reader.passTo(toSeq)
    facts.push(...(await factsOf(db, epoch, prepared, new Map())))
    entries += slots.length
    for (const seq of await unknownIdentities(db, slots)) reader.find('I5', 'identity-missing', seq)
  }
  return { standing: reader.standing, facts, entries, breaches: reader.breaches }
}

/** Goes along the slots of an epoch. */
class SpanReader {
  readonly breaches: Breach[] = []
  readonly #epoch: WatchedEpoch
  #standing: Standing

  constructor(epoch: WatchedEpoch, from: Standing) {
    this.#epoch = epoch
    this.#standing = from
  }

  get standing(): Standing {
    return this.#standing
  }

  take(slot: PreparedSlot): void {
    this.passTo(slot.seq - 1)
    const { entry, seq, hash } = slot
    if (entry.hash !== hash) this.find('I2', 'bytes-changed', seq)
    const { outline } = entry.decoded
    // Bytes that name another place, or that nobody can read, took their slot without a link (JRN-10e).
    const isInPlace = outline.epoch === this.#epoch.epoch && outline.seq === seq
    if (isInPlace && outline.prevHash !== this.#standing.hash) this.find('I3', 'link-broken', seq)
    this.#standing = { seq, hash, totals: this.#totalsAfter(slot) }
  }

  /** Slots up to `seq` have no row: each must lie in a declared hole. */
  passTo(seq: number): void {
    for (let missing = this.#standing.seq + 1; missing <= seq; ) {
      const hole = this.#epoch.holes.find((one) => one.fromSeq <= missing && missing <= one.toSeq)
      if (hole === undefined) {
        this.find('I5', 'slot-missing', missing)
        const next = this.#nextHoleAfter(missing)
        missing = Math.min(next?.fromSeq ?? seq + 1, seq + 1)
        this.#standing = { ...this.#standing, seq: missing - 1, totals: null }
      } else {
        const upTo = Math.min(hole.toSeq, seq)
        const known = upTo === hole.toSeq ? hole.lastHash : this.#standing.hash
        this.#standing = { seq: upTo, hash: known, totals: null }
        missing = upTo + 1
      }
    }
  }

  find(invariant: string, kind: string, seq: number, params: Breach['params'] = {}): void {
    this.breaches.push({ invariant, kind, params, epoch: this.#epoch.epoch, seq })
  }

  #nextHoleAfter(seq: number): Hole | undefined {
    return this.#epoch.holes.filter(({ fromSeq }) => fromSeq > seq).sort((a, b) => a.fromSeq - b.fromSeq)[0]
  }

  #totalsAfter({ entry, seq }: PreparedSlot): Totals | null {
    if (entry.decoded.kind !== 'ok') return null
    const before = this.#standing.totals
    const { totals } = entry.decoded.entry
    if (totals === null) return before
    const fallen = fallenTotal(before, totals)
    if (fallen) this.find('I8', 'totals-fell', seq, fallen)
    return totals
  }
}

/** Which of the totals that only grow is smaller than before; undefined: none. */
export function fallenTotal(
  before: Totals | null,
  after: Totals | null,
): { figure: string; was: number; is: number } | undefined {
  if (before === null || after === null) return undefined
  const figures = Object.keys(before) as (keyof Totals)[]
  const figure = figures.find((one) => after[one] < before[one])
  return figure && { figure, was: before[figure], is: after[figure] }
}
