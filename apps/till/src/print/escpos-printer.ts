import type { Printer, PrintFault, PrintJob } from './types.ts'
import { openSerialWire, openUsbWire, type Wire } from './wires.ts'

/** DLE EOT 2: why a printer is offline. It is answered even while the printer takes nothing else. */
const ASK_STATUS = Uint8Array.of(0x10, 0x04, 0x02)
const COVER_OPEN = 0x04
const PAPER_END = 0x20
/** Bits that every status byte has; anything else is another answer. */
const STATUS_MASK = 0x93
const STATUS_FORM = 0x12
/** Many cheap printers never answer: then there is nothing to wait for. */
const STATUS_TIMEOUT_MS = 300

/** Asks the person for a USB receipt printer; needs a click. Rejects when nothing was chosen. */
export async function chooseUsbPrinter(): Promise<Printer> {
  return chosen('usb', await openUsbWire(true))
}

/** Asks the person for a serial receipt printer; needs a click. Rejects when nothing was chosen. */
export async function chooseSerialPrinter(): Promise<Printer> {
  return chosen('serial', await openSerialWire(true))
}

/** The printer chosen before, without asking; undefined when it is not plugged in. */
export async function reopenPrinter(kind: 'usb' | 'serial'): Promise<Printer | undefined> {
  const wire = await (kind === 'usb' ? openUsbWire(false) : openSerialWire(false))
  return wire && escPosPrinter(kind, wire)
}

function chosen(kind: 'usb' | 'serial', wire: Wire | undefined): Printer {
  if (!wire) throw new Error(`this browser has no ${kind} printer`)
  return escPosPrinter(kind, wire)
}

/** A printer that speaks ESC/POS. Jobs go out one after another, whole. */
export function escPosPrinter(kind: 'usb' | 'serial', wire: Wire): Printer {
  let last: Promise<unknown> = Promise.resolve()

  /** Sends once everything before has gone out; the fault, if any. */
  function send(bytes: () => Promise<Uint8Array>): Promise<PrintFault | undefined> {
    const run = last.then(async (): Promise<PrintFault | undefined> => {
      try {
        await wire.write(ASK_STATUS)
        const fault = faultOf(await wire.read(STATUS_TIMEOUT_MS))
        if (fault === undefined) await wire.write(await bytes())
        return fault
      } catch (cause) {
        // Browsers reject with a DOMException when the cable is out.
        return cause instanceof DOMException ? 'not-connected' : 'failed'
      }
    })
    last = run
    return run
  }

  return {
    kind,
    async print(job) {
      const fault = await send(() => encode(job))
      return fault === undefined ? { outcome: 'printed' } : { outcome: 'fault', fault }
    },
    async openDrawer() {
      const { drawerPulse } = await import('./escpos.ts')
      return (await send(async () => drawerPulse())) === undefined
    },
    close: () => wire.close(),
  }
}

/** The encoder is a third of the app: only tills with such a printer load it. */
async function encode({ models, openDrawer }: PrintJob): Promise<Uint8Array> {
  const [{ encodeEscPos }, { rasterise }] = await Promise.all([
    import('./escpos.ts'),
    import('./rasterise.ts'),
  ])
  return encodeEscPos(models, { openDrawer, rasterise })
}

function faultOf(answer: Uint8Array): PrintFault | undefined {
  const status = answer.at(-1)
  if (status === undefined || (status & STATUS_MASK) !== STATUS_FORM) return undefined
  if (status & COVER_OPEN) return 'cover-open'
  return status & PAPER_END ? 'out-of-paper' : undefined
}
