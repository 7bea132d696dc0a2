import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { toBase64Url } from '../canonical/base64url.ts'
import { fromUtf8 } from '../canonical/utf8.ts'
import { Hole, PersonalItem, SignedCheckpoint } from '../messages.ts'
import { DayRoot, ExportStatement, ReceivedRecord } from '../verify/hq-records.ts'
import { Hash, Instant, Positive, Uuid, Whole } from './schema.ts'

/**
 * An exported journal (JRN-12): lines of JSON, described for other programs in docs/journal-file.md.
 * Tills and HQ write the same form; roots, countersignatures and the statement at the end are HQ's.
 */
const header = Type.Object({
  kind: Type.Literal('nexus-journal'),
  version: Type.Literal(1),
  tenant: Uuid,
  store: Uuid,
  register: Uuid,
  exportedAt: Instant,
})
export type JournalFileHeader = Static<typeof header>
const Signature = Type.String({ maxLength: 200, pattern: '^[A-Za-z0-9_-]*$' })
const root = Type.Object({ kind: Type.Literal('root'), record: DayRoot, signature: Signature })
const epoch = Type.Object({ kind: Type.Literal('epoch'), epoch: Uuid })
const hole = Type.Object({ kind: Type.Literal('hole'), epoch: Uuid, hole: Hole })
const quarantined = Type.Object({
  kind: Type.Literal('quarantined'),
  epoch: Uuid,
  seq: Positive,
  reason: Type.String({ minLength: 1, maxLength: 40 }),
  state: Type.Union([Type.Literal('waits'), Type.Literal('acted'), Type.Literal('dropped')]),
})
const checkpoint = Type.Object({ kind: Type.Literal('checkpoint'), signed: SignedCheckpoint })
const received = Type.Object({
  kind: Type.Literal('received'),
  record: ReceivedRecord,
  signature: Signature,
  /** Place of the record in its day's tree, from 0, and the hashes beside its way to the root. */
  leaf: Whole,
  path: Type.Array(Hash, { maxItems: 64 }),
})
const entry = Type.Object({
  kind: Type.Literal('entry'),
  epoch: Uuid,
  seq: Positive,
  bytes: Type.String({ pattern: '^[A-Za-z0-9_-]+$' }),
})
const personal = Type.Object({ kind: Type.Literal('personal'), item: PersonalItem })
const statement = Type.Object({
  kind: Type.Literal('statement'),
  record: ExportStatement,
  signature: Signature,
})

export type JournalFileLine =
  | JournalFileHeader
  | Static<typeof root>
  | Static<typeof epoch>
  | Static<typeof hole>
  | Static<typeof quarantined>
  | Static<typeof checkpoint>
  | Static<typeof received>
  | Static<typeof entry>
  | Static<typeof personal>
  | Static<typeof statement>

const schemas: Record<JournalFileLine['kind'], TSchema> = {
  'nexus-journal': header,
  root,
  epoch,
  hole,
  quarantined,
  checkpoint,
  received,
  entry,
  personal,
  statement,
}
const checks = new Map<string, { Check(value: unknown): boolean }>()

/** Longest line of a journal file in bytes: an entry of 128 KiB and a statement over 1,000 epochs fit well. */
const maxLineBytes = 1024 * 1024

/** A line at which a file stops being a journal file. `message` names it and says what is wrong. */
export class JournalFileError extends Error {
  readonly line: number

  constructor(line: number, message: string, options?: ErrorOptions) {
    super(`Line ${line}: ${message}`, options)
    this.name = 'JournalFileError'
    this.line = line
  }
}

/** One line of the file, without its end. */
export function journalFileLine(line: JournalFileLine): string {
  return JSON.stringify(line)
}

/** The line of an entry. */
export function entryLine(epoch: string, seq: number, bytes: Uint8Array): string {
  return journalFileLine({ kind: 'entry', epoch, seq, bytes: toBase64Url(bytes) })
}

/**
 * Reads an exported journal line by line, with one line in memory at most. Empty lines are passed over.
 * Throws `JournalFileError` at a line that is none of a journal file; what the lines say is
 * `checkJournal`'s to judge.
 */
export async function* readJournalLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<{ no: number; line: JournalFileLine }> {
  let no = 0
  for await (const { bytes, isWhole } of splitLines(chunks)) {
    no++
    if (bytes.length > maxLineBytes) {
      throw new JournalFileError(no, 'it is longer than 1 MiB, which no line of a journal file is')
    }
    const text = textOf(no, bytes)
    if (text.trim() !== '') yield { no, line: parseLine(no, text, isWhole) }
  }
  if (no === 0) throw new JournalFileError(1, 'the file is empty')
}

/** Lines without their ends; one that is too long comes as far as it was read. */
async function* splitLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<{ bytes: Uint8Array; isWhole: boolean }> {
  let parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let to = chunk.indexOf(10); to >= 0; to = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, to))
      yield { bytes: join(parts), isWhole: true }
      parts = []
      length = 0
      from = to + 1
    }
    if (from < chunk.length) {
      parts.push(chunk.subarray(from))
      length += chunk.length - from
      if (length > maxLineBytes) break
    }
  }
  if (parts.length > 0) yield { bytes: join(parts), isWhole: false }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function textOf(no: number, bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch (cause) {
    throw new JournalFileError(no, 'it is not UTF-8 text', { cause })
  }
}

function parseLine(no: number, text: string, isWhole: boolean): JournalFileLine {
  let line: unknown
  try {
    line = JSON.parse(text)
  } catch (cause) {
    const cut = isWhole ? '' : '; the file ends in the middle of it'
    throw new JournalFileError(no, `it is no JSON${cut}`, { cause })
  }
  const kind = memberOf(line, 'kind')
  if (typeof kind !== 'string') throw new JournalFileError(no, 'it is no line of a journal file')
  if (!Object.hasOwn(schemas, kind)) {
    const named = kind.slice(0, 40)
    throw new JournalFileError(no, `"${named}" is unknown here; a newer version may have written it`)
  }
  const version = memberOf(line, 'version')
  if (kind === 'nexus-journal' && version !== 1) {
    throw new JournalFileError(
      no,
      `version ${version} of the form is unknown here; a newer version can read it`,
    )
  }
  if (!fits(kind as JournalFileLine['kind'], line)) {
    throw new JournalFileError(
      no,
      `it is no line of the kind "${kind}": a member is missing or has another form`,
    )
  }
  return line
}

function memberOf(value: unknown, member: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, member) : undefined
}

function fits(kind: JournalFileLine['kind'], line: unknown): line is JournalFileLine {
  let check = checks.get(kind)
  if (check === undefined) {
    check = Compile(schemas[kind])
    checks.set(kind, check)
  }
  return check.Check(line)
}
