import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Environment, projectRoot } from '../config.ts'
import { type AppFolder, appFolders } from './app-folders.ts'

/** File in `dist` that says from which sources it was built. */
export const stampName = '.inputs'

/** Where builds are made, on the same disk as where they go. */
export const buildFolder = join(projectRoot, 'node_modules/.cache/nexus')

/** Apps whose `dist` was not built from what lies here now. */
export function staleApps(apps: readonly AppFolder[] = appFolders): AppFolder[] {
  return apps.filter((app) => existsSync(join(app.folder, 'index.html')) && !isCurrent(app))
}

function isCurrent(app: AppFolder): boolean {
  const stamp = join(app.dist, stampName)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === inputsHash(app)
}

/** Hash over everything that goes into a build of an app. */
export function inputsHash(app: AppFolder): string {
  const hash = createHash('sha256')
  const inputs = [
    app.folder,
    ...['domain', 'sync', 'contract'].map((name) => join(projectRoot, 'packages', name)),
    join(projectRoot, 'package-lock.json'),
    join(projectRoot, 'tsconfig.base.json'),
    join(projectRoot, 'lingui.config.ts'),
    join(import.meta.dirname, 'build-one.ts'),
  ]
  for (const file of inputs.flatMap(filesOf).sort()) {
    hash
      .update(`${relative(projectRoot, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  }
  return hash.digest('hex')
}

const notInput = /^(dist|node_modules|.*\.test\.tsx?)$/

function filesOf(path: string): string[] {
  if (!existsSync(path)) return []
  const entries = readEntries(path)
  if (!entries) return [path]
  return entries.filter((name) => !notInput.test(name)).flatMap((name) => filesOf(join(path, name)))
}

function readEntries(path: string): string[] | undefined {
  try {
    return readdirSync(path)
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOTDIR') return undefined
    throw error
  }
}

/**
 * Builds stale apps, all at once, each in a child process with NODE_ENV=production: inside this
 * process, and inside a test runner, Vite would make a development build. Throws with Vite's own
 * words when one fails.
 */
export async function buildApps(apps: readonly AppFolder[], env: Environment): Promise<void> {
  if (apps.length === 0) return
  const done = await lockBuild()
  try {
    // Another process may have built them while this one waited.
    await Promise.all(staleApps(apps).map((app) => buildOne(app, env)))
  } finally {
    done()
  }
}

async function buildOne(app: AppFolder, env: Environment): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'build-one.ts'), app.name], {
    cwd: app.folder,
    env: { ...env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('exit', resolve)
    child.once('error', reject)
  })
  const [out, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  if (code !== 0) throw new Error(`The app ${app.name} could not be built:\n${errors || out}`)
}

/** One build at a time on this machine; the lock ends with the process that holds it. */
async function lockBuild(): Promise<() => void> {
  mkdirSync(buildFolder, { recursive: true })
  const lock = new DatabaseSync(join(buildFolder, 'lock'), { timeout: 0 })
  for (;;) {
    try {
      lock.exec('PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE')
      return () => lock.close()
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== 5) throw error
      await sleep(100)
    }
  }
}
