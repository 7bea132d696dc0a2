import { fromBase64Url, toBase64Url } from '../canonical/base64url.ts'
import { fromUtf8, utf8 } from '../canonical/utf8.ts'
import type { PersonalItem } from '../messages.ts'
import type { RetainedBase } from './records.ts'

/**
 * Records of the second copy (JRN-2): length, CRC-32 of the payload (both 32 bits, big-endian), payload.
 * An entry's payload: kind 1, epoch's 36 characters, seq in 8 bytes, hash in 32, the entry's bytes.
 * Personal data: kind 2, identity in 32 bytes, salt in 32, the data as UTF-8. Where an epoch begins here
 * (JRN-9e): kind 3, JSON; the highest of an epoch counts.
 */
export type TwinEntry = { epoch: string; seq: number; hash: string; bytes: Uint8Array }
export type TwinBase = { epoch: string; base: RetainedBase }

/** What a segment holds; `damaged` counts records whose checksum fails, `torn` says that its end does. */
export type Segment = {
  entries: TwinEntry[]
  personal: PersonalItem[]
  bases: TwinBase[]
  damaged: number
  torn: boolean
}

const FRAME = 8
const EPOCH = 36
const HASH = 32
const kinds = { entry: 1, personal: 2, base: 3 } as const
/** No record is longer; a length above it is damage. */
const LONGEST = 256 * 1024

/** The record of an entry, framed. */
export function entryRecord({ epoch, seq, hash, bytes }: TwinEntry): Uint8Array {
  const payload = new Uint8Array(1 + EPOCH + 8 + HASH + bytes.length)
  payload[0] = kinds.entry
  payload.set(utf8(epoch), 1)
  new DataView(payload.buffer).setBigUint64(1 + EPOCH, BigInt(seq))
  payload.set(fromBase64Url(hash), 1 + EPOCH + 8)
  payload.set(bytes, 1 + EPOCH + 8 + HASH)
  return framed(payload)
}

/** The record of an entry's personal data, framed. */
export function personalRecord({ identity, salt, data }: PersonalItem): Uint8Array {
  const text = utf8(data)
  const payload = new Uint8Array(1 + HASH + HASH + text.length)
  payload[0] = kinds.personal
  payload.set(fromBase64Url(identity), 1)
  payload.set(fromBase64Url(salt), 1 + HASH)
  payload.set(text, 1 + HASH + HASH)
  return framed(payload)
}

/** The record of where an epoch begins, framed. */
export function baseRecord(base: TwinBase): Uint8Array {
  const text = utf8(JSON.stringify(base))
  const payload = new Uint8Array(1 + text.length)
  payload[0] = kinds.base
  payload.set(text, 1)
  return framed(payload)
}

/** Reads a segment to its end; what cannot be read is counted and passed over. */
export function readSegment(bytes: Uint8Array): Segment {
  const segment: Segment = { entries: [], personal: [], bases: [], damaged: 0, torn: false }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  while (at < bytes.length) {
    const length = at + FRAME <= bytes.length ? view.getUint32(at) : LONGEST + 1
    const end = at + FRAME + length
    // A power cut leaves a torn last record: it was never acknowledged, so it never was.
    if (length > LONGEST || end > bytes.length) return { ...segment, torn: true }
    const payload = bytes.subarray(at + FRAME, end)
    if (crc32(payload) === view.getUint32(at + 4)) readPayload(payload, segment)
    else segment.damaged++
    at = end
  }
  return segment
}

/** The segment without the personal data of these identities; undefined when it holds none of it. */
export function withoutPersonal(bytes: Uint8Array, identities: ReadonlySet<string>): Uint8Array | undefined {
  const segment = readSegment(bytes)
  const personal = segment.personal.filter(({ identity }) => !identities.has(identity))
  return personal.length === segment.personal.length ? undefined : segmentOf({ ...segment, personal })
}

/** The segment's bytes out of what it holds. */
export function segmentOf({
  entries,
  personal,
  bases,
}: Pick<Segment, 'entries' | 'personal' | 'bases'>): Uint8Array {
  return joined([...bases.map(baseRecord), ...entries.map(entryRecord), ...personal.map(personalRecord)])
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function readPayload(payload: Uint8Array, segment: Segment): void {
  if (payload[0] === kinds.entry) {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
    segment.entries.push({
      epoch: fromUtf8(payload.subarray(1, 1 + EPOCH)),
      seq: Number(view.getBigUint64(1 + EPOCH)),
      hash: toBase64Url(payload.subarray(1 + EPOCH + 8, 1 + EPOCH + 8 + HASH)),
      // A copy: a segment in memory must not be kept alive by one entry of it.
      bytes: payload.slice(1 + EPOCH + 8 + HASH),
    })
  } else if (payload[0] === kinds.personal) {
    segment.personal.push({
      identity: toBase64Url(payload.subarray(1, 1 + HASH)),
      salt: toBase64Url(payload.subarray(1 + HASH, 1 + HASH + HASH)),
      data: fromUtf8(payload.subarray(1 + HASH + HASH)),
    })
  } else if (payload[0] === kinds.base) {
    // as: `baseRecord` wrote it, as the record's checksum says.
    segment.bases.push(JSON.parse(fromUtf8(payload.subarray(1))) as TwinBase)
  }
}

function framed(payload: Uint8Array): Uint8Array {
  const record = new Uint8Array(FRAME + payload.length)
  const view = new DataView(record.buffer)
  view.setUint32(0, payload.length)
  view.setUint32(4, crc32(payload))
  record.set(payload, FRAME)
  return record
}

/** One table for each byte of a word (slicing by four), so that a start reads long segments fast. */
const crcTables = [0, 1, 2, 3].map(() => new Uint32Array(256))
const [crc0 = new Uint32Array(), crc1 = crc0, crc2 = crc0, crc3 = crc0] = crcTables
for (let byte = 0; byte < 256; byte++) {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  crc0[byte] = crc
}
for (let byte = 0; byte < 256; byte++) {
  let crc = crc0[byte] ?? 0
  for (const table of [crc1, crc2, crc3]) {
    crc = (crc >>> 8) ^ (crc0[crc & 0xff] ?? 0)
    table[byte] = crc
  }
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  let at = 0
  for (const end = bytes.length - 3; at < end; at += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]
    crc ^= a | (b << 8) | (c << 16) | (d << 24)
    crc =
      (crc3[crc & 0xff] ?? 0) ^
      (crc2[(crc >>> 8) & 0xff] ?? 0) ^
      (crc1[(crc >>> 16) & 0xff] ?? 0) ^
      (crc0[crc >>> 24] ?? 0)
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ (crc0[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0)
  return (crc ^ 0xffffffff) >>> 0
}
