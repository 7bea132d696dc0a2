import { DOTS, type Raster, type Rasterise } from './escpos.ts'

const LINE_DOTS = 32
const LARGE_DOTS = 48
const FONT = "'Noto Sans', 'Noto Sans Devanagari', 'Noto Sans Kannada', 'Noto Sans Tamil', sans-serif"

/** Draws one row of paper with the browser's fonts; a text that is too long is squeezed, never cut. */
export const rasterise: Rasterise = (row) => {
  const isLarge = row.kind === 'center' && row.large
  const height = isLarge ? LARGE_DOTS : LINE_DOTS
  const canvas = new OffscreenCanvas(DOTS, height)
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  if (!pen) throw new Error('this browser draws no pictures')
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, DOTS, height)
  pen.fillStyle = '#000'
  pen.textBaseline = 'middle'
  const isBold = row.kind !== 'cells' && row.bold
  pen.font = `${isBold ? 'bold ' : ''}${isLarge ? 36 : 23}px ${FONT}`
  const write = (text: string, align: CanvasTextAlign, x: number, room: number) => {
    pen.textAlign = align
    pen.fillText(text, x, height / 2, room)
  }
  if (row.kind === 'center') write(row.text, 'center', DOTS / 2, DOTS)
  if (row.kind === 'text') {
    const rightDots = row.right === '' ? 0 : Math.min(pen.measureText(row.right).width, DOTS / 2)
    write(row.left, 'left', 0, DOTS - rightDots - 8)
    if (rightDots > 0) write(row.right, 'right', DOTS, rightDots)
  }
  if (row.kind === 'cells') {
    const [first = '', ...others] = row.cells
    const width = Math.floor((DOTS - 108) / Math.max(others.length, 1))
    write(first, 'left', 0, DOTS - width * others.length - 8)
    others.forEach((cell, at) => {
      write(cell, 'right', DOTS - width * (others.length - 1 - at), width - 8)
    })
  }
  return toRaster(pen.getImageData(0, 0, DOTS, height))
}

function toRaster({ width, height, data }: ImageData): Raster {
  return { width, height, data: new Uint8ClampedArray(data) }
}
