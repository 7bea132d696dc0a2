import { useSyncExternalStore } from 'react'
import { useWords } from '../words/use-words.ts'
import { useTillApp } from './use-till.ts'

/** Which printer bills come from. The browser asks which device, so each choice is a click. */
export function PrinterChoice() {
  const i18n = useWords()
  const { till, printing } = useTillApp()
  const kind = useSyncExternalStore(printing.subscribe, printing.kind)
  const kinds = [
    { kind: 'browser', text: i18n._('printer.browser', {}, { message: 'Browser’s printing' }) },
    { kind: 'usb', text: i18n._('printer.usb', {}, { message: 'Receipt printer, USB' }) },
    { kind: 'serial', text: i18n._('printer.serial', {}, { message: 'Receipt printer, serial' }) },
  ] as const
  async function choose(wanted: (typeof kinds)[number]['kind']): Promise<void> {
    try {
      await printing.choose(wanted)
      till.notify('printer-chosen')
    } catch {
      till.notify('printer-refused', { tone: 'bad' })
    }
  }
  return (
    <fieldset className="choice">
      <legend>{i18n._('printer.legend', {}, { message: 'Printer' })}</legend>
      {kinds.map((each) => (
        <button
          key={each.kind}
          type="button"
          aria-pressed={each.kind === kind}
          onClick={() => void choose(each.kind)}
        >
          {each.text}
        </button>
      ))}
    </fieldset>
  )
}
