import { encode } from 'uqr'
import type { Labelled, PrintModel } from './types.ts'

/** Black on white whatever the app's theme is: it is paper. 72 mm are what an 80 mm roll prints. */
export const RECEIPT_STYLE = `
@page { size: 80mm auto; margin: 0 }
.receipt { box-sizing: border-box; width: 72mm; margin: 0 auto; padding: 3mm 0; background: #fff; color: #000;
  font: 9pt/1.35 'Noto Sans', 'Noto Sans Devanagari', 'Noto Sans Kannada', 'Noto Sans Tamil', system-ui, sans-serif;
  font-variant-numeric: tabular-nums; break-after: page }
.receipt p, .receipt h1, .receipt h2, .receipt dl, .receipt dd, .receipt table { margin: 0 }
.receipt header, .receipt footer { text-align: center }
.receipt h1 { font-size: 12pt }
.receipt h2 { font-size: 10pt; margin-block: 1mm }
.receipt .duplicate { border: 1.5pt solid; font-weight: 700; letter-spacing: .2em; margin-bottom: 2mm }
.receipt section { border-top: 1px dashed; margin-top: 1.5mm; padding-top: 1.5mm }
.receipt .pair { display: flex; justify-content: space-between; gap: 2mm }
.receipt .pair dd { text-align: end; overflow-wrap: anywhere }
.receipt .small { font-size: 8pt }
.receipt .total { font-size: 13pt; font-weight: 700 }
.receipt table { width: 100%; border-collapse: collapse; font-size: 8pt }
.receipt th, .receipt td { text-align: end; font-weight: 400; padding: 0 }
.receipt :is(th, td):first-child { text-align: start }
.receipt svg { display: block; width: 24mm; margin: 2mm auto 0 }
`

/**
 * The document as an element for the screen, with a style of its own that nothing around it changes. A
 * constructed style sheet, because the server's policy forbids inline styles.
 */
export function receiptElement(model: PrintModel): HTMLElement {
  const host = document.createElement('div')
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(RECEIPT_STYLE)
  root.adoptedStyleSheets = [sheet]
  root.append(buildReceipt(document, model))
  return host
}

/** The same without style, made in any document. */
export function buildReceipt(page: Document, model: PrintModel): HTMLElement {
  const make = (tag: string, className: string, ...content: (Node | string)[]): HTMLElement => {
    const element = page.createElement(tag)
    if (className) element.className = className
    element.append(...content)
    return element
  }
  const pair = ({ label, value }: Labelled, className = '') =>
    make('div', `pair ${className}`.trim(), make('dt', '', label), make('dd', '', value))
  const pairs = (list: readonly Labelled[], className = '') =>
    make('dl', className, ...list.map((item) => pair(item)))
  const row = (cells: readonly string[], tag: 'th' | 'td') =>
    make('tr', '', ...cells.map((cell) => make(tag, '', cell)))

  const receipt = make(
    'article',
    'receipt',
    make(
      'header',
      '',
      ...(model.duplicate ? [make('p', 'duplicate', model.duplicate)] : []),
      make('h1', '', model.tradeName),
      ...model.seller.map((line) => make('p', 'small', line)),
      make('h2', '', model.title),
    ),
    make('section', '', pairs(model.facts, 'small')),
    make(
      'section',
      '',
      ...model.lines.map((line) =>
        make(
          'div',
          'line',
          make('p', '', line.name),
          make('p', 'small', line.details),
          make(
            'dl',
            '',
            pair({ label: line.quantity, value: line.amount }),
            ...(line.discount ? [pair(line.discount)] : []),
          ),
        ),
      ),
    ),
    make(
      'section',
      '',
      pairs(model.sums),
      make('dl', '', pair(model.total, 'total')),
      make('p', 'small', model.amountInWords),
    ),
  )
  receipt.lang = model.language
  if (model.taxRows.length > 0) {
    const table = make(
      'table',
      '',
      make('thead', '', row(model.taxHeadings, 'th')),
      make('tbody', '', ...model.taxRows.map((cells) => row(cells, 'td'))),
    )
    receipt.append(make('section', '', table))
  }
  if (model.tenders.length > 0) receipt.append(make('section', '', pairs(model.tenders)))
  const footer = model.footer.map((line) => make('p', 'small', line))
  receipt.append(make('section', '', make('footer', '', ...footer, qrElement(page, model.qr))))
  return receipt
}

function qrElement(page: Document, content: string): SVGSVGElement {
  const { data, size } = encode(content, { border: 2 })
  const svg = page.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`)
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-label', content.slice(0, 40))
  const path = page.createElementNS('http://www.w3.org/2000/svg', 'path')
  const dots = data.flatMap((cells, y) => cells.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
  path.setAttribute('d', dots.join(''))
  svg.append(path)
  return svg
}
