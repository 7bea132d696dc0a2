import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { inventChain } from '@nexus/seed'
import type { JournalReport } from '@nexus/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Device, missingBrowser, openDevice } from '../support/browser.ts'
import { enrol, openShift, scanBox, sellForCash, signIn, waitUntilAtHq } from '../support/counter.ts'
import { billCounts, entriesOnServer, entriesOnTill } from '../support/journals.ts'
import { type Chain, makeChain } from '../support/nexus.ts'

const missing = missingBrowser()
const options = { seed: 7, stores: 1, registersPerStore: 1, products: 30, staff: 6 }
const { stores, staff, products } = inventChain(options)
const [cashier] = staff.filter(({ role }) => role === 'cashier')
const codes = products.filter(({ batches }) => batches.length === 1).map(({ barcode }) => barcode)

describe.skipIf(missing)(`a lost server is restored ${missing ?? ''}`, () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'nexus-elsewhere-'))
  const backup = join(elsewhere, 'evening.nexus')
  let chain: Chain
  let till: Device
  const numbers: string[] = []

  beforeAll(async () => {
    chain = await makeChain()
    await chain.seed(options)
    await chain.start()
    till = await openDevice()
  })
  afterAll(async () => {
    await till?.close()
    await chain?.dispose()
    rmSync(elsewhere, { recursive: true })
  })

  const sell = async (bills: number) => {
    for (let bill = 0; bill < bills; bill++) {
      numbers.push(await sellForCash(till.page, codes.slice(0, 1 + (numbers.length % 3))))
    }
  }
  const atServer = () => [...billCounts(chain.dataDir, numbers).values()]

  test('a backup is made while the server runs; bills made after it reach headquarters too', async () => {
    const [code = ''] = (await chain.nexus('enrol-code', stores[0]?.code ?? '', '1')).split('\n')
    await enrol(till.page, chain.url, code)
    await signIn(till.page, cashier?.name ?? '', cashier?.pin ?? '')
    await openShift(till.page)
    await till.page.getByText(/30 products ready/).waitFor()
    await sell(2)
    await expect.poll(atServer, { timeout: 60_000 }).toEqual([1, 1])
    expect(await chain.nexus('backup', backup)).toContain(backup)
    await sell(3)
    await expect.poll(atServer, { timeout: 60_000 }).toEqual([1, 1, 1, 1, 1])
    await waitUntilAtHq(till.page)
  })

  test('[JRN-9j] the restored folder holds what the backup held, as another life of the data', async () => {
    await chain.kill()
    const before = generations(chain.dataDir)
    rmSync(chain.dataDir, { recursive: true })
    expect(existsSync(chain.dataDir)).toBe(false)
    await chain.nexus('restore', backup)
    expect(atServer()).toEqual([1, 1, 0, 0, 0])
    await chain.start()
    const after = generations(chain.dataDir)
    expect(after.length).toBe(before.length + 1)
    expect(after.slice(0, -1)).toEqual(before)
  })

  test('[JRN-9g, JRN-9j] the till rewinds to the lower head and sends again, with nobody touching it', async () => {
    await expect.poll(atServer, { timeout: 150_000, interval: 250 }).toEqual([1, 1, 1, 1, 1])
    await waitUntilAtHq(till.page)
    expect(await scanBox(till.page).isVisible()).toBe(true)
  })

  test('[JRN-5a, JRN-7a, JRN-14ad] every bill is there once, byte for byte, and the next number follows', async () => {
    await sell(1)
    await expect.poll(atServer, { timeout: 60_000 }).toEqual([1, 1, 1, 1, 1, 1])
    const onTill = await entriesOnTill(till.page)
    const epochs = [...new Set(onTill.map(({ epoch }) => epoch))]
    expect(epochs.length).toBe(1)
    expect(entriesOnServer(chain.dataDir, epochs)).toEqual(onTill)
    expect(new Set(numbers.map((number) => number.slice(0, -6))).size).toBe(1)
    expect(numbers.map((number) => Number(number.slice(-6)))).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('[JRN-17d] the journal that the till saves as a file is proven to its last entry', async () => {
    const { page } = till
    await waitUntilAtHq(page)
    await page.getByRole('button', { name: /All bills at HQ/ }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save the journal as a file' }).click()
    const file = join(elsewhere, 'journal.jsonl')
    await (await download).saveAs(file)
    const report: JournalReport = JSON.parse(await chain.nexus('verify', file, '--json'))
    const last = (await entriesOnTill(page)).at(-1)
    expect(report).toMatchObject({ verdict: 'good', firstBad: null, faults: [], doubled: [] })
    expect(report.epochs).toEqual([
      expect.objectContaining({
        epoch: last?.epoch,
        firstSeq: 1,
        lastSeq: last?.seq,
        firstBad: null,
        provenSeq: last?.seq,
        wrongTotals: [],
        wrongNumbers: [],
        totals: expect.objectContaining({ sales: 6 }),
      }),
    ])
  })
})

/** Lives of the data in a server's SQLite file, oldest first. */
function generations(dataDir: string): string[] {
  const db = new DatabaseSync(join(dataDir, 'nexus.db'), { readOnly: true })
  try {
    const rows = db.prepare('SELECT generation FROM journal_generation ORDER BY no').all()
    return rows.map((row) => Buffer.from(row.generation as Uint8Array).toString('hex'))
  } finally {
    db.close()
  }
}
