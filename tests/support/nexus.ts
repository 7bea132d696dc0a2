import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gstinCheckCharacter } from '@nexus/domain'
import type { SeedOptions } from '@nexus/seed'

const root = fileURLToPath(new URL('../../', import.meta.url))
const program = join(root, 'apps/server/src/cli/nexus.ts')
const startMsMax = 120_000

export const ownerPassword = 'quiet-tram-orchard-42'
export const ownerPin = '4826'
const cornerShopGstin = `29AAFCC1234K1Z${gstinCheckCharacter('29AAFCC1234K1Z')}`

/** A chain in a folder of its own, with a server that can be killed and started again at the same address. */
export type Chain = {
  url: string
  dataDir: string
  env: Record<string, string>
  /** Starts the server and waits until it is ready. */
  start(): Promise<void>
  /** SIGKILL: as a power cut or an out-of-memory kill. */
  kill(): Promise<void>
  /** SIGTERM, and waits for the end. */
  stop(): Promise<void>
  /** Runs `nexus …` on this chain's data and answers what it printed; throws with the output when it fails. */
  nexus(...args: string[]): Promise<string>
  /** `nexus init`: an empty real shop with one store, register 1 and an administrator (`owner`, PIN 4826). */
  beginShop(): Promise<string>
  /** `nexus seed` without bills unless days are given. */
  seed(options: SeedOptions, days?: number): Promise<void>
  /** Process of the running server. */
  pid(): number
  /** What the server has printed so far. */
  output(): string
  dispose(): Promise<void>
}

export async function makeChain(extra: Record<string, string> = {}): Promise<Chain> {
  const dataDir = mkdtempSync(join(tmpdir(), 'nexus-chain-'))
  const port = await freePort()
  const env = {
    ...strings(process.env),
    LOG_LEVEL: 'error',
    DATA_DIR: dataDir,
    HOST: '127.0.0.1',
    PORT: String(port),
    ...extra,
  }
  const url = `http://localhost:${port}`
  let child: ChildProcess | undefined
  let printed = ''
  const ended = (process: ChildProcess) =>
    process.exitCode !== null || process.signalCode !== null
      ? Promise.resolve()
      : new Promise<void>((resolve) => process.once('exit', () => resolve()))
  const chain: Chain = {
    url,
    dataDir,
    env,
    output: () => printed,
    pid() {
      if (child?.pid === undefined) throw new Error('the server does not run')
      return child.pid
    },
    async start() {
      const started = spawn(process.execPath, [program, 'start'], {
        cwd: root,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child = started
      const keep = (chunk: Buffer) => {
        printed += chunk.toString()
      }
      started.stdout.on('data', keep)
      started.stderr.on('data', keep)
      const giveUpAt = Date.now() + startMsMax
      while (!(await isReady(url))) {
        if (started.exitCode !== null) throw new Error(`the server ended while starting:\n${printed}`)
        if (Date.now() > giveUpAt) throw new Error(`the server was not ready in time:\n${printed}`)
        await sleep(100)
      }
    },
    async kill() {
      if (!child) return
      child.kill('SIGKILL')
      await ended(child)
      child = undefined
    },
    async stop() {
      if (!child) return
      child.kill('SIGTERM')
      await ended(child)
      child = undefined
    },
    async nexus(...args) {
      const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], {
        cwd: root,
        env,
        maxBuffer: 64 * 1024 * 1024,
      })
      return stdout
    },
    async beginShop() {
      const password = join(dataDir, 'owner-password')
      writeFileSync(password, ownerPassword)
      return await chain.nexus(
        'init',
        ...[
          '--legal-name',
          'Corner Shop Private Limited',
          '--trade-name',
          'Corner Shop',
          '--gstin',
          cornerShopGstin,
        ],
        ...['--store-name', 'Koramangala', '--store-code', 'KOR', '--address', '12, 1st Cross, Koramangala'],
        ...[
          '--city',
          'Bengaluru',
          '--pin-code',
          '560034',
          '--phone',
          '+918040000000',
          '--upi-id',
          'cornershop@upi',
        ],
        ...[
          '--admin-name',
          'Asha Owner',
          '--admin-login',
          'owner',
          '--admin-pin',
          ownerPin,
          '--password-file',
          password,
        ],
      )
    },
    async seed(options, days = 0) {
      const flags = {
        seed: options.seed,
        stores: options.stores,
        registers: options.registersPerStore,
        products: options.products,
        staff: options.staff,
        days,
      }
      await chain.nexus(
        'seed',
        ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]),
      )
    },
    async dispose() {
      await chain.stop()
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
  return chain
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).ok
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

function strings(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
