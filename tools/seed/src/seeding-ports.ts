import { createECDH, createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import type {
  Clock,
  EntryRecord,
  HeadRecord,
  KeyRing,
  NotesRecord,
  PersonalItem,
  PrimaryCopy,
  Random,
  Sha256,
  Signer,
  TwinCopy,
} from '@nexus/sync'
import { toBase64Url } from '@nexus/sync'
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

/** Device keys drawn from the dice, so that a resumed seeding is the same device again. */
export function seedKeys(roll: Dice): KeyRing {
  const known = new Map<string, Signer>()
  return {
    async create() {
      const signer = seedSigner(roll)
      known.set(signer.keyId, signer)
      return signer
    },
    open: async (keyId) => known.get(keyId),
  }
}

function seedSigner(roll: Dice): Signer {
  const privateKey = drawnKey(roll)
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return {
    keyId: createHash('sha256').update(spki).digest('base64url'),
    publicKey: spki.toString('base64url'),
    sign: async (bytes) =>
      sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
  }
}

function drawnKey(roll: Dice): KeyObject {
  const curve = createECDH('prime256v1')
  const secret = roll.bytes(32)
  // Any number below the curve's order is a key; a cleared top bit makes it one.
  secret[0] = (secret[0] ?? 0) & 0x7f
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

/**
 * First copy of an imagined till. It forgets entries that the server has (`forget`), because nobody will
 * ever start this till again from its disk.
 */
export function seedPrimary(): PrimaryCopy & { forget(): void } {
  let head: HeadRecord | undefined
  let notes: NotesRecord | undefined
  let entries: EntryRecord[] = []
  const endings = new Set<string>()
  const personal = new Map<string, PersonalItem>()
  return {
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

/** Second copy of an imagined till: what is appended is gone, as its device is. */
export function seedTwin(): TwinCopy {
  return {
    listSegments: async () => [],
    readSegment: async () => new Uint8Array(),
    openSegment: async () => undefined,
    append: async () => undefined,
    rewriteSegment: async () => undefined,
  }
}
