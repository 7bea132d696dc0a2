import { readFileSync } from 'node:fs'
import { call, createOffer } from '@nexus/contract'
import { inventChain } from '@nexus/seed'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Device, missingBrowser, openDevice } from '../support/browser.ts'
import { type Chain, makeChain } from '../support/nexus.ts'
import { officeClient, signInToOffice } from '../support/office.ts'
import { faultsOf } from '../support/screens.ts'

const missing = missingBrowser()
const options = { seed: 7, stores: 1, registersPerStore: 1, products: 20, staff: 5 }
const [admin] = inventChain(options).staff
const definition = {
  name: 'Diwali letter',
  effect: 'coupon',
  priority: 0,
  from: 0,
  code: { kind: 'series', prefix: 'ZZD', length: 10 },
  selector: { everything: true },
  off: { amountMinor: 10_000 },
}

describe.skipIf(missing)(`coupons ${missing ?? ''}`, () => {
  let chain: Chain
  let office: Device
  const login = [admin?.login ?? '', admin?.password ?? ''] as const

  beforeAll(async () => {
    chain = await makeChain()
    await chain.seed(options)
    await chain.start()
    await call(await officeClient(chain.url, ...login), createOffer, { body: { definition } })
    office = await openDevice()
    await signInToOffice(office.page, chain.url, ...login)
  })
  afterAll(async () => {
    await office?.close()
    await chain?.dispose()
  })

  test('codes of a series are made, found, handed over as a file and made void', async () => {
    const { page } = office
    const look = async (name: string, shown: Locator) => {
      await shown.first().waitFor()
      await page.getByRole('status', { name: 'Loading' }).waitFor({ state: 'detached' })
      expect.soft(await faultsOf(page, `office-${name}`)).toEqual([])
    }
    await page.goto(`${chain.url}/office/coupons`)
    await look('coupons', page.getByRole('link', { name: definition.name }))
    await page.getByRole('link', { name: definition.name }).click()
    await look('coupons-none', page.getByText('No codes were made for this series yet.'))

    await page.getByRole('button', { name: 'Make codes' }).click()
    const dialog = page.getByRole('dialog', { name: 'Make codes' })
    await dialog.getByLabel('What they are for').fill('Letter to members')
    await dialog.getByLabel('How many codes').fill('9,99,999')
    await dialog.getByRole('button', { name: 'Make codes' }).click()
    await look('coupons-make', dialog.getByText('A whole number from 1 to 1,00,000.'))
    await dialog.getByLabel('How many codes').fill('1,200')
    await dialog.getByRole('button', { name: 'Make codes' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('1 to 50 of 1,200').waitFor()
    const batch = page.getByRole('table', { name: 'Batches' }).getByRole('row', { name: /Letter to members/ })
    await batch.getByRole('cell', { name: '1,200' }).waitFor()
    await look('coupons-codes', page.getByRole('table', { name: 'Codes' }))

    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Codes of Letter to members as a file' }).click(),
    ])
    const lines = readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\r\n')
    expect(lines).toHaveLength(1201)
    const code = lines[601]?.split(',')[0] ?? ''

    await page.getByLabel('Code or a part of it').fill(code.toLowerCase())
    await page.getByText('1 to 1 of 1').waitFor()
    await page.getByRole('button', { name: `Make ${code} void` }).click()
    const confirm = page.getByRole('dialog', { name: `Make ${code} void` })
    await look('coupons-void', confirm)
    await confirm.getByRole('button', { name: 'Make void' }).click()
    await confirm.waitFor({ state: 'detached' })
    await page.getByRole('table', { name: 'Codes' }).getByRole('cell', { name: 'Void' }).waitFor()

    await page.getByRole('button', { name: 'हिन्दी' }).click()
    await look('coupons-hindi', page.getByRole('heading', { name: 'बैच' }))
  })
})
