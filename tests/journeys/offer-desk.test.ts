import { inventChain } from '@nexus/seed'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Device, missingBrowser, openDevice } from '../support/browser.ts'
import { type Chain, makeChain } from '../support/nexus.ts'
import { signInToOffice } from '../support/office.ts'
import { faultsOf } from '../support/screens.ts'

const missing = missingBrowser()
const options = { seed: 7, stores: 2, registersPerStore: 2, products: 60, staff: 10 }
const { staff, products } = inventChain(options)
const [admin] = staff
const [product, other] = products

describe.skipIf(missing)(`offer desk ${missing ?? ''}`, () => {
  let chain: Chain
  let office: Device

  beforeAll(async () => {
    chain = await makeChain()
    await chain.seed(options, 2)
    await chain.start()
    office = await openDevice()
    await signInToOffice(office.page, chain.url, admin?.login ?? '', admin?.password ?? '')
  })
  afterAll(async () => {
    await office?.close()
    await chain?.dispose()
  })

  const look = async (name: string, shown: Locator) => {
    await shown.first().waitFor()
    await office.page.getByRole('status', { name: 'Loading' }).waitFor({ state: 'detached' })
    expect.soft(await office.page.getByText('This did not work').count()).toBe(0)
    expect.soft(await faultsOf(office.page, `office-${name}`)).toEqual([])
  }

  test('an offer is made, tried, replayed and published at the desk, and stopped again', async () => {
    const { page } = office
    await page.goto(`${chain.url}/office/offers`)
    await look('offers', page.getByRole('row').nth(2))
    await page.getByRole('link', { name: 'New offer' }).click()
    await look('offer-new', page.getByRole('radio', { name: /^So much off each piece/ }))

    // It speaks while it is filled in; what it does to a cart stands beside it.
    const summary = page.getByRole('region', { name: 'In a sentence' })
    await page.getByLabel('Name on the bill').fill('Half price')
    await page.getByRole('radio', { name: 'Everything' }).check()
    await page.getByLabel('Percentage off').fill('50')
    await page.getByLabel('First day').fill('')
    await summary.getByText('everything: 50% off each').waitFor()
    await summary.getByText(/^Goes live in all 2 stores as soon as it is published/).waitFor()
    const preview = page.getByRole('region', { name: 'Preview' })
    await preview.getByRole('combobox', { name: 'Add a product' }).fill(product?.sku ?? '')
    await page.getByRole('option', { name: product?.sku ?? '' }).click()
    await preview.getByText(/^The customer saves ₹/).waitFor()
    await preview.getByText(/Half price, on 1 unit/).waitFor()
    await look('offer-new-filled', summary)
    await preview.getByText('A past bill').click()
    await preview.getByRole('combobox', { name: 'Number of the bill' }).click()
    await page
      .getByRole('option', { name: /I26-\d{6}/ })
      .first()
      .click()
    await preview.getByText(/^The customer saves ₹/).waitFor()
    await look('offer-past-bill', preview.getByText(/^Priced as of/))

    // Leaving asks; saving keeps a draft, which lacks nothing.
    await page.getByRole('link', { name: 'Bills', exact: true }).click()
    await page.getByRole('button', { name: 'Stay here' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { level: 1, name: 'Half price' }).waitFor()
    await page.getByRole('heading', { name: 'Other offers it can meet' }).waitFor()
    await look('offer-draft', page.getByRole('button', { name: 'Publish the offer' }))
    await page.getByRole('button', { name: 'हिन्दी' }).click()
    await look('offer-draft-hindi', page.getByRole('button', { name: 'English' }))
    await page.getByRole('button', { name: 'English' }).click()

    // An unfinished change is told at its field and keeps the offer from being published.
    await page.getByLabel('Percentage off').fill('')
    await page.getByRole('list', { name: 'What it still lacks' }).getByRole('button').click()
    expect(
      await page.getByLabel('Percentage off').evaluate((input) => input === document.activeElement),
    ).toBe(true)
    expect(await page.getByRole('button', { name: 'Publish the offer' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Drop the changes' }).click()

    // Goods that are found keep their names when the draft is saved.
    await page.getByRole('button', { name: /^By price or expiry/ }).click()
    await page.getByRole('combobox', { name: 'Without these products' }).fill(other?.sku ?? '')
    await page.getByRole('option', { name: other?.sku ?? '' }).click()
    await summary.getByText(`everything (not ${other?.names.en}): 50% off each`).waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Draft saved.').waitFor()
    await summary.getByText(`everything (not ${other?.names.en}): 50% off each`).waitFor()

    await page.getByRole('button', { name: 'Start the replay' }).click()
    await page.getByText(/of \d+ bills would change/).waitFor()
    await page.getByText(/^The live rules first gave every discount/).waitFor()
    await look('offer-replayed', page.getByRole('table', { name: 'By store' }))

    await page.getByRole('button', { name: 'Publish the offer' }).click()
    await look('offer-publish', page.getByRole('dialog', { name: 'Publish this offer?' }))
    await page.getByRole('dialog').getByRole('button', { name: 'Publish the offer' }).click()
    await page.getByText(/is published\. Tills fetch it now/).waitFor()
    await look('offer-live', page.getByText('Is live in all 2 stores.', { exact: false }))

    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.getByText('This is the copy, a draft.').waitFor()
    await page.getByRole('button', { name: 'Throw away' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Throw away' }).click()
    await page.getByRole('link', { name: 'Half price', exact: true }).click()
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Stop it now' }).click()
    await page.getByText(/^Was stopped/).waitFor()
  })

  test('every kind of offer has a form that fits', async () => {
    const { page } = office
    await page.goto(`${chain.url}/office/offers/new`)
    const kinds = page.getByRole('radiogroup', { name: 'What it gives' }).getByRole('radio')
    await kinds.nth(9).waitFor()
    const terms = page.getByRole('region', { name: 'Terms' })
    // Those whose parts no other kind has.
    for (const [kind, part] of [
      ['Buy this, get that', 'What is cheaper then'],
      ['Together for one price', 'Part 2: one of'],
      ['Spend more, save more', 'Step 1'],
      ['A gift with a purchase', 'Goods that count'],
      ['A coupon', 'Goods'],
      ['Cheaper near expiry', 'Step 1'],
    ] as const) {
      await kinds.and(page.getByRole('radio', { name: kind })).click()
      await look(`offer-${kind}`, terms.getByRole('group', { name: part }))
    }
  })
})
