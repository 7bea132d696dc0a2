import { buildReceipt, RECEIPT_STYLE } from './receipt-element.ts'
import type { Printer } from './types.ts'

/**
 * Prints through the browser: with its dialog, or without one where Chromium runs with kiosk printing.
 * A browser does not tell whether paper came, so `printed` means that the job was handed over. It has
 * no drawer.
 */
export function browserPrinter(): Printer {
  return {
    kind: 'browser',
    async print({ models }) {
      const frame = document.createElement('iframe')
      frame.hidden = true
      frame.title = ''
      document.body.append(frame)
      try {
        const view = frame.contentWindow
        const page = frame.contentDocument
        if (!view || !page) return { outcome: 'fault', fault: 'failed' }
        // A sheet belongs to the document whose window made it.
        const sheet = new (view as Window & typeof globalThis).CSSStyleSheet() // as: TypeScript's Window has no classes
        sheet.replaceSync(RECEIPT_STYLE)
        page.adoptedStyleSheets = [sheet]
        page.body.append(...models.map((model) => buildReceipt(page, model)))
        await page.fonts.ready
        view.print()
        return { outcome: 'printed' }
      } finally {
        frame.remove()
      }
    },
    openDrawer: async () => false,
    close: async () => undefined,
  }
}
