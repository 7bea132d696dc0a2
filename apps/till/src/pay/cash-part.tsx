import type { I18n } from '@lingui/core'
import { formatRupees } from '@nexus/domain'
import { useEffect } from 'react'
import { NumberPad } from '../app/number-pad.tsx'
import type { PayState } from '../app/state.ts'
import { AMOUNT_BOX, focusBox } from '../app/use-keyboard.ts'
import { useTill } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { AmountField } from './amount-field.tsx'
import { tenderFaultWords } from './tender-words.ts'
import { nextNotes, typedAmount } from './tenders.ts'

type Props = { pay: PayState; remainingMinor: number }

/** Cash: Enter takes exactly what is left; notes as chips; what is typed shows its change before it is taken. */
export function CashPart({ pay, remainingMinor }: Props) {
  const till = useTill()
  const i18n = useWords()
  useEffect(() => focusBox(AMOUNT_BOX), [])
  const typedMinor = pay.text === '' ? undefined : typedAmount(pay.text, remainingMinor)
  return (
    <div className="cash-part">
      <div className="chips">
        <button type="button" className="exact" onClick={() => void till.pay.takeCash(remainingMinor)}>
          {i18n._('pay.exact', { amount: formatRupees(remainingMinor) }, { message: 'Exact {amount}' })}
        </button>
        {nextNotes(remainingMinor).map((sumMinor) => (
          <button key={sumMinor} type="button" onClick={() => void till.pay.takeCash(sumMinor)}>
            {formatRupees(sumMinor).replace(/\.00$/, '')}
          </button>
        ))}
      </div>
      <AmountField
        label={i18n._('pay.cash-handed', {}, { message: 'Cash given' })}
        text={pay.text}
        placeholderMinor={remainingMinor}
        {...(typedMinor !== undefined && { note: changeWords(i18n, typedMinor - remainingMinor) })}
      />
      <NumberPad
        label={i18n._('pay.pad', {}, { message: 'Digits of the amount' })}
        value={pay.text}
        onChange={till.pay.type}
        extra="00"
      />
      <div className="finish">
        <p role="alert" className="fault">
          {pay.fault !== undefined && tenderFaultWords(i18n, pay.fault)}
        </p>
        <div className="pair">
          <button type="button" onClick={() => void till.pay.takeCash(undefined, true)}>
            {i18n._('pay.part', {}, { message: 'Take a part' })} <kbd>+</kbd>
          </button>
          <button type="button" className="primary" onClick={() => void till.pay.takeCash(undefined)}>
            {i18n._('pay.complete', {}, { message: 'Complete' })} <kbd>⏎</kbd>
          </button>
        </div>
      </div>
    </div>
  )
}

function changeWords(i18n: I18n, differenceMinor: number): string {
  const amount = formatRupees(Math.abs(differenceMinor))
  return differenceMinor >= 0
    ? i18n._('pay.change-of', { amount }, { message: 'Change {amount}' })
    : i18n._('pay.still-left', { amount }, { message: 'Still {amount}' })
}
