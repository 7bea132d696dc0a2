import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** What to tell a person whose machine has none. */
export const mariadbAdvice = 'no mariadbd was found; install it with: apt-get install mariadb-server'

/** Path of the MariaDB server program, or undefined where none is installed. */
export function findMariadb(): string | undefined {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/opt/homebrew/bin',
  ]
  return folders.map((folder) => join(folder, 'mariadbd')).find((path) => existsSync(path))
}

/** Tests on MariaDB are skipped here; with CI=true they run, and fail. */
export const withoutMariadb = findMariadb() === undefined && process.env.CI !== 'true'
/** Behind the title of a test that is skipped without MariaDB: says so, and how to get it. */
export const mariadbNote = withoutMariadb ? ` (could not run: ${mariadbAdvice})` : ''

export type Mariadb = {
  /** Address of a database of this server; the database must exist or be created first. */
  url(database: string): string
  pid: number
  stop(): Promise<void>
}

/**
 * Starts a MariaDB of one's own on a free port of 127.0.0.1, without passwords; it ends with `stop`.
 * `flush: 'full'` keeps what production keeps at each commit, `'none'` is for tests that prove behaviour
 * and not durability. The data lies in a temporary folder, or in `dataFolder`, which then stays; `port` is for
 * a server that takes the place of another one.
 */
export async function startMariadb(
  flush: 'full' | 'none',
  dataFolder?: string,
  port?: number,
): Promise<Mariadb> {
  const program = findMariadb()
  if (!program) throw new Error(mariadbAdvice)
  const folder = dataFolder ?? mkdtempSync(join(tmpdir(), 'nexus-mariadb-'))
  const at = port ?? (await freePort())
  const log = join(folder, 'error.log')
  const child = spawn(
    program,
    [
      '--no-defaults',
      `--datadir=${folder}`,
      `--socket=${join(folder, 's')}`,
      `--port=${at}`,
      '--bind-address=127.0.0.1',
      // Without its own tables it starts in a third of a second; nobody else reaches it.
      '--skip-grant-tables',
      ...(userInfo().uid === 0 ? ['--user=root'] : []),
      `--innodb-flush-log-at-trx-commit=${flush === 'full' ? 1 : 0}`,
      '--innodb-log-file-size=64M',
      '--innodb-buffer-pool-size=256M',
      '--innodb-stats-persistent=OFF',
      '--max-connections=500',
      '--character-set-server=utf8mb4',
      `--log-error=${log}`,
    ],
    { stdio: 'ignore' },
  )
  const stop = async () => {
    await ended(child)
    if (dataFolder === undefined) rmSync(folder, { recursive: true, force: true })
  }
  for (let tries = 0; !(await accepts(at)); tries++) {
    if (child.exitCode !== null || tries > 600) {
      const text = existsSync(log) ? readFileSync(log, 'utf8').slice(-2000) : ''
      await stop()
      throw new Error(`MariaDB did not start:\n${text}`)
    }
    await sleep(50)
  }
  if (child.pid === undefined) throw new Error('a process that answers has a pid')
  return { url: (database) => `mysql://root@127.0.0.1:${at}/${database}`, pid: child.pid, stop }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await exit
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

async function accepts(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
