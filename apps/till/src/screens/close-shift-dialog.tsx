import { formatRupees } from '@nexus/domain'
import type { CashCount } from '@nexus/sync'
import { type FormEvent, useState } from 'react'
import { CashCountFields } from '../app/cash-count.tsx'
import { Dialog } from '../app/dialog.tsx'
import { problemWords } from '../app/problem-words.ts'
import { useTill } from '../app/use-till.ts'
import type { ShiftSummary } from '../journal/index.ts'
import { useWords } from '../words/use-words.ts'
import { NotSafeNote } from './not-safe-note.tsx'
import { ShiftResult } from './shift-result.tsx'

/** Counts blind, then compares: what should be in the drawer is shown only after the count is entered. */
export function CloseShiftDialog() {
  const till = useTill()
  const i18n = useWords()
  const [count, setCount] = useState<CashCount>()
  const [summary, setSummary] = useState<ShiftSummary>()
  const [fault, setFault] = useState<string>()
  const close = () => till.store.setState({ dialog: undefined })

  async function compare(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (count === undefined) {
      setFault(
        i18n._('close.count-first', {}, { message: 'Count the drawer first; type 0 for an empty one.' }),
      )
      return
    }
    try {
      setSummary(await till.parts.journal.shiftSummary())
      setFault(undefined)
    } catch (cause) {
      setFault(problemWords(i18n, cause))
    }
  }
  return (
    <Dialog
      wide
      title={i18n._('menu.close-shift', {}, { message: 'Count and close the shift' })}
      onClose={close}
    >
      <NotSafeNote />
      {summary === undefined || count === undefined ? (
        <form className="stack" onSubmit={(event) => void compare(event)}>
          <CashCountFields
            totalLabel={i18n._('close.counted', {}, { message: 'Cash in the drawer, all of it' })}
            onChange={setCount}
          />
          <p role="alert" className="fault">
            {fault}
          </p>
          <button type="submit" className="primary big">
            {i18n._('close.compare', {}, { message: 'Compare' })} <kbd>⏎</kbd>
          </button>
        </form>
      ) : (
        <>
          <p>
            {i18n._(
              'close.you-counted',
              { amount: formatRupees(count.totalMinor) },
              {
                message: 'You counted {amount}.',
              },
            )}
          </p>
          <ShiftResult count={count} summary={summary} />
        </>
      )}
    </Dialog>
  )
}
