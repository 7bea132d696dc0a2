import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder'
import { COLUMNS, type PaperRow, paperRows } from './paper-rows.ts'
import type { PrintModel } from './types.ts'

/** Dots across: 72 mm at 8 dots a millimetre. A multiple of 8, as the raster command asks. */
export const DOTS = 576

/** A picture of one or more rows, four bytes a dot, `DOTS` wide and a multiple of 8 high. */
export type Raster = { width: number; height: number; data: Uint8ClampedArray }
/** Draws a row that the printer's own font cannot: a canvas in the browser. */
export type Rasterise = (row: Exclude<PaperRow, { kind: 'rule' | 'qr' }>) => Raster

export type EscPosOptions = { openDrawer: boolean; rasterise: Rasterise }

/**
 * Bytes of one job for an 80 mm ESC/POS printer (Epson's commands): text for what its code page has,
 * pictures for rows with other scripts, `Rs.` for ₹, which thermal fonts lack. Cut after each document.
 */
export function encodeEscPos(models: readonly PrintModel[], options: EscPosOptions): Uint8Array {
  const encoder = new ReceiptPrinterEncoder({
    language: 'esc-pos',
    columns: COLUMNS,
    codepageMapping: 'epson',
    imageMode: 'raster',
    feedBeforeCut: 4,
    newline: '\n',
    createCanvas: null,
  })
  encoder.initialize().codepage('cp437')
  if (options.openDrawer) encoder.pulse()
  for (const model of models) {
    for (const row of paperRows(plainTexts(model))) writeRow(encoder, row, options.rasterise)
    encoder.cut('partial')
  }
  return encoder.encode()
}

/** Bytes that only open the drawer. */
export function drawerPulse(): Uint8Array {
  return new ReceiptPrinterEncoder({ language: 'esc-pos', createCanvas: null }).initialize().pulse().encode()
}

function writeRow(encoder: ReceiptPrinterEncoder, row: PaperRow, rasterise: Rasterise): void {
  if (row.kind === 'rule') {
    encoder.line('-'.repeat(COLUMNS))
    return
  }
  if (row.kind === 'qr') {
    encoder.align('center').qrcode(row.content, { model: 2, size: 5, errorlevel: 'm' }).align('left')
    return
  }
  if (!textsOf(row).every(isPrintable)) {
    const picture = rasterise(row)
    // The encoder takes anything with size and RGBA data; its type asks for the class of a canvas library.
    encoder.image(picture as ImageData, picture.width, picture.height, 'threshold', 128)
    return
  }
  switch (row.kind) {
    case 'text':
      encoder.bold(row.bold).line(spread(row.left, row.right)).bold(false)
      return
    case 'center':
      if (row.large) encoder.height(2)
      encoder.align('center').bold(row.bold).line(row.text).bold(false).align('left')
      if (row.large) encoder.height(1)
      return
    case 'cells':
      encoder.line(cellsLine(row.cells))
  }
}

function textsOf(row: Exclude<PaperRow, { kind: 'rule' | 'qr' }>): readonly string[] {
  if (row.kind === 'cells') return row.cells
  return row.kind === 'center' ? [row.text] : [row.left, row.right]
}

/** ASCII: the same in every code page of every printer. */
function isPrintable(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}

/** The model with signs that thermal fonts lack in plain characters; before lines are broken, for `Rs. ` is longer than ₹. */
function plainTexts(model: PrintModel): PrintModel {
  // as: only texts are replaced, by texts.
  return JSON.parse(JSON.stringify(model), (_, value) =>
    typeof value === 'string' ? plain(value) : value,
  ) as PrintModel
}

function plain(text: string): string {
  return text
    .replaceAll('₹', 'Rs. ')
    .replaceAll('×', 'x')
    .replaceAll('·', '|')
    .replaceAll('–', '-')
    .replaceAll('’', "'")
}

function spread(left: string, right: string): string {
  return right === '' ? left : left + right.padStart(Math.max(COLUMNS - left.length, right.length + 1))
}

function cellsLine([first = '', ...others]: readonly string[]): string {
  const width = Math.floor((COLUMNS - 9) / others.length)
  return first.padEnd(COLUMNS - width * others.length) + others.map((cell) => cell.padStart(width)).join('')
}
