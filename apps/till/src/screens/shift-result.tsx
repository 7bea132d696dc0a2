import { formatAmount, formatRupees } from '@nexus/domain'
import type { CashCount } from '@nexus/sync'
import { type FormEvent, useState } from 'react'
import { problemWords } from '../app/problem-words.ts'
import { useTill } from '../app/use-till.ts'
import type { ShiftSummary } from '../journal/index.ts'
import { tenderName } from '../pay/tender-words.ts'
import { useWords } from '../words/use-words.ts'

type Props = { count: CashCount; summary: ShiftSummary }

/** Counted against expected. A difference needs its reason; then the shift closes and the person leaves. */
export function ShiftResult({ count, summary }: Props) {
  const till = useTill()
  const i18n = useWords()
  const [fault, setFault] = useState<string>()
  const [busy, setBusy] = useState(false)
  const differenceMinor = count.totalMinor - summary.expectedCashMinor

  async function close(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '')
      .trim()
      .toWellFormed()
    if (busy) return
    if (differenceMinor !== 0 && reason === '') {
      setFault(i18n._('close.reason-first', {}, { message: 'Say what the difference may come from.' }))
      return
    }
    setBusy(true)
    try {
      await till.session.closeShift(count, reason === '' ? null : reason)
    } catch (cause) {
      setFault(problemWords(i18n, cause))
      setBusy(false)
    }
  }
  return (
    <form className="stack" onSubmit={(event) => void close(event)}>
      <dl className="facts">
        <dt>{i18n._('close.bills', {}, { message: 'Bills' })}</dt>
        <dd>
          {summary.sales} · {formatRupees(summary.soldMinor)}
        </dd>
        {summary.tenders.map((tender) => (
          <div key={tender.kind} className="fact">
            <dt>{tenderName(i18n, tender.kind)}</dt>
            <dd>
              {tender.count} · {formatAmount(tender.inMinor - tender.outMinor)}
            </dd>
          </div>
        ))}
        <dt>{i18n._('close.expected', {}, { message: 'Should be in the drawer' })}</dt>
        <dd>{formatRupees(summary.expectedCashMinor)}</dd>
      </dl>
      <p className={differenceMinor === 0 ? 'difference' : 'difference bad'} role="status">
        {differenceMinor === 0
          ? i18n._('close.even', {}, { message: '✓ The drawer is right to the paisa' })
          : differenceMinor < 0
            ? i18n._(
                'close.short',
                { amount: formatRupees(-differenceMinor) },
                { message: '{amount} is missing' },
              )
            : i18n._(
                'close.over',
                { amount: formatRupees(differenceMinor) },
                { message: '{amount} too much' },
              )}
      </p>
      {differenceMinor !== 0 && (
        <label>
          <span>{i18n._('close.reason', {}, { message: 'Reason for the difference' })}</span>
          <input name="reason" maxLength={200} autoComplete="off" />
        </label>
      )}
      <p role="alert" className="fault">
        {fault}
      </p>
      <button type="submit" className="primary big" aria-busy={busy}>
        {i18n._('close.go', {}, { message: 'Close the shift and sign out' })}
      </button>
    </form>
  )
}
