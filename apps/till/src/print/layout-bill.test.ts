import { setupI18n } from '@lingui/core'
import type { TillPlace } from '@nexus/contract'
import { formatAmount, formatRupees } from '@nexus/domain'
import type { BillDocument, DocumentLine } from '@nexus/sync'
import { expect, test } from 'vitest'
import type { Bill } from '../journal/types.ts'
import { layoutBill } from './layout-bill.ts'

const i18n = setupI18n({ locale: 'en', messages: { en: {} } })
const options = { duplicate: false, cashier: 'Asha', buyer: [], offerName: () => undefined }

const place: TillPlace = {
  tenant: '0190a1b2-0000-7000-8000-000000000001',
  company: {
    legalName: 'Varnika Retail Private Limited',
    tradeName: 'Varnika Beauty',
    pan: 'AAACV1234F',
    upiId: 'varnika@bank',
    billFooter: 'Thank you. Exchange within 15 days with this bill.',
    rupeeRounding: true,
  },
  store: {
    id: '0190a1b2-0000-7000-8000-000000000002',
    code: 'KOR',
    name: 'Koramangala',
    gstin: '29AAACV1234F1Z5',
    state: '29',
    regionId: 'south',
    address: '80 Feet Road, 4th Block',
    city: 'Bengaluru',
    pin: '560034',
    phone: '080 4000 1000',
    language: 'en',
    cutOver: '04:00',
  },
  register: { id: '0190a1b2-0000-7000-8000-000000000003', number: 2, name: 'Register 2' },
}

const lip: DocumentLine = {
  uid: '1',
  product: 1,
  batch: 2,
  code: '8901234567890',
  name: 'Matte Lip Colour, Brick 04',
  hsn: '330410',
  uqc: 'NOS',
  quantityMilli: 2000,
  list: 1,
  unitMinor: 39_900,
  mrpMinor: 45_000,
  grossMinor: 79_800,
  discountMinor: 19_950,
  paidMinor: 59_850,
  taxKind: 'taxable',
  rateBp: 1800,
  taxableMinor: 50_720,
  cgstMinor: 4565,
  igstMinor: 0,
  roundOffMinor: 0,
  rupeeMinor: 0,
  offers: [{ id: 1, amountMinor: 19_950 }],
}
const kajal: DocumentLine = {
  ...lip,
  uid: '2',
  name: 'Kajal',
  hsn: '33042000',
  quantityMilli: 1000,
  unitMinor: 14_965,
  mrpMinor: null,
  grossMinor: 14_965,
  discountMinor: 0,
  paidMinor: 15_000,
  taxKind: 'nil',
  rateBp: 0,
  taxableMinor: 14_965,
  cgstMinor: 0,
  rupeeMinor: 35,
  offers: [],
}
const invoice: BillDocument = {
  number: 'KOR2AI26-000321',
  kind: 'I',
  issueDate: '2026-11-22',
  pricing: {
    pricedAt: 0,
    region: 'south',
    storeState: '29',
    placeOfSupply: '29',
    tier: null,
    inclusive: true,
    rupeeRounding: true,
  },
  lines: [lip, kajal],
  taxes: [
    {
      taxKind: 'taxable',
      rateBp: 1800,
      taxableMinor: 50_720,
      cgstMinor: 4565,
      igstMinor: 0,
      roundOffMinor: 0,
    },
    { taxKind: 'nil', rateBp: 0, taxableMinor: 14_965, cgstMinor: 0, igstMinor: 0, roundOffMinor: 0 },
  ],
  mrpTotalMinor: 104_965,
  grossMinor: 94_765,
  discountMinor: 19_950,
  taxableMinor: 65_685,
  cgstMinor: 4565,
  igstMinor: 0,
  roundOffMinor: 0,
  rupeeMinor: 35,
  totalMinor: 74_850,
  buyerGstin: null,
  of: null,
}

function billOf(...documents: BillDocument[]): Bill {
  return {
    identity: 'q3n9Zr1Yq3n9Zr1Yq3n9Zr1Yq3n9Zr1Yq3n9Zr1Yq3k',
    epoch: '0190a1b2-0000-7000-8000-000000000004',
    seq: 2041,
    shortHash: 'q3n9Zr1Y',
    at: Date.UTC(2026, 10, 22, 13, 12),
    cart: '0190a1b2-0000-7000-8000-000000000005',
    staff: null,
    shift: null,
    tradingDay: '2026-11-22',
    body: {
      documents,
      tenders: [
        {
          kind: 'cash',
          direction: 'in',
          amountMinor: 24_850,
          handedMinor: 50_000,
          reference: null,
          attempt: null,
        },
        { kind: 'upi', direction: 'in', amountMinor: 50_000, reference: 'UTR412', attempt: null },
      ],
      changeMinor: 25_150,
      recalledFrom: null,
      root: '0190a1b2-0000-7000-8000-000000000005',
      language: 'en',
      personalHash: null,
    },
    totals: null,
    where: 'here',
    prints: 0,
  }
}

test('a bill of taxed and nil-rated goods says everything that rules 46 and 46A ask for', () => {
  expect(layoutBill(billOf(invoice), place, i18n, options)).toEqual([
    {
      language: 'en',
      duplicate: undefined,
      tradeName: 'Varnika Beauty',
      seller: [
        'Varnika Retail Private Limited',
        'Koramangala',
        '80 Feet Road, 4th Block',
        'Bengaluru 560034, Karnataka (29)',
        'Phone 080 4000 1000',
        'GSTIN 29AAACV1234F1Z5',
      ],
      title: 'Invoice-cum-Bill of Supply',
      number: 'KOR2AI26-000321',
      facts: [
        { label: 'Number', value: 'KOR2AI26-000321' },
        { label: 'Date', value: '22-11-2026 18:42' },
        { label: 'Tax payable on reverse charge', value: 'No' },
        { label: 'Cashier', value: 'Asha, Register 2' },
      ],
      lines: [
        {
          name: 'Matte Lip Colour, Brick 04',
          details: 'HSN 330410 · GST 18% · MRP 450.00',
          quantity: '2 NOS × 399.00',
          amount: '798.00',
          discount: { label: 'Discount', value: '-199.50' },
        },
        {
          name: 'Kajal',
          details: 'HSN 33042000 · Nil rated',
          quantity: '1 NOS × 149.65',
          amount: '149.65',
          discount: undefined,
        },
      ],
      sums: [
        { label: '2 lines', value: '947.65' },
        { label: 'Discount', value: '-199.50' },
        { label: 'Taxable value', value: '656.85' },
        { label: 'CGST', value: '45.65' },
        { label: 'SGST', value: '45.65' },
        { label: 'Round-off', value: '0.35' },
      ],
      total: { label: 'Total', value: '₹748.50' },
      amountInWords: 'Rupees Seven Hundred Forty-Eight and Fifty Paise Only',
      taxHeadings: ['Rate', 'Taxable value', 'CGST', 'SGST'],
      taxRows: [
        ['18%', '507.20', '9% 45.65', '9% 45.65'],
        ['Nil rated', '149.65', '–', '–'],
      ],
      tenders: [
        { label: 'Cash', value: '500.00' },
        { label: 'UPI UTR412', value: '500.00' },
        { label: 'Change', value: '251.50' },
      ],
      footer: [
        'You saved ₹301.15 on the MRP',
        'Thank you. Exchange within 15 days with this bill.',
        '2041 · q3n9Zr1Y',
      ],
      qr: 'KOR2AI26-000321',
    },
  ])
})

const layoutOne = (document: BillDocument, change = {}) =>
  layoutBill(billOf(document), place, i18n, { ...options, ...change })[0]

test('taxable goods alone make a tax invoice', () => {
  expect(layoutOne({ ...invoice, lines: [lip], taxes: invoice.taxes.slice(0, 1) })?.title).toBe('Tax Invoice')
})

test('goods without tax make a bill of supply that shows no tax', () => {
  const supply = {
    ...invoice,
    kind: 'B' as const,
    lines: [kajal],
    taxes: invoice.taxes.slice(1),
    discountMinor: 0,
    cgstMinor: 0,
  }
  const model = layoutOne(supply)
  expect(model).toMatchObject({ title: 'Bill of Supply', taxHeadings: [], taxRows: [] })
  expect(model?.sums.map(({ label }) => label)).toEqual(['1 line', 'Round-off'])
  expect(model?.lines[0]?.details).toBe('HSN 33042000')
})

test('a supply to another State names the place and has one head, IGST', () => {
  const taxes = [{ ...invoice.taxes[0], igstMinor: 9130, cgstMinor: 0 }] as BillDocument['taxes'] // as: row 0 is there
  const pricing = { ...invoice.pricing, placeOfSupply: '33' }
  const model = layoutOne({ ...invoice, pricing, taxes, cgstMinor: 0, igstMinor: 9130 })
  expect(model?.facts).toContainEqual({ label: 'Place of supply', value: 'Tamil Nadu (33)' })
  expect(model?.taxHeadings).toEqual(['Rate', 'Taxable value', 'IGST'])
  expect(model?.taxRows).toEqual([['18%', '507.20', '18% 91.30']])
  expect(model?.sums).toContainEqual({ label: 'IGST', value: '91.30' })
  expect(model?.sums.map(({ label }) => label)).not.toContain('CGST')
})

test('in a Union Territory without a legislature the second half is UTGST', () => {
  const pricing = { ...invoice.pricing, storeState: '04', placeOfSupply: '04' }
  expect(layoutOne({ ...invoice, pricing })?.taxHeadings).toEqual(['Rate', 'Taxable value', 'CGST', 'UTGST'])
})

test('half of an odd rate keeps its decimals', () => {
  const taxes = [{ ...invoice.taxes[0], rateBp: 500 }] as BillDocument['taxes'] // as: row 0 is there
  expect(layoutOne({ ...invoice, taxes })?.taxRows[0]?.[2]).toBe('2.5% 45.65')
})

test('[JRN-11] every copy after the first is marked', () => {
  expect(layoutOne(invoice, { duplicate: true })?.duplicate).toBe('DUPLICATE')
})

test('a registered buyer stands on the bill with name, address and GSTIN', () => {
  const model = layoutOne(
    { ...invoice, buyerGstin: '29AAACB1234F1Z5' },
    { buyer: ['Bela Salon', '12 MG Road, Bengaluru, Karnataka (29)'] },
  )
  expect(model?.facts.slice(2, 5)).toEqual([
    { label: 'Buyer', value: 'Bela Salon' },
    { label: '', value: '12 MG Road, Bengaluru, Karnataka (29)' },
    { label: "Buyer's GSTIN", value: '29AAACB1234F1Z5' },
  ])
})

test('an invoice registered with the portal bears its IRN and signed QR', () => {
  const model = layoutOne({ ...invoice, irn: 'ab12', signedQr: 'eyJ.QR' })
  expect(model?.facts).toContainEqual({ label: 'IRN', value: 'ab12' })
  expect(model?.qr).toBe('eyJ.QR')
})

test('[RET-1a, RET-1b] an exchange is two documents; money stands under the last, the credit note names its original', () => {
  const credit: BillDocument = {
    ...invoice,
    number: 'KOR2AC26-000007',
    kind: 'C',
    of: { number: 'KOR2AI26-000300', identity: null, issueDate: '2026-11-01' },
    totalMinor: 10_000,
  }
  const sold = { ...invoice, of: credit.of }
  const [first, second] = layoutBill(billOf(credit, sold), place, i18n, options)
  expect(first).toMatchObject({ title: 'Credit Note', tenders: [], footer: [] })
  expect(first?.facts).toContainEqual({ label: 'Original', value: 'KOR2AI26-000300, 01-11-2026' })
  expect(second?.facts).toContainEqual({
    label: 'Exchange for goods of',
    value: 'KOR2AI26-000300, 01-11-2026',
  })
  const due = invoice.totalMinor - 10_000
  expect(second?.tenders.slice(0, 3)).toEqual([
    { label: 'KOR2AC26-000007', value: '-100.00' },
    { label: invoice.number, value: formatAmount(invoice.totalMinor) },
    { label: 'Difference, to pay', value: formatRupees(due) },
  ])
  expect(second?.tenders).toHaveLength(6)
  const back = layoutBill(
    billOf({ ...credit, totalMinor: invoice.totalMinor + 5000 }, sold),
    place,
    i18n,
    options,
  )
  expect(back[1]?.tenders[2]).toEqual({ label: 'Difference, to give back', value: '₹50.00' })
})

test('[PRC-8a] the bill names what took off its prices, and the amounts add up to the discount', () => {
  const reduced: DocumentLine = {
    ...lip,
    discountMinor: 19_950 + 2000 + 500 + 100 + 1,
    offers: [
      { id: 1, amountMinor: 19_950 },
      { id: 3, amountMinor: 2000, code: 'DIWALI10' },
    ],
    manualMinor: 500,
    pointsMinor: 100,
  }
  const gift: DocumentLine = {
    ...kajal,
    uid: '3',
    giftOf: 2,
    grossMinor: 14_965,
    discountMinor: 14_965,
    offers: [{ id: 2, amountMinor: 14_965 }],
  }
  const document = { ...invoice, lines: [reduced, gift], discountMinor: reduced.discountMinor + 14_965 }
  const names = new Map([
    [1, 'Any 2 lips: 25% off'],
    [2, 'Kajal from ₹500'],
  ])
  const [model] = layoutBill(billOf(document), place, i18n, { ...options, offerName: (id) => names.get(id) })
  expect(model?.lines.map(({ details, discount }) => [details.split(' · ')[0], discount])).toEqual([
    ['HSN 330410', { label: 'Discount', value: '-225.51' }],
    ['Gift', { label: 'Kajal from ₹500', value: '-149.65' }],
  ])
  expect(model?.sums.slice(1, 7)).toEqual([
    { label: 'Any 2 lips: 25% off', value: '-199.50' },
    { label: 'Kajal from ₹500', value: '-149.65' },
    { label: 'Coupon DIWALI10', value: '-20.00' },
    { label: 'Special discount', value: '-5.00' },
    { label: 'Points', value: '-1.00' },
    { label: 'Held at the MRP', value: '-0.01' },
  ])
})
