import { formatRupees } from '@nexus/domain'
import { type FormEvent, useEffect, useRef } from 'react'
import type { PayState } from '../app/state.ts'
import { useTill } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { AmountField } from './amount-field.tsx'
import { tenderFaultWords } from './tender-words.ts'
import { typedAmount } from './tenders.ts'

type Props = { pay: PayState; remainingMinor: number }

/** Card on a terminal of its own: what its slip says is typed here, never the card's number. */
export function CardPart({ pay, remainingMinor }: Props) {
  const till = useTill()
  const i18n = useWords()
  const approval = useRef<HTMLInputElement>(null)
  const lastFour = useRef<HTMLInputElement>(null)
  useEffect(() => approval.current?.focus({ preventScroll: true }), [])
  const amountMinor = typedAmount(pay.text, remainingMinor) ?? remainingMinor
  function submit(event: FormEvent): void {
    event.preventDefault()
    // Enter in the first fields goes on to the next one that is empty.
    const empty = [approval, lastFour].find((field) => field.current?.value.trim() === '')
    if (empty !== undefined && document.activeElement !== empty.current) {
      empty.current?.focus()
      return
    }
    void till.pay.confirmCard(approval.current?.value ?? '', lastFour.current?.value ?? '')
  }
  return (
    <form className="card-part" onSubmit={submit}>
      <AmountField
        label={i18n._('pay.card-amount', {}, { message: 'Amount by card' })}
        text={pay.text}
        placeholderMinor={remainingMinor}
      />
      <ol className="steps">
        <li>
          {i18n._(
            'pay.card-step-1',
            { amount: formatRupees(amountMinor) },
            {
              message: 'Take {amount} on the card terminal',
            },
          )}
        </li>
        <li>{i18n._('pay.card-step-2', {}, { message: 'Type what its slip says' })}</li>
      </ol>
      <label>
        <span>{i18n._('pay.card-approval', {}, { message: 'Approval code' })}</span>
        <input ref={approval} autoComplete="off" spellCheck={false} autoCapitalize="characters" />
      </label>
      <label>
        <span>{i18n._('pay.card-last-four', {}, { message: 'Last four digits of the card' })}</span>
        <input ref={lastFour} inputMode="numeric" autoComplete="off" />
      </label>
      <div className="finish">
        <p role="alert" className="fault">
          {pay.fault !== undefined && tenderFaultWords(i18n, pay.fault)}
        </p>
        <button type="submit" className="primary big">
          {i18n._('pay.card-take', { amount: formatRupees(amountMinor) }, { message: 'Card paid {amount}' })}{' '}
          <kbd>⏎</kbd>
        </button>
      </div>
    </form>
  )
}
