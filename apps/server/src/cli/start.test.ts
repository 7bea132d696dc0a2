import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { claimInstallation } from '../modules/platform/index.ts'
import { openForCommand } from './open-for-command.ts'

/** A shop's folder, so that no demo chain is made. */
async function shopFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-start-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  await using context = await openForCommand({
    print: () => undefined,
    ask: async () => '',
    env: { DATA_DIR: folder, SQLITE_READERS: '1' },
  })
  await claimInstallation(context, 'shop')
  return folder
}

type Started = {
  child: ChildProcess
  output(): string
  until(text: string): Promise<void>
  ended(): Promise<number | null>
}

function start(env: Record<string, string>): Started {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'nexus.ts'), 'start'], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  const exit = once(child, 'exit')
  return {
    child,
    output: () => output,
    until: async (text) => await expect.poll(() => output, { timeout: 60_000 }).toContain(text),
    ended: async () => (await exit)[0],
  }
}

test('nexus start says which data it uses and where to go, and SIGTERM ends it cleanly', async () => {
  const DATA_DIR = await shopFolder()
  const server = start({ DATA_DIR, PORT: '0' })
  await server.until('Back office')
  expect(server.output()).toContain(`the shop from ${DATA_DIR}`)
  const [url = ''] = /http:\/\/localhost:\d+(?=\/till\/)/.exec(server.output()) ?? []
  expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  server.child.kill('SIGTERM')
  expect(await server.ended()).toBe(0)
})

test('a second start on the same folder is refused by name; after a SIGKILL the next one works', async () => {
  const DATA_DIR = await shopFolder()
  const first = start({ DATA_DIR, PORT: '0' })
  await first.until('Back office')
  const second = start({ DATA_DIR, PORT: '0' })
  expect(await second.ended()).toBe(1)
  expect(second.output()).toContain(`in use by process ${first.child.pid}`)
  expect(second.output()).not.toContain('    at ')
  first.child.kill('SIGKILL')
  await first.ended()
  const third = start({ DATA_DIR, PORT: '0' })
  await third.until('Back office')
  third.child.kill('SIGTERM')
  expect(await third.ended()).toBe(0)
})

test('a taken port is told with its setting and who holds it', async () => {
  const DATA_DIR = await shopFolder()
  const holder = createServer()
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void holder.close())
  const address = holder.address()
  const port = address && typeof address === 'object' ? address.port : 0
  const server = start({ DATA_DIR, PORT: String(port) })
  expect(await server.ended()).toBe(1)
  expect(server.output()).toContain(`Port ${port} on 127.0.0.1 is in use`)
  expect(server.output()).toContain('choose another port with PORT')
})
