import { formatRupees, localTime } from '@nexus/domain'
import { useJournal, useTill, useTillState } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'

/** After a crash: the last bill is safe, but nobody knows whether the customer got the paper (JRN-11). */
export function DoubtBanner() {
  const till = useTill()
  const i18n = useWords()
  const doubt = useJournal((status) => status.inDoubt)
  // The bill on the right is printing now: its receipt is no question yet.
  const just = useTillState((state) => state.paid?.bill.identity)
  if (doubt === null || doubt.identity === just) return null
  const [number = ''] = doubt.numbers
  return (
    <section className="doubt" role="status">
      <p>
        {i18n._(
          'doubt.text',
          { number, time: localTime(doubt.at), amount: formatRupees(doubt.totalMinor) },
          { message: 'Bill {number}, {time}, {amount}: was its receipt printed?' },
        )}
      </p>
      <div className="pair">
        <button type="button" onClick={() => void till.bills.settleDoubt(doubt.identity)}>
          {i18n._('doubt.seen', {}, { message: 'Yes, I saw it' })}
        </button>
        <button type="button" className="primary" onClick={() => void till.bills.printDoubtful(number)}>
          {i18n._('doubt.print', {}, { message: 'Print it' })}
        </button>
      </div>
    </section>
  )
}
