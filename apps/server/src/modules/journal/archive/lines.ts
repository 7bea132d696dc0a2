import {
  fromBase64Url,
  Generation,
  Instant,
  PersonalItem,
  Positive,
  SignedCheckpoint,
  toBase64Url,
  Uuid,
} from '@nexus/sync'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'

/**
 * The archive's files are lines of JSON that anybody can read: a header, then entries byte for byte in
 * base64url, in the order of their place, and the checkpoints that tills signed over them. Data of people
 * stands in files of its own.
 */
const Header = Type.Object({
  kind: Type.Literal('nexus-archive'),
  version: Type.Literal(1),
  content: Type.Union([Type.Literal('entries'), Type.Literal('personal')]),
  /** Key that signs the chain's enrolments: tells whose archive it is. */
  enrolmentKeyId: Type.String(),
  generation: Generation,
  openedAt: Instant,
})
const EntryLine = Type.Object({
  kind: Type.Literal('entry'),
  epoch: Uuid,
  seq: Positive,
  receivedAt: Instant,
  bytes: Type.String({ pattern: '^[A-Za-z0-9_-]*$' }),
})
const CheckpointLine = Type.Object({ kind: Type.Literal('checkpoint'), signed: SignedCheckpoint })
const PersonalLine = Type.Object({ kind: Type.Literal('personal'), item: PersonalItem })
const Line = Type.Union([Header, EntryLine, CheckpointLine, PersonalLine])
export type ArchiveLine = Static<typeof Line>
export type ArchiveHeader = Static<typeof Header>

const check = Compile(Line)

export function lineOf(line: ArchiveLine): string {
  return `${JSON.stringify(line)}\n`
}

export function entryLineOf(epoch: string, seq: number, receivedAt: number, bytes: Uint8Array): string {
  return lineOf({ kind: 'entry', epoch, seq, receivedAt, bytes: toBase64Url(bytes) })
}

/** Every whole line; a torn or strange one is passed over, as whoever wrote it never said that it counts. */
export function* readLines(bytes: Uint8Array): Generator<ArchiveLine> {
  for (const text of Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('utf8')
    .split('\n')) {
    const line = parse(text)
    if (line !== undefined) yield line
  }
}

export function bytesOf(line: Static<typeof EntryLine>): Uint8Array {
  return fromBase64Url(line.bytes)
}

function parse(text: string): ArchiveLine | undefined {
  if (text === '') return undefined
  try {
    const line: unknown = JSON.parse(text)
    return check.Check(line) ? line : undefined
  } catch {
    return undefined
  }
}
