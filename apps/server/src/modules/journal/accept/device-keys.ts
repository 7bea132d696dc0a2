import type { KeyObject } from 'node:crypto'
import type { KnownKey, SignedCertificate } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import { isSignedBy, parseP256 } from '../p256.ts'
import { findEpochKey } from './sql.ts'

/** Keys of epochs that were given out and have no entry here yet; another module keeps them. */
export type IssuedKeys = {
  find(db: Db, epoch: string): Promise<KnownKey | undefined>
  /** Keeps an epoch that somebody else knows (JRN-4s). What the chain did not sign counts for nothing. */
  keep(signed: SignedCertificate): Promise<void>
}

/** So many keys are remembered; a chain of 10,000 stores has more, and the rest is read again. */
const rememberedMax = 20_000

/** Keys of epochs as this process has met them. An epoch's key never changes. */
export class DeviceKeys {
  readonly #db: Db
  readonly #issued: IssuedKeys
  readonly #byEpoch = new Map<string, KnownKey>()
  readonly #parsed = new Map<string, KeyObject | undefined>()

  constructor(db: Db, issued: IssuedKeys) {
    this.#db = db
    this.#issued = issued
  }

  /**
   * Reads the key if it is not remembered; undefined for an epoch that nobody here knows.
   *
   * @param certificate of the epoch, where the request brought it: kept where the epoch is not known
   */
  async find(epoch: string, certificate?: SignedCertificate | null): Promise<KnownKey | undefined> {
    const known = this.#byEpoch.get(epoch) ?? (await this.#read(epoch))
    if (known !== undefined || !certificate) return known
    await this.#issued.keep(certificate)
    return await this.#read(epoch)
  }

  async #read(epoch: string): Promise<KnownKey | undefined> {
    const found = (await findEpochKey(this.#db, epoch)) ?? (await this.#issued.find(this.#db, epoch))
    if (found !== undefined) remember(this.#byEpoch, epoch, found)
    return found
  }

  /** Whether a signature (r ‖ s, base64url) is the key's over the bytes; false also for a malformed one. */
  verify(publicKey: string, bytes: Uint8Array, signature: string): boolean {
    return isSignedBy(this.#parse(publicKey), bytes, signature)
  }

  #parse(publicKey: string): KeyObject | undefined {
    if (this.#parsed.has(publicKey)) return this.#parsed.get(publicKey)
    const key = parseP256(publicKey)
    remember(this.#parsed, publicKey, key)
    return key
  }
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  if (map.size >= rememberedMax) map.delete(map.keys().next().value ?? '')
  map.set(key, value)
}
