import { toBase64Url } from '../canonical/base64url.ts'
import { decodeEntry } from '../entry/decode.ts'
import { maxPushBytes, maxPushEntries } from '../entry/limits.ts'
import type { Hole, PersonalItem, SignedCheckpoint } from '../messages.ts'
import type { Parcel } from './messages.ts'

/** An entry as a journal stores it. */
export type StoredEntry = { seq: number; hash: string; bytes: Uint8Array }

/** What of an epoch a parcel is cut from. */
export type ParcelSource = {
  register: string
  epoch: string
  fromSeq: number
  /** Stored entries from `fromSeq` on, ascending; gaps are declared holes. */
  entries: readonly StoredEntry[]
  holes: readonly Hole[]
  /** Signed heads that tills sent for this epoch: its own key's, or a later epoch's of the same register. */
  checkpoints: readonly SignedCheckpoint[]
  /** Data of people that are still there (JRN-19e). */
  personal: readonly PersonalItem[]
}

/**
 * Cuts what one push takes: consecutive entries, at most 100 or 256 KiB, all of them below or at one of the
 * signed heads, since a receiver believes no hop (JRN-10h). undefined where nothing is there or signed.
 */
export function cutParcel(source: ParcelSource): Parcel | undefined {
  const run = runOf(source.entries)
  for (let length = run.length; length > 0; length--) {
    const last = run[length - 1]
    const checkpoint = last && covering(source, last)
    if (checkpoint === undefined) continue
    const entries = run.slice(0, length)
    const first = entries[0]
    if (first === undefined) return undefined
    const named = new Set(entries.flatMap(identitiesOf))
    return {
      register: source.register,
      epoch: source.epoch,
      firstSeq: first.seq,
      entries: entries.map(({ bytes }) => toBase64Url(bytes)),
      personal: source.personal.filter(({ identity }) => named.has(identity)),
      hole: holeBefore(source, first),
      checkpoint,
    }
  }
  return undefined
}

/** Consecutive entries from the first on, as many as one push takes. */
function runOf(entries: readonly StoredEntry[]): StoredEntry[] {
  const run: StoredEntry[] = []
  let bytes = 0
  for (const entry of entries.slice(0, maxPushEntries)) {
    const previous = run.at(-1)
    bytes += entry.bytes.length
    const follows = previous === undefined || entry.seq === previous.seq + 1
    if (!follows || (previous !== undefined && bytes > maxPushBytes)) break
    run.push(entry)
  }
  return run
}

function covering(
  { epoch, checkpoints }: Pick<ParcelSource, 'epoch' | 'checkpoints'>,
  last: StoredEntry,
): SignedCheckpoint | undefined {
  const isCovering = ({ checkpoint }: SignedCheckpoint) =>
    checkpoint.epoch === epoch &&
    (checkpoint.seq > last.seq || (checkpoint.seq === last.seq && checkpoint.hash === last.hash))
  // The epoch's own signature says more than a later epoch's.
  return checkpoints.find(isCovering) ?? checkpoints.find(({ checkpoint }) => checkpoint.epoch !== epoch)
}

function holeBefore({ fromSeq, holes }: ParcelSource, first: StoredEntry): Hole | null {
  if (first.seq === fromSeq) return null
  const declared = holes.find(({ toSeq }) => toSeq === first.seq - 1)
  const lastHash = decodeEntry(first.bytes).outline.prevHash ?? declared?.lastHash
  return lastHash === undefined ? null : { fromSeq, toSeq: first.seq - 1, lastHash }
}

/** Identities whose people's data may come with an entry: its own and that of an entry that it writes again. */
export function identitiesOf({ hash, bytes }: Pick<StoredEntry, 'hash' | 'bytes'>): string[] {
  const decoded = decodeEntry(bytes)
  if (decoded.kind !== 'ok') return [hash]
  const { entry } = decoded
  const isWrapper = entry.type === 'rehomed' || entry.type === 'fork-rehomed'
  return isWrapper ? [hash, entry.body.identity] : [hash]
}
