import { formatRupees } from '@nexus/domain'
import { useTill, useTillState } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { printWords } from './tender-words.ts'

/** The bill that was just completed. It stays until the next scan, which starts the next bill. */
export function PaidPanel() {
  const till = useTill()
  const i18n = useWords()
  const paid = useTillState((state) => state.paid)
  if (paid === undefined) return null
  const { bill, totalMinor, refundMinor, changeMinor, print } = paid
  const failed = print !== 'printing' && print !== 'printed'
  return (
    <section className="paid" role="status">
      <p className="paid-mark">
        <span aria-hidden="true" className="paid-sign">
          ✓
        </span>{' '}
        {refundMinor > 0
          ? i18n._('paid.given-back', {}, { message: 'Given back' })
          : i18n._('paid.paid', {}, { message: 'Paid' })}{' '}
        <b>{formatRupees(refundMinor > 0 ? refundMinor : totalMinor)}</b>
      </p>
      <p className="change">
        <span>{i18n._('pay.change', {}, { message: 'Change' })}</span>
        <output>{formatRupees(changeMinor)}</output>
      </p>
      <p className="number">
        {i18n._('paid.bill', {}, { message: 'Bill' })}{' '}
        <b className="code">{bill.body.documents.map((document) => document.number).join(' ')}</b>
      </p>
      <p className={failed ? 'bad' : ''}>{printWords(i18n, print)}</p>
      <div className="actions">
        <button type="button" onClick={() => till.bills.open(bill, 'paid')}>
          {i18n._('paid.show', {}, { message: 'Show the bill' })}
        </button>
        <button type="button" onClick={() => void till.bills.print(bill)}>
          {bill.prints > 0
            ? i18n._('bills.print-again', {}, { message: 'Print a duplicate' })
            : i18n._('bills.print', {}, { message: 'Print' })}
        </button>
      </div>
      <p className="next">{i18n._('paid.next', {}, { message: 'The next scan starts the next bill' })}</p>
    </section>
  )
}
