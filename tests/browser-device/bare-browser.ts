import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '../support/browser.ts'

type Answer = {
  id?: number
  result?: {
    targetId?: string
    sessionId?: string
    exceptionDetails?: object
    result?: { value?: unknown }
  }
}

/**
 * A browser that is driven by its own protocol alone. The usual driver keeps every page visible and its
 * timers quick; here a window behind another one is hidden and slowed down, as in a shop.
 */
export async function openBareBrowser() {
  const profile = mkdtempSync(join(tmpdir(), 'nexus-bare-'))
  const child = spawn(
    findChromium() ?? '',
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
      ...['--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const address = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += String(chunk)
      const found = /ws:\/\/\S+/.exec(said)
      if (found) resolve(found[0])
    })
    child.once('exit', () => reject(new Error(`the browser ended: ${said}`)))
  })
  const socket = new WebSocket(address)
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }))
  const waiting = new Map<number, (answer: Answer) => void>()
  let lastId = 0
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer // as: the protocol's own form
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer)
  })
  async function send(method: string, params: object, sessionId?: string): Promise<Answer> {
    lastId += 1
    const id = lastId
    const answer = new Promise<Answer>((resolve) => waiting.set(id, resolve))
    socket.send(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }))
    return answer
  }

  return {
    /** Opens a window in front of all others. */
    async open(url: string) {
      const { targetId } = (await send('Target.createTarget', { url })).result ?? {}
      const { sessionId } = (await send('Target.attachToTarget', { targetId, flatten: true })).result ?? {}
      async function evaluate<T>(expression: string): Promise<T> {
        const options = { expression, awaitPromise: true, returnByValue: true }
        const { result } = await send('Runtime.evaluate', options, sessionId)
        if (result?.exceptionDetails) throw new Error(JSON.stringify(result.exceptionDetails))
        return result?.result?.value as T // as: the caller knows what it asks for
      }
      async function until(condition: string): Promise<void> {
        const giveUpAt = Date.now() + 30_000
        while (!(await evaluate<boolean>(condition))) {
          if (Date.now() > giveUpAt) throw new Error(`never: ${condition}`)
          await new Promise((resolve) => setTimeout(resolve, 100))
        }
      }
      return { evaluate, until }
    },
    async close() {
      socket.close()
      child.kill('SIGKILL')
      await ended
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}
