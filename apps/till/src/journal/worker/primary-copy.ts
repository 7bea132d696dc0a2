import type {
  EntryRecord,
  HeadRecord,
  NotesRecord,
  PrimaryChange,
  PrimaryCopy,
  PrimaryOutcome,
} from '@nexus/sync'
import type { JournalDatabase } from './journal-db.ts'

/** The first copy of the journal, on IndexedDB (JRN-1). */
export function openPrimaryCopy(journal: JournalDatabase): PrimaryCopy {
  return {
    async readState() {
      const tx = (await journal.db()).transaction('state')
      const [head, notes] = await Promise.all([tx.store.get('head'), tx.store.get('notes')])
      // as: `change` is the only writer of both keys.
      return { head: head as HeadRecord | undefined, notes: notes as NotesRecord | undefined }
    },

    async readEntries(epoch, fromSeq, limit) {
      const range = IDBKeyRange.bound([epoch, fromSeq], [epoch, Number.POSITIVE_INFINITY])
      return (await journal.db()).getAll('entries', range, limit)
    },

    async findEnding(cart) {
      return (await journal.db()).getFromIndex('entries', 'ending', cart)
    },

    async readPersonal(identities) {
      const { store } = (await journal.db()).transaction('personal')
      const found = await Promise.all(identities.map((identity) => store.get(identity)))
      return found.filter((item) => item !== undefined)
    },

    change: async (change) => changeOnce(journal, change),

    async erasePersonal(identities) {
      const tx = (await journal.db()).transaction('personal', 'readwrite', { durability: 'strict' })
      await Promise.all([...identities.map((identity) => tx.store.delete(identity)), tx.done])
    },
  }
}

async function changeOnce(journal: JournalDatabase, change: PrimaryChange): Promise<PrimaryOutcome> {
  const db = await journal.db()
  const stores = ['state', 'entries', 'personal', 'prints'] as const
  const tx = db.transaction(stores, 'readwrite', { durability: 'strict' })
  // Everything is read before anything is written, so a refusal leaves a transaction without effect.
  const entries = tx.objectStore('entries')
  const [stored, ...endings] = await Promise.all([
    tx.objectStore('state').get('head'),
    ...change.entries.map(({ ending }) => ending && entries.index('ending').get(ending)),
  ])
  // as: `change` is the only writer of this key.
  const refusal = refusalOf(change, stored as HeadRecord | undefined, endings)
  if (refusal) {
    await tx.done
    return refusal
  }
  for (const entry of change.entries) void entries.put(entry, [entry.epoch, entry.seq]).catch(ignore)
  for (const item of change.personal) void tx.objectStore('personal').put(item).catch(ignore)
  if (change.forget) {
    const { epoch, throughSeq, identities } = change.forget
    void entries.delete(IDBKeyRange.bound([epoch, 2], [epoch, throughSeq])).catch(ignore)
    for (const identity of identities) {
      void tx.objectStore('personal').delete(identity).catch(ignore)
      void tx.objectStore('prints').delete(identity).catch(ignore)
    }
  }
  void tx.objectStore('state').put(change.head, 'head').catch(ignore)
  if (change.notes) void tx.objectStore('state').put(change.notes, 'notes').catch(ignore)
  // `complete`, not a request's success, is the moment the entry exists; a quota error only aborts.
  await tx.done
  return 'committed'
}

/** A failed request aborts the transaction, and `tx.done` tells it; its own promise has nothing to add. */
const ignore = () => undefined

function refusalOf(
  { expect, entries }: PrimaryChange,
  stored: HeadRecord | undefined,
  endings: readonly (EntryRecord | '' | undefined)[],
): PrimaryOutcome | undefined {
  if (stored?.fence !== expect?.fence) return 'fence-lost'
  if (stored?.epoch !== expect?.epoch || stored?.seq !== expect?.seq || stored?.hash !== expect?.hash)
    return 'head-moved'
  // The same place is the entry itself, written again over damage.
  const isOther = (ending: EntryRecord, at: number) =>
    ending.epoch !== entries[at]?.epoch || ending.seq !== entries[at]?.seq
  return endings.some((ending, at) => ending && isOther(ending, at)) ? 'cart-ended' : undefined
}
