import type { Page } from 'playwright-core'
import { scan } from '../browser-device/scanner.ts'

/** What a cashier does at a till, by role and label, in English. */

/** Opens the till with a one-time code in the address, as its QR does, and enrols it. */
export async function enrol(page: Page, url: string, code: string): Promise<void> {
  await page.goto(`${url}/till/?code=${encodeURIComponent(code)}`)
  await page.getByRole('button', { name: 'Enrol this till' }).click()
  await page.getByRole('heading', { name: 'Who is at the till?' }).waitFor()
}

export async function signIn(page: Page, name: string, pin: string): Promise<void> {
  const tile = page.getByRole('button', { name })
  if ((await tile.getAttribute('aria-pressed')) !== 'true') await tile.click()
  await page.getByLabel(`PIN of ${name}`).fill(pin)
  await page.getByRole('button', { name: /^Sign in/ }).click()
}

export async function openShift(page: Page): Promise<void> {
  await page.getByRole('heading', { name: /^Open the shift of/ }).waitFor()
  await page.getByRole('button', { name: /^Open the shift/ }).click()
  await scanBox(page).waitFor()
}

export const scanBox = (page: Page) => page.getByRole('combobox', { name: /^Scan or type/ })

/** Lines of the bill under way. */
export const cartRows = (page: Page) =>
  page.getByRole('list', { name: 'Lines of the bill' }).getByRole('listitem')

/** The number of the bill just completed, e.g. KOR1AI26-000001. */
export async function paidNumber(page: Page): Promise<string> {
  const paid = page.getByRole('status').filter({ hasText: 'Paid' })
  await paid.waitFor()
  const text = (await paid.textContent()) ?? ''
  const number = /[A-Z][A-Z0-9]{1,5}[IB]\d{2}-\d{6}/.exec(text)?.[0]
  if (!number) throw new Error(`the paid panel names no bill: ${text}`)
  return number
}

/** Sells by scans and exact cash, by two keys: F8 and Enter. Answers the bill's number. */
export async function sellForCash(page: Page, codes: readonly string[]): Promise<string> {
  for (const code of codes) await scan(page, code)
  await page.keyboard.press('F8')
  await page.getByRole('region', { name: 'Payment' }).waitFor()
  await page.keyboard.press('Enter')
  return await paidNumber(page)
}

/** Waits until the till says that headquarters has every bill; after an outage it asks again within a minute. */
export async function waitUntilAtHq(page: Page): Promise<void> {
  await page.getByRole('button', { name: /All bills at HQ/ }).waitFor({ timeout: 120_000 })
}
