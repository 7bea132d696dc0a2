import type { I18n } from '@lingui/core'
import { stateName } from '@nexus/domain'
import { keepPreferences, readPreferences } from '../device/index.ts'
import type { Bill, JournalClient } from '../journal/index.ts'
import { buyerOf } from '../pay/buyer.ts'
import {
  browserPrinter,
  chooseSerialPrinter,
  chooseUsbPrinter,
  layoutBill,
  type Printer,
  type PrintModel,
  type PrintOutcome,
  reopenPrinter,
} from '../print/index.ts'
import type { Words } from '../words/words.ts'

/** The printer of this till, and bills laid out for it. */
export type Printing = {
  kind(): Printer['kind']
  /** Undefined before the first job of this run. */
  lastOutcome(): PrintOutcome | undefined
  subscribe(listener: () => void): () => void
  /** Changes the printer; USB and serial ask the person, so this follows a click. Rejects when none was chosen. */
  choose(kind: Printer['kind']): Promise<void>
  layOut(bill: Bill, duplicate: boolean): Promise<PrintModel[]>
  print(bill: Bill, job: { id: string; duplicate: boolean; openDrawer: boolean }): Promise<PrintOutcome>
}

/**
 * Opens the printer that was chosen on this device; without it jobs end with `not-connected`.
 *
 * @param offerName name of an offer of the rulebook in use; undefined where it has left it
 */
export function openPrinting(
  journal: JournalClient,
  words: Words,
  offerName: (offerId: number) => string | undefined,
): Printing {
  let kind = readPreferences().printer
  let printer: Printer | undefined = kind === 'browser' ? browserPrinter() : undefined
  let last: PrintOutcome | undefined
  const listeners = new Set<() => void>()
  // One job after another: fast repeats print blank on cheap printers.
  let queue: Promise<unknown> = Promise.resolve()

  function tell(): void {
    for (const listener of listeners) listener()
  }

  async function connected(): Promise<Printer | undefined> {
    if (printer === undefined && kind !== 'browser') printer = await reopenPrinter(kind)
    return printer
  }

  async function layOut(bill: Bill, duplicate: boolean): Promise<PrintModel[]> {
    const { place, people } = journal.getStatus()
    if (place === null) throw new Error('an enrolled till knows its store')
    const i18n: I18n = await words.inLanguage(bill.body.language)
    const cashier = people.find((person) => person.id === bill.staff)?.name ?? ''
    const buyer = buyerOf(await journal.personalOf(bill.identity))
    return layoutBill(bill, place, i18n, {
      duplicate,
      cashier,
      offerName,
      buyer: buyer ? [buyer.name, buyer.address, `${stateName(buyer.state) ?? ''} (${buyer.state})`] : [],
    })
  }

  async function run(bill: Bill, job: Parameters<Printing['print']>[1]): Promise<PrintOutcome> {
    try {
      const device = await connected()
      if (device === undefined) return { outcome: 'fault', fault: 'not-connected' }
      const models = await layOut(bill, job.duplicate)
      return await device.print({ id: job.id, models, openDrawer: job.openDrawer })
    } catch {
      // Paper is never worth a till that stops: the bill is complete and can be printed again.
      return { outcome: 'fault', fault: 'failed' }
    }
  }

  return {
    kind: () => kind,
    lastOutcome: () => last,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async choose(wanted) {
      const chosen =
        wanted === 'browser'
          ? browserPrinter()
          : await (wanted === 'usb' ? chooseUsbPrinter() : chooseSerialPrinter())
      await printer?.close()
      printer = chosen
      kind = wanted
      last = undefined
      keepPreferences({ printer: wanted })
      tell()
    },
    layOut,
    print(bill, job) {
      const done = queue.then(() => run(bill, job))
      queue = done
      return done.then((outcome) => {
        last = outcome
        tell()
        return outcome
      })
    },
  }
}
