import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { missingBrowser } from '../support/browser.ts'
import { buildPage, openTill, type Till } from './device.ts'
import type { RetentionCommands } from './page/retention-client.ts'

const missing = missingBrowser()
let built: Awaited<ReturnType<typeof buildPage>>
beforeAll(async () => {
  if (!missing) built = await buildPage()
})
afterAll(() => built?.remove())
const inBrowser = test.skipIf(missing !== undefined)

const days46 = 46 * 86_400_000
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

type Command = keyof RetentionCommands
const ask = <C extends Command>(page: Page, name: C, ...args: Parameters<RetentionCommands[C]>) =>
  page.evaluate(
    ([command, given]) => (window.retention[command] as (...given: unknown[]) => Promise<unknown>)(...given),
    [name, args] as const,
    // as: the page's end is typed by the same commands.
  ) as ReturnType<RetentionCommands[C]>

/** Opens the till that keeps 50 entries; answers what its start found. */
async function start(page: Page, till: Till): Promise<string[]> {
  await page.goto(`${till.hop.url}/till/?idle`)
  await page.evaluate(() => window.openRetention())
  return await ask(page, 'open', 50)
}

inBrowser(
  '[JRN-9e, JRN-9o] what is durable and old leaves the database and the files, and the till starts well after it',
  async () => {
    await using till = await openTill(built.folder)
    const { page, hop } = till
    await start(page, till)
    await ask(page, 'enrol', 'KOR-1234')
    await ask(page, 'fill', 300)
    await ask(page, 'sync')
    hop.archived = true
    hop.aheadMs = days46
    await start(page, till)
    await ask(page, 'sync')
    expect(await ask(page, 'forget')).toBeGreaterThan(1)
    const held = await ask(page, 'held')
    expect(held).toMatchObject({ baseSeq: 251, headSeq: 301 })
    expect(held.primary).toEqual([1, ...range(252, 301)])
    // Files are written anew once half of them is gone.
    expect(held.twin.filter((seq) => seq === 1 || seq > held.baseSeq)).toEqual(held.primary)
    expect(held.twin.length).toBeLessThanOrEqual(2 * held.primary.length)
    expect(await start(page, till)).toEqual([])
    expect(await ask(page, 'checkOlder')).toEqual([])
    await ask(page, 'fill', 1)
    await ask(page, 'sync')
    // The clock moved by 46 days: the till says so in an entry of its own.
    expect([...hop.entries.values()][0]?.length).toBe(303)
  },
)

inBrowser(
  '[JRN-9o, F01] a browser that is killed while it deletes has everything that it must keep',
  async () => {
    await using till = await openTill(built.folder)
    const { hop } = till
    let page = till.page
    await start(page, till)
    await ask(page, 'enrol', 'KOR-1234')
    await ask(page, 'fill', 900)
    await ask(page, 'sync')
    hop.archived = true
    hop.aheadMs = days46
    for (const afterMs of [5, 20, 60]) {
      await start(page, till)
      await ask(page, 'sync')
      const deleting = ask(page, 'forget').catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, afterMs))
      page = await till.crashAndReopen()
      await deleting
      expect(await start(page, till)).toEqual([])
      const held = await ask(page, 'held')
      const kept = range(Math.max(2, held.baseSeq + 1), held.headSeq)
      expect(held.headSeq).toBe(901)
      expect(held.baseSeq).toBeLessThanOrEqual(851)
      expect(held.primary).toEqual([1, ...kept])
      expect(held.twin.filter((seq) => seq === 1 || seq > held.baseSeq)).toEqual([1, ...kept])
    }
    await ask(page, 'sync')
    await ask(page, 'forget')
    expect((await ask(page, 'held')).primary).toEqual([1, ...range(852, 901)])
  },
)
