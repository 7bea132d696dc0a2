import type { OfferUsesForTills, RosterPerson, TillPlace } from '@nexus/contract'
import type { EntryRecord, HeadRecord, NotesRecord, PersonalItem } from '@nexus/sync'
import { type DBSchema, deleteDB, type IDBPDatabase, type OpenDBCallbacks, openDB } from 'idb'

/** A device key; the private half cannot be read by anybody, only used (JRN-17). */
export type KeptKey = { keyId: string; publicKey: string; privateKey: CryptoKey }

/** Wrong PINs of one person since the last right one. */
export type Attempts = { wrong: number; lastAt: number }

/** What this device keeps beside the journal; each may come again from the server, except attempts and prints. */
export type DeviceRecords = {
  place: TillPlace
  roster: { version: string; people: RosterPerson[] }
  /** HMAC key of the roster's verifiers, not extractable. */
  verifierKey: CryptoKey
  token: { token: string; expiresAt: number }
  offerUses: OfferUsesForTills
  /** Release of the app that ran here last (JRN-16). */
  release: string
}

interface JournalSchema extends DBSchema {
  /** One record an entry, by [epoch, seq]; at most one ending a cart (JRN-1); found by identity. */
  entries: { key: [string, number]; value: EntryRecord; indexes: { ending: string; hash: string } }
  state: { key: 'head' | 'notes'; value: HeadRecord | NotesRecord }
  personal: { key: string; value: PersonalItem }
  keys: { key: string; value: KeptKey }
  device: { key: keyof DeviceRecords; value: DeviceRecords[keyof DeviceRecords] }
  attempts: { key: string; value: Attempts }
  /** By identity of the bill: print jobs that ended well. */
  prints: { key: string; value: string[] }
}

export const JOURNAL_DATABASE = 'nexus-journal'
const SCHEMA = 1
export type JournalDb = IDBPDatabase<JournalSchema>

/**
 * The journal's database. Only taking the register off the device deletes it, and its schema only grows (JRN-16). The connection is
 * opened again after the browser's storage process died (F12).
 */
export class JournalDatabase {
  #open: Promise<JournalDb> | undefined

  /** The open connection. Rejects when the storage cannot be opened. */
  db(): Promise<JournalDb> {
    this.#open ??= this.#connect()
    return this.#open
  }

  /** One value of the device's side store. */
  async device<K extends keyof DeviceRecords>(key: K): Promise<DeviceRecords[K] | undefined> {
    // as: `keep` is the only writer and pairs keys with their values.
    return (await (await this.db()).get('device', key)) as DeviceRecords[K] | undefined
  }

  async keep<K extends keyof DeviceRecords>(key: K, value: DeviceRecords[K]): Promise<void> {
    const tx = (await this.db()).transaction('device', 'readwrite', { durability: 'strict' })
    await Promise.all([tx.store.put(value, key), tx.done])
  }

  /** Deletes everything: only for removing a register from the device (JRN-12b). */
  async delete(): Promise<void> {
    ;(await this.#open)?.close()
    this.#open = undefined
    await deleteDB(JOURNAL_DATABASE)
  }

  async #connect(): Promise<JournalDb> {
    const forget = () => {
      this.#open = undefined
    }
    const callbacks: OpenDBCallbacks<JournalSchema> = {
      upgrade: (db) => {
        const entries = db.createObjectStore('entries')
        entries.createIndex('ending', 'ending', { unique: true })
        entries.createIndex('hash', 'hash')
        for (const name of ['state', 'device', 'attempts', 'prints'] as const) db.createObjectStore(name)
        db.createObjectStore('personal', { keyPath: 'identity' })
        db.createObjectStore('keys', { keyPath: 'keyId' })
      },
      // A newer app in another window grows the schema: hold nothing against it (F54).
      blocking: (_current, _blocked, event) => {
        forget()
        if (event.target instanceof IDBDatabase) event.target.close()
      },
      terminated: forget,
    }
    try {
      return await openDB<JournalSchema>(JOURNAL_DATABASE, SCHEMA, callbacks).catch((cause: unknown) => {
        // A newer app was here and left again (F53). The schema only grows, so all that this one knows is there.
        if (!(cause instanceof DOMException) || cause.name !== 'VersionError') throw cause
        return openDB<JournalSchema>(JOURNAL_DATABASE, undefined, callbacks)
      })
    } catch (cause) {
      forget()
      throw cause
    }
  }
}
