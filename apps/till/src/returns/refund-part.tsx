import { formatRupees } from '@nexus/domain'
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react'
import type { PayState } from '../app/state.ts'
import { useTill } from '../app/use-till.ts'
import { tenderFaultWords } from '../pay/tender-words.ts'
import { useWords } from '../words/use-words.ts'

type Props = { pay: PayState; refundMinor: number }

/** More comes back than is sold: the difference goes out in one way (RET-1d). Enter gives cash. */
export function RefundPart({ pay, refundMinor }: Props) {
  const i18n = useWords()
  const till = useTill()
  const amount = formatRupees(refundMinor)
  const button = useRef<HTMLButtonElement>(null)
  // Where the amount box of Pay has it, so that Enter completes.
  useEffect(() => button.current?.focus({ preventScroll: true }), [])
  const fault = (
    <p role="alert" className="fault">
      {pay.fault !== undefined && tenderFaultWords(i18n, pay.fault)}
    </p>
  )
  if (pay.method !== 'cash')
    return <ReferenceForm key={pay.method} method={pay.method} amount={amount} fault={fault} />
  return (
    <div className="cash-part">
      <p>
        {i18n._('refund.cash', { amount }, { message: 'Give {amount} from the drawer to the customer.' })}
      </p>
      <div className="finish">
        {fault}
        <button
          type="button"
          className="primary big"
          ref={button}
          onClick={() => void till.pay.takeCash(undefined)}
        >
          {i18n._('refund.cash-given', { amount }, { message: 'Give back {amount}' })} <kbd>⏎</kbd>
        </button>
      </div>
    </div>
  )
}

type FormProps = { method: 'upi' | 'card'; amount: string; fault: ReactNode }

/** UPI and cards are refunded on a phone or terminal of its own; what it says is typed here. */
function ReferenceForm({ method, amount, fault }: FormProps) {
  const till = useTill()
  const i18n = useWords()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus({ preventScroll: true }), [])
  function submit(event: FormEvent): void {
    event.preventDefault()
    void till.pay.refundBy(method, field.current?.value ?? '')
  }
  return (
    <form className="card-part" onSubmit={submit}>
      <ol className="steps">
        <li>
          {method === 'upi'
            ? i18n._('refund.upi-step', { amount }, { message: 'Send {amount} to the customer by UPI' })
            : i18n._('refund.card-step', { amount }, { message: 'Refund {amount} on the card terminal' })}
        </li>
        <li>{i18n._('refund.reference-step', {}, { message: 'Type the reference that it shows' })}</li>
      </ol>
      <label>
        <span>{i18n._('refund.reference', {}, { message: 'Reference of the refund' })}</span>
        <input ref={field} autoComplete="off" spellCheck={false} autoCapitalize="characters" maxLength={40} />
      </label>
      <div className="finish">
        {fault}
        <button type="submit" className="primary big">
          {i18n._('refund.given', { amount }, { message: 'Refunded {amount}' })} <kbd>⏎</kbd>
        </button>
      </div>
    </form>
  )
}
