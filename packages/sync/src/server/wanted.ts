import type { Entry } from '../entry/schema.ts'
import type { PreparedEntry, PreparedPush, Wanted } from './types.ts'

/** The bytes may name anything as their predecessor; only a hash can be looked up. */
const hashForm = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/

/** What `decide` must be given about these pushes: the rows that the shell reads in the transaction. */
export function wanted(pushes: readonly PreparedPush[]): Wanted {
  const epochs = new Set<string>()
  const identities = new Set<string>()
  const sales = new Set<string>()
  const documents = new Map<string, { epoch: string; number: string }>()
  const quarantined = new Set<string>()
  const slots: Wanted['slots'] = []

  const note = (entry: Entry, epoch: string) => {
    if (entry.type === 'sale') {
      for (const key of saleKeys(entry)) sales.add(key)
      for (const { number } of entry.body.documents) documents.set(`${epoch}:${number}`, { epoch, number })
    }
    if (entry.type === 'quarantine-released') quarantined.add(entry.body.identity)
  }
  const visit = (prepared: PreparedEntry) => {
    identities.add(prepared.hash)
    if (prepared.decoded.kind !== 'ok') return
    const { entry } = prepared.decoded
    note(entry, entry.epoch)
    if (entry.type === 'rehomed' || entry.type === 'fork-rehomed') epochs.add(entry.body.place.epoch)
    if (entry.type === 'quarantine-released') identities.add(entry.body.identity)
    if (prepared.inner !== null) visit(prepared.inner)
  }

  for (const push of pushes) {
    epochs.add(push.epoch)
    slots.push({ epoch: push.epoch, fromSeq: push.firstSeq, toSeq: push.firstSeq + push.entries.length - 1 })
    for (const entry of push.entries) visit(entry)
    // A fork goes on where its last part ended.
    const before = push.entries[0]?.decoded.outline.prevHash
    if (before != null && hashForm.test(before)) identities.add(before)
  }
  return {
    epochs: [...epochs],
    slots,
    identities: [...identities],
    sales: [...sales],
    documents: [...documents.values()],
    quarantined: [...quarantined],
  }
}

/** Ids under which a sale closes a cart: its own cart and the first cart of its row (JRN-7). */
export function saleKeys(entry: Entry<'sale'>): string[] {
  const { root } = entry.body
  return entry.cart === null || entry.cart === root ? [root] : [entry.cart, root]
}
