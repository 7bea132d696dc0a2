import { formatRupees } from '@nexus/domain'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { runningTime } from '../app/age-words.ts'
import { NumberPad } from '../app/number-pad.tsx'
import type { PayState, UpiAttempt } from '../app/state.ts'
import { AMOUNT_BOX, focusBox } from '../app/use-keyboard.ts'
import { useNow, useTill } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { AmountField } from './amount-field.tsx'
import { QrCode } from './qr-code.tsx'
import { tenderFaultWords } from './tender-words.ts'
import { typedAmount } from './tenders.ts'

type Props = { pay: PayState; remainingMinor: number }

/** UPI: first the amount, then the QR until the cashier says what the phones show. */
export function UpiPart({ pay, remainingMinor }: Props) {
  if (pay.upi !== undefined) return <UpiWaiting upi={pay.upi} fault={pay.fault} />
  return <UpiAmount pay={pay} remainingMinor={remainingMinor} />
}

function UpiAmount({ pay, remainingMinor }: Props) {
  const till = useTill()
  const i18n = useWords()
  useEffect(() => focusBox(AMOUNT_BOX), [])
  const amountMinor = typedAmount(pay.text, remainingMinor) ?? remainingMinor
  return (
    <form
      className="cash-part"
      onSubmit={(event) => {
        event.preventDefault()
        void till.pay.askUpi()
      }}
    >
      <AmountField
        label={i18n._('pay.upi-amount', {}, { message: 'Amount by UPI' })}
        text={pay.text}
        placeholderMinor={remainingMinor}
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
        <button type="submit" className="primary big">
          {i18n._(
            'pay.upi-show',
            { amount: formatRupees(amountMinor) },
            { message: 'Show the QR for {amount}' },
          )}
        </button>
      </div>
    </form>
  )
}

function UpiWaiting({ upi, fault }: { upi: UpiAttempt; fault: PayState['fault'] }) {
  const till = useTill()
  const i18n = useWords()
  const now = useNow(1000)
  const [cancelling, setCancelling] = useState(false)
  const reference = useRef<HTMLInputElement>(null)
  const asksReference = upi.step !== 'intent' && !cancelling
  useEffect(() => {
    if (asksReference) reference.current?.focus({ preventScroll: true })
  }, [asksReference])

  function confirm(event: FormEvent): void {
    event.preventDefault()
    void till.pay.confirmUpi(reference.current?.value ?? '')
  }
  if (upi.step === 'intent') {
    return <p role="status">{i18n._('pay.upi-starting', {}, { message: 'Preparing the QR…' })}</p>
  }
  return (
    <div className={cancelling ? 'upi asking' : 'upi'}>
      <QrCode
        content={upi.link}
        label={i18n._(
          'pay.upi-qr',
          { amount: formatRupees(upi.amountMinor) },
          {
            message: 'UPI QR for {amount}',
          },
        )}
      />
      <p className="upi-state">
        <b>{formatRupees(upi.amountMinor)}</b>
        <span>
          {i18n._(
            'pay.upi-waiting',
            { time: runningTime(now - upi.startedAt) },
            { message: 'Waiting {time}' },
          )}
        </span>
      </p>
      {cancelling ? (
        <div className="ask-back">
          <p>
            {i18n._(
              'pay.upi-cancel-ask',
              {},
              {
                message: 'Look at the customer’s phone. Did money leave it?',
              },
            )}
          </p>
          <button type="button" onClick={() => setCancelling(false)}>
            {i18n._('pay.upi-cancel-no', {}, { message: 'Yes: keep waiting' })}
          </button>
          <button type="button" className="danger" onClick={() => void till.pay.cancelUpi()}>
            {i18n._('pay.upi-cancel-yes', {}, { message: 'No: cancel this payment' })}
          </button>
          <button type="button" onClick={till.pay.leaveUpiOpen}>
            {i18n._('pay.upi-leave-open', {}, { message: 'Nobody can say: pay another way' })}
          </button>
        </div>
      ) : (
        <form className="upi-form" onSubmit={confirm}>
          <label>
            <span>{i18n._('pay.upi-reference', {}, { message: 'Reference on the phone (UTR)' })}</span>
            <input ref={reference} name="reference" autoComplete="off" spellCheck={false} inputMode="text" />
          </label>
          <p role="alert" className="fault">
            {fault !== undefined && tenderFaultWords(i18n, fault)}
          </p>
          <div className="pair">
            <button type="button" onClick={() => setCancelling(true)}>
              {i18n._('pay.upi-cancel', {}, { message: 'Cancel' })}
            </button>
            <button type="submit" className="primary" aria-busy={upi.step === 'result'}>
              {i18n._('pay.upi-paid', {}, { message: 'Paid' })} <kbd>⏎</kbd>
            </button>
          </div>
        </form>
      )}
    </div>
  )
}
