import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { KnownKey } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
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
    const key = this.#parse(publicKey)
    if (key === undefined) return false
    return verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
  }

  #parse(publicKey: string): KeyObject | undefined {
    if (this.#parsed.has(publicKey)) return this.#parsed.get(publicKey)
    const key = parseKey(publicKey)
    remember(this.#parsed, publicKey, key)
    return key
  }
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  if (map.size >= rememberedMax) map.delete(map.keys().next().value ?? '')
  map.set(key, value)
}

/** An ECDSA P-256 key of SPKI bytes, base64url; undefined for anything else. */
function parseKey(publicKey: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' })
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined
  } catch {
    // A stranger's bytes: whatever is wrong with them, they are no key.
    return undefined
  }
}
