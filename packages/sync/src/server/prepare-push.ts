import { fromBase64Url, toBase64Url } from '../canonical/base64url.ts'
import { type Certificate, readCertificate } from '../entry/certificate.ts'
import { decodeEntry } from '../entry/decode.ts'
import { checkpointBytes, markBytes, personalBytes } from '../entry/hash.ts'
import type { PersonalItem, PushRequest, SignedCertificate, SignedCheckpoint } from '../messages.ts'
import type { Sha256Sync } from '../ports.ts'
import type { EpochKind, PreparedEntry, PreparedPush } from './types.ts'

/** Key of an epoch as the server knows it. `kind`: of its register; absent is a till's. */
export type KnownKey = { register: string; publicKey: string; keyId: string; kind?: EpochKind }

/** What checking a push needs besides the push. All of it answers at once. */
export type PrepareTools = {
  sha256: Sha256Sync
  verify(publicKey: string, bytes: Uint8Array, signature: string): boolean
  /** The tenant's enrolment keys, SubjectPublicKeyInfo as base64url; the newest and those before it. */
  enrolmentKeys: readonly string[]
  /** HQ's keys for marks, SubjectPublicKeyInfo as base64url. Only a hop's: at HQ a hole below its own mark is a loss. */
  hqKeys?: readonly string[]
  /** Key of an epoch that this server knows; undefined: it does not know the epoch. */
  findKey(epoch: string): KnownKey | undefined
}

/** `credentials`: stores nothing and changes nothing; the till keeps it and tries again (JRN-10). */
export type PushRefusal = { kind: 'refused'; reason: 'credentials' | 'malformed' }

/** Hashes and decodes an entry's bytes, once. */
export function prepareEntry(bytes: Uint8Array, sha256: Sha256Sync): PreparedEntry {
  const decoded = decodeEntry(bytes)
  const hash = toBase64Url(sha256(bytes))
  return { bytes, hash, decoded, inner: innermost(decoded, sha256) }
}

function innermost(decoded: PreparedEntry['decoded'], sha256: Sha256Sync): PreparedEntry | null {
  if (decoded.kind !== 'ok') return null
  const { entry } = decoded
  if (entry.type !== 'rehomed' && entry.type !== 'fork-rehomed') return null
  let bytes: Uint8Array
  try {
    bytes = fromBase64Url(entry.body.bytes)
  } catch {
    // The wrapper then waits in quarantine: what it wraps cannot be told.
    return null
  }
  const inner = prepareEntry(bytes, sha256)
  if (inner.hash !== entry.body.identity) return null
  // A wrapper in a wrapper is nothing that a till writes (JRN-7); the innermost entry is what happened.
  return inner.inner ?? inner
}

/** Certificate whose signature is one of the tenant's enrolment keys'; undefined otherwise. */
export function verifyCertificate(
  signed: SignedCertificate,
  tools: Pick<PrepareTools, 'verify' | 'enrolmentKeys'>,
): Certificate | undefined {
  const read = readCertificate(signed.certificate)
  if (read === undefined) return undefined
  const genuine = tools.enrolmentKeys.some((key) => tools.verify(key, read.bytes, signed.signature))
  return genuine ? read.certificate : undefined
}

/** Whether a checkpoint is signed by the key that it names, of an epoch of the register. */
export function verifyCheckpoint(
  signed: SignedCheckpoint,
  key: KnownKey | undefined,
  tools: Pick<PrepareTools, 'verify'>,
): boolean {
  const { checkpoint, signature } = signed
  return (
    key !== undefined &&
    key.register === checkpoint.register &&
    key.keyId === checkpoint.keyId &&
    tools.verify(key.publicKey, checkpointBytes(checkpoint), signature)
  )
}

/**
 * Everything about a push that needs no lock: bytes, hashes, schema, credentials, personal data. The
 * checkpoint must cover the last entry, or be of another epoch of the same register whose first entry
 * names this one (JRN-3). An unknown epoch is known by the certificate of its entry 1 (JRN-4).
 */
export function preparePush(request: PushRequest, tools: PrepareTools): PreparedPush | PushRefusal {
  const { checkpoint } = request.checkpoint
  let entries: PreparedEntry[]
  try {
    entries = request.entries.map((text) => prepareEntry(fromBase64Url(text), tools.sha256))
  } catch {
    // fromBase64Url: the request is not what a till sends; the till's copy is untouched.
    return { kind: 'refused', reason: 'malformed' }
  }
  const last = entries.at(-1)
  if (last === undefined || checkpoint.register !== request.register) {
    return { kind: 'refused', reason: 'credentials' }
  }
  const lastSeq = request.firstSeq + entries.length - 1
  if (checkpoint.epoch === request.epoch) {
    if (checkpoint.seq < lastSeq) return { kind: 'refused', reason: 'credentials' }
    if (checkpoint.seq === lastSeq && checkpoint.hash !== last.hash) {
      return { kind: 'refused', reason: 'credentials' }
    }
  }

  const certificate = request.firstSeq === 1 ? certificateOf(entries[0], request, tools) : undefined
  const known = tools.findKey(checkpoint.epoch)
  const key = known ?? (checkpoint.epoch === request.epoch ? certificate : undefined)
  const proved = key !== undefined
  if (proved && !verifyCheckpoint(request.checkpoint, key, tools)) {
    return { kind: 'refused', reason: 'credentials' }
  }
  const { fitting, stray } = sortPersonal(request.personal, entries, tools.sha256)
  return {
    requestId: request.requestId,
    register: request.register,
    epoch: request.epoch,
    firstSeq: request.firstSeq,
    entries,
    personal: fitting,
    strayPersonal: stray,
    hole: request.hole,
    durableSeq: durableSeqOf(request, tools),
    certificate: certificate ?? null,
    proved,
    writer: known?.kind ?? 'till',
    withoutEffects: false,
    aside: request.aside ?? false,
  }
}

/** Up to which seq HQ's mark in the push vouches for its epoch (JRN-8i); 0 where there is none that counts. */
function durableSeqOf({ epoch, hole, base }: PushRequest, { hqKeys = [], verify }: PrepareTools): number {
  if (!base || base.epoch !== epoch || base.signature === null) return 0
  if (base.seq === hole?.toSeq && base.hash !== hole.lastHash) return 0
  const { signature } = base
  return hqKeys.some((key) => verify(key, markBytes('durable', base), signature)) ? base.seq : 0
}

function certificateOf(
  first: PreparedEntry | undefined,
  request: PushRequest,
  tools: PrepareTools,
): Certificate | undefined {
  if (first?.decoded.kind !== 'ok') return undefined
  const { entry } = first.decoded
  if (entry.type !== 'epoch-opened') return undefined
  const { certificate: text, certificateSignature: signature } = entry.body
  const certificate = verifyCertificate({ certificate: text, signature }, tools)
  const fits = certificate?.epoch === request.epoch && certificate.register === request.register
  return fits ? certificate : undefined
}

function sortPersonal(
  items: readonly PersonalItem[],
  entries: readonly PreparedEntry[],
  sha256: Sha256Sync,
): { fitting: PersonalItem[]; stray: string[] } {
  if (items.length === 0) return { fitting: [], stray: [] }
  const named = new Map<string, PreparedEntry>()
  for (const entry of entries) {
    named.set(entry.hash, entry)
    if (entry.inner) named.set(entry.inner.hash, entry.inner)
  }
  const fitting: PersonalItem[] = []
  const stray: string[] = []
  for (const item of items) {
    const entry = named.get(item.identity)
    const found = toBase64Url(sha256(personalBytes(fromBase64Url(item.salt), item.data)))
    // An entry that cannot be read yet keeps its data: nobody can say that it does not fit.
    const fits = entry !== undefined && (entry.decoded.kind !== 'ok' || personalHashOf(entry) === found)
    if (fits) fitting.push(item)
    else stray.push(item.identity)
  }
  return { fitting, stray }
}

/** `personalHash` of an entry that has one; null otherwise. */
export function personalHashOf(prepared: PreparedEntry): string | null {
  if (prepared.decoded.kind !== 'ok') return null
  const { body } = prepared.decoded.entry
  return 'personalHash' in body ? body.personalHash : null
}
