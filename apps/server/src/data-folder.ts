import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartRefused } from './start-refused.ts'

export type ServerNote = { pid: number; startedAt: number; address: string | undefined }

/** A data folder that is this process's alone until it is released or the process ends. */
export type FolderLock = {
  /** Says where the server can be reached, for whoever finds the folder taken. */
  note(address: string): void
  release(): void
}

/** Another process works in this data folder. */
export class FolderTaken extends StartRefused {
  readonly holder: ServerNote | undefined
  constructor(folder: string, holder: ServerNote | undefined) {
    const who = holder
      ? `by process ${holder.pid}${holder.address ? `, which listens on ${holder.address}` : ''}`
      : 'by another process'
    super(
      `The data folder ${folder} is in use ${who}. Stop that one first, or name another folder with DATA_DIR.`,
    )
    this.name = 'FolderTaken'
    this.holder = holder
  }
}

/**
 * Takes a data folder for one server. The lock is the operating system's, by way of a SQLite
 * transaction on a file of its own, so it ends with the process however that ends, and a stale one
 * cannot exist. Throws `FolderTaken`.
 */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const noteFile = join(folder, 'server.json')
  const lock = new DatabaseSync(join(folder, 'server.lock'), { timeout: 0 })
  try {
    lock.exec('PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    // 5: locked. Anything else, e.g. a folder that may not be written, is its own message.
    if ((error as { errcode?: number }).errcode !== 5) throw error
    throw new FolderTaken(folder, readNote(noteFile))
  }
  const startedAt = Date.now()
  const write = (address: string | undefined) => {
    writeFileSync(noteFile, JSON.stringify({ pid: process.pid, startedAt, address } satisfies ServerNote))
  }
  write(undefined)
  return {
    note: write,
    release() {
      rmSync(noteFile, { force: true })
      lock.close()
    },
  }
}

function readNote(file: string): ServerNote | undefined {
  if (!existsSync(file)) return undefined
  try {
    // Written by `lockFolder` alone; torn text is as good as none.
    return JSON.parse(readFileSync(file, 'utf8')) as ServerNote
  } catch {
    return undefined
  }
}
