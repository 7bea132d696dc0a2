import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'

/** Keys of this installation, read from `SecretSource` at start. */
export type Secrets = {
  /** Signs enrolment certificates (ECDSA P-256); its public half is configuration of every hop. */
  enrolment: SigningKey
  /** HQ's key for marks, rulebook checksums and countersignatures (ECDSA P-256). */
  hq: SigningKey
  /** 32 bytes: HMAC of device tokens and session ids. */
  token: Buffer
  /** 32 bytes: mixed into PINs and passwords before Argon2id. */
  pepper: Buffer
  /** 32 bytes: AES-256-GCM of what must not be readable at rest. */
  sealing: Buffer
}
/** `publicKeySpki` is base64url of the DER; `keyId` its SHA-256, base64url. */
export type SigningKey = { privateKey: KeyObject; publicKeySpki: string; keyId: string }

export type SecretName = 'ENROLMENT_KEY' | 'HQ_KEY' | 'TOKEN_SECRET' | 'PEPPER' | 'SEALING_KEY'
export const secretNames: readonly SecretName[] = [
  'ENROLMENT_KEY',
  'HQ_KEY',
  'TOKEN_SECRET',
  'PEPPER',
  'SEALING_KEY',
]

/** Where secrets come from; `make` gives the value of one that does not exist yet. */
export type SecretSource = { get(name: SecretName, make: () => string): string }

/** Folder of generated secrets inside a data folder. */
export function secretsFolder(dataDir: string): string {
  return join(dataDir, 'secrets')
}

/**
 * Takes a secret from the settings, else from `secrets/` in the data folder, where a missing one is
 * made once, readable by this user only.
 */
export function secretSource(config: Pick<Config, 'DATA_DIR' | SecretName>): SecretSource {
  const folder = secretsFolder(config.DATA_DIR)
  return {
    get(name, make) {
      const given = config[name]
      if (given) return given
      const file = join(folder, name)
      try {
        return readFileSync(file, 'utf8')
      } catch (error) {
        if ((error as { code?: string }).code !== 'ENOENT') throw error
      }
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const value = make()
      // Whole or not at all: half a key after a power cut would lock everybody out.
      const half = `${file}.${process.pid}`
      const handle = openSync(half, 'w', 0o600)
      writeFileSync(handle, value)
      fsyncSync(handle)
      closeSync(handle)
      renameSync(half, file)
      return value
    },
  }
}

/** Reads every secret. Throws when a key is not ECDSA P-256. */
export function loadSecrets(source: SecretSource): Secrets {
  const bytes = (name: SecretName) =>
    Buffer.from(
      source.get(name, () => randomBytes(32).toString('base64')),
      'base64',
    )
  return {
    enrolment: signingKey('ENROLMENT_KEY', source),
    hq: signingKey('HQ_KEY', source),
    token: bytes('TOKEN_SECRET'),
    pepper: bytes('PEPPER'),
    sealing: bytes('SEALING_KEY'),
  }
}

function signingKey(name: SecretName, source: SecretSource): SigningKey {
  const privateKey = createPrivateKey(
    source.get(name, () =>
      generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    ),
  )
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new Error(`${name} is not an ECDSA P-256 key`)
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  return {
    privateKey,
    publicKeySpki: spki.toString('base64url'),
    keyId: createHash('sha256').update(spki).digest('base64url'),
  }
}

/** Tells whether two sets of secrets are the same without giving any away; 43 characters. */
export function secretsFingerprint(secrets: Secrets): string {
  const hash = createHash('sha256').update('nexus secrets 1')
  for (const part of [
    secrets.enrolment.keyId,
    secrets.hq.keyId,
    secrets.token,
    secrets.pepper,
    secrets.sealing,
  ]) {
    hash.update(createHash('sha256').update(part).digest())
  }
  return hash.digest('base64url')
}
