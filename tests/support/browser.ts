import { existsSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

/** Path of a Chromium or Chrome on this machine; undefined where there is none. */
export function findChromium(): string | undefined {
  const named = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const folders = (process.env.PATH ?? '').split(delimiter)
  const installed = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']
  return [...folders.flatMap((folder) => named.map((name) => join(folder, name))), ...installed].find(
    (path) => existsSync(path),
  )
}

/** Why browser tests cannot run here; undefined when they can. In CI that is a failure, never an excuse. */
export function missingBrowser(): string | undefined {
  if (findChromium()) return undefined
  const advice =
    'could not run: no Chromium was found; install it with: apt-get install chromium fonts-noto-core'
  if (process.env.CI === 'true') throw new Error(advice)
  console.warn(advice)
  return advice
}

export const sizes = {
  home: { width: 1366, height: 768 },
  tablet: { width: 1024, height: 768 },
  phone: { width: 390, height: 844 },
} as const

/** A browser with a profile on disk, as a till has one: closing and opening it again keeps the journal. */
export type Device = {
  /** Folder of the profile. */
  profile: string
  context: BrowserContext
  page: Page
  /** Ends the browser and all its processes at once. */
  kill(): void
  /** Opens the browser again with the same profile, after it ended. */
  reopen(): Promise<Page>
  /** Both. */
  crashAndReopen(): Promise<Page>
  close(): Promise<void>
}

const patienceMs = 20_000

/** Opens a browser on an empty profile, or on one that was kept. */
export async function openDevice(
  options: {
    size?: keyof typeof sizes
    colorScheme?: 'light' | 'dark'
    touch?: boolean
    /** Folder of the profile, which then stays; a temporary one without it. */
    profile?: string
    /** More flags of Chromium. */
    flags?: readonly string[]
  } = {},
): Promise<Device> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('no Chromium was found')
  const profile = options.profile ?? mkdtempSync(join(tmpdir(), 'nexus-till-'))
  const launch = async () => {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      headless: true,
      viewport: sizes[options.size ?? 'home'],
      colorScheme: options.colorScheme ?? 'light',
      hasTouch: options.touch ?? false,
      isMobile: options.touch ?? false,
      locale: 'en-IN',
      timezoneId: 'Asia/Kolkata',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        ...(options.flags ?? []),
      ],
    })
    context.setDefaultTimeout(patienceMs)
    return { context, page: context.pages()[0] ?? (await context.newPage()) }
  }
  const device: Device = {
    profile,
    ...(await launch()),
    kill() {
      // Its children are of its process group.
      process.kill(-browserPid(profile), 'SIGKILL')
    },
    async reopen() {
      await device.context.close().catch(() => undefined)
      Object.assign(device, await launch())
      return device.page
    },
    async crashAndReopen() {
      device.kill()
      return await device.reopen()
    },
    async close() {
      await device.context.close()
      if (options.profile === undefined) {
        rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
      }
    },
  }
  return device
}

/** Pid of the browser that holds the profile: Chromium's lock is a link `host-pid`. */
function browserPid(profile: string): number {
  const target = readlinkSync(join(profile, 'SingletonLock'))
  const pid = Number(target.split('-').at(-1))
  if (!Number.isInteger(pid)) throw new Error(`no process holds ${profile}`)
  return pid
}
