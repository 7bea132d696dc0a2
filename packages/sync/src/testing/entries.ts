import { fromBase64Url, toBase64Url } from '../canonical/base64url.ts'
import { type Certificate, certificateBytes, signedCertificate } from '../entry/certificate.ts'
import { encodeEntry } from '../entry/encode.ts'
import { checkpointBytes, firstPrevHashSync } from '../entry/hash.ts'
import type { BillDocument, BodyOf, Entry, EntryHeader, EntryType } from '../entry/schema.ts'
import { statesTotals, totalsAfter, zeroTotals } from '../entry/totals.ts'
import type { PersonalItem, PushRequest, SignedCheckpoint } from '../messages.ts'
import { cashSale, counterContext, soldLine, tenInTheMorning } from './bills.ts'
import { memorySign, nodeSha256 } from './memory-ports.ts'

const tenant = '00000000-0000-7000-8000-000000000001'
const store = '00000000-0000-7000-8000-000000000002'
export const testEnrolmentKey = 'enrolment-key'

/** A UUID that shows its number. */
export function uuidOf(n: number): string {
  return `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
}

export type WrittenEntry = { entry: Entry; bytes: Uint8Array; hash: string; seq: number }

/** Writes one epoch entry by entry, for tests of the server core that need no till. */
export class ChainWriter {
  readonly certificate: Certificate
  readonly entries: WrittenEntry[] = []
  #totals = zeroTotals
  #numbers = 0

  constructor({
    epoch = uuidOf(100),
    register = uuidOf(3),
    code = 'KOR2A',
    predecessor = null,
  }: {
    epoch?: string
    register?: string
    code?: string
    predecessor?: BodyOf<'epoch-opened'>['predecessor']
  } = {}) {
    const publicKey = toBase64Url(new TextEncoder().encode(`key of ${epoch}`))
    const keyId = toBase64Url(nodeSha256(fromBase64Url(publicKey)))
    this.certificate = { tenant, store, register, epoch, code, publicKey, keyId }
    const signature = memorySign(testEnrolmentKey, certificateBytes(this.certificate))
    const { certificate: text } = signedCertificate(this.certificate, signature)
    this.write('epoch-opened', { certificate: text, certificateSignature: signature, predecessor })
  }

  get head(): { seq: number; hash: string } {
    const last = this.entries.at(-1)
    return { seq: last?.seq ?? 0, hash: last?.hash ?? firstPrevHashSync(this.certificate.epoch, nodeSha256) }
  }

  /** The same epoch with another future: a clone. */
  fork(): ChainWriter {
    const twin = new ChainWriter(this.certificate)
    twin.entries.splice(0, twin.entries.length, ...this.entries)
    twin.#totals = this.#totals
    twin.#numbers = this.#numbers
    return twin
  }

  write<T extends EntryType>(type: T, body: BodyOf<T>, changes: Partial<EntryHeader> = {}): WrittenEntry {
    const { seq, hash: prevHash } = this.head
    const { register, epoch } = this.certificate
    const untotalled = {
      v: 1,
      app: 'test-1',
      engine: 1,
      tenant,
      store,
      register,
      epoch,
      seq: seq + 1,
      prevHash,
      cart: null,
      type,
      at: tenInTheMorning + seq * 60_000,
      bootId: uuidOf(4),
      monotonicMs: seq * 60_000,
      clockOffsetMs: 0,
      trustAgeMs: seq * 60_000,
      ...counterContext,
      totals: null,
      body,
    } as unknown as Entry // as: type and body belong together by the signature
    this.#totals = totalsAfter(this.#totals, untotalled)
    const totals = statesTotals(type) ? this.#totals : null
    const entry = { ...untotalled, totals, ...changes } as Entry // as: changes keep the header's types
    return this.add(encodeEntry(entry), entry)
  }

  /** Puts bytes behind the head as they are, readable or not. */
  add(bytes: Uint8Array, entry: Entry): WrittenEntry {
    const written = { entry, bytes, hash: toBase64Url(nodeSha256(bytes)), seq: this.head.seq + 1 }
    this.entries.push(written)
    return written
  }

  /** A cash sale of one product. */
  sell({
    cart = uuidOf(1000 + this.entries.length),
    root = cart,
    product = 1,
    personalHash = null,
    changes = {},
  }: {
    cart?: string
    root?: string
    product?: number
    personalHash?: string | null
    changes?: Partial<EntryHeader>
  } = {}): WrittenEntry {
    const draft = cashSale(cart, [soldLine('1', product, 1000, 49_900)])
    this.#numbers++
    const number = `${this.certificate.code}I26-${String(this.#numbers).padStart(6, '0')}`
    const documents = draft.body.documents.map(
      (document): BillDocument => ({
        ...document,
        number,
        issueDate: '2026-11-22',
      }),
    )
    return this.write('sale', { ...draft.body, root, documents, personalHash }, { cart, ...changes })
  }

  /** A drawer opening: an entry without figures. */
  openDrawer(): WrittenEntry {
    return this.write('drawer-opened', { drawer: null, reason: 'change', personalHash: null })
  }

  /** An entry of another epoch, once more in this one. */
  rehome({ hash: identity, bytes, entry }: WrittenEntry): WrittenEntry {
    const place = { epoch: entry.epoch, seq: entry.seq }
    return this.write('rehomed', { identity, place, bytes: toBase64Url(bytes) })
  }

  checkpoint({ seq, hash } = this.head): SignedCheckpoint {
    const { register, epoch, keyId, publicKey } = this.certificate
    const checkpoint = { register, epoch, seq, hash, keyId }
    return { checkpoint, signature: memorySign(publicKey, checkpointBytes(checkpoint)) }
  }

  /** A push of entries from a place on, to the end unless said otherwise. */
  push(firstSeq = 1, lastSeq = this.head.seq, changes: Partial<PushRequest> = {}): PushRequest {
    const { register, epoch } = this.certificate
    const entries = this.entries.filter(({ seq }) => seq >= firstSeq && seq <= lastSeq)
    const last = entries.at(-1)
    return {
      requestId: uuidOf(9_000 + firstSeq),
      register,
      epoch,
      firstSeq,
      entries: entries.map(({ bytes }) => toBase64Url(bytes)),
      personal: [],
      hole: null,
      checkpoint: this.checkpoint(last ?? this.head),
      ...changes,
    }
  }
}

/** Personal data with its salt and the hash that its entry bears. */
export function personalOf(
  data: object,
  saltByte = 7,
): { hash: string; item: Omit<PersonalItem, 'identity'> } {
  const salt = new Uint8Array(32).fill(saltByte)
  const text = JSON.stringify(data)
  const hash = toBase64Url(nodeSha256(Buffer.concat([salt, Buffer.from(text)])))
  return { hash, item: { salt: toBase64Url(salt), data: text } }
}
