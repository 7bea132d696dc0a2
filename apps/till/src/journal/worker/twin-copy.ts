import type { SegmentName, TwinCopy } from '@nexus/sync'

export type ClosableTwin = TwinCopy & { close(): void }

const FOLDER = 'nexus-journal'
const SEGMENT = /^journal\.([0-9]+)\.([0-9]+)$/

/** Chromium renames files in the origin's own file system; TypeScript's library does not know it yet. */
type MovableFile = FileSystemFileHandle & { move(name: string): Promise<void> }

/**
 * The second copy of the journal: append-only files in the origin's private file system (JRN-2). The
 * browser gives one exclusive handle a file, which is a fence of its own against a second writer.
 */
export async function openTwinCopy(): Promise<ClosableTwin> {
  const root = await navigator.storage.getDirectory()
  const folder = await root.getDirectoryHandle(FOLDER, { create: true })
  let open: { name: string; file: FileSystemSyncAccessHandle } | undefined

  async function take(name: string): Promise<void> {
    const handle = await folder.getFileHandle(name, { create: true })
    open = { name, file: await handle.createSyncAccessHandle() }
  }

  function close(): void {
    open?.file.close()
    open = undefined
  }

  return {
    async listSegments() {
      const segments: { name: SegmentName; bytes: number }[] = []
      for await (const [name, handle] of folder.entries()) {
        const parts = SEGMENT.exec(name)
        if (parts === null || handle.kind !== 'file') continue
        // as: its kind was just looked at.
        const bytes =
          open?.name === name ? open.file.getSize() : (await (handle as FileSystemFileHandle).getFile()).size
        segments.push({ name: { fence: Number(parts[1]), n: Number(parts[2]) }, bytes })
      }
      return segments.sort((one, other) => one.name.fence - other.name.fence || one.name.n - other.name.n)
    },

    async readSegment(segment) {
      const name = fileName(segment)
      if (open?.name === name) {
        const bytes = new Uint8Array(open.file.getSize())
        open.file.read(bytes, { at: 0 })
        return bytes
      }
      const file = await (await folder.getFileHandle(name)).getFile()
      return new Uint8Array(await file.arrayBuffer())
    },

    async openSegment(segment) {
      close()
      await take(fileName(segment))
    },

    async append(bytes) {
      if (!open) throw new Error('no segment of the second copy is open')
      const end = open.file.getSize()
      const written = open.file.write(bytes, { at: end })
      if (written !== bytes.length) {
        // A full disk takes a part: leave no half record behind.
        open.file.truncate(end)
        throw new Error(`the second copy took ${written} of ${bytes.length} bytes`)
      }
      open.file.flush()
    },

    async rewriteSegment(segment, bytes) {
      const name = fileName(segment)
      const isOpen = open?.name === name
      // Beside it first: a crash must leave the old content or the new, never a part.
      const handle = await folder.getFileHandle(`${name}.new`, { create: true })
      const file = await handle.createSyncAccessHandle()
      try {
        file.truncate(0)
        if (file.write(bytes, { at: 0 }) !== bytes.length) throw new Error('the second copy is full')
        file.flush()
      } finally {
        file.close()
      }
      if (isOpen) close()
      await (handle as MovableFile).move(name) // as: see MovableFile
      if (isOpen) await take(name)
    },

    async removeSegment(segment) {
      await folder.removeEntry(fileName(segment)).catch((cause: unknown) => {
        if (!(cause instanceof DOMException && cause.name === 'NotFoundError')) throw cause
      })
    },

    close,
  }
}

function fileName({ fence, n }: SegmentName): string {
  return `journal.${fence}.${n}`
}

/** Stands for a second copy that this browser cannot open: the journal sells on the first one, loudly (JRN-1). */
export function unreachableTwin(cause: unknown): ClosableTwin {
  const fail = () => Promise.reject(cause)
  return {
    listSegments: fail,
    readSegment: fail,
    openSegment: fail,
    append: fail,
    rewriteSegment: fail,
    removeSegment: fail,
    close: () => undefined,
  }
}
