import { formatAmount, formatDate, formatQuantity, formatRupees } from '@nexus/domain'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useTill, useTillState } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { RETURN_REASONS } from './draft-return.ts'
import type { FoundBill } from './find-bill.ts'
import { PickLine } from './pick-line.tsx'
import { NO_RETURNING } from './return-state.ts'
import { returnReasonWords } from './return-words.ts'

/**
 * What of a bill comes back, and what it is worth. Keys: ↑ ↓ the line, + − its quantity, Enter into the
 * cart; a scan is one piece more.
 */
export function PickPart({ found }: { found: FoundBill }) {
  const till = useTill()
  const i18n = useWords()
  const { picks, reason, value, broken } = useTillState((state) => state.returning) ?? NO_RETURNING
  const { bill, isWhole } = found
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => rowsOf(list.current)[0]?.focus(), [])
  const pickOf = (uid: string) => picks.find((pick) => pick.of === uid)
  const partOf = (uid: string) => value?.lines.find((line) => line.of?.uid === uid)
  // Rupee rounding takes what is no whole rupee of the bill so far (RET-2b).
  const roundedMinor =
    value === undefined ? 0 : value.totalMinor - value.lines.reduce((sum, line) => sum + line.paidMinor, 0)
  const nameOf = (uid: string) => bill.lines.find((line) => line.uid === uid)?.name ?? ''

  function onKeyDown(event: KeyboardEvent): void {
    const rows = rowsOf(list.current)
    // Keys on the buttons of a line are the buttons' own.
    const at = event.target instanceof HTMLElement ? rows.indexOf(event.target) : -1
    const uid = bill.lines[at]?.uid
    if (uid === undefined) return
    if (event.key === 'ArrowDown') rows[at + 1]?.focus()
    else if (event.key === 'ArrowUp') rows[at - 1]?.focus()
    else if (event.key === '+') till.returns.step(uid, 1)
    else if (event.key === '-') till.returns.step(uid, -1)
    else if (event.key === 'Enter') till.returns.add()
    else return
    event.preventDefault()
  }

  return (
    <>
      <p className="return-facts">
        {i18n._(
          'return.bill-facts',
          { day: formatDate(bill.issueDate), total: formatRupees(bill.totalMinor) },
          { message: 'Sold on {day} for {total}' },
        )}{' '}
        {!isWhole &&
          i18n._(
            'return.not-whole',
            {},
            { message: 'Headquarters does not answer: only returns at this till are counted.' },
          )}
      </p>
      <ul
        ref={list}
        className="return-lines"
        onKeyDown={onKeyDown}
        aria-label={i18n._('return.lines', {}, { message: 'Lines of the bill' })}
      >
        {bill.lines.map((line) => (
          <PickLine
            key={line.uid}
            found={found}
            line={line}
            pick={pickOf(line.uid)}
            part={partOf(line.uid)}
          />
        ))}
      </ul>
      {broken.length > 0 && (
        <section className="return-gifts" role="status">
          <p>
            {i18n._(
              'return.gifts',
              { names: broken.map(({ uid }) => nameOf(uid)).join(', ') },
              { message: 'Gift policy: with these goods the gift comes back too: {names}' },
            )}
          </p>
          <button type="button" onClick={till.returns.takeGifts}>
            {i18n._('return.add-gifts', {}, { message: 'The gift is here: add it' })}
          </button>
        </section>
      )}
      <label className="return-reason">
        <span>{i18n._('return.reason', {}, { message: 'Why does it come back?' })}</span>
        <select
          value={reason}
          onChange={(event) => {
            const chosen = RETURN_REASONS.find((each) => each === event.currentTarget.value)
            if (chosen !== undefined) till.returns.setReason(chosen)
          }}
        >
          {RETURN_REASONS.map((each) => (
            <option key={each} value={each}>
              {returnReasonWords(i18n, each)}
            </option>
          ))}
        </select>
      </label>
      <dl className="return-sums">
        <dt>{i18n._('return.pieces', {}, { message: 'Comes back' })}</dt>
        <dd>{formatQuantity(picks.reduce((sum, { quantityMilli }) => sum + quantityMilli, 0))}</dd>
        {value !== undefined && (
          <>
            <dt>{i18n._('return.tax', {}, { message: 'Tax in it' })}</dt>
            <dd>{formatAmount(2 * value.cgstMinor + value.igstMinor)}</dd>
          </>
        )}
        {roundedMinor !== 0 && (
          <>
            <dt>{i18n._('totals.rupee', {}, { message: 'Rounding' })}</dt>
            <dd>{formatAmount(roundedMinor)}</dd>
          </>
        )}
        <dt>{i18n._('return.worth', {}, { message: 'Value' })}</dt>
        <dd>
          <output className="difference">{formatRupees(value?.totalMinor ?? 0)}</output>
        </dd>
      </dl>
      <div className="actions">
        <button type="button" onClick={till.returns.another}>
          {i18n._('return.another', {}, { message: 'Another bill' })}
        </button>
        <button type="button" onClick={till.returns.takeAll}>
          {i18n._('return.all', {}, { message: 'Everything comes back' })}
        </button>
        <button type="button" className="primary" onClick={till.returns.add}>
          {i18n._('return.add', {}, { message: 'Add to the cart' })} <kbd>⏎</kbd>
        </button>
      </div>
    </>
  )
}

function rowsOf(list: HTMLUListElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>(':scope > li') ?? [])]
}
