import { type FileHandle, mkdir, open, readdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What a file of the archive holds: journals, or data of people, which can be taken out again (JRN-19). */
export type Content = 'entries' | 'personal'
export type SegmentFile = { no: number; content: Content; bytes: number }

/** The archive's folder, as the job sees it. Promises reject when the folder fails. */
export type ArchiveFiles = {
  /** Number of the device that the folder lies on; made if it is not there yet. */
  device(): Promise<number>
  /** Every segment, in order of its number. */
  list(): Promise<SegmentFile[]>
  /** Begins a segment that does not exist yet. Rejects where it does: no two writers share a file. */
  create(no: number, content: Content): Promise<void>
  /** Appends to a segment and flushes it and the folder. */
  append(no: number, content: Content, bytes: Uint8Array): Promise<void>
  /** So many bytes from a place on; fewer where the file ends. */
  read(no: number, content: Content, from: number, length: number): Promise<Uint8Array>
  /** Replaces a segment as a whole: only to take data of people out of it. */
  rewrite(no: number, content: Content, bytes: Uint8Array): Promise<void>
}

const NAME = /^(entries|personal)-([0-9]{6,})\.jsonl$/

function nameOf(no: number, content: Content): string {
  return `${content}-${String(no).padStart(6, '0')}.jsonl`
}

/** A folder of this machine, or one that is mounted here. */
export function archiveFolder(folder: string): ArchiveFiles {
  const pathOf = (no: number, content: Content) => join(folder, nameOf(no, content))
  const within = async <T>(
    path: string,
    flags: string,
    work: (file: FileHandle) => Promise<T>,
  ): Promise<T> => {
    const file = await open(path, flags, 0o600)
    try {
      return await work(file)
    } finally {
      await file.close()
    }
  }
  const flushFolder = () => within(folder, 'r', (handle) => handle.sync())
  return {
    async device() {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      return (await stat(folder)).dev
    },
    async list() {
      const found: SegmentFile[] = []
      for (const name of await readdir(folder)) {
        const parts = NAME.exec(name)
        if (parts === null) continue
        const { size } = await stat(join(folder, name))
        // as: the pattern allows no other word.
        found.push({ no: Number(parts[2]), content: parts[1] as Content, bytes: size })
      }
      return found.sort((a, b) => a.no - b.no)
    },
    async create(no, content) {
      await within(pathOf(no, content), 'wx', (file) => file.sync())
      await flushFolder()
    },
    async append(no, content, bytes) {
      await within(pathOf(no, content), 'a', async (file) => {
        await file.writeFile(bytes)
        await file.sync()
      })
      await flushFolder()
    },
    async read(no, content, from, length) {
      return await within(pathOf(no, content), 'r', async (file) => {
        const buffer = Buffer.alloc(length)
        let filled = 0
        while (filled < length) {
          const { bytesRead } = await file.read(buffer, filled, length - filled, from + filled)
          if (bytesRead === 0) break
          filled += bytesRead
        }
        return buffer.subarray(0, filled)
      })
    },
    async rewrite(no, content, bytes) {
      const beside = `${pathOf(no, content)}.new`
      await within(beside, 'w', async (file) => {
        await file.writeFile(bytes)
        await file.sync()
      })
      await rename(beside, pathOf(no, content))
      await flushFolder()
    },
  }
}
