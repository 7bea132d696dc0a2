import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { inventChain } from '@nexus/seed'
import type { JournalReport } from '@nexus/sync'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Device, missingBrowser, openDevice } from '../support/browser.ts'
import { enrol, openShift, sellForCash, signIn, waitUntilAtHq } from '../support/counter.ts'
import { entriesOnServer, entriesOnTill, type HeldEntry } from '../support/journals.ts'
import { type Chain, makeChain } from '../support/nexus.ts'

const missing = missingBrowser()
const options = { seed: 11, stores: 1, registersPerStore: 3, products: 30, staff: 9 }
const { stores, staff, products } = inventChain(options)
const cashiers = staff.filter(({ role }) => role === 'cashier')
const codes = products.filter(({ batches }) => batches.length === 1).map(({ barcode }) => barcode)
const store = stores[0]?.code ?? ''

describe.skipIf(missing)(`three tills and a store server ${missing ?? ''}`, () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'nexus-elsewhere-'))
  const backup = join(elsewhere, 'noon.nexus')
  let hq: Chain
  let shop: Chain
  const tills: Device[] = []
  const numbers: string[] = []
  /** What the till that was destroyed had written, as it stood. */
  let destroyed: HeldEntry[] = []

  beforeAll(async () => {
    hq = await makeChain()
    await hq.seed(options)
    await hq.start()
    shop = await makeChain({ NEXUS_ROLE: 'store' })
    shop.env.PUBLIC_URL = shop.url
  })
  afterAll(async () => {
    for (const till of tills) await till.close().catch(() => undefined)
    await shop?.dispose()
    await hq?.dispose()
    rmSync(elsewhere, { recursive: true, force: true })
  })

  const sell = async ({ page }: Device, bills: number) => {
    for (let bill = 0; bill < bills; bill++) {
      numbers.push(await sellForCash(page, codes.slice(0, 1 + (numbers.length % 3))))
    }
  }

  test('[JRN-20b] the store server joins by a code, and headquarters shows where tills find it', async () => {
    const [code = ''] = (await hq.nexus('store-server', 'code', store)).split('\n')
    expect(await shop.nexus('store-server', 'join', '--hq', hq.url, '--code', code)).toContain('Joined')
    await shop.start()
    await expect.poll(() => addressOf(hq), { timeout: 60_000 }).toBe(shop.url)
  })

  test('[JRN-8a, JRN-20a, JRN-9b] tills enrolled at headquarters push to it, and it passes marks of HQ on', async () => {
    for (const register of [1, 2, 3]) {
      const till = await openDevice()
      tills.push(till)
      const [code = ''] = (await hq.nexus('enrol-code', store, String(register))).split('\n')
      const cashier = cashiers[register - 1]
      await enrol(till.page, hq.url, code)
      await signIn(till.page, cashier?.name ?? '', cashier?.pin ?? '')
      await openShift(till.page)
      await till.page.getByText(/30 products ready/).waitFor()
      await sell(till, 1)
    }
    for (const till of tills) await waitUntilAtHq(till.page)
    const onTills = await entriesOf(tills)
    expect(entriesOnServer(shop.dataDir, epochsIn(onTills))).toEqual(onTills)
    expect(entriesOnServer(hq.dataDir, epochsIn(onTills))).toEqual(onTills)
    await hq.nexus('backup', backup)
    for (const till of tills) await sell(till, 1)
    await expect.poll(() => billsAt(hq, numbers), { timeout: 60_000 }).toEqual(numbers.map(() => 1))
  })

  test('[JRN-20f, JRN-9a] headquarters dies: the store sells on, and tills say that bills are only in this store', async () => {
    await hq.kill()
    for (const till of tills) await sell(till, 2)
    await shop.kill()
    for (const till of tills) await sell(till, 1)
    const [first] = tills
    await first?.page.getByRole('button', { name: /only on this till/ }).waitFor({ timeout: 120_000 })
    await shop.start()
    await expect.poll(() => billsAt(shop, numbers), { timeout: 150_000 }).toEqual(numbers.map(() => 1))
    await first?.page.getByRole('button', { name: /only in this store/ }).waitFor({ timeout: 120_000 })
  })

  test('shifts are closed while headquarters is away', async () => {
    for (const { page } of tills) await closeShift(page)
    await expect.poll(() => shiftsClosedAt(shop), { timeout: 60_000 }).toBe(3)
  })

  test('[JRN-20g] a till is destroyed after its entries reached the store server', async () => {
    const till = tills.pop()
    if (!till) throw new Error('there are three tills')
    destroyed = await entriesOnTill(till.page)
    await expect
      .poll(() => entriesOnServer(shop.dataDir, epochsIn(destroyed)), { timeout: 60_000 })
      .toEqual(destroyed)
    await till.close()
  })

  test('[JRN-9j, JRN-20a] headquarters is restored from an older backup and gets everything, whatever dies in between', async () => {
    rmSync(hq.dataDir, { recursive: true })
    await hq.nexus('restore', backup)
    expect(billsAt(hq, numbers).filter((count) => count === 1).length).toBe(3)
    await hq.start()
    // Killed at any moment of forwarding; what it had is on its disk.
    for (const afterMs of [300, 700]) {
      await new Promise((resolve) => setTimeout(resolve, afterMs))
      await shop.kill()
      await shop.start()
    }
    await expect.poll(() => billsAt(hq, numbers), { timeout: 150_000 }).toEqual(numbers.map(() => 1))
    for (const till of tills) await waitUntilAtHq(till.page)
  })

  test('[JRN-5a, JRN-7a, JRN-20e] every bill is there once, byte for byte, of the destroyed till too', async () => {
    const onTills = [...(await entriesOf(tills)), ...destroyed]
    const epochs = epochsIn(onTills)
    const atHq = entriesOnServer(hq.dataDir, epochs)
    expect(atHq).toEqual(entriesOnServer(shop.dataDir, epochs))
    expect(atHq).toEqual(onTills.sort(inOrder))
    expect(new Set(numbers).size).toBe(numbers.length)
  })

  test('[JRN-20a] takings, stock and shifts agree on both sides', async () => {
    const figures = figuresAt(hq)
    expect(figures).toEqual(figuresAt(shop))
    expect(figures.bills).toBe(numbers.length)
    expect(figures.shifts).toBe(3)
    expect(figures.soldMilli).toBe(-figures.movedMilli)
  })

  test('[JRN-17d, JRN-20a] nexus verify proves every journal that headquarters exports', async () => {
    let sales = 0
    for (const register of [1, 2, 3]) {
      const file = join(elsewhere, `register-${register}.jsonl`)
      await hq.nexus('export-journal', store, String(register), file)
      const report: JournalReport = JSON.parse(await hq.nexus('verify', file, '--json'))
      expect(report).toMatchObject({ verdict: 'good', firstBad: null, doubled: [] })
      for (const epoch of report.epochs) {
        expect(epoch).toMatchObject({ firstBad: null, wrongTotals: [], wrongNumbers: [], firstSeq: 1 })
        expect(epoch.provenSeq).toBe(epoch.lastSeq)
        sales += epoch.totals?.sales ?? 0
      }
    }
    expect(sales).toBe(numbers.length)
  })
})

async function closeShift(page: Page): Promise<void> {
  await page.locator('button.person').click()
  await page.getByRole('button', { name: 'Count and close the shift' }).click()
  await page.getByLabel('Cash in the drawer, all of it').fill('100')
  await page.getByRole('button', { name: /^Compare/ }).click()
  await page.getByLabel('Reason for the difference').fill('Change for the next day')
  await page.getByRole('button', { name: 'Close the shift and sign out' }).click()
  await page.getByRole('heading', { name: 'Who is at the till?' }).waitFor()
}

async function entriesOf(tills: readonly Device[]): Promise<HeldEntry[]> {
  const held = await Promise.all(tills.map(({ page }) => entriesOnTill(page)))
  return held.flat().sort(inOrder)
}

function inOrder(one: HeldEntry, other: HeldEntry): number {
  return one.epoch.localeCompare(other.epoch) || one.seq - other.seq
}

function epochsIn(entries: readonly HeldEntry[]): string[] {
  return [...new Set(entries.map(({ epoch }) => epoch))]
}

/** A question to a server's SQLite file. */
function ask<T>({ dataDir }: Chain, sql: string, ...parameters: string[]): T[] {
  const db = new DatabaseSync(join(dataDir, 'nexus.db'), { readOnly: true })
  try {
    return db.prepare(sql).all(...parameters) as T[]
  } finally {
    db.close()
  }
}

function billsAt(chain: Chain, numbers: readonly string[]): number[] {
  return numbers.map((number) => {
    const [row] = ask<{ bills: number }>(chain, 'SELECT COUNT(*) AS bills FROM bill WHERE number = ?', number)
    return Number(row?.bills)
  })
}

function shiftsClosedAt(chain: Chain): number {
  const [row] = ask<{ closed: number }>(
    chain,
    'SELECT COUNT(*) AS closed FROM shift WHERE closed_at IS NOT NULL',
  )
  return Number(row?.closed)
}

function addressOf(chain: Chain): string | null | undefined {
  return ask<{ address: string | null }>(chain, 'SELECT address FROM store_server')[0]?.address
}

function figuresAt(chain: Chain) {
  const one = (sql: string) => Number(ask<{ n: number | null }>(chain, sql)[0]?.n ?? 0)
  return {
    bills: one('SELECT COUNT(*) AS n FROM bill'),
    takenMinor: one('SELECT SUM(total_minor) AS n FROM bill'),
    soldMilli: one('SELECT SUM(quantity_milli) AS n FROM bill_line'),
    movedMilli: one("SELECT SUM(quantity_milli) AS n FROM stock_move WHERE kind = 'sale'"),
    shifts: shiftsClosedAt(chain),
  }
}
