import { type KeyRing, type Signer, toBase64Url } from '@nexus/sync'
import type { JournalDatabase, KeptKey } from './journal-db.ts'

const KEY = { name: 'ECDSA', namedCurve: 'P-256' }
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' }

/**
 * Device keys in IndexedDB: kept as non-extractable CryptoKeys by structured clone (JRN-17). A key's id
 * is the SHA-256 of its SubjectPublicKeyInfo.
 */
export function openKeyRing(journal: JournalDatabase): KeyRing {
  return {
    async create() {
      const pair = await crypto.subtle.generateKey(KEY, false, ['sign', 'verify'])
      const spki = await crypto.subtle.exportKey('spki', pair.publicKey)
      const keyId = toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', spki)))
      const kept = { keyId, publicKey: toBase64Url(new Uint8Array(spki)), privateKey: pair.privateKey }
      const tx = (await journal.db()).transaction('keys', 'readwrite', { durability: 'strict' })
      await Promise.all([tx.store.add(kept), tx.done])
      return signerOf(kept)
    },
    async open(keyId) {
      const kept = await (await journal.db()).get('keys', keyId)
      return kept && signerOf(kept)
    },
  }
}

function signerOf({ keyId, publicKey, privateKey }: KeptKey): Signer {
  return {
    keyId,
    publicKey,
    async sign(bytes) {
      // as: SubtleCrypto refuses shared memory, and nothing here makes any.
      const signature = await crypto.subtle.sign(SIGNATURE, privateKey, bytes as Uint8Array<ArrayBuffer>)
      return toBase64Url(new Uint8Array(signature))
    },
  }
}
