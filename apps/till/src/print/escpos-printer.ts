import type { Printer } from './types.ts'

/** Asks the person for a USB receipt printer; needs a click. Rejects when nothing was chosen. */
export async function chooseUsbPrinter(): Promise<Printer> {
  throw new Error('being built')
}

/** Asks the person for a serial receipt printer; needs a click. Rejects when nothing was chosen. */
export async function chooseSerialPrinter(): Promise<Printer> {
  throw new Error('being built')
}

/** The printer chosen before, without asking; undefined when it is not plugged in. */
export async function reopenPrinter(_kind: 'usb' | 'serial'): Promise<Printer | undefined> {
  throw new Error('being built')
}
