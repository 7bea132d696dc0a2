import type { Printer } from './types.ts'

/** Prints through the browser's dialog or, with kiosk printing, without one. It has no drawer. */
export function browserPrinter(): Printer {
  throw new Error('being built')
}
