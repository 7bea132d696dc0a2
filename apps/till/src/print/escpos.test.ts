import { expect, test } from 'vitest'
import { DOTS, drawerPulse, encodeEscPos, type Rasterise } from './escpos.ts'
import { escPosPrinter } from './escpos-printer.ts'
import type { PaperRow } from './paper-rows.ts'
import type { PrintModel } from './types.ts'
import type { Wire } from './wires.ts'

const model: PrintModel = {
  language: 'en',
  duplicate: undefined,
  tradeName: 'Varnika Beauty',
  seller: ['Varnika Retail Private Limited', 'GSTIN 29AAACV1234F1Z5'],
  title: 'Tax Invoice',
  number: 'KOR2AI26-000321',
  facts: [{ label: 'Number', value: 'KOR2AI26-000321' }],
  lines: [
    {
      name: 'Matte Lip Colour with a name that is longer than one line of paper, Brick 04',
      details: 'HSN 330410 · GST 18% · MRP 450.00',
      quantity: '2 NOS × 399.00',
      amount: '798.00',
      discount: { label: 'Discount', value: '-199.50' },
    },
  ],
  sums: [{ label: 'CGST', value: '45.65' }],
  total: { label: 'Total', value: '₹598.50' },
  amountInWords: 'Rupees Five Hundred Ninety-Eight and Fifty Paise Only',
  taxHeadings: ['Rate', 'Taxable value', 'CGST', 'SGST'],
  taxRows: [['18%', '507.20', '9% 45.65', '9% 45.65']],
  tenders: [{ label: 'UPI UTR412', value: '598.50' }],
  footer: ['You saved ₹301.50 on the MRP'],
  qr: 'KOR2AI26-000321',
}

const noPicture: Rasterise = (row) => {
  throw new Error(`nothing here needs a picture: ${JSON.stringify(row)}`)
}
const options = { openDrawer: false, rasterise: noPicture }

/** Lines of printable characters; commands stand as <hex>. */
function readable(bytes: Uint8Array): string[] {
  const text = [...bytes].map((byte) =>
    byte === 10 || (byte >= 32 && byte < 127)
      ? String.fromCharCode(byte)
      : `<${byte.toString(16).padStart(2, '0')}>`,
  )
  return text.join('').split('\n')
}

test('a bill goes out as these bytes', () => {
  expect(readable(encodeEscPos([model], options))).toMatchInlineSnapshot(`
    [
      "<1b>@<1c>.<1b>M<00>                 <1d>!<01><1b>E<01><1b>t<00>Varnika Beauty<1b>E<00><1d>!<00>",
      "         <1b>E<01><1d>!<01><1b>E<00><1d>!<00>Varnika Retail Private Limited",
      "             GSTIN 29AAACV1234F1Z5",
      "                  <1b>E<01>Tax Invoice<1b>E<00>",
      "------------------------------------------------",
      "Number                           KOR2AI26-000321",
      "------------------------------------------------",
      "Matte Lip Colour with a name that is longer than",
      "one line of paper, Brick 04",
      "  HSN 330410 | GST 18% | MRP 450.00",
      "  2 NOS x 399.00                          798.00",
      "  Discount                               -199.50",
      "------------------------------------------------",
      "CGST                                       45.65",
      "<1b>E<01>Total                                 Rs. 598.50<1b>E<00>",
      "Rupees Five Hundred Ninety-Eight and Fifty Paise",
      "Only",
      "------------------------------------------------",
      "Rate     Taxable value         CGST         SGST",
      "18%             507.20     9% 45.65     9% 45.65",
      "------------------------------------------------",
      "UPI UTR412                                598.50",
      "------------------------------------------------",
      "        You saved Rs. 301.50 on the MRP",
      "<1b>a<01><1d>(k<04><00>1A2<00><1d>(k<03><00>1C<05><1d>(k<03><00>1E1<1d>(k<12><00>1P0KOR2AI26-000321<1d>(k<03><00>1Q0",
      "<1b>a<00>",
      "",
      "",
      "",
      "<1d>V<01>",
      "",
    ]
  `)
})

test('no line is longer than the paper is wide', () => {
  const lines = readable(encodeEscPos([{ ...model, duplicate: 'DUPLICATE' }], options))
  const widths = lines.map((line) => line.replace(/<1b>[EMt!at]<..>|<1d>!<..>|<..>/g, '').length)
  expect(Math.max(...widths.slice(1, -6))).toBe(48)
})

test('the drawer opens with the job, before anything is printed', () => {
  const pulse = [0x1b, 0x70, 0, 50, 250]
  const text = (bytes: Uint8Array) => [...bytes].join()
  expect(text(encodeEscPos([model], options))).not.toContain(pulse.join())
  const job = text(encodeEscPos([model], { ...options, openDrawer: true }))
  expect(job.indexOf(pulse.join())).toBeGreaterThan(-1)
  expect(job.indexOf(pulse.join())).toBeLessThan(
    job.indexOf([...'Varnika'].map((c) => c.charCodeAt(0)).join()),
  )
  expect(text(drawerPulse())).toContain(pulse.join())
})

test('each document is cut off', () => {
  const cuts = (count: number) =>
    readable(encodeEscPos(Array(count).fill(model), options))
      .join('')
      .split('<1d>V').length - 1
  expect([cuts(1), cuts(2)]).toEqual([1, 2])
})

test('a row with another script goes out as a picture of the whole row, dots where it is dark', () => {
  const drawn: PaperRow[] = []
  const rasterise: Rasterise = (row) => {
    drawn.push(row)
    const data = new Uint8ClampedArray(DOTS * 8 * 4).fill(255)
    data.fill(0, 0, 3) // the first dot is black
    return { width: DOTS, height: 8, data }
  }
  const hindi = { ...model, total: { label: 'कुल', value: '₹598.50' } }
  const bytes = [...encodeEscPos([hindi], { ...options, rasterise })]
  expect(drawn).toEqual([{ kind: 'text', left: 'कुल', right: 'Rs. 598.50', bold: true }])
  const picture = [0x1d, 0x76, 0x30, 0, DOTS / 8, 0, 8, 0, 0x80, 0, 0]
  expect(bytes.join()).toContain(picture.join())
})

/** A printer that answers a status byte and takes what it is given. */
function fakeWire(status: readonly number[], write = async (_bytes: Uint8Array) => undefined) {
  const taken: Uint8Array[] = []
  const wire: Wire = {
    async write(bytes) {
      await write(bytes)
      taken.push(bytes)
    },
    read: async () => Uint8Array.from(status),
    close: async () => undefined,
  }
  return { wire, taken }
}
const job = { id: '0190a1b2-0000-7000-8000-000000000009', models: [model], openDrawer: true }

test.each([
  ['ready', [0x12], { outcome: 'printed' }, 2],
  ['silent', [], { outcome: 'printed' }, 2],
  ['out of paper', [0x32], { outcome: 'fault', fault: 'out-of-paper' }, 1],
  ['open', [0x16], { outcome: 'fault', fault: 'cover-open' }, 1],
  ['talking of something else', [0xff], { outcome: 'printed' }, 2],
])(
  'a printer that is %s says so, and gets the job only when it can print it',
  async (_state, status, outcome, writes) => {
    const { wire, taken } = fakeWire(status)
    expect(await escPosPrinter('usb', wire).print(job)).toEqual(outcome)
    expect(taken).toHaveLength(writes)
  },
)

test('an unplugged printer is told from a broken one, and the next job is tried again', async () => {
  let unplugged = true
  const { wire } = fakeWire([], async () => {
    if (unplugged) throw new DOMException('gone', 'NetworkError')
    return undefined
  })
  const printer = escPosPrinter('usb', wire)
  expect(await printer.print(job)).toEqual({ outcome: 'fault', fault: 'not-connected' })
  expect(await printer.openDrawer()).toBe(false)
  unplugged = false
  expect(await printer.print(job)).toEqual({ outcome: 'printed' })
})

test('two jobs at once do not mix', async () => {
  const order: number[] = []
  const { wire } = fakeWire([], async (bytes) => {
    order.push(bytes.length)
    await new Promise((resolve) => setTimeout(resolve, 5))
    return undefined
  })
  const printer = escPosPrinter('serial', wire)
  await Promise.all([printer.print(job), printer.openDrawer()])
  const [bill, pulse] = [encodeEscPos([model], { ...options, openDrawer: true }).length, drawerPulse().length]
  expect(order).toEqual([3, bill, 3, pulse])
})
