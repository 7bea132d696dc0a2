import { fromBase64Url, toBase64Url } from '../canonical/base64url.ts'
import { canonicalBytes } from '../canonical/json.ts'
import { utf8 } from '../canonical/utf8.ts'
import type { Sha256, Sha256Sync } from '../ports.ts'

/** SHA-256 by WebCrypto: what the till injects. */
export const webSha256: Sha256 = async (bytes) => {
  // as: WebCrypto is in every browser and Node and in no ECMAScript lib; a secure context has it.
  const { crypto } = globalThis as unknown as {
    crypto: { subtle: { digest(name: string, bytes: Uint8Array): Promise<ArrayBuffer> } }
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

/** `prevHash` of an epoch's first entry: SHA-256 of the epoch id's 36 ASCII characters (JRN-4). */
export async function firstPrevHash(epoch: string, sha256: Sha256): Promise<string> {
  return toBase64Url(await sha256(utf8(epoch)))
}

/** The same where hashing answers at once. */
export function firstPrevHashSync(epoch: string, sha256: Sha256Sync): string {
  return toBase64Url(sha256(utf8(epoch)))
}

/** Bytes of which `personalHash` is the SHA-256: salt, then the canonical JSON of the data (JRN-19). */
export function personalBytes(salt: Uint8Array, data: string): Uint8Array {
  const text = utf8(data)
  const bytes = new Uint8Array(salt.length + text.length)
  bytes.set(salt)
  bytes.set(text, salt.length)
  return bytes
}

/** Name of a device key: SHA-256 of its SubjectPublicKeyInfo. The server computes the same for certificates. */
export async function keyIdOf(publicKey: string, sha256: Sha256): Promise<string> {
  return toBase64Url(await sha256(fromBase64Url(publicKey)))
}

/** Bytes that a device key signs for a checkpoint (JRN-17). */
export function checkpointBytes(checkpoint: {
  register: string
  epoch: string
  seq: number
  hash: string
  keyId: string
}): Uint8Array {
  const { register, epoch, seq, hash, keyId } = checkpoint
  return canonicalBytes({ register, epoch, seq, hash, keyId })
}

/** Bytes that HQ signs for a mark (JRN-9): canonical JSON of {mark, epoch, seq, hash, generation}. */
export function markBytes(
  mark: 'received' | 'durable',
  { epoch, seq, hash, generation }: { epoch: string; seq: number; hash: string; generation: string },
): Uint8Array {
  return canonicalBytes({ mark, epoch, seq, hash, generation })
}

/** Bytes that a device key signs for a request of its own: the request without its signature. */
export function requestBytes(request: { requestId: string; signature?: string | null }): Uint8Array {
  const { signature: _, ...signed } = request
  return canonicalBytes(signed)
}
