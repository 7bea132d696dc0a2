import { inventChain } from '@nexus/seed'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scan } from '../browser-device/scanner.ts'
import { type Device, missingBrowser, openDevice, sizes } from '../support/browser.ts'
import { cartRows, enrol, openShift, paidNumber, scanBox, signIn, waitUntilAtHq } from '../support/counter.ts'
import { type Chain, makeChain } from '../support/nexus.ts'
import { signInToOffice } from '../support/office.ts'
import { faultsOf } from '../support/screens.ts'

const missing = missingBrowser()
const options = { seed: 7, stores: 2, registersPerStore: 2, products: 60, staff: 10 }
const { stores, staff, products } = inventChain(options)
const [store] = stores
const [cashier] = staff.filter(({ role, storeId }) => role === 'cashier' && storeId === store?.id)
const [admin] = staff
/** Goods that are sold without a question about their batch. */
const plain = products.filter(({ batches }) => batches.length === 1)
const codes = plain.slice(0, 4).map(({ barcode }) => barcode)

describe.skipIf(missing)(`screens ${missing ?? ''}`, () => {
  let chain: Chain
  let till: Device

  beforeAll(async () => {
    chain = await makeChain()
    await chain.seed(options, 2)
    await chain.start()
    till = await openDevice()
  })
  afterAll(async () => {
    await till?.close()
    await chain?.dispose()
  })

  const enrolmentCode = async (register: number) =>
    (await chain.nexus('enrol-code', store?.code ?? '', String(register))).split('\n')[0] ?? ''

  test('every screen of the till fits and is accessible', async () => {
    const { page } = till
    const look = async (name: string, shown: Locator) => {
      await shown.waitFor()
      expect.soft(await faultsOf(page, `till-${name}`)).toEqual([])
    }
    const heading = (name: string | RegExp) => page.getByRole('heading', { name })
    const close = async () => await page.keyboard.press('Escape')

    await page.goto(`${chain.url}/till/`)
    await look('enrol', heading('Make this device a till'))
    await enrol(page, chain.url, await enrolmentCode(1))
    await page.getByRole('button', { name: cashier?.name ?? '' }).click()
    await look('sign-in', page.getByLabel(`PIN of ${cashier?.name}`))
    await signIn(page, cashier?.name ?? '', cashier?.pin ?? '')
    await look('open-shift', heading(/^Open the shift of/))
    await openShift(page)

    await look('sell-empty', page.getByText(/60 products ready/))
    for (const code of [...codes, codes[0] ?? '']) await scan(page, code)
    await cartRows(page).nth(3).waitFor()
    await look('sell-lines', scanBox(page))
    await page.getByRole('button', { name: /हिन्दी/ }).click()
    await look('sell-lines-hindi', page.getByText('कुल देय', { exact: true }))
    await page.getByRole('button', { name: /English/ }).click()
    await scan(page, '4006381333931')
    await look('sell-unknown', page.getByRole('button', { name: /^Find by name/ }))
    await page.keyboard.press('Delete')
    await scanBox(page).pressSequentially('a', { delay: 80 })
    await look('search', page.getByRole('option').first())
    await close()
    await page.keyboard.press('Enter')
    await look('line', page.getByRole('dialog'))
    await close()
    await page.keyboard.press('Shift+Delete')
    await look('void', page.getByRole('dialog'))
    await close()

    await page.keyboard.press('F8')
    await look('pay-cash', page.getByLabel(/^Cash given/))
    await page.keyboard.press('F9')
    await look('pay-upi', page.getByRole('img', { name: /^UPI QR/ }))
    await page.getByRole('button', { name: 'Cancel' }).click()
    await look('pay-upi-cancel', page.getByRole('button', { name: /^No: cancel/ }))
    await page.getByRole('button', { name: /^No: cancel/ }).click()
    await page.getByLabel(/^Cash given/).waitFor()
    await page.keyboard.press('F10')
    await look('pay-card', page.getByLabel('Approval code'))
    await page.getByRole('button', { name: 'Cash', exact: true }).click()
    await page.getByLabel(/^Cash given/).pressSequentially('5000', { delay: 80 })
    await page.getByRole('button', { name: /^Complete/ }).click()
    const number = await paidNumber(page)
    await look('paid', page.getByText(number))
    await page.getByRole('button', { name: 'Show the bill' }).click()
    await look('bill', page.getByRole('region', { name: 'The bill as printed' }).getByText(number))
    await close()

    await page.getByRole('button', { name: cashier?.name ?? '' }).click()
    await look('menu', page.getByRole('button', { name: 'Last bills' }).first())
    await page.getByRole('button', { name: 'Last bills' }).first().click()
    await look('bills', page.getByRole('dialog').getByText(number))
    await close()
    await waitUntilAtHq(page)
    await page.getByRole('button', { name: /All bills at HQ/ }).click()
    await look('status', page.getByRole('button', { name: 'Send now' }))
    await close()
    await page.keyboard.press('F1')
    await look('help', heading('Keys and help'))
    await close()

    await page.getByRole('button', { name: cashier?.name ?? '' }).click()
    await page.getByRole('button', { name: 'Count and close the shift' }).click()
    await look('close-shift', page.getByLabel('Cash in the drawer, all of it'))
    await page.getByLabel('Cash in the drawer, all of it').fill('100')
    await page.getByRole('button', { name: /^Compare/ }).click()
    await look('close-shift-result', page.getByLabel('Reason for the difference'))
    await page.getByLabel('Reason for the difference').fill('Change for the next day')
    await page.getByRole('button', { name: 'Close the shift and sign out' }).click()
    await heading('Who is at the till?').waitFor()
  })

  test('a whole sale is made by keyboard alone', async () => {
    const { page } = till
    const { keyboard } = page
    await tabTo(page, page.getByRole('button', { name: cashier?.name ?? '' }))
    await keyboard.press('Enter')
    await page.getByLabel(`PIN of ${cashier?.name}`).waitFor()
    await tabTo(page, page.getByLabel(`PIN of ${cashier?.name}`))
    await keyboard.type(cashier?.pin ?? '', { delay: 120 })
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: /^Open the shift of/ }).waitFor()
    await tabTo(page, page.getByLabel('Float in the drawer'))
    await keyboard.type('1000', { delay: 120 })
    await keyboard.press('Enter')
    await scanBox(page).waitFor()
    for (const [at, { names }] of plain.slice(0, 2).entries()) {
      await keyboard.type(names.en, { delay: 80 })
      await page.getByRole('option', { name: names.en, selected: true }).waitFor()
      await keyboard.press('Enter')
      await cartRows(page).nth(at).waitFor()
    }
    await keyboard.press('+')
    await cartRows(page).filter({ hasText: '2 ×' }).waitFor()
    await keyboard.press('F8')
    await page.getByRole('region', { name: 'Payment' }).waitFor()
    await keyboard.press('Enter')
    expect(await paidNumber(page)).toMatch(/-000002$/)
  })

  test('every key of Pay stays in sight when three tenders were taken, at each size', async () => {
    const { page } = till
    const { keyboard } = page
    const takePart = async (amount: string) => {
      await page.getByLabel(/^Cash given/).waitFor()
      await keyboard.type(amount, { delay: 120 })
      await keyboard.press('+')
    }
    for (const code of codes) await scan(page, code)
    await keyboard.press('F8')
    await takePart('50')
    await keyboard.press('F10')
    await page.getByLabel('Amount by card').fill('60')
    await page.getByLabel('Approval code').fill('123456')
    await page.getByLabel('Last four digits of the card').fill('4242')
    await keyboard.press('Enter')
    await page.getByRole('button', { name: /^Give back Card/ }).waitFor()
    await page.getByRole('button', { name: 'Cash', exact: true }).click()
    await takePart('70')
    await page
      .getByRole('button', { name: /^Give back/ })
      .nth(2)
      .waitFor()
    expect.soft(await faultsOf(page, 'till-pay-three')).toEqual([])
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport)
      expect.soft({ size, covered: await coveredKeys(page) }).toEqual({ size, covered: [] })
    }
    await page.setViewportSize(sizes.home)
    await keyboard.press('Enter')
    expect(await paidNumber(page)).toMatch(/-000003$/)
  })

  test('a whole sale is made by touch alone on a phone', async () => {
    const phone = await openDevice({ size: 'phone', touch: true })
    try {
      const { page } = phone
      const tap = async (target: Locator) => await target.tap()
      await page.goto(`${chain.url}/till/?code=${encodeURIComponent(await enrolmentCode(2))}`)
      await tap(page.getByRole('button', { name: 'Enrol this till' }))
      await tap(page.getByRole('button', { name: cashier?.name ?? '' }))
      const pad = page.getByRole('group', { name: 'Digits of the PIN' })
      expect.soft(await faultsOf(page, 'phone-sign-in')).toEqual([])
      for (const digit of cashier?.pin ?? '') await tap(pad.getByRole('button', { name: digit, exact: true }))
      await tap(page.getByRole('button', { name: /^Sign in/ }))
      await tap(page.getByRole('button', { name: /^Open the shift/ }))
      for (const [at, { names }] of plain.slice(0, 2).entries()) {
        await tap(scanBox(page))
        // The phone's own keyboard: text without keys.
        await page.keyboard.insertText(names.en)
        await tap(page.getByRole('option', { name: names.en }))
        await cartRows(page).nth(at).waitFor()
      }
      await tap(page.getByRole('button', { name: /^One more of/ }))
      await cartRows(page).filter({ hasText: '2 ×' }).waitFor()
      expect.soft(await faultsOf(page, 'phone-sell')).toEqual([])
      await tap(page.getByRole('button', { name: /^Pay/ }))
      expect.soft(await faultsOf(page, 'phone-pay')).toEqual([])
      await tap(page.getByRole('button', { name: /^Exact/ }))
      expect(await paidNumber(page)).toMatch(/-000001$/)
      expect.soft(await faultsOf(page, 'phone-paid')).toEqual([])
    } finally {
      await phone.close()
    }
  })

  test('every page of the back office fits and is accessible', { timeout: 600_000 }, async () => {
    const office = await openDevice()
    try {
      const { page } = office
      const look = async (name: string, shown: Locator) => {
        await shown.first().waitFor()
        await page.getByRole('status', { name: 'Loading' }).waitFor({ state: 'detached' })
        expect.soft(await page.getByText('This did not work').count()).toBe(0)
        expect.soft(await faultsOf(page, `office-${name}`)).toEqual([])
      }
      const open = async (path: string) => await page.goto(`${chain.url}/office/${path}`)
      const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name })
      const rows = page.getByRole('row')

      await open('sign-in')
      await look('sign-in', page.getByLabel('Sign-in name'))
      await signInToOffice(page, chain.url, admin?.login ?? '', admin?.password ?? '')
      await open('today')
      await look('today', heading('Today'))
      await page.getByRole('button', { name: 'हिन्दी' }).click()
      await look('today-hindi', page.getByRole('button', { name: 'English' }))
      await page.getByRole('button', { name: 'English' }).click()
      await heading('Today').waitFor()
      await open('bills')
      await look('bills', rows.nth(2))
      await page
        .getByRole('link', { name: /I\d\d-\d{6}/ })
        .first()
        .click()
      await look('bill', heading(/I\d\d-\d{6}/))
      const why = page.getByRole('region', { name: 'Why this price?' })
      await why.getByRole('button', { name: /· ₹/ }).first().click()
      await look('bill-why', why.getByText(/^In this price: GST/))
      await page.getByRole('button', { name: 'हिन्दी' }).click()
      await look('bill-why-hindi', page.getByText(/^इस दाम में:/))
      await page.getByRole('button', { name: 'English' }).click()
      await open('products')
      await look('products', rows.nth(2))
      await open('products/1')
      await look('product', page.getByLabel('SKU'))
      await open('imports')
      await look('imports', heading('Import'))
      await page.locator('input[type=file]').setInputFiles({
        name: 'products.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('name,tax class,price,mrp\nHair Oil 200 ml,GST5,189,199\nKajal,GST99,149,149\n'),
      })
      await look('imports-mapping', page.getByRole('button', { name: 'Check without writing' }))
      await page.getByRole('button', { name: 'Check without writing' }).click()
      await look('import', page.getByRole('heading', { name: 'What would happen' }))
      await open('labels?items=1,2x3,5')
      await look('labels', page.getByRole('region', { name: 'Preview' }))
      await open('rulebook')
      await look('rulebook', rows.nth(1))
      await open('tax-classes')
      await look('tax-classes', rows.nth(2))
      await open('stock')
      await look('stock', rows.nth(2))
      await open('stores')
      await look('stores', page.getByRole('link', { name: store?.name ?? '' }))
      await open(`stores/${store?.id}`)
      await look('store', page.getByLabel('GSTIN'))
      await page
        .getByRole('button', { name: /^Enrolment code for/ })
        .first()
        .click()
      await page.getByRole('dialog').getByRole('button', { name: 'Make a code' }).click()
      await look('enrolment-code', page.getByRole('img', { name: /^QR code of the till/ }))
      await open('staff')
      await look('staff', rows.nth(2))
      await open(`staff/${cashier?.id}`)
      await look('person', page.getByLabel('Sign-in name'))
      await open('shifts')
      await look('shifts', rows.nth(2))
      await open('incidents')
      await look('incidents', heading('To look at'))
      await open('health')
      await look('health', rows.nth(2))
      await rows.nth(1).getByRole('link').click()
      await look('health-till', page.getByRole('region', { name: 'When it was in touch' }))
      await open('bill-numbers')
      await look('bill-numbers', heading('Numbers to explain'))
      await open('late-documents')
      await look('late-documents', heading('Late for tax'))
      await open('audit')
      await look('audit', rows.nth(2))
      await open('company')
      await look('company', heading('Company'))
    } finally {
      await office.close()
    }
  })
})

/** Keys of the number pad, and the buttons below it, that no finger would hit. */
async function coveredKeys(page: Page): Promise<string[]> {
  return await page.locator('.pad button, .finish button').evaluateAll((keys) =>
    keys.flatMap((key) => {
      const { left, right, top, bottom } = key.getBoundingClientRect()
      const corners = [
        document.elementFromPoint(left + 8, top + 8),
        document.elementFromPoint(right - 8, bottom - 8),
      ]
      return corners.every((hit) => key.contains(hit)) ? [] : [key.textContent ?? '']
    }),
  )
}

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses <= 40; presses++) {
    if ((await target.and(page.locator(':focus')).count()) === 1) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`40 times Tab did not reach ${target}`)
}
