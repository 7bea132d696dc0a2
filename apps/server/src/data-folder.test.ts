import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { FolderTaken, lockFolder } from './data-folder.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'nexus-folder-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

function refusal(path: string): unknown {
  try {
    lockFolder(path).release()
  } catch (error) {
    return error
  }
  return undefined
}

async function otherProcess(path: string): Promise<ChildProcess> {
  const program = `
    import { lockFolder } from ${JSON.stringify(join(import.meta.dirname, 'data-folder.ts'))}
    // Held as a server holds it: a lock that nobody knows any more is collected, and free.
    globalThis.held = lockFolder(${JSON.stringify(path)})
    held.note('http://localhost:4600')
    console.log('locked')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout ?? child, 'data')
  return child
}

test('a second server on the same folder is refused, and told by whom', async () => {
  const path = folder()
  const child = await otherProcess(path)
  const error = refusal(path)
  expect(error).toBeInstanceOf(FolderTaken)
  expect(String(error)).toContain(`process ${child.pid}, which listens on http://localhost:4600`)
  expect(String(error)).toContain('DATA_DIR')
})

test('a server that was killed leaves no lock behind', async () => {
  const path = folder()
  const child = await otherProcess(path)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(refusal(path)).toBeUndefined()
})

test('the lock holds within one process too, and is free after release', () => {
  const path = folder()
  const lock = lockFolder(path)
  expect(refusal(path)).toBeInstanceOf(FolderTaken)
  lock.release()
  expect(refusal(path)).toBeUndefined()
})
