import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PrintModel } from '../../apps/till/src/print/index.ts'
import { missingBrowser } from '../support/browser.ts'
import { buildPage, openTill } from './device.ts'

const missing = missingBrowser()
let built: Awaited<ReturnType<typeof buildPage>>
beforeAll(async () => {
  if (!missing) built = await buildPage()
})
afterAll(() => built?.remove())
const inBrowser = test.skipIf(missing !== undefined)

const model: PrintModel = {
  language: 'hi',
  duplicate: 'प्रतिलिपि',
  tradeName: 'Varnika Beauty',
  seller: ['Varnika Retail Private Limited', 'GSTIN 29AAACV1234F1Z5'],
  title: 'कर चालान',
  number: 'KOR2AI26-000321',
  facts: [{ label: 'संख्या', value: 'KOR2AI26-000321' }],
  lines: [
    {
      name: 'मैट लिप कलर',
      details: 'HSN 330410 · GST 18% · MRP 450.00',
      quantity: '2 NOS × 399.00',
      amount: '798.00',
      discount: { label: 'छूट', value: '-199.50' },
    },
  ],
  sums: [{ label: 'CGST', value: '45.65' }],
  total: { label: 'कुल', value: '₹598.50' },
  amountInWords: 'रुपये पाँच सौ अट्ठानवे और पचास पैसे मात्र',
  taxHeadings: ['दर', 'कर योग्य मूल्य', 'CGST', 'SGST'],
  taxRows: [['18%', '507.20', '9% 45.65', '9% 45.65']],
  tenders: [{ label: 'UPI UTR412', value: '598.50' }],
  footer: ['धन्यवाद'],
  qr: 'KOR2AI26-000321',
}

inBrowser(
  'a receipt on the screen says everything of its model, in black on white, whatever is around it',
  async () => {
    await using till = await openTill(built.folder)
    const { page } = till
    await page.goto(`${till.hop.url}/till/?idle`)
    const seen = await page.evaluate((shown) => {
      document.documentElement.style.cssText = 'background: black; color: white'
      const host = window.paper.receiptElement(shown)
      document.body.append(host)
      const receipt = host.shadowRoot?.querySelector('.receipt')
      const style = receipt && getComputedStyle(receipt)
      return {
        text: receipt?.textContent ?? '',
        colors: [style?.color, style?.backgroundColor],
        language: receipt?.getAttribute('lang'),
        qr: receipt?.querySelectorAll('svg path').length,
      }
    }, model)
    const texts = JSON.stringify(model).matchAll(
      /"(?:value|label|name|details|quantity|amount|title|tradeName|duplicate)":"([^"]+)"/g,
    )
    for (const [, text = ''] of texts) expect(seen.text).toContain(text)
    for (const cell of [...model.taxHeadings, ...model.taxRows.flat(), ...model.seller, ...model.footer]) {
      expect(seen.text).toContain(cell)
    }
    expect(seen).toMatchObject({ colors: ['rgb(0, 0, 0)', 'rgb(255, 255, 255)'], language: 'hi', qr: 1 })
  },
)

inBrowser('the browser prints the receipts and nothing else, and leaves nothing behind', async () => {
  await using till = await openTill(built.folder)
  const { page } = till
  // In every frame: what would be printed is told to the page instead.
  await page.addInitScript(() => {
    window.print = () => {
      const sheets = document.adoptedStyleSheets.length
      const pages = [...document.querySelectorAll('.receipt h2')].map((title) => title.textContent)
      Object.assign(window.top ?? window, {
        printed: { sheets, pages, width: document.querySelector('.receipt')?.clientWidth },
      })
    }
  })
  await page.goto(`${till.hop.url}/till/?idle`)
  const outcome = await page.evaluate(
    (shown) =>
      window.paper
        .browserPrinter()
        .print({ id: crypto.randomUUID(), models: [shown, shown], openDrawer: true }),
    model,
  )
  expect(outcome).toEqual({ outcome: 'printed' })
  expect(await page.evaluate('printed')).toMatchObject({ sheets: 1, pages: ['कर चालान', 'कर चालान'] })
  expect(await page.evaluate(() => document.querySelectorAll('iframe').length)).toBe(0)
})

inBrowser('Devanagari goes to a thermal printer as dots that fit the paper', async () => {
  await using till = await openTill(built.folder)
  const { page } = till
  await page.goto(`${till.hop.url}/till/?idle`)
  const drawn = await page.evaluate((shown) => {
    const { encodeEscPos, rasterise } = window.paper
    const rasters: { dark: number; left: number; right: number; width: number; height: number }[] = []
    const bytes = encodeEscPos([shown], {
      openDrawer: false,
      rasterise: (row) => {
        const raster = rasterise(row)
        const dark = [...raster.data.keys()].filter((at) => at % 4 === 0 && (raster.data[at] ?? 255) < 128)
        const columns = dark.map((at) => (at / 4) % raster.width)
        const [left, right] = [Math.min(...columns), Math.max(...columns)]
        rasters.push({ dark: dark.length, left, right, width: raster.width, height: raster.height })
        return raster
      },
    })
    return { rasters, bytes: bytes.length }
  }, model)
  // Duplicate, title, number, name, discount, total, words, headings of the taxes, footer.
  expect(drawn.rasters).toHaveLength(9)
  for (const { dark, width, height } of drawn.rasters) {
    expect(dark).toBeGreaterThan(50)
    expect([width % 8, height % 8]).toEqual([0, 0])
  }
  const total = drawn.rasters[5]
  expect(total?.left).toBeLessThan(20)
  expect(total?.right).toBeGreaterThan(560)
})
