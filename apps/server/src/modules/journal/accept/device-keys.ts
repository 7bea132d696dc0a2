import type { KeyObject } from 'node:crypto'
import type { KnownKey } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import { isSignedBy, parseP256 } from '../p256.ts'
import { findEpochKey } from './sql.ts'

/** Key of an epoch that was given out and has no entry here yet; the stores module knows. */
export type FindIssuedKey = (db: Db, epoch: string) => Promise<KnownKey | undefined>

/** So many keys are remembered; a chain of 10,000 stores has more, and the rest is read again. */
const rememberedMax = 20_000

/** Keys of epochs as this process has met them. An epoch's key never changes. */
export class DeviceKeys {
  readonly #db: Db
  readonly #findIssuedKey: FindIssuedKey
  readonly #byEpoch = new Map<string, KnownKey>()
  readonly #parsed = new Map<string, KeyObject | undefined>()

  constructor(db: Db, findIssuedKey: FindIssuedKey) {
    this.#db = db
    this.#findIssuedKey = findIssuedKey
  }

  /** Reads the key if it is not remembered; undefined for an epoch that nobody here knows. */
  async find(epoch: string): Promise<KnownKey | undefined> {
    const known = this.#byEpoch.get(epoch)
    if (known !== undefined) return known
    const found = (await findEpochKey(this.#db, epoch)) ?? (await this.#findIssuedKey(this.#db, epoch))
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
