import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Device, missingBrowser, openDevice } from '../support/browser.ts'
import { type Chain, makeChain, ownerPassword } from '../support/nexus.ts'
import { signInToOffice } from '../support/office.ts'
import { faultsOf } from '../support/screens.ts'

const missing = missingBrowser()

describe.skipIf(missing)(`payments ${missing ?? ''}`, () => {
  let chain: Chain
  let office: Device

  beforeAll(async () => {
    chain = await makeChain()
    await chain.beginShop()
    await chain.start()
    office = await openDevice()
    await signInToOffice(office.page, chain.url, 'owner', ownerPassword)
  })
  afterAll(async () => {
    await office?.close()
    await chain?.dispose()
  })

  test('[JRN-15f] a settlement file is brought, its bad line named, and what nobody knows is shown with what to do', async () => {
    const { page } = office
    await page.goto(`${chain.url}/office/payments`)
    await page.getByText('No open payments').waitFor()
    expect.soft(await faultsOf(page, 'office-payments-empty')).toEqual([])

    const today = new Date().toISOString().slice(0, 10)
    await choose(page, `Order ID,Date,Amount,RRN\ntr-1,${today},"1,180.00",R1\ntr-2,yesterday,10,R2\n`)
    const dialog = page.getByRole('dialog', { name: 'Bring a settlement file' })
    await dialog.waitFor()
    expect.soft(await faultsOf(page, 'office-settlement')).toEqual([])
    const send = dialog.getByRole('button', { name: 'Compare with our payments' })
    await send.click()
    await dialog.getByText('Say which it is.').waitFor()
    await dialog.getByLabel('Provider').fill('bank')
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })

    const row = page.getByRole('row', { name: /Settled, and unknown here/ })
    await row.waitFor()
    expect(await row.textContent()).toContain('₹1,180.00')
    await page
      .getByText('Line 3, Date of payment: It is no date, e.g. 22/11/2026.')
      .waitFor({ state: 'attached' })
    await row.getByRole('button').first().click()
    await page.getByText('The till may be offline still', { exact: false }).waitFor()
    expect.soft(await faultsOf(page, 'office-payments')).toEqual([])
  })
})

async function choose(page: Page, content: string): Promise<void> {
  const file = { name: 'settled.csv', mimeType: 'text/csv', buffer: Buffer.from(content) }
  await page.getByLabel('CSV file').setInputFiles(file)
}
