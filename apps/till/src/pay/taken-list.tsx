import { formatAmount } from '@nexus/domain'
import { useEffect, useRef } from 'react'
import type { UpiAttempt } from '../app/state.ts'
import { useTill } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { tenderName } from './tender-words.ts'
import type { Taken } from './tenders.ts'

type Props = {
  taken: readonly Taken[]
  /** An attempt whose money may still come. */
  doubt: UpiAttempt | undefined
  changeMinor: number
}

/** What was taken so far. Cash and typed cards can be given back; what a bank paid stays. */
export function TakenList({ taken, doubt, changeMinor }: Props) {
  const till = useTill()
  const i18n = useWords()
  const list = useRef<HTMLUListElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest one comes into sight
  useEffect(() => {
    list.current?.lastElementChild?.scrollIntoView({ block: 'nearest' })
  }, [taken.length])
  if (taken.length === 0 && doubt === undefined) return null
  return (
    <ul ref={list} className="taken">
      {taken.map((tender, at) => {
        const kind = tenderName(i18n, tender.kind)
        const amount = formatAmount(tender.kind === 'cash' ? tender.handedMinor : tender.amountMinor)
        return (
          // Tenders have no name of their own, and one place holds one tender.
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is what removes it
          <li key={at}>
            <span>
              {kind} {tender.kind !== 'cash' && <small className="code">{tender.reference}</small>}
            </span>
            <b>{amount}</b>
            {tender.kind === 'upi' ? (
              <small>{i18n._('pay.upi-stays', {}, { message: 'at the bank' })}</small>
            ) : (
              <button
                type="button"
                className="quiet square"
                aria-label={i18n._(
                  'pay.give-back',
                  { kind, amount },
                  { message: 'Give back {kind} {amount}' },
                )}
                onClick={() => till.pay.remove(at)}
              >
                ✕
              </button>
            )}
          </li>
        )
      })}
      {doubt !== undefined && (
        <li>
          <span>
            {tenderName(i18n, 'upi')}{' '}
            <small>{i18n._('pay.in-doubt', {}, { message: 'in doubt, not counted' })}</small>
          </span>
          <b>{formatAmount(doubt.amountMinor)}</b>
          <button type="button" onClick={till.pay.reopenUpi}>
            {i18n._('pay.look-again', {}, { message: 'Look again' })}
          </button>
        </li>
      )}
      {changeMinor > 0 && (
        <li>
          <span>{i18n._('pay.change', {}, { message: 'Change' })}</span>
          <b>{formatAmount(changeMinor)}</b>
        </li>
      )}
    </ul>
  )
}
