import type { PrintModel } from './types.ts'

/** The bill as an element, 72 mm wide, in its own shadow root with its own style: for the screen and for `print`. */
export function receiptElement(_model: PrintModel): HTMLElement {
  throw new Error('being built')
}
