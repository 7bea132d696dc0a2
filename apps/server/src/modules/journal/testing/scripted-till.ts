import { generateKeyPairSync, type KeyObject, randomBytes, randomUUIDv7, sign } from 'node:crypto'
import {
  type BillDocument,
  type BodyOf,
  type Certificate,
  canonicalBytes,
  canonicalJson,
  certificateBytes,
  checkpointBytes,
  type DocumentLine,
  type Entry,
  type EntryType,
  encodeEntry,
  firstPrevHashSync,
  type PushRequest,
  type SignedCheckpoint,
  signedCertificate,
  statesTotals,
  type Totals,
  toBase64Url,
  totalsAfter,
  zeroTotals,
} from '@nexus/sync'
import { invoiceOf, soldLine, tenInTheMorning } from '@nexus/sync/testing'
import { sha256 } from '../sha256.ts'

/** Key pair of a device or of the tenant's enrolment key, as certificates name it. */
export type TestKey = { privateKey: KeyObject; publicKey: string; keyId: string }

export function testKey(): TestKey {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = pair.publicKey.export({ format: 'der', type: 'spki' })
  return {
    privateKey: pair.privateKey,
    publicKey: spki.toString('base64url'),
    keyId: toBase64Url(sha256(spki)),
  }
}

function signed(key: Pick<TestKey, 'privateKey'>, bytes: Uint8Array): string {
  return sign('sha256', bytes, { key: key.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')
}

export type Written = {
  seq: number
  bytes: Uint8Array
  hash: string
  personal?: { salt: Buffer; data: string }
}

export type TillPlace = { tenant: string; store: string; register: string }

/**
 * Writes a journal as a till would, entry by entry and with real signatures, and can also write what no
 * till should: other bytes, other links, other places.
 */
export class ScriptedTill {
  readonly place: TillPlace
  readonly epoch: string
  readonly code: string
  readonly key: TestKey
  readonly entries: Written[] = []
  readonly #enrolment: Pick<TestKey, 'privateKey'>
  totals: Totals = zeroTotals
  #numbers = new Map<string, number>()
  /** Header members of the next entries. */
  shift: string | null = null
  tradingDay: string | null = '2026-11-22'
  staff: string | null = '00000000-0000-7000-8000-00000000000b'
  at = tenInTheMorning

  constructor(
    enrolment: Pick<TestKey, 'privateKey'>,
    options: { place?: TillPlace; code?: string; epoch?: string; key?: TestKey } = {},
  ) {
    this.#enrolment = enrolment
    this.place = options.place ?? { tenant: randomUUIDv7(), store: randomUUIDv7(), register: randomUUIDv7() }
    this.epoch = options.epoch ?? randomUUIDv7()
    this.code = options.code ?? 'KOR1A'
    this.key = options.key ?? testKey()
  }

  get certificate(): Certificate {
    const { publicKey, keyId } = this.key
    return { ...this.place, epoch: this.epoch, code: this.code, publicKey, keyId }
  }

  get lastHash(): string {
    return this.entries.at(-1)?.hash ?? firstPrevHashSync(this.epoch, sha256)
  }

  open(predecessor: BodyOf<'epoch-opened'>['predecessor'] = null): Written {
    const { certificate, signature } = signedCertificate(
      this.certificate,
      signed(this.#enrolment, certificateBytes(this.certificate)),
    )
    return this.append('epoch-opened', { certificate, certificateSignature: signature, predecessor })
  }

  /** Writes an entry behind the last one; `header` replaces members, also wrong ones. */
  append<T extends EntryType>(
    type: T,
    body: BodyOf<T>,
    header: Partial<Record<keyof Entry, unknown>> = {},
    personal?: Record<string, unknown>,
  ): Written {
    const seq = this.entries.length + 1
    const salt = randomBytes(32)
    const data = canonicalJson(personal ?? {})
    const personalHash = personal ? toBase64Url(sha256(Buffer.concat([salt, Buffer.from(data)]))) : null
    const entry = {
      v: 1,
      app: 'test-1',
      engine: 1,
      ...this.place,
      epoch: this.epoch,
      seq,
      prevHash: this.lastHash,
      cart: null,
      type,
      at: this.at++,
      bootId: this.epoch,
      monotonicMs: seq,
      clockOffsetMs: 0,
      trustAgeMs: 0,
      shift: this.shift,
      tradingDay: this.tradingDay,
      rulebook: { version: 1, checksum: 'corner-shop' },
      staff: this.staff,
      totals: null as Totals | null,
      body: personal ? { ...body, personalHash } : body,
      ...header,
      // as: tests also write what the types forbid.
    } as unknown as Entry
    this.totals = totalsAfter(this.totals, entry)
    if (statesTotals(type) && entry.totals === null) entry.totals = this.totals
    const written = this.appendBytes(encodeEntry(entry))
    if (personal) written.personal = { salt, data }
    return written
  }

  /** Takes the next slot with any bytes. */
  appendBytes(bytes: Uint8Array): Written {
    const written = { seq: this.entries.length + 1, bytes, hash: toBase64Url(sha256(bytes)) }
    this.entries.push(written)
    return written
  }

  nextNumber(letter = 'I'): string {
    const next = (this.#numbers.get(letter) ?? 0) + 1
    this.#numbers.set(letter, next)
    return `${this.code}${letter}26-${String(next).padStart(6, '0')}`
  }

  /** Goes on with another till's numbers, as a clone does. */
  numbersFrom(till: ScriptedTill): void {
    this.#numbers = new Map(till.#numbers)
  }

  /** A sale of one invoice over `lines` products at ₹118.00, paid in cash. */
  sale(
    options: {
      lines?: DocumentLine[]
      cart?: string
      root?: string
      number?: string
      header?: Partial<Record<keyof Entry, unknown>>
      tenders?: BodyOf<'sale'>['tenders']
      personal?: Record<string, unknown>
    } = {},
  ): Written {
    const cart = options.cart ?? randomUUIDv7()
    const lines = options.lines ?? [soldLine('a', 1, 1000, 11_800)]
    const document: BillDocument = {
      ...invoiceOf(lines, this.at),
      number: options.number ?? this.nextNumber(),
      issueDate: '2026-11-22',
    }
    const cash = { kind: 'cash', direction: 'in', reference: null, attempt: null } as const
    const body: BodyOf<'sale'> = {
      documents: [document],
      tenders: options.tenders ?? [{ ...cash, amountMinor: document.totalMinor }],
      changeMinor: 0,
      recalledFrom: null,
      root: options.root ?? cart,
      language: 'en',
      personalHash: null,
    }
    return this.append('sale', body, { cart, ...options.header }, options.personal)
  }

  /** Another entry type without figures of its own. */
  note(kind = 'test'): Written {
    return this.append('incident', {
      kind,
      params: { n: this.entries.length },
      place: null,
      personalHash: null,
    })
  }

  /** Signs a head of this epoch. */
  checkpoint(seq: number, hash: string): SignedCheckpoint {
    const checkpoint = { register: this.place.register, epoch: this.epoch, seq, hash, keyId: this.key.keyId }
    return { checkpoint, signature: signed(this.key, checkpointBytes(checkpoint)) }
  }

  /** A push of the entries `from`..`to` (1-based, both included), signed at its last one. */
  push(from = 1, to = this.entries.length): PushRequest {
    return this.pushOf(from, this.entries.slice(from - 1, to))
  }

  /** A push of any entries as if they began at `firstSeq`. */
  pushOf(firstSeq: number, entries: readonly Written[]): PushRequest {
    const last = entries.at(-1)
    return {
      requestId: randomUUIDv7(),
      register: this.place.register,
      epoch: this.epoch,
      firstSeq,
      entries: entries.map(({ bytes }) => toBase64Url(bytes)),
      personal: entries.flatMap(({ hash, personal }) =>
        personal ? [{ identity: hash, salt: toBase64Url(personal.salt), data: personal.data }] : [],
      ),
      hole: null,
      checkpoint: this.checkpoint(firstSeq + entries.length - 1, last?.hash ?? ''),
    }
  }

  /** The same register's next device or life. */
  nextEpoch(code: string): ScriptedTill {
    return new ScriptedTill(this.#enrolment, { place: this.place, code })
  }
}

/** The wrapper that re-homes an entry of an earlier epoch (JRN-7). */
export function rehome(till: ScriptedTill, epoch: string, inner: Written): Written {
  return till.append('rehomed', {
    identity: inner.hash,
    place: { epoch, seq: inner.seq },
    bytes: toBase64Url(inner.bytes),
  })
}

/** Canonical bytes of any object: an entry that no release knows. */
export function bytesOf(value: unknown): Uint8Array {
  return canonicalBytes(value)
}
