import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { fromBase64Url, toBase64Url } from '../canonical/base64url.ts'
import { Mark, PersonalItem, SignedCertificate, SignedCheckpoint } from '../messages.ts'
import { Hash, Instant, OrNull, Positive, Uuid } from './schema.ts'

/**
 * An exported journal (JRN-12): lines of JSON. The first names the register, then come epochs with
 * their certificates, entries byte for byte, personal data, checkpoints.
 */
const FileHeader = Type.Object({
  kind: Type.Literal('nexus-journal'),
  version: Type.Literal(1),
  tenant: Uuid,
  store: Uuid,
  register: Uuid,
  exportedAt: Instant,
})
const EpochLine = Type.Object({ kind: Type.Literal('epoch'), epoch: Uuid, certificate: SignedCertificate })
/** Of entries 2 to `seq` the till keeps only the last one's hash; HQ's `durable` says that HQ has them (JRN-9e). */
const BaseLine = Type.Object({
  kind: Type.Literal('base'),
  epoch: Uuid,
  seq: Positive,
  hash: Hash,
  mark: OrNull(Mark),
})
const EntryLine = Type.Object({
  kind: Type.Literal('entry'),
  epoch: Uuid,
  seq: Positive,
  bytes: Type.String({ pattern: '^[A-Za-z0-9_-]+$' }),
})
const PersonalLine = Type.Object({ kind: Type.Literal('personal'), item: PersonalItem })
const CheckpointLine = Type.Object({ kind: Type.Literal('checkpoint'), signed: SignedCheckpoint })
const FileLine = Type.Union([FileHeader, EpochLine, BaseLine, EntryLine, PersonalLine, CheckpointLine])
export type JournalFileLine = Static<typeof FileLine>

/** What a file holds, sorted by epoch in the order of the file. */
export type JournalFile = {
  header: Static<typeof FileHeader>
  epochs: {
    epoch: string
    certificate: SignedCertificate
    base: Omit<Static<typeof BaseLine>, 'kind' | 'epoch'> | null
    entries: { seq: number; bytes: Uint8Array }[]
    checkpoints: SignedCheckpoint[]
  }[]
  personal: PersonalItem[]
}

/** One line of the file, without its end. */
export function journalFileLine(line: JournalFileLine): string {
  return JSON.stringify(line)
}

/** The line of an entry. */
export function entryLine(epoch: string, seq: number, bytes: Uint8Array): string {
  return journalFileLine({ kind: 'entry', epoch, seq, bytes: toBase64Url(bytes) })
}

const check = Compile(FileLine)

/**
 * Reads an exported journal. Throws SyntaxError that names the line for what is none; whether the
 * entries are genuine is `verifyChain`'s to say.
 */
export async function readJournalFile(lines: Iterable<string> | AsyncIterable<string>): Promise<JournalFile> {
  let header: JournalFile['header'] | undefined
  const epochs = new Map<string, JournalFile['epochs'][number]>()
  const personal: PersonalItem[] = []
  let count = 0
  for await (const text of lines) {
    count++
    if (text.trim() === '') continue
    const line = parseLine(text, count)
    if ((header === undefined) !== (line.kind === 'nexus-journal')) {
      throw new SyntaxError(`Line ${count}: a journal file begins with its one header`)
    }
    const epochOf = (id: string) => {
      const epoch = epochs.get(id)
      if (epoch === undefined) throw new SyntaxError(`Line ${count}: the file has no epoch ${id} above`)
      return epoch
    }
    switch (line.kind) {
      case 'nexus-journal':
        header = line
        break
      case 'epoch':
        epochs.set(line.epoch, {
          epoch: line.epoch,
          certificate: line.certificate,
          base: null,
          entries: [],
          checkpoints: [],
        })
        break
      case 'base': {
        const { seq, hash, mark } = line
        epochOf(line.epoch).base = { seq, hash, mark }
        break
      }
      case 'entry':
        epochOf(line.epoch).entries.push({ seq: line.seq, bytes: fromBase64Url(line.bytes) })
        break
      case 'personal':
        personal.push(line.item)
        break
      case 'checkpoint':
        epochOf(line.signed.checkpoint.epoch).checkpoints.push(line.signed)
    }
  }
  if (header === undefined) throw new SyntaxError('The file is empty')
  return { header, epochs: [...epochs.values()], personal }
}

function parseLine(text: string, count: number): JournalFileLine {
  let line: unknown
  try {
    line = JSON.parse(text)
  } catch (cause) {
    throw new SyntaxError(`Line ${count} is no JSON`, { cause })
  }
  if (!check.Check(line)) throw new SyntaxError(`Line ${count} is no line of a journal file`)
  return line
}
