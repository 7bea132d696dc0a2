import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Dice } from '@nexus/sync/testing'

/** What can be wrong with a connection, in the words of network engineers. */
const lineFaults = [
  'latency',
  'slices',
  'bandwidth',
  'cut-upstream',
  'cut-downstream',
  'black-hole',
  'half-open',
  'reset',
] as const
export type LineFault = (typeof lineFaults)[number]

export type FaultProxy = {
  url: string
  /** Connections by what was wrong with them. */
  met: { [fault: string]: number }
  /** Whether connections may be faulty; those that are open end. */
  setFaulty(isFaulty: boolean): void
  close(): Promise<void>
}

/** How long a connection that never answers is kept before it is reset: a router forgets it some day. */
const forgottenMs = 4_000
const goodMs = 600

/** Stands between a till and its hop; each new connection draws its fault, one of five has none. */
export async function openFaultProxy(target: { port: number }, chance: Dice): Promise<FaultProxy> {
  const sockets = new Set<Socket>()
  let isFaulty = false
  const server = createServer((near) => {
    const fault = isFaulty && chance.percent(80) ? chance.pick(lineFaults) : undefined
    proxy.met[fault ?? 'none'] = (proxy.met[fault ?? 'none'] ?? 0) + 1
    const far = connect(target.port, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => undefined)
    }
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
    const bytes = 200 + chance.below(3_000)
    void carry(near, far, fault === 'cut-downstream' || fault === 'half-open' ? undefined : fault, bytes)
    void carry(far, near, fault === 'cut-upstream' ? undefined : fault, bytes)
    // A good connection does not stay for ever: the next one draws its own fault.
    if (isFaulty && fault === undefined) setTimeout(() => near.destroy(), goodMs).unref()
    if (fault === 'black-hole' || fault === 'half-open')
      setTimeout(() => near.resetAndDestroy(), forgottenMs).unref()
  })
  const proxy: FaultProxy = {
    url: '',
    met: {},
    setFaulty(now) {
      isFaulty = now
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  proxy.url = `http://localhost:${address.port}`
  return proxy
}

/** Carries one direction until the fault ends it. */
async function carry(from: Socket, to: Socket, fault: LineFault | undefined, bytes: number): Promise<void> {
  let carried = 0
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      if (fault === 'black-hole' || fault === 'half-open') continue
      if (fault === 'reset') return void from.resetAndDestroy()
      if (fault === 'latency') await sleep(300)
      if (fault === 'cut-upstream' || fault === 'cut-downstream') {
        to.write(chunk.subarray(0, Math.max(0, bytes - carried)))
        carried += chunk.length
        if (carried >= bytes) return void to.destroy()
      } else if (fault === 'slices' || fault === 'bandwidth') {
        const size = fault === 'slices' ? 7 : 400
        for (let at = 0; at < chunk.length && !to.destroyed; at += size) {
          to.write(chunk.subarray(at, at + size))
          if (fault === 'bandwidth' || at % 700 === 0) await sleep(fault === 'slices' ? 2 : 20)
        }
      } else {
        to.write(chunk)
      }
    }
    to.end()
  } catch {
    // The other end went away: that is what this is for.
  }
}
