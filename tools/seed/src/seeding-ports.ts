import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import type {
  Clock,
  EntryRecord,
  HeadRecord,
  KeyRing,
  NotesRecord,
  PersonalItem,
  PrimaryCopy,
  Random,
  SegmentName,
  Sha256,
  Signer,
  TwinCopy,
  Verify,
} from '@nexus/sync'
import { fromBase64Url, toBase64Url } from '@nexus/sync'
import type { Dice } from './random.ts'

/** A clock that the seeding sets; nothing ever takes long in it. */
export type SeedClock = Clock & { set(atMs: number): void }

export function seedClock(startMs: number, bootId: string): SeedClock {
  let nowMs = startMs
  return {
    bootId,
    wallMs: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    // A promise of its own each time, so that nobody's wait keeps another's alive.
    after: () => new Promise(() => undefined),
    set(atMs) {
      if (atMs > nowMs) nowMs = atMs
    },
  }
}

export const seedSha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest()

export function seedRandom(roll: Dice): Random {
  return { uuid: (atMs) => roll.uuid(atMs), bytes: (length) => roll.bytes(length) }
}

/** Device keys drawn from the dice; `secrets` brings those of an earlier run back. */
export function seedKeys(roll: Dice, secrets: readonly string[] = []): KeyRing & { secrets(): string[] } {
  const known = new Map<string, Signer>()
  const kept: string[] = []
  const keep = (secret: Uint8Array): Signer => {
    const signer = seedSigner(secret)
    known.set(signer.keyId, signer)
    kept.push(toBase64Url(secret))
    return signer
  }
  for (const secret of secrets) keep(fromBase64Url(secret))
  return {
    async create() {
      const secret = roll.bytes(32)
      // Any number below the curve's order is a key; a cleared top bit makes it one.
      secret[0] = (secret[0] ?? 0) & 0x7f
      return keep(secret)
    },
    open: async (keyId) => known.get(keyId),
    secrets: () => [...kept],
  }
}

function seedSigner(secret: Uint8Array): Signer {
  const privateKey = keyOf(secret)
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return {
    keyId: createHash('sha256').update(spki).digest('base64url'),
    publicKey: spki.toString('base64url'),
    sign: async (bytes) =>
      sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
  }
}

/** Checks what servers sign, as a till does. */
export const seedVerify: Verify = (publicKey, bytes, signature) => {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' })
  return verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
}

function keyOf(secret: Uint8Array): KeyObject {
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(secret)
  const point = curve.getPublicKey()
  return createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      d: toBase64Url(secret),
      x: toBase64Url(point.subarray(1, 33)),
      y: toBase64Url(point.subarray(33, 65)),
    },
  })
}

/** What an imagined till keeps on its disk; bytes in base64url. */
export type SeedDisk = {
  head: HeadRecord | undefined
  notes: NotesRecord | undefined
  entries: (Omit<EntryRecord, 'bytes'> & { bytes: string })[]
  personal: PersonalItem[]
}

/**
 * First copy of an imagined till. It forgets entries that the server has (`forget`), because nobody looks
 * them up there again; `disk` is what a stopped seeding goes on from.
 */
export function seedPrimary(from?: SeedDisk): PrimaryCopy & { forget(): void; disk(): SeedDisk } {
  let head = from?.head
  let notes = from?.notes
  let entries: EntryRecord[] = (from?.entries ?? []).map((entry) => ({
    ...entry,
    bytes: fromBase64Url(entry.bytes),
  }))
  const endings = new Set(entries.flatMap((entry) => entry.ending ?? []))
  const personal = new Map((from?.personal ?? []).map((item) => [item.identity, item]))
  return {
    disk: () => ({
      head,
      notes,
      entries: entries.map((entry) => ({ ...entry, bytes: toBase64Url(entry.bytes) })),
      personal: [...personal.values()],
    }),
    readState: async () => ({ head, notes }),
    readEntries: async (epoch, fromSeq, limit) => {
      const first = entries.findIndex((entry) => entry.epoch === epoch && entry.seq >= fromSeq)
      return first < 0 ? [] : entries.slice(first, first + limit).filter((entry) => entry.epoch === epoch)
    },
    findEnding: async (cart) => entries.find((entry) => entry.ending === cart),
    readPersonal: async (identities) => identities.flatMap((identity) => personal.get(identity) ?? []),
    change: async (change) => {
      if (head?.fence !== change.expect?.fence) return 'fence-lost'
      if (head?.seq !== change.expect?.seq || head?.hash !== change.expect?.hash) return 'head-moved'
      for (const { ending } of change.entries) {
        if (ending === undefined) continue
        if (endings.has(ending)) return 'cart-ended'
        endings.add(ending)
      }
      head = change.head
      notes = change.notes ?? notes
      entries.push(...change.entries)
      for (const item of change.personal) personal.set(item.identity, item)
      return 'committed'
    },
    erasePersonal: async (identities) => {
      for (const identity of identities) personal.delete(identity)
    },
    forget() {
      const kept = entries.at(-1)
      entries = kept ? [kept] : []
      endings.clear()
      personal.clear()
    },
  }
}

/** What the second copy of an imagined till still holds; frames in base64url. */
export type SeedTwin = { name: SegmentName; frames: string[] }[]

/** Second copy of an imagined till; it forgets with the first. */
export function seedTwin(from: SeedTwin = []): TwinCopy & { forget(): void; disk(): SeedTwin } {
  let segments = from.map(({ name, frames }) => ({ name, frames: frames.map(fromBase64Url) }))
  const open = () => segments.at(-1)
  return {
    disk: () =>
      segments.map(({ name, frames }) => ({ name, frames: frames.map((frame) => toBase64Url(frame)) })),
    forget() {
      segments = segments.slice(-1).map(({ name, frames }) => ({ name, frames: frames.slice(-1) }))
    },
    listSegments: async () =>
      segments.map(({ name, frames }) => ({
        name,
        bytes: frames.reduce((sum, frame) => sum + frame.length, 0),
      })),
    readSegment: async (name) => {
      const frames =
        segments.find((one) => one.name.fence === name.fence && one.name.n === name.n)?.frames ?? []
      return new Uint8Array(Buffer.concat(frames))
    },
    openSegment: async (name) => {
      segments.push({ name, frames: [] })
    },
    append: async (bytes) => {
      open()?.frames.push(bytes.slice())
    },
    rewriteSegment: async () => {
      throw new Error('nobody asks a seeded till to forget a customer')
    },
    removeSegment: async () => {
      throw new Error('a seeded till forgets by itself what the server has')
    },
  }
}
