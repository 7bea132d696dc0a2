import { formatRupees, stateName } from '@nexus/domain'
import { type FormEvent, useEffect, useRef } from 'react'
import { useJournal, useTill } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { BUYER_FROM_MINOR } from './buyer.ts'

/** States and Union Territories that exist, by their GST codes. */
const STATE_CODES = Array.from({ length: 99 }, (_, at) => String(at + 1).padStart(2, '0')).filter(
  (code) => stateName(code) !== undefined,
)

/** A large bill must name its buyer; asked before any money is taken. */
export function BuyerPart() {
  const till = useTill()
  const i18n = useWords()
  const ownState = useJournal((status) => status.place?.store.state)
  const name = useRef<HTMLInputElement>(null)
  useEffect(() => name.current?.focus({ preventScroll: true }), [])
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (field: string) =>
      String(form.get(field) ?? '')
        .trim()
        .toWellFormed()
    till.pay.setBuyer({ name: text('name'), address: text('address'), state: text('state') })
  }
  return (
    <form className="card-part" onSubmit={submit}>
      <p>
        {i18n._(
          'buyer.why',
          { amount: formatRupees(BUYER_FROM_MINOR) },
          {
            message: 'From a taxable value of {amount} the invoice must name the buyer.',
          },
        )}
      </p>
      <label>
        <span>{i18n._('buyer.name', {}, { message: 'Name of the buyer' })}</span>
        <input ref={name} name="name" required maxLength={120} autoComplete="off" />
      </label>
      <label>
        <span>{i18n._('buyer.address', {}, { message: 'Address' })}</span>
        <input name="address" required maxLength={300} autoComplete="off" />
      </label>
      <label>
        <span>{i18n._('buyer.state', {}, { message: 'State' })}</span>
        <select name="state" defaultValue={ownState}>
          {STATE_CODES.map((code) => (
            <option key={code} value={code}>
              {stateName(code)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="primary big">
        {i18n._('buyer.next', {}, { message: 'Go on to payment' })} <kbd>⏎</kbd>
      </button>
    </form>
  )
}
