import { webcrypto } from 'node:crypto'
import { fromBase64Url, toBase64Url } from '../canonical/base64url.ts'
import { keyIdOf } from '../entry/hash.ts'
import type { KeyRing, Signer } from '../ports.ts'
import { nodeSha256 } from './memory-ports.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const
const signing = { name: 'ECDSA', hash: 'SHA-256' } as const

/** Real device keys (ECDSA P-256, not extractable), kept in memory. */
export function webCryptoKeys(): KeyRing {
  const signers = new Map<string, Signer>()
  return {
    async create() {
      const pair = await webcrypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
      const spki = new Uint8Array(await webcrypto.subtle.exportKey('spki', pair.publicKey))
      const signer: Signer = {
        keyId: await keyIdOf(toBase64Url(spki), nodeSha256),
        publicKey: toBase64Url(spki),
        sign: async (bytes) => {
          return toBase64Url(new Uint8Array(await webcrypto.subtle.sign(signing, pair.privateKey, bytes)))
        },
      }
      signers.set(signer.keyId, signer)
      return signer
    },
    open: async (keyId) => signers.get(keyId),
  }
}

/** Verifies a device key's signature by WebCrypto. */
export async function webCryptoVerify(
  publicKey: string,
  bytes: Uint8Array,
  signature: string,
): Promise<boolean> {
  const key = await webcrypto.subtle.importKey('spki', fromBase64Url(publicKey), algorithm, false, ['verify'])
  return await webcrypto.subtle.verify(signing, key, fromBase64Url(signature), bytes)
}
