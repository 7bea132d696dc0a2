import type { KeyObject } from 'node:crypto'

/** Keys of this installation, read from `SecretSource` at start. */
export type Secrets = {
  /** Signs enrolment certificates (ECDSA P-256); its public half is configuration of every hop. */
  enrolment: { privateKey: KeyObject; publicKeySpki: string; keyId: string }
  /** HQ's key for marks, rulebook checksums and countersignatures (ECDSA P-256). */
  hq: { privateKey: KeyObject; publicKeySpki: string; keyId: string }
  /** 32 bytes: HMAC of device tokens and session ids. */
  token: Buffer
  /** 32 bytes: mixed into PINs and passwords before Argon2id. */
  pepper: Buffer
  /** 32 bytes: AES-256-GCM of what must not be readable at rest. */
  sealing: Buffer
}
