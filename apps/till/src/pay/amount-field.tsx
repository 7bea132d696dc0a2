import { formatAmount } from '@nexus/domain'
import { AMOUNT_BOX } from '../app/use-keyboard.ts'
import { useTill } from '../app/use-till.ts'

type Props = {
  label: string
  text: string
  /** What an empty box stands for. */
  placeholderMinor: number
  /** What follows from the amount, e.g. the change. */
  note?: string
}

/** The amount box of Pay. Fingers use the pad or the chips, so no screen keyboard covers them. */
export function AmountField({ label, text, placeholderMinor, note }: Props) {
  const till = useTill()
  return (
    <label className="amount-field">
      <span className="amount-label">
        {label}
        {note !== undefined && <b>{note}</b>}
      </span>
      <input
        id={AMOUNT_BOX}
        type="text"
        inputMode="none"
        autoComplete="off"
        placeholder={formatAmount(placeholderMinor)}
        value={text}
        onChange={(event) => till.pay.type(event.currentTarget.value)}
      />
    </label>
  )
}
