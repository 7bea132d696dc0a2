import { createHash, randomUUID } from 'node:crypto'
import { dice } from '@nexus/sync/testing'
import type { Page } from 'playwright-core'
import { enrolled, isReady, openTill, signIn, statusWhere } from '../browser-device/device.ts'
import { isChain } from '../browser-device/hop.ts'
import { openFaultProxy } from './fault-proxy.ts'

export type BadLineReport = {
  sales: number
  /** Connections by what was wrong with them. */
  met: { [fault: string]: number }
  lost: number
  doubled: number
  isChain: boolean
}

/** A till sells over a line on which four of five connections fail in some way; then the line is good. */
export async function sellOverBadLine(
  pageFolder: string,
  { sales, seed }: { sales: number; seed: number },
): Promise<BadLineReport> {
  await using till = await openTill(pageFolder)
  const proxy = await openFaultProxy({ port: Number(new URL(till.hop.url).port) }, dice(seed))
  try {
    const page = await enrolled(till, proxy.url)
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    proxy.setFaulty(true)
    const identities: string[] = []
    for (let sale = 0; sale < sales; sale++) {
      const bill = await page.evaluate(([cart]) => window.till.complete(cart), [randomUUID()] as const)
      identities.push(bill.identity)
      await page.evaluate(() => window.till.journal.nudge())
      await page.waitForTimeout(100)
      // A till that begins anew has no back-off: it tries the line at once.
      if (sale % 4 === 3) await openAgain(page, proxy.url)
    }
    proxy.setFaulty(false)
    await page.evaluate(() => window.till.journal.nudge())
    await statusWhere(page, ({ waiting, hop }) => waiting.entries === 0 && hop.reachable, 'pushed', 120_000)
    const [epoch = ''] = till.hop.entries.keys()
    const stored = (till.hop.entries.get(epoch) ?? []).map((bytes) =>
      createHash('sha256').update(bytes).digest('base64url'),
    )
    return {
      sales,
      met: proxy.met,
      lost: identities.filter((identity) => !stored.includes(identity)).length,
      doubled: stored.length - new Set(stored).size,
      isChain: await isChain(till.hop, epoch),
    }
  } finally {
    await proxy.close()
  }
}

async function openAgain(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/till/`)
  await statusWhere(page, isReady, 'ready again')
  await signIn(page)
}
