import { formatAmount, formatQuantity } from '@nexus/domain'
import { memo, useEffect, useRef } from 'react'
import { useCatalogue, useTill } from '../app/use-till.ts'
import { monthWords } from '../words/date-words.ts'
import { useWords } from '../words/use-words.ts'
import { refusalWords } from './refusal-words.ts'
import type { Row } from './rows.ts'
import { giftRefusalWords, reductionWords } from './trace-words.ts'

type Props = {
  row: Row
  /** Lines of the bill, for screen readers: only some are in the document. */
  total: number
  selected: boolean
  /** Changes when the line was just scanned; 0 for an older one. */
  flash: number
}

/** One line: tap to choose it, once more to open it. */
export const CartRow = memo(function CartRow({ row, total, selected, flash }: Props) {
  const till = useTill()
  const i18n = useWords()
  const name = row.names?.[i18n.locale] ?? row.names?.en ?? row.code
  const refused = row.refusal !== undefined
  const line = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (flash === 0) return
    // After the line is painted: what lights it up must not hold it back.
    const frame = requestAnimationFrame(() => setTimeout(() => light(line.current)))
    return () => cancelAnimationFrame(frame)
  }, [flash])
  return (
    <li
      ref={line}
      className={`row${selected ? ' selected' : ''}${refused ? ' refused' : ''}${row.returned ? ' returned' : ''}`}
      aria-posinset={row.position}
      aria-setsize={total}
    >
      <button
        type="button"
        aria-current={selected}
        onClick={() => (selected ? till.cart.openLine() : till.cart.select(row.uid))}
      >
        <span className="position">{row.position}</span>
        <span className="what">
          <span className="name">{name}</span>
          <Details row={row} />
        </span>
        <span className="times">
          {row.returned && '−'}
          {formatQuantity(row.quantityMilli)}
          {!refused && ` × ${formatAmount(row.unitMinor)}`}
        </span>
        <span className="amount">
          {refused ? '–' : row.returned ? `−${formatAmount(-row.paidMinor)}` : formatAmount(row.paidMinor)}
          {row.discountMinor > 0 && <small>−{formatAmount(row.discountMinor)}</small>}
        </span>
      </button>
    </li>
  )
})

/** Lights the newest line for a second. Only the opacity of an overlay changes: nothing is laid out again. */
function light(line: HTMLLIElement | null): void {
  if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return
  line?.animate({ opacity: [0.3, 0] }, { duration: 1000, easing: 'ease-out', pseudoElement: '::after' })
}

/** Who took what off. A single amount stands in its column, at the right; several stand with their names. */
function Reductions({ row: { reductions, gift } }: { row: Row }) {
  const i18n = useWords()
  const catalogue = useCatalogue()
  const nameOf = (offerId: number) => catalogue?.offer(offerId)?.name ?? ''
  return (
    <>
      {gift?.refused !== undefined && (
        <b className="ask">{giftRefusalWords(i18n, gift.refused, gift.units, nameOf)}</b>
      )}
      {reductions.map((reduction) => (
        <span key={`${reduction.kind} ${reduction.id}`} className="reduction">
          {reductionWords(i18n, reduction)}
          {reductions.length > 1 && ` −${formatAmount(reduction.amountMinor)}`}
        </span>
      ))}
    </>
  )
}

/** The small print under the name: why it is refused, what to look at, or the offer that applied. */
function Details({ row }: { row: Row }) {
  const i18n = useWords()
  if (row.refusal !== undefined) {
    return (
      <small className="bad">
        {row.names !== undefined && `${row.code} · `}
        {refusalWords(i18n, row.refusal)}
      </small>
    )
  }
  return (
    <small>
      {row.returned && <b>{i18n._('row.returned', {}, { message: 'Comes back' })}</b>}
      {row.asksMrp && (
        <b className="ask">{i18n._('row.asks-mrp', {}, { message: 'Several MRPs: which one?' })}</b>
      )}
      {row.asksExpiry && !row.asksMrp && (
        <b className="ask">{i18n._('row.asks-expiry', {}, { message: 'Check the date on the pack' })}</b>
      )}
      <Reductions row={row} />
      {row.expiry !== undefined && (
        <span>
          {row.expiry.kind === 'expiry'
            ? i18n._(
                'row.expiry',
                { month: monthWords(i18n.locale, row.expiry.month) },
                {
                  message: 'exp {month}',
                },
              )
            : i18n._(
                'row.use-before',
                { month: monthWords(i18n.locale, row.expiry.month) },
                {
                  message: 'use before {month}',
                },
              )}
        </span>
      )}
      <span className="code">{row.code}</span>
    </small>
  )
}
