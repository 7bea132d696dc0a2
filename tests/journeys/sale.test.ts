import { setTimeout as sleep } from 'node:timers/promises'
import { call, createEnrolmentCode, getBill, listBills, listStores, publishRulebook } from '@nexus/contract'
import { gtinCheckDigit } from '@nexus/domain'
import type { PushAnswer, PushRequest } from '@nexus/sync'
import type { Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scan } from '../browser-device/scanner.ts'
import { type Device, missingBrowser, openDevice } from '../support/browser.ts'
import { enrol, openShift, paidNumber, scanBox, sellForCash, signIn } from '../support/counter.ts'
import { billCounts, entriesOnServer, entriesOnTill } from '../support/journals.ts'
import { type Chain, makeChain, ownerPassword, ownerPin } from '../support/nexus.ts'
import { officeHeaders } from '../support/office.ts'

const missing = missingBrowser()
const gtin = (n: number) => {
  const digits = `952000000${String(n).padStart(3, '0')}`
  return `${digits}${gtinCheckDigit(digits)}`
}
const products = [
  ['Matte Lip Colour, Brick 04', 'GST18', '399.00', '449.00'],
  ['Hair Oil 200 ml', 'GST5', '189.00', '199.00'],
  ['Kajal, Deep Black', 'NIL', '149.00', '149.00'],
] as const
const csv = [
  'name,tax class,price,mrp,barcode',
  ...products.map((row, index) => `"${row[0]}",${row.slice(1).join(',')},${gtin(index + 1)}`),
].join('\n')
const codes = products.map((_, index) => gtin(index + 1))

describe.skipIf(missing)(`one sale, end to end ${missing ?? ''}`, () => {
  let chain: Chain
  let till: Device
  let office: Device
  const numbers: string[] = []

  beforeAll(async () => {
    chain = await makeChain()
    await chain.beginShop()
    await chain.start()
    till = await openDevice()
    office = await openDevice()
  })
  afterAll(async () => {
    await till?.close()
    await office?.close()
    await chain?.dispose()
  })

  const client = async () => {
    const headers = await officeHeaders(chain.url, 'owner', ownerPassword)
    return { baseUrl: chain.url, headers: () => headers }
  }
  const waitUntilAtHq = async () => {
    const status = till.page.getByRole('button', { name: /All bills at HQ/ })
    await status.waitFor({ timeout: 120_000 })
  }

  test('products are imported and published in the back office', async () => {
    const { page } = office
    await page.goto(`${chain.url}/office/`)
    await page.getByLabel('Sign-in name').fill('owner')
    await page.getByRole('textbox', { name: 'Password' }).fill(ownerPassword)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor({ state: 'detached' })
    await page.goto(`${chain.url}/office/imports`)
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'products.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    await page.getByRole('button', { name: 'Check without writing' }).click()
    await page.getByRole('heading', { name: 'What would happen' }).waitFor()
    await page.getByRole('button', { name: 'Run the import' }).click()
    await page.getByRole('heading', { name: 'What happened' }).waitFor()
    const version = await call(await client(), publishRulebook, { body: { note: 'first' } })
    expect(version.products).toBe(3)
  })

  test('a till is enrolled, signed on, and sells with a split tender', async () => {
    const { page } = till
    const { stores } = await call(await client(), listStores, {})
    const registerId = stores[0]?.registers[0]?.id ?? ''
    const { code } = await call(await client(), createEnrolmentCode, { params: { registerId } })
    await enrol(page, chain.url, code)
    await signIn(page, 'Asha Owner', ownerPin)
    await openShift(page)
    for (const one of codes) await scan(page, one)
    await page.keyboard.press('F8')
    await page.getByRole('region', { name: 'Payment' }).waitFor()
    await page.keyboard.type('300')
    await page.keyboard.press('+')
    await page.keyboard.press('F10')
    await page.getByLabel('Approval code').fill('123456')
    await page.getByLabel('Last four digits of the card').fill('4242')
    await page.keyboard.press('Enter')
    numbers.push(await paidNumber(page))
    await waitUntilAtHq()
  })

  test('the bill stands in the back office with lines, taxes and both tenders', async () => {
    const page = await call(await client(), listBills, { query: { q: numbers[0] ?? '' } })
    expect(page.rows.map((row) => row.number)).toEqual(numbers)
    const bill = await call(await client(), getBill, {
      params: { identity: page.rows[0]?.identity ?? '', document: 0 },
    })
    expect(bill.tenders).toMatchObject([
      { kind: 'cash', amountMinor: 30_000 },
      { kind: 'card', amountMinor: 43_700, reference: expect.stringContaining('4242') },
    ])
    expect(bill.row).toMatchObject({ totalMinor: 73_700, lines: 3, discrepancies: 0 })
    await office.page.goto(`${chain.url}/office/bills`)
    await office.page
      .getByText(numbers[0] ?? '')
      .first()
      .click()
    await office.page.getByText('Matte Lip Colour, Brick 04').first().waitFor()
  })

  test('[JRN-1, JRN-8] with the server killed it sells five more, reloads offline and sells again', async () => {
    await chain.kill()
    for (let sale = 0; sale < 5; sale++)
      numbers.push(await sellForCash(till.page, codes.slice(0, 1 + (sale % 3))))
    await till.page.reload()
    await resume(till)
    numbers.push(await sellForCash(till.page, codes))
    const page = await till.crashAndReopen()
    await page.goto(`${chain.url}/till/`)
    await resume(till)
    numbers.push(await sellForCash(till.page, codes))
  })

  test('[JRN-14] when it returns every bill is there once, byte for byte, its numbers without a gap', async () => {
    await chain.start()
    await waitUntilAtHq()
    await compareBothSides(chain, till, numbers)
    const serials = numbers.map((number) => Number(number.slice(-6)))
    expect(serials).toEqual(serials.map((_, index) => index + 1))
  })

  test('[JRN-7, JRN-8] killed in mid-push, before and after its commit, nothing is lost or doubled', async () => {
    for (const committed of [true, false]) {
      await till.context.route(
        '**/v1/till/push',
        async (route) => {
          const answer = route.fetch().catch(() => undefined)
          if (committed) await answer
          await chain.kill()
          await answer
          await route.abort()
        },
        { times: 1 },
      )
      numbers.push(await sellForCash(till.page, codes))
      while (await isUp(chain)) await sleep(50)
      numbers.push(await sellForCash(till.page, codes.slice(1)))
      await chain.start()
      await waitUntilAtHq()
    }
    await compareBothSides(chain, till, numbers)
  })

  test('[JRN-7a, JRN-8e, JRN-8f] a push that arrives twice, and one that is lost although it was acknowledged, change nothing', async () => {
    const onePush = async (handle: (route: Route) => Promise<void>) => {
      const done = Promise.withResolvers<void>()
      const route = (one: Route) => handle(one).then(done.resolve, done.reject)
      await till.context.route('**/v1/till/push', route, { times: 1 })
      numbers.push(await sellForCash(till.page, codes))
      await done.promise
    }
    let answer: PushAnswer | undefined
    await onePush(async (route) => {
      await route.fetch()
      const again = await route.fetch()
      answer = await again.json()
      await route.fulfill({ response: again })
    })
    await waitUntilAtHq()
    // A proxy answers for the server, which it did not reach.
    await onePush(async (route) => {
      const { requestId, checkpoint }: PushRequest = route.request().postDataJSON()
      const { epoch, seq, hash } = checkpoint.checkpoint
      await route.fulfill({
        json: { ...answer, requestId, serverAt: Date.now(), head: { epoch, seq, hash } },
      })
    })
    numbers.push(await sellForCash(till.page, codes))
    await waitUntilAtHq()
    await compareBothSides(chain, till, numbers)
  })

  test('[JRN-20f] the open list of last bills follows a bill from the till to headquarters', async () => {
    const { page } = till
    await page.context().route('**/v1/till/push', (route) => route.abort())
    const number = await sellForCash(page, codes)
    await page.getByRole('button', { name: 'Asha Owner' }).click()
    await page.getByRole('button', { name: 'Last bills' }).first().click()
    const bill = page.getByRole('dialog').getByRole('button', { name: number })
    await bill.getByText('only on this till').waitFor()
    await page.context().unrouteAll()
    await bill.getByText('at HQ').waitFor({ timeout: 120_000 })
    await page.keyboard.press('Escape')
    numbers.push(number)
  })
})

/** After a reload or restart: whoever was signed in goes on, or types the PIN again; the shift is still open. */
async function resume(device: Device): Promise<void> {
  const { page } = device
  await page.getByLabel('PIN of Asha Owner').or(scanBox(page)).first().waitFor()
  if (!(await scanBox(page).isVisible())) await signIn(page, 'Asha Owner', ownerPin)
  await scanBox(page).waitFor()
}

async function compareBothSides(chain: Chain, till: Device, numbers: readonly string[]): Promise<void> {
  const onTill = await entriesOnTill(till.page)
  const epochs = [...new Set(onTill.map((entry) => entry.epoch))]
  expect(onTill.length).toBeGreaterThan(numbers.length)
  expect(entriesOnServer(chain.dataDir, epochs)).toEqual(onTill)
  expect(billCounts(chain.dataDir, numbers)).toEqual(new Map(numbers.map((number) => [number, 1])))
}

async function isUp(chain: Chain): Promise<boolean> {
  try {
    return (await fetch(`${chain.url}/health/live`)).ok
  } catch {
    return false
  }
}
