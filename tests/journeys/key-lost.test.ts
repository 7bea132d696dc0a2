import { setTimeout as sleep } from 'node:timers/promises'
import { inventChain } from '@nexus/seed'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Device, missingBrowser, openDevice } from '../support/browser.ts'
import { enrol, openShift, scanBox, sellForCash, signIn, waitUntilAtHq } from '../support/counter.ts'
import { billCounts, entriesOnServer, entriesOnTill } from '../support/journals.ts'
import { type Chain, makeChain } from '../support/nexus.ts'
import { faultsOf } from '../support/screens.ts'

const missing = missingBrowser()
const options = { seed: 7, stores: 1, registersPerStore: 2, products: 40, staff: 6 }
const { stores, staff, products } = inventChain(options)
const [store] = stores
const [cashier] = staff.filter(({ role, storeId }) => role === 'cashier' && storeId === store?.id)
/** Goods that are sold without a question about their batch. */
const codes = products.filter(({ batches }) => batches.length === 1).map(({ barcode }) => barcode)

describe.skipIf(missing)(`a till that lost its key ${missing ?? ''}`, () => {
  let chain: Chain
  let till: Device

  beforeAll(async () => {
    chain = await makeChain()
    await chain.seed(options)
    await chain.start()
  })
  afterAll(async () => {
    await till?.close()
    await chain?.dispose()
  })
  beforeEach(async () => {
    await till?.close()
    till = await openDevice()
  })

  const enrolmentCode = async (register: number) =>
    (await chain.nexus('enrol-code', store?.code ?? '', String(register))).split('\n')[0] ?? ''
  const heading = (page: Page) => page.getByRole('heading', { name: 'This till needs a new enrolment code' })
  const comeIn = (page: Page) => signIn(page, cashier?.name ?? '', cashier?.pin ?? '')
  async function enterCode(page: Page, code: string): Promise<void> {
    await page.getByLabel('Enrolment code').fill(code)
    await page.getByRole('button', { name: 'Enrol this till' }).click()
  }
  /** Every entry of the till is on the server byte for byte, and each bill once. */
  async function compare(page: Page, numbers: readonly string[]): Promise<void> {
    await waitUntilAtHq(page)
    const onTill = await entriesOnTill(page)
    const epochs = [...new Set(onTill.map(({ epoch }) => epoch))]
    expect(epochs).toHaveLength(2)
    expect(entriesOnServer(chain.dataDir, epochs)).toEqual(onTill)
    expect(billCounts(chain.dataDir, numbers)).toEqual(new Map(numbers.map((number) => [number, 1])))
  }
  /** Sells with and without the server, then leaves the page, so that no till is open. */
  async function sellThree(page: Page, register: number): Promise<string[]> {
    await enrol(page, chain.url, await enrolmentCode(register))
    await comeIn(page)
    await openShift(page)
    const numbers = [await sellForCash(page, codes.slice(0, 2))]
    await waitUntilAtHq(page)
    await page.context().route('**/v1/till/push', (route) => route.abort())
    numbers.push(await sellForCash(page, codes.slice(2, 4)), await sellForCash(page, codes.slice(0, 1)))
    await page.goto(`${chain.url}/health/live`)
    await page.context().unrouteAll()
    return numbers
  }

  test('[JRN-3l] evicted databases: it says so, asks for a code, and every bill arrives', async () => {
    const { page } = till
    const numbers = await sellThree(page, 1)
    await page.evaluate(async () => {
      for (const { name } of await indexedDB.databases()) {
        await new Promise((resolve, reject) => {
          const request = indexedDB.deleteDatabase(name ?? '')
          request.onsuccess = resolve
          request.onerror = reject
        })
      }
    })
    await page.goto(`${chain.url}/till/`)
    await heading(page).waitFor()
    await page.getByText(/^3 bills, .* will be sent/).waitFor()
    expect(await faultsOf(page, 'till-key-lost')).toEqual([])
    // The PIN is checked by the verifiers of this enrolment, however late they come.
    await page.context().route('**/v1/till/roster', async (route) => {
      await sleep(2000)
      await route.continue()
    })
    await enterCode(page, await enrolmentCode(1))
    await comeIn(page)
    await scanBox(page).waitFor()
    numbers.push(await sellForCash(page, codes.slice(0, 2)))
    expect(numbers[3]?.slice(-6)).toBe('000001')
    await compare(page, numbers)
  })

  test('[JRN-3c, JRN-3l] a lost key: it sells on without a code, and refuses one of another register', async () => {
    const { page } = till
    const numbers = await sellThree(page, 2)
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          indexedDB.open('nexus-journal').onsuccess = ({ target }) => {
            const db = (target as IDBOpenDBRequest).result // as: the event's own request
            const tx = db.transaction('keys', 'readwrite')
            tx.objectStore('keys').clear()
            tx.oncomplete = () => resolve(db.close())
          }
        }),
    )
    await page.goto(`${chain.url}/till/`)
    await page.getByRole('button', { name: 'Sell on without it for now' }).click()
    await comeIn(page)
    await scanBox(page).waitFor()
    numbers.push(await sellForCash(page, codes.slice(0, 2)))
    expect(numbers[3]?.slice(-6)).toBe('000004')

    await page.getByRole('button', { name: cashier?.name ?? '' }).click()
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
    await heading(page).waitFor()
    await enterCode(page, await enrolmentCode(1))
    await page.getByText('This code is for another register.').waitFor()
    await enterCode(page, await enrolmentCode(2))
    await comeIn(page)
    await scanBox(page).waitFor()
    await compare(page, numbers)
  })
})
