import { formatQuantity, formatRupees } from '@nexus/domain'
import { useShallow } from 'zustand/react/shallow'
import { useTillState } from '../app/use-till.ts'
import { differenceOf } from '../returns/draft-return.ts'
import { useWords } from '../words/use-words.ts'
import { refusalWords } from './refusal-words.ts'

/** Says the newest line and the sum to a screen reader after each scan. */
export function Spoken() {
  const i18n = useWords()
  const flash = useTillState((state) => state.flash)
  const row = useTillState((state) => state.rows.find((one) => one.uid === state.flash?.uid))
  const due = useTillState(useShallow((state) => differenceOf(state.back, state.priced)))
  let text = ''
  if (row !== undefined) {
    const name = row.names?.[i18n.locale] ?? row.names?.en ?? row.code
    text =
      row.refusal === undefined
        ? i18n._(
            'spoken.line',
            {
              name,
              quantity: formatQuantity(row.quantityMilli),
              amount: formatRupees(row.paidMinor),
              total: formatRupees(due.direction === 'in' ? due.amountMinor : -due.amountMinor),
            },
            { message: '{name}, {quantity}, {amount}. To pay {total}' },
          )
        : `${name}. ${refusalWords(i18n, row.refusal)}`
  }
  return (
    <div className="spoken" aria-live="polite" aria-atomic="true">
      <span key={flash?.serial}>{text}</span>
    </div>
  )
}
