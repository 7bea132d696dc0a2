import { hash } from 'node:crypto'
import { toBase64Url } from '../canonical/base64url.ts'
import { keyIdOf } from '../entry/hash.ts'
import type { PersonalItem } from '../messages.ts'
import type {
  Clock,
  EntryRecord,
  KeyRing,
  PrimaryChange,
  PrimaryCopy,
  PrimaryOutcome,
  Random,
  SegmentName,
  Sha256Sync,
  Signer,
  TwinCopy,
} from '../ports.ts'
import type { HeadRecord, NotesRecord } from '../till/records.ts'

/** SHA-256 that answers at once. */
export const nodeSha256: Sha256Sync = (bytes) => hash('sha256', bytes, 'buffer')

/** What a device keeps when its power goes. Plain data: `structuredClone` makes the clone or the backup of it. */
export type Disk = {
  head: HeadRecord | undefined
  notes: NotesRecord | undefined
  /** By `epoch/seq`. */
  entries: Map<string, EntryRecord>
  /** Last seq of each epoch. */
  lastSeqs: Map<string, number>
  endings: Map<string, string>
  personal: Map<string, PersonalItem>
  segments: Map<string, Uint8Array>
  keys: Map<string, string>
}

export function emptyDisk(): Disk {
  return {
    head: undefined,
    notes: undefined,
    entries: new Map(),
    lastSeqs: new Map(),
    endings: new Map(),
    personal: new Map(),
    segments: new Map(),
    keys: new Map(),
  }
}

/** A named moment at which a device can lose its power. */
export type CrashPoint =
  | 'before-primary'
  | 'after-primary'
  | 'before-twin'
  | 'torn-twin'
  | 'after-twin'
  | 'before-trim'
  | 'after-trim'
  | 'before-send'
  | 'after-send'

/** Power and health of a device. After a crash nothing that it had begun answers any more. */
export class Power {
  #crashAt: { point: CrashPoint; after: number } | undefined
  #off = false
  readonly crashed: Promise<void>
  #announce: () => void = () => undefined
  primaryFails: false | 'error' | 'error-after-commit' | 'full' | 'silent' = false
  twinFails: boolean | 'error-after-write' = false

  constructor() {
    this.crashed = new Promise((resolve) => {
      this.#announce = resolve
    })
  }

  get isOff(): boolean {
    return this.#off
  }

  /** Plans a crash at the n-th passing of a point. */
  plan(point: CrashPoint, after = 1): void {
    this.#crashAt = { point, after }
  }

  cut(): void {
    this.#off = true
    this.#announce()
  }

  /** Passes a point; true: the power went just there. */
  passes(point: CrashPoint): boolean {
    const planned = this.#crashAt
    if (planned?.point !== point || --planned.after > 0) return this.#off
    this.cut()
    return true
  }

  /** Never answers where the power is off. */
  async alive(): Promise<void> {
    if (this.#off) await new Promise(() => undefined)
  }
}

/**
 * First copy in memory, with the checks of the real one. `copyOf` is what storage does to records: the
 * till never changes one that it has written, so a simulation may leave it out.
 */
export function memoryPrimary(
  disk: Disk,
  power: Power = new Power(),
  copyOf: <T>(value: T) => T = structuredClone,
): PrimaryCopy {
  const healthy = async () => {
    await power.alive()
    if (power.primaryFails === 'silent') await new Promise(() => undefined)
    if (power.primaryFails === 'error') throw new Error('The database failed')
  }
  async function readState() {
    await healthy()
    return copyOf({ head: disk.head, notes: disk.notes })
  }
  async function readEntries(epoch: string, fromSeq: number, limit: number) {
    await healthy()
    const found: EntryRecord[] = []
    const lastSeq = disk.lastSeqs.get(epoch) ?? 0
    for (let seq = fromSeq; seq <= lastSeq && found.length < limit; seq++) {
      const record = disk.entries.get(`${epoch}/${seq}`)
      if (record !== undefined) found.push({ ...record })
    }
    return found
  }
  async function findEnding(cart: string) {
    await healthy()
    const record = disk.entries.get(disk.endings.get(cart) ?? '')
    return record && { ...record }
  }
  async function readPersonal(identities: readonly string[]) {
    await healthy()
    return identities.flatMap((identity) => disk.personal.get(identity) ?? [])
  }
  async function change({
    expect,
    head,
    notes,
    entries,
    personal,
    forget,
  }: PrimaryChange): Promise<PrimaryOutcome> {
    await healthy()
    if (power.primaryFails === 'full') throw new Error('There is no room')
    if (power.passes('before-primary')) await power.alive()
    const stored = disk.head
    if (stored?.fence !== expect?.fence) return 'fence-lost'
    if (stored?.epoch !== expect?.epoch || stored?.seq !== expect?.seq || stored?.hash !== expect?.hash) {
      return 'head-moved'
    }
    for (const { epoch, seq, ending } of entries) {
      const holder = ending === undefined ? undefined : disk.endings.get(ending)
      if (holder !== undefined && holder !== `${epoch}/${seq}`) return 'cart-ended'
    }
    disk.head = copyOf(head)
    if (notes !== undefined) disk.notes = copyOf(notes)
    for (const entry of entries) {
      const key = `${entry.epoch}/${entry.seq}`
      disk.entries.set(key, { ...entry })
      disk.lastSeqs.set(entry.epoch, Math.max(entry.seq, disk.lastSeqs.get(entry.epoch) ?? 0))
      if (entry.ending !== undefined) disk.endings.set(entry.ending, key)
    }
    for (const item of personal) disk.personal.set(item.identity, item)
    if (forget !== undefined) {
      for (let seq = 2; seq <= forget.throughSeq; seq++) {
        const key = `${forget.epoch}/${seq}`
        const ending = disk.entries.get(key)?.ending
        if (ending !== undefined) disk.endings.delete(ending)
        disk.entries.delete(key)
      }
      for (const identity of forget.identities) disk.personal.delete(identity)
    }
    if (power.passes('after-primary')) await power.alive()
    if (power.primaryFails === 'error-after-commit') throw new Error('The database failed after its commit')
    return 'committed'
  }
  async function erasePersonal(identities: readonly string[]) {
    await healthy()
    for (const identity of identities) disk.personal.delete(identity)
  }
  return { readState, readEntries, findEnding, readPersonal, change, erasePersonal }
}

/** Second copy in memory. A crash in the middle of an append leaves a torn record. */
export function memoryTwin(
  disk: Disk,
  power: Power = new Power(),
  copyOf: <T>(value: T) => T = structuredClone,
): TwinCopy {
  let open: string | undefined
  const keyOf = ({ fence, n }: SegmentName) => `journal.${fence}.${n}`
  const nameOf = (key: string): SegmentName => {
    const [, fence, n] = key.split('.')
    return { fence: Number(fence), n: Number(n) }
  }
  const healthy = async () => {
    await power.alive()
    if (power.twinFails === true) throw new Error('The file system failed')
  }
  const segment = (key: string) => disk.segments.get(key) ?? new Uint8Array()
  async function listSegments() {
    await healthy()
    const listed = [...disk.segments].map(([key, bytes]) => ({ name: nameOf(key), bytes: bytes.length }))
    return listed.sort((a, b) => a.name.fence - b.name.fence || a.name.n - b.name.n)
  }
  async function readSegment(name: SegmentName) {
    await healthy()
    return copyOf(segment(keyOf(name)))
  }
  async function openSegment(name: SegmentName) {
    await healthy()
    open = keyOf(name)
    disk.segments.set(open, segment(open))
  }
  async function append(bytes: Uint8Array) {
    await healthy()
    if (open === undefined) throw new Error('No segment is open')
    if (power.passes('before-twin')) await power.alive()
    const torn = power.passes('torn-twin')
    const written = torn ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes
    const before = segment(open)
    const after = new Uint8Array(before.length + written.length)
    after.set(before)
    after.set(written, before.length)
    disk.segments.set(open, after)
    if (torn || power.passes('after-twin')) await power.alive()
    if (power.twinFails === 'error-after-write') throw new Error('The file system failed after its write')
  }
  async function rewriteSegment(name: SegmentName, bytes: Uint8Array) {
    await healthy()
    if (power.passes('before-trim')) await power.alive()
    disk.segments.set(keyOf(name), bytes.slice())
    if (power.passes('after-trim')) await power.alive()
  }
  async function removeSegment(name: SegmentName) {
    await healthy()
    if (power.passes('before-trim')) await power.alive()
    disk.segments.delete(keyOf(name))
    if (power.passes('after-trim')) await power.alive()
  }
  return { listSegments, readSegment, openSegment, append, rewriteSegment, removeSegment }
}

/**
 * Keys for simulations: fast, deterministic and worth nothing. The "signature" is a hash with the secret
 * that `publicKey` names; `memoryVerify` knows all secrets of the process.
 */
export function memoryKeys(disk: Disk, random: Random): KeyRing {
  const signerOf = (keyId: string, publicKey: string): Signer => {
    const sign = async (bytes: Uint8Array) => memorySign(publicKey, bytes)
    return { keyId, publicKey, sign }
  }
  async function create() {
    const publicKey = toBase64Url(random.bytes(65))
    const keyId = await keyIdOf(publicKey, nodeSha256)
    disk.keys.set(keyId, publicKey)
    return signerOf(keyId, publicKey)
  }
  async function open(keyId: string) {
    const publicKey = disk.keys.get(keyId)
    return publicKey === undefined ? undefined : signerOf(keyId, publicKey)
  }
  return { create, open }
}

const signingRoom = Buffer.alloc(16 * 1024)

/** Signature of a simulated key: anybody can make it, which is enough where nobody forges. */
export function memorySign(publicKey: string, bytes: Uint8Array): string {
  const length = publicKey.length + bytes.length
  // Keys are ASCII; one room for all but the longest spares two copies.
  const room = length <= signingRoom.length ? signingRoom : Buffer.alloc(length)
  room.write(publicKey, 'latin1')
  room.set(bytes, publicKey.length)
  return hash('sha256', room.subarray(0, length), 'base64url')
}

export function memoryVerify(publicKey: string, bytes: Uint8Array, signature: string): boolean {
  return memorySign(publicKey, bytes) === signature
}

/** A clock that stands still until it is told otherwise. `after` resolves when time was advanced past it. */
export class MemoryClock implements Clock {
  #wallMs: number
  #monotonicMs = 0
  readonly bootId: string
  /** By the time at which they end: those who began to wait at the same time share one promise. */
  #waiting = new Map<number, { promise: Promise<void>; resolve: () => void }>()

  constructor(wallMs: number, bootId: string) {
    this.#wallMs = wallMs
    this.bootId = bootId
  }

  wallMs(): number {
    return this.#wallMs
  }

  monotonicMs(): number {
    return this.#monotonicMs
  }

  /** Time goes by: both clocks run. */
  advance(ms: number): void {
    this.#wallMs += ms
    this.#monotonicMs += ms
    for (const [untilMs, { resolve }] of this.#waiting) {
      if (untilMs > this.#monotonicMs) continue
      this.#waiting.delete(untilMs)
      resolve()
    }
  }

  /** Somebody sets the device's clock. */
  setWall(wallMs: number): void {
    this.#wallMs = wallMs
  }

  after(ms: number): Promise<void> {
    const untilMs = this.#monotonicMs + ms
    let wait = this.#waiting.get(untilMs)
    if (wait === undefined) {
      wait = Promise.withResolvers<void>()
      this.#waiting.set(untilMs, wait)
    }
    return wait.promise
  }
}
