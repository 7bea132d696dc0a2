import type { Entry } from '../entry/schema.ts'
import type { PreparedEntry, PreparedPush, Wanted } from './types.ts'

/** What `decide` must be given about these pushes: the rows that the shell reads in the transaction. */
export function wanted(pushes: readonly PreparedPush[]): Wanted {
  const wants = new Wants()
  for (const push of pushes) {
    wants.epochs.add(push.epoch)
    for (const entry of push.entries) wants.visit(entry)
  }
  return {
    epochs: [...wants.epochs],
    slots: pushes.map(({ epoch, firstSeq, entries }) => ({
      epoch,
      fromSeq: firstSeq,
      toSeq: firstSeq + entries.length - 1,
    })),
    ...wants.known(),
    quarantined: [...wants.quarantined],
  }
}

/**
 * What `decide` must be given besides about entries that no push holds and that may act all the same:
 * waiting forks of the wanted epochs, and what a person lets out of quarantine.
 */
export function wantedOf(
  entries: readonly PreparedEntry[],
): Pick<Wanted, 'identities' | 'sales' | 'documents'> {
  const wants = new Wants()
  for (const entry of entries) wants.visit(entry)
  return wants.known()
}

class Wants {
  readonly epochs = new Set<string>()
  readonly quarantined = new Set<string>()
  readonly #identities = new Set<string>()
  readonly #sales = new Set<string>()
  readonly #documents = new Map<string, { epoch: string; number: string }>()

  visit(prepared: PreparedEntry): void {
    this.#identities.add(prepared.hash)
    if (prepared.decoded.kind === 'ok') this.#note(prepared.decoded.entry)
    if (prepared.inner !== null) this.visit(prepared.inner)
  }

  known(): Pick<Wanted, 'identities' | 'sales' | 'documents'> {
    return {
      identities: [...this.#identities],
      sales: [...this.#sales],
      documents: [...this.#documents.values()],
    }
  }

  #note(entry: Entry): void {
    switch (entry.type) {
      case 'sale':
        for (const key of saleKeys(entry)) this.#sales.add(key)
        for (const { number } of entry.body.documents) this.#document(entry.epoch, number)
        break
      case 'epoch-opened':
        if (entry.body.predecessor !== null) this.epochs.add(entry.body.predecessor.epoch)
        break
      case 'rehomed':
      case 'fork-rehomed':
        this.epochs.add(entry.body.place.epoch)
        break
      case 'quarantine-released':
        this.epochs.add(entry.body.place.epoch)
        this.#identities.add(entry.body.identity)
        this.quarantined.add(entry.body.identity)
        break
      case 'renumbered':
        this.#identities.add(entry.body.identity)
        this.#document(entry.epoch, entry.body.number)
        break
      case 'handover':
      case 'hole-lost':
        this.epochs.add(entry.body.epoch)
        break
      default:
    }
  }

  #document(epoch: string, number: string): void {
    this.#documents.set(`${epoch}:${number}`, { epoch, number })
  }
}

/** Ids under which a sale closes a cart: its own cart and the first cart of its row (JRN-7). */
export function saleKeys(entry: Entry<'sale'>): string[] {
  const { root } = entry.body
  return entry.cart === null || entry.cart === root ? [root] : [entry.cart, root]
}
