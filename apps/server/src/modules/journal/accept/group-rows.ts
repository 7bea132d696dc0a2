import type { Decision, Effect, Hole, Rows } from '@nexus/sync'
import type { Insertable } from 'kysely'
import { uuidBytes } from '../../../db/uuid.ts'
import type { Discrepancy, Fact } from '../projector.ts'
import { discrepancyRows, hashBytes, noticeRow } from '../rows.ts'
import type { EntryIdentityTable, JournalHeadTable } from '../tables.ts'
import type { Offered } from './offered.ts'
import type { EpochKeys, EpochRow, GroupRows } from './sql.ts'

/** Collects what was decided for a group, push by push, as rows for the tables and facts for projectors. */
export class GroupCollector {
  readonly facts: Fact[] = []
  readonly #epochs: ReadonlyMap<string, EpochRow>
  readonly #keys: ReadonlyMap<string, EpochKeys>
  readonly #known: ReadonlyMap<string, unknown>
  readonly #rows = {
    epochs: [] as GroupRows['epochs'][number][],
    entries: [] as GroupRows['entries'][number][],
    carts: [] as GroupRows['carts'][number][],
    numbers: [] as GroupRows['numbers'][number][],
    bearers: [] as GroupRows['bearers'][number][],
    renumbered: [] as GroupRows['renumbered'][number][],
    states: [] as GroupRows['states'][number][],
    effects: [] as GroupRows['effects'][number][],
    quarantine: [] as GroupRows['quarantine'][number][],
    released: [] as GroupRows['released'][number][],
    forks: [] as GroupRows['forks'][number][],
    settledForks: [] as GroupRows['settledForks'][number][],
    personal: [] as GroupRows['personal'][number][],
    incidents: [] as GroupRows['incidents'][number][],
    discrepancies: [] as GroupRows['discrepancies'][number][],
  }
  // Of these a group keeps the last word only: an entry may be kept aside and then adopted.
  readonly #identities = new Map<string, Insertable<EntryIdentityTable>>()
  readonly #holes = new Map<string, readonly Hole[]>()
  readonly #heads = new Map<string, Insertable<JournalHeadTable>>()

  /**
   * @param epochs as read before the decisions
   * @param keys small keys of every epoch of the group, new ones included
   * @param known identities that have a row
   */
  constructor(
    epochs: ReadonlyMap<string, EpochRow>,
    keys: ReadonlyMap<string, EpochKeys>,
    known: ReadonlyMap<string, unknown>,
  ) {
    this.#epochs = epochs
    this.#keys = keys
    this.#known = known
  }

  add(offered: Offered, { answer, rows }: Decision): void {
    for (const certificate of rows.epochs) this.#addEpoch(certificate, offered.receivedAt)
    for (const slot of rows.slots) {
      const { storeNo, epochNo } = this.#keysOf(slot.epoch)
      this.#rows.entries.push({
        store_no: storeNo,
        epoch_no: epochNo,
        seq: slot.seq,
        hash: hashBytes(slot.hash),
        received_at: offered.receivedAt,
        bytes: slot.bytes,
      })
    }
    this.#addKnowledge(offered, rows)
    this.#addKeptAside(offered, rows)
    this.#addEffects(offered, rows)
    if (rows.head !== null) this.#addHead(offered, rows, rows.head)
    // An epoch that became known with a fork for its entry 1 has a head all the same.
    for (const { epoch } of rows.epochs) {
      if (!this.#heads.has(epoch)) this.#addHead(offered, rows, { ...answer.head, epoch, totals: null })
    }
  }

  result(): GroupRows {
    const identities = [...this.#identities]
    return {
      ...this.#rows,
      newIdentities: identities.filter(([text]) => !this.#known.has(text)).map(([, row]) => row),
      changedIdentities: identities.filter(([text]) => this.#known.has(text)).map(([, row]) => row),
      holes: [...this.#holes].map(([epoch, holes]) => ({
        epoch: uuidBytes(epoch),
        holes: JSON.stringify(holes),
      })),
      heads: [...this.#heads.values()],
    }
  }

  #keysOf(epoch: string): EpochKeys {
    const keys = this.#keys.get(epoch)
    if (keys === undefined) throw new Error(`The group wrote a slot of epoch ${epoch}, which it did not read`)
    return keys
  }

  #addEpoch(certificate: Rows['epochs'][number], receivedAt: number): void {
    const { storeNo, registerNo, epochNo } = this.#keysOf(certificate.epoch)
    this.#rows.epochs.push({
      store_no: storeNo,
      epoch_no: epochNo,
      epoch: uuidBytes(certificate.epoch),
      register_no: registerNo,
      tenant: certificate.tenant,
      store: certificate.store,
      register: certificate.register,
      code: certificate.code,
      public_key: certificate.publicKey,
      key_id: certificate.keyId,
      kind: certificate.kind,
      state: certificate.state,
      opened_at: receivedAt,
      holes: '[]',
      has_forks: 0,
    })
  }

  #addKnowledge({ storeNo, receivedAt }: Offered, rows: Rows): void {
    for (const { identity, state, epoch, seq } of rows.identities) {
      this.#identities.set(identity, {
        identity: hashBytes(identity),
        store_no: storeNo,
        state,
        epoch: uuidBytes(epoch),
        seq,
      })
    }
    for (const { epoch, state } of rows.states) this.#rows.states.push({ epoch: uuidBytes(epoch), state })
    for (const { key, identity } of rows.sales) {
      this.#rows.carts.push({ cart: uuidBytes(key), identity: hashBytes(identity), store_no: storeNo })
    }
    for (const { epoch, number, identity } of rows.documents) {
      const row = { number, epoch: uuidBytes(epoch), identity: hashBytes(identity), store_no: storeNo }
      this.#rows.numbers.push(row)
    }
    for (const { number, epoch, identity, kind } of rows.bearers) {
      this.#rows.bearers.push({
        number,
        epoch: uuidBytes(epoch),
        identity: hashBytes(identity),
        store_no: this.#storeNoOf(epoch, storeNo),
        kind,
        renumbered: null,
      })
    }
    for (const { identity, ...numbers } of rows.renumbered) {
      this.#rows.renumbered.push({ identity: hashBytes(identity), ...numbers })
    }
    if (rows.holes !== null) this.#holes.set(rows.holes.epoch, rows.holes.holes)
    for (const { identity, salt, data } of rows.personal) {
      this.#rows.personal.push({
        store_no: storeNo,
        identity: hashBytes(identity),
        salt: hashBytes(salt),
        data,
        received_at: receivedAt,
        erased_at: null,
      })
    }
    for (const notice of rows.notices) {
      const row = noticeRow(notice, this.#storeNoOf(notice.epoch, storeNo), receivedAt)
      this.#rows.incidents.push(row)
    }
  }

  /** Store of an epoch, which headquarters may decide about; else that of the writer. */
  #storeNoOf(epoch: string, writers: number): number {
    return this.#keys.get(epoch)?.storeNo ?? writers
  }

  #addKeptAside({ storeNo, receivedAt }: Offered, rows: Rows): void {
    for (const { identity, epoch, seq, reason, bytes } of rows.quarantine) {
      this.#rows.quarantine.push({
        store_no: storeNo,
        identity: hashBytes(identity),
        epoch: uuidBytes(epoch),
        seq,
        reason,
        bytes,
        received_at: receivedAt,
        released: null,
      })
    }
    for (const { identity, outcome } of rows.released) {
      this.#rows.released.push({ identity: hashBytes(identity), outcome })
    }
    for (const { identity, epoch, seq, prevHash, bytes } of rows.forks) {
      this.#rows.forks.push({
        store_no: storeNo,
        identity: hashBytes(identity),
        epoch: uuidBytes(epoch),
        seq,
        prev_hash: prevHashBytes(prevHash),
        bytes,
        received_at: receivedAt,
        settled: null,
      })
    }
    for (const { identity, by } of rows.settledForks) {
      this.#rows.settledForks.push({ identity: hashBytes(identity), by })
    }
  }

  #addEffects({ flagged, receivedAt, storeNo }: Offered, rows: Rows): void {
    const found = new Map<string, { epoch: string; seq: number; list: Discrepancy[] }>()
    const note = (identity: string, place: { epoch: string; seq: number }, discrepancy: Discrepancy) => {
      const entry = found.get(identity)
      if (entry) entry.list.push(discrepancy)
      else found.set(identity, { epoch: place.epoch, seq: place.seq, list: [discrepancy] })
    }
    for (const one of rows.discrepancies) note(one.identity, one, { kind: one.code, params: one.params })
    for (const effect of rows.effects) {
      for (const one of flagged.get(effect.identity) ?? []) note(effect.identity, effect.slot, one)
      const fact = this.#factOf(effect, receivedAt)
      const discrepancies = found.get(effect.identity)?.list
      this.facts.push(discrepancies ? { ...fact, discrepancies } : fact)
      if (effect.via === 'rehomed' || effect.via === 'released') {
        this.#rows.effects.push({
          store_no: fact.storeNo,
          epoch_no: fact.epochNo,
          seq: fact.seq,
          identity: fact.identity,
          via: effect.via,
          received_at: receivedAt,
        })
      }
    }
    for (const [identity, { epoch, seq, list }] of found) {
      const when = { at: receivedAt, foundBy: 'accept', firstN: 0 } as const
      this.#rows.discrepancies.push(
        ...discrepancyRows({ storeNo, epoch, seq }, hashBytes(identity), list, when),
      )
    }
  }

  #factOf({ identity, entry, slot }: Effect, receivedAt: number): Fact {
    const { storeNo, registerNo, epochNo } = this.#keysOf(slot.epoch)
    return {
      storeNo,
      // A recovery journal has no register of its own: what it re-homes stays its register's.
      registerNo: this.#keys.get(entry.epoch)?.registerNo ?? registerNo,
      epochNo,
      seq: slot.seq,
      identity: hashBytes(identity),
      entry,
      receivedAt,
    }
  }

  #addHead({ checkpoint, receivedAt }: Offered, rows: Rows, head: NonNullable<Rows['head']>): void {
    const { storeNo, epochNo } = this.#keysOf(head.epoch)
    const before = this.#heads.get(head.epoch)
    const signed = signedSlot(checkpoint, rows)
    const known = this.#epochs.get(head.epoch)?.checkpoint
    const { totals } = head
    this.#heads.set(head.epoch, {
      store_no: storeNo,
      epoch_no: epochNo,
      seq: head.seq,
      hash: hashBytes(head.hash),
      moved_at: receivedAt,
      sales: totals?.sales ?? null,
      documents: totals?.documents ?? null,
      sold_minor: totals?.soldMinor ?? null,
      tax_minor: totals?.taxMinor ?? null,
      returned_minor: totals?.returnedMinor ?? null,
      returned_tax_minor: totals?.returnedTaxMinor ?? null,
      checkpoint_seq: signed?.seq ?? before?.checkpoint_seq ?? known?.seq ?? null,
      checkpoint_signature: signed?.signature ?? before?.checkpoint_signature ?? known?.signature ?? null,
    })
  }
}

/** The slot of this push that its checkpoint signs; undefined where the signed entry was not accepted now. */
function signedSlot(
  { checkpoint, signature }: Offered['checkpoint'],
  rows: Rows,
): { seq: number; signature: string } | undefined {
  const { epoch, seq, hash } = checkpoint
  const taken = rows.slots.some((slot) => slot.epoch === epoch && slot.seq === seq && slot.hash === hash)
  return taken ? { seq, signature } : undefined
}

/** The bytes name it; it may be any text. */
function prevHashBytes(prevHash: string | null): Buffer | null {
  if (prevHash === null) return null
  const bytes = hashBytes(prevHash)
  return bytes.length === 32 ? bytes : null
}
