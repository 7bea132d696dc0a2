import { setTimeout as sleep } from 'node:timers/promises'
import { inventChain } from '@nexus/seed'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Device, missingBrowser, openDevice } from '../support/browser.ts'
import { enrol, openShift, scanBox, sellForCash, signIn, waitUntilAtHq } from '../support/counter.ts'
import { billCounts } from '../support/journals.ts'
import { type Chain, makeChain } from '../support/nexus.ts'
import { signInToOffice } from '../support/office.ts'
import { faultsOf } from '../support/screens.ts'

const missing = missingBrowser()
const options = { seed: 7, stores: 1, registersPerStore: 1, products: 40, staff: 6 }
const { stores, staff, products } = inventChain(options)
const [store] = stores
const [admin] = staff
const [cashier] = staff.filter(({ role, storeId }) => role === 'cashier' && storeId === store?.id)
/** Goods that are sold without a question about their batch. */
const codes = products.filter(({ batches }) => batches.length === 1).map(({ barcode }) => barcode)

describe.skipIf(missing)(`desks ${missing ?? ''}`, () => {
  let chain: Chain
  let till: Device
  let office: Device

  beforeAll(async () => {
    chain = await makeChain()
    await chain.seed(options)
    await chain.start()
    office = await openDevice()
    await signInToOffice(office.page, chain.url, admin?.login ?? '', admin?.password ?? '')
    till = await openDevice()
  })
  afterAll(async () => {
    await till?.close()
    await office?.close()
    await chain?.dispose()
  })

  const look = async (name: string, shown: Locator) => {
    await shown.first().waitFor()
    await office.page.getByRole('status', { name: 'Loading' }).waitFor({ state: 'detached' })
    expect.soft(await faultsOf(office.page, `office-${name}`)).toEqual([])
  }
  /** Loads the page again until it shows something: what a till sends takes its time. */
  async function waitToSee(page: Page, path: string, shown: Locator): Promise<void> {
    for (let tries = 0; tries < 60; tries++) {
      await page.goto(`${chain.url}/office/${path}`)
      const seen = await shown.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      )
      if (seen) return
      await sleep(1000)
    }
    throw new Error(`${path} never showed what it should`)
  }

  test('[JRN-21a, JRN-21c, JRN-10j, JRN-10d] a stolen till is declared gone, stops, and its sale waits until a person lets it act', async () => {
    const { page } = till
    const code = (await chain.nexus('enrol-code', store?.code ?? '', '1')).split('\n')[0] ?? ''
    await enrol(page, chain.url, code)
    await signIn(page, cashier?.name ?? '', cashier?.pin ?? '')
    await openShift(page)
    await sellForCash(page, codes.slice(0, 2))
    await waitUntilAtHq(page)
    await page.context().route('**/v1/till/**', (route) => route.abort())
    const number = await sellForCash(page, codes.slice(2, 4))

    const desk = office.page
    await desk.goto(`${chain.url}/office/stores/${store?.id}`)
    await desk.getByRole('button', { name: /^Device of .* is gone$/ }).click()
    const dialog = desk.getByRole('dialog', { name: /^Device of/ })
    await dialog.getByRole('button', { name: 'Declare' }).click()
    await look('handover', dialog.getByText('Fill this in.'))
    await dialog.getByLabel('It was stolen').check()
    await dialog.getByLabel('Why').selectOption('Stolen')
    await dialog.getByLabel('Highest bill number seen on paper').fill('tea')
    await dialog.getByRole('button', { name: 'Declare' }).click()
    await dialog.getByRole('alert').filter({ hasText: 'is no bill number of this device' }).waitFor()
    await dialog.getByLabel('Highest bill number seen on paper').fill(number.toLowerCase())
    await dialog.getByRole('button', { name: 'Declare' }).click()
    await dialog.waitFor({ state: 'detached' })

    await page.context().unrouteAll()
    await page.goto(`${chain.url}/till/`)
    await page.getByRole('heading', { name: 'This device is no till any more' }).waitFor({ timeout: 60_000 })
    expect(await scanBox(page).count()).toBe(0)
    const row = desk.getByRole('row').filter({ hasText: number })
    await waitToSee(desk, 'incidents/quarantine', row)
    expect(billCounts(chain.dataDir, [number])).toEqual(new Map([[number, 0]]))
    await row.getByRole('button', { name: 'Details' }).click()
    await look('quarantine', desk.getByText(/^Report the theft/))
    await desk.getByRole('button', { name: 'Let it act', exact: true }).click()
    const decide = desk.getByRole('dialog', { name: 'Let it act' })
    await decide.getByLabel('Why').selectOption('Checked with the store')
    await decide.getByLabel('Remark').fill('The paper is in the store.')
    await decide.getByRole('button', { name: 'Let it act', exact: true }).click()
    await decide.waitFor({ state: 'detached' })
    await row.waitFor({ state: 'detached' })
    expect(billCounts(chain.dataDir, [number])).toEqual(new Map([[number, 1]]))
  })

  test('[JRN-20d] the desks: what was found is closed with a remark, the others say when nothing waits', async () => {
    const { page } = office
    await page.goto(`${chain.url}/office/incidents`)
    const found = page.getByRole('row').filter({ hasText: 'A device was reported stolen' })
    await found.getByRole('button', { name: 'Details' }).click()
    await look('incidents', page.getByText(/^Report the theft/))
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Close' })
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
    await dialog.getByText('Fill this in.').waitFor()
    await dialog.getByLabel('Remark').fill('Reported to the police.')
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
    await found.waitFor({ state: 'detached' })
    await page.goto(`${chain.url}/office/incidents?closed=true`)
    await found.getByRole('button', { name: 'Details' }).click()
    await page.getByText(/Reported to the police\./).waitFor()
    for (const [name, title] of [
      ['Forks', 'No till has gone two ways'],
      ['Holes', 'No journal has a hole'],
      ['Quarantine', 'Nothing is in quarantine'],
    ] as const) {
      await page.getByRole('navigation', { name: 'Desks' }).getByRole('link', { name }).click()
      await look(name.toLowerCase(), page.getByText(title))
    }
  })
})
