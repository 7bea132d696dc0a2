import { countTotal, DENOMINATIONS_MINOR, formatAmount, formatRupees, parseAmount } from '@nexus/domain'
import type { CashCount } from '@nexus/sync'
import { useEffect, useRef, useState } from 'react'
import { useWords } from '../words/use-words.ts'

type Props = {
  /** Of the field for a total without pieces. */
  totalLabel: string
  /** undefined while what is typed is no count. */
  onChange: (count: CashCount | undefined) => void
}

/** Cash by notes and coins, or just its total: the total is typed at once, pieces add it up. */
export function CashCountFields({ totalLabel, onChange }: Props) {
  const i18n = useWords()
  const [total, setTotal] = useState('')
  const [pieces, setPieces] = useState<Readonly<Record<number, string>>>({})
  const counted = DENOMINATIONS_MINOR.flatMap((denominationMinor) => {
    const count = Number(pieces[denominationMinor] || '0')
    return count > 0 ? [{ denominationMinor, count }] : []
  })
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (!window.matchMedia('(pointer: coarse)').matches) field.current?.focus()
  }, [])
  const byPieces = counted.length > 0

  function typeTotal(text: string): void {
    setTotal(text)
    setPieces({})
    const parsed = parseAmount(text)
    onChange('fault' in parsed ? undefined : { totalMinor: parsed.amountMinor, pieces: [] })
  }
  function typePieces(denominationMinor: number, text: string): void {
    const next = { ...pieces, [denominationMinor]: text.replaceAll(/\D/g, '').slice(0, 5) }
    setPieces(next)
    const list = DENOMINATIONS_MINOR.flatMap((each) => {
      const count = Number(next[each] || '0')
      return count > 0 ? [{ denominationMinor: each, count }] : []
    })
    const totalMinor = countTotal(list)
    setTotal(list.length === 0 ? '' : formatAmount(totalMinor))
    onChange(list.length === 0 ? undefined : { totalMinor, pieces: list })
  }
  return (
    <div className="count">
      <label className="count-total">
        <span>{totalLabel}</span>
        <input
          ref={field}
          inputMode="decimal"
          autoComplete="off"
          value={total}
          onChange={(event) => typeTotal(event.currentTarget.value)}
        />
      </label>
      <fieldset>
        <legend>{i18n._('count.pieces', {}, { message: 'Or count notes and coins' })}</legend>
        {DENOMINATIONS_MINOR.map((denominationMinor) => (
          <label key={denominationMinor}>
            <span>{formatRupees(denominationMinor).replace(/\.00$/, '')} ×</span>
            <input
              inputMode="numeric"
              autoComplete="off"
              value={pieces[denominationMinor] ?? ''}
              onChange={(event) => typePieces(denominationMinor, event.currentTarget.value)}
            />
          </label>
        ))}
      </fieldset>
      {byPieces && (
        <p aria-live="polite">
          {i18n._(
            'count.sum',
            { amount: formatRupees(countTotal(counted)) },
            { message: 'Counted: {amount}' },
          )}
        </p>
      )}
    </div>
  )
}
