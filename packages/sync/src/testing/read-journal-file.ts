import { fromBase64Url } from '../canonical/base64url.ts'
import { utf8 } from '../canonical/utf8.ts'
import { type JournalFileHeader, type JournalFileLine, readJournalLines } from '../entry/journal-file.ts'
import type { Hole, PersonalItem, SignedCheckpoint } from '../messages.ts'

type ReadJournal = {
  header: JournalFileHeader | undefined
  lines: JournalFileLine[]
  epochs: {
    epoch: string
    entries: { seq: number; bytes: Uint8Array }[]
    holes: Hole[]
    checkpoints: SignedCheckpoint[]
  }[]
  personal: PersonalItem[]
}

/** A whole journal file in memory, sorted by epoch. */
export async function readJournalFile(lines: AsyncIterable<string> | Iterable<string>): Promise<ReadJournal> {
  const file: ReadJournal = { header: undefined, lines: [], epochs: [], personal: [] }
  const text: Uint8Array[] = []
  for await (const line of lines) text.push(utf8(`${line}\n`))
  for await (const { line } of readJournalLines(text)) {
    file.lines.push(line)
    const epoch = file.epochs.at(-1)
    if (line.kind === 'nexus-journal') file.header = line
    if (line.kind === 'epoch')
      file.epochs.push({ epoch: line.epoch, entries: [], holes: [], checkpoints: [] })
    if (line.kind === 'entry') epoch?.entries.push({ seq: line.seq, bytes: fromBase64Url(line.bytes) })
    if (line.kind === 'hole') epoch?.holes.push(line.hole)
    if (line.kind === 'checkpoint') epoch?.checkpoints.push(line.signed)
    if (line.kind === 'personal') file.personal.push(line.item)
  }
  return file
}
