import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import type { JournalStatus } from '../../apps/till/src/journal/index.ts'
import { type Device, openDevice } from '../support/browser.ts'
import { type Hop, makeHop, people } from './hop.ts'
import type { DevicePage } from './page/main.ts'

/** Where the page of these tests is built; `release` makes another build of it. */
export async function buildPage(release = 'till-test'): Promise<{ folder: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-device-page-'))
  await buildInto(folder, release)
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** A child process of its own: inside Vitest, Vite would make a development build. */
export async function buildInto(folder: string, release: string): Promise<void> {
  const script = fileURLToPath(new URL('./build-page.ts', import.meta.url))
  await promisify(execFile)(process.execPath, [script, folder, release], {
    env: { ...process.env, NODE_ENV: 'production', VITEST: '' },
  })
}

/** Builds the real till, screens and all, into a folder; see there for faults. */
export async function buildTillInto(
  folder: string,
  release: string,
  fault: 'throws' | 'silent' | '' = '',
): Promise<void> {
  const script = fileURLToPath(new URL('./build-till.ts', import.meta.url))
  await promisify(execFile)(process.execPath, [script, folder, fault], {
    env: { ...process.env, NODE_ENV: 'production', VITEST: '', TILL_RELEASE: release },
  })
}

/** A browser and the hop that it talks to. */
export type Till = Device & { hop: Hop; [Symbol.asyncDispose](): Promise<void> }

export async function openTill(
  folder: string,
  options?: { profile?: string; flags?: readonly string[] },
): Promise<Till> {
  const hop = makeHop(folder)
  await hop.start()
  const device = await openDevice(options)
  return Object.assign(device, {
    hop,
    async [Symbol.asyncDispose]() {
      await device.close()
      await hop.stop()
    },
  })
}

/** Waits until the status of the page's journal fits. Answers with it. */
export async function statusWhere(
  page: Page,
  fits: (status: JournalStatus) => boolean,
  what: string,
  patienceMs = 30_000,
): Promise<JournalStatus> {
  const giveUpAt = Date.now() + patienceMs
  for (;;) {
    const status = await page.evaluate(() => window.till.journal.getStatus())
    if (fits(status)) return status
    if (Date.now() > giveUpAt) throw new Error(`never ${what}: ${JSON.stringify(status)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export const isReady = (status: JournalStatus) => status.state === 'ready'

/** Opens the page on a new device, enrols it, signs Asha in and opens a shift. `origin`: not straight at the hop. */
export async function enrolled(till: Till, origin = till.hop.url): Promise<Page> {
  const { page } = till
  await page.goto(`${origin}/till/`)
  await statusWhere(page, ({ state }) => state === 'not-enrolled', 'not enrolled')
  await page.evaluate((code) => window.till.journal.enrol(code), 'KOR-1234')
  await statusWhere(page, (status) => isReady(status) && status.people.length > 0, 'enrolled with people')
  await signIn(page)
  await page.evaluate(() =>
    window.till.journal.openShift(
      { totalMinor: 50_000, pieces: [{ denominationMinor: 50_000, count: 1 }] },
      true,
    ),
  )
  return page
}

export async function signIn(page: Page, pin = people[0]?.pin ?? ''): Promise<string> {
  const result = await page.evaluate(([id, entered]) => window.till.journal.signIn(id, entered), [
    people[0]?.id ?? '',
    pin,
  ] as const)
  return result.outcome
}

export const sell = (page: Page, totalMinor?: number) =>
  page.evaluate((total) => window.till.sell(total), totalMinor)

/** Numbers of all bills on the device, oldest first. */
export async function billNumbers(page: Page): Promise<string[]> {
  const bills = await page.evaluate(() => window.till.journal.lastBills(1_000_000))
  return bills.flatMap(({ body }) => body.documents.map(({ number }) => number)).reverse()
}

export const call = <T>(page: Page, run: (till: DevicePage) => Promise<T>): Promise<T> =>
  page.evaluate(`(${run.toString()})(window.till)`) as Promise<T> // as: evaluate of a text is untyped
