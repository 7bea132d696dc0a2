import { formatQuantity, parseQuantity } from '@nexus/domain'
import { type FormEvent, useEffect, useRef } from 'react'
import { useTill, useTillState } from '../app/use-till.ts'
import { ReturnedActions } from '../returns/returned-actions.tsx'
import { useWords } from '../words/use-words.ts'
import type { Row } from './rows.ts'

/** What can be done with the chosen line; always at the same place, empty while there is no line. */
export function LineBar() {
  const row = useTillState((state) => state.rows.find((one) => one.uid === state.selected))
  const paying = useTillState((state) => state.pay !== undefined)
  return <div className="line-bar">{row !== undefined && !paying && <LineActions row={row} />}</div>
}

function LineActions({ row }: { row: Row }) {
  const till = useTill()
  const i18n = useWords()
  const field = useRef<HTMLInputElement>(null)
  const name = row.names?.[i18n.locale] ?? row.names?.en ?? row.code

  useEffect(() => {
    // A new quantity, or another line, replaces what was typed and not finished.
    if (field.current && row.uid !== '') field.current.value = formatQuantity(row.quantityMilli)
  }, [row.uid, row.quantityMilli])

  function submit(event: FormEvent): void {
    event.preventDefault()
    const parsed = parseQuantity(field.current?.value ?? '')
    if ('quantityMilli' in parsed) till.cart.setQuantity(row.uid, parsed.quantityMilli)
    else if (field.current) field.current.value = formatQuantity(row.quantityMilli)
  }
  if (row.refusal !== undefined) return <RefusedActions row={row} />
  if (row.returned) return <ReturnedActions uid={row.uid} />
  return (
    <>
      <form className="quantity" onSubmit={submit}>
        <button
          type="button"
          aria-label={i18n._('line.less', { name }, { message: 'One less of {name}' })}
          onClick={() => till.cart.step(row.uid, -1)}
        >
          −
        </button>
        <input
          ref={field}
          inputMode="decimal"
          autoComplete="off"
          aria-label={i18n._('line.quantity', { name }, { message: 'Quantity of {name}' })}
          onBlur={submit}
        />
        <button
          type="button"
          aria-label={i18n._('line.more', { name }, { message: 'One more of {name}' })}
          onClick={() => till.cart.step(row.uid, 1)}
        >
          +
        </button>
      </form>
      <button type="button" onClick={() => till.cart.voidOne(row.uid)}>
        {i18n._('line.void', {}, { message: 'Take off' })} <kbd>Del</kbd>
      </button>
      <button type="button" onClick={till.cart.openLine}>
        {i18n._('line.open', {}, { message: 'Why this price?' })} <kbd>⏎</kbd>
      </button>
      {row.asksMrp && (
        <button type="button" className="primary" onClick={() => till.cart.askMrp(row.uid)}>
          {i18n._('line.choose-mrp', {}, { message: 'Choose the MRP' })}
        </button>
      )}
    </>
  )
}

/** A red row has two ways out: find the product by its name, or take the row off. */
function RefusedActions({ row }: { row: Row }) {
  const till = useTill()
  const i18n = useWords()
  const unknown = row.refusal?.code === 'unknown-code' || row.refusal?.code === 'damaged-code'
  return (
    <>
      {unknown && (
        <button type="button" className="primary" onClick={till.cart.findByName}>
          {i18n._('line.find', {}, { message: 'Find by name' })} <kbd>F3</kbd>
        </button>
      )}
      <button type="button" onClick={() => till.cart.voidOne(row.uid)}>
        {i18n._('line.void', {}, { message: 'Take off' })} <kbd>Del</kbd>
      </button>
    </>
  )
}
