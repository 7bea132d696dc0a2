import { createHash, type Hash } from 'node:crypto'
import { toBase64Url } from '@nexus/sync'
import type { Context } from '../../../context.ts'
import type { Tx } from '../../../db/database.ts'
import type { ArchiveFiles, Content } from './files.ts'
import { lineOf } from './lines.ts'
import { insertSegment, putSegment, type SegmentRecord, selectSegments } from './sql.ts'

/** A longer file is followed by the next one: each is read as a whole when it is checked. */
const segmentBytesMax = 16 * 1024 * 1024

/** The folder did not give back what was written: nothing of it counts (F58). */
class ArchiveLies extends Error {
  constructor(no: number) {
    super(`segment ${no} of the archive does not hold what was written to it`)
    this.name = 'ArchiveLies'
  }
}

export type WriterTools = Pick<Context, 'database' | 'clock' | 'secrets' | 'log'> & {
  files: ArchiveFiles
}
type Open = { no: number; bytes: number; hash: Hash }

/**
 * Appends to segments of this worker's own, one for each content. What was written is read back and
 * compared before its place is answered. A worker that stopped leaves its segment to nobody: the next one
 * begins another.
 */
export class SegmentWriter {
  readonly #tools: WriterTools
  readonly #open = new Map<Content, Open>()

  constructor(tools: WriterTools) {
    this.#tools = tools
  }

  /** Whether a segment is one that this worker writes to. */
  owns(no: number): boolean {
    return [...this.#open.values()].some((open) => open.no === no)
  }

  /** Writes lines and answers their segment, with how to note it in the transaction that lets them count. */
  async append(
    content: Content,
    text: string,
    generation: Uint8Array,
  ): Promise<{ no: number; note(tx: Tx): Promise<void> }> {
    const bytes = Buffer.from(text)
    const open = await this.#roomFor(content, bytes.length, generation)
    try {
      await this.#appendChecked(open, content, bytes)
    } catch (error) {
      this.#open.delete(content)
      throw error
    }
    const segment: SegmentRecord = {
      no: open.no,
      content,
      bytes: open.bytes,
      sha256: open.hash.copy().digest(),
      state: 'open',
      checkedAt: this.#tools.clock.now(),
    }
    return { no: open.no, note: (tx) => putSegment(tx, segment) }
  }

  /** Forgets what it writes to: the next lines begin new segments. */
  reset(): void {
    this.#open.clear()
  }

  async #appendChecked(open: Open, content: Content, bytes: Uint8Array): Promise<void> {
    const { files } = this.#tools
    await files.append(open.no, content, bytes)
    const back = await files.read(open.no, content, open.bytes, bytes.length)
    if (!Buffer.from(bytes).equals(back)) throw new ArchiveLies(open.no)
    open.bytes += bytes.length
    open.hash.update(bytes)
  }

  async #roomFor(content: Content, bytes: number, generation: Uint8Array): Promise<Open> {
    const open = this.#open.get(content)
    if (open !== undefined && open.bytes + bytes <= segmentBytesMax) return open
    if (open !== undefined) await this.close({ ...open, content, sha256: open.hash.copy().digest() })
    const { files, database, clock, secrets } = this.#tools
    const numbers = [...(await files.list()), ...(await selectSegments(database.read))].map(({ no }) => no)
    const next = { no: Math.max(0, ...numbers) + 1, bytes: 0, hash: createHash('sha256') }
    const openedAt = clock.now()
    await files.create(next.no, content)
    await database.write((tx) => insertSegment(tx, next.no, content, openedAt))
    const header = Buffer.from(
      lineOf({
        kind: 'nexus-archive',
        version: 1,
        content,
        enrolmentKeyId: secrets.enrolment.keyId,
        generation: toBase64Url(generation),
        openedAt,
      }),
    )
    await this.#appendChecked(next, content, header)
    this.#open.set(content, next)
    return next
  }

  /** Ends a segment, unless it is not what was written to it: then it is damaged. Answers whether it is sound. */
  async close(written: Omit<SegmentRecord, 'state' | 'checkedAt'>): Promise<boolean> {
    const { files, database, clock } = this.#tools
    const { no, content, bytes, sha256 } = written
    const isSound = await isAsWritten(files, written)
    const state = isSound ? 'closed' : 'damaged'
    const checkedAt = clock.now()
    await database.write((tx) => putSegment(tx, { no, content, bytes, sha256, state, checkedAt }))
    return isSound
  }
}

/** Reads back what counts of a segment and compares it with its checksum. */
export async function isAsWritten(
  files: ArchiveFiles,
  { no, content, bytes, sha256 }: Omit<SegmentRecord, 'state' | 'checkedAt'>,
): Promise<boolean> {
  if (bytes === 0) return true
  const found = await files.read(no, content, 0, bytes).catch(() => undefined)
  if (found === undefined || sha256 === null) return false
  return createHash('sha256').update(found).digest().equals(sha256)
}
