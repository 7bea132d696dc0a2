import { formatAmount, formatRupees, localTime } from '@nexus/domain'
import { useEffect, useState } from 'react'
import { ageWords } from '../app/age-words.ts'
import { Dialog } from '../app/dialog.tsx'
import { hopProblemWords } from '../app/hop-words.ts'
import { SaveJournal } from '../app/save-journal.tsx'
import { useJournal, useNow, useTill } from '../app/use-till.ts'
import type { Bill } from '../journal/index.ts'
import { useWords } from '../words/use-words.ts'
import { totalOf } from './total-of.ts'

/** Bills that the list shows; more are counted. */
const SHOWN_MAX = 200

/** What is only on this till: which bills, since when, why, and when it is tried again. Works offline. */
export function QueueDialog() {
  const till = useTill()
  const i18n = useWords()
  const waiting = useJournal((status) => status.waiting)
  const hop = useJournal((status) => status.hop)
  const now = useNow(1000)
  const [bills, setBills] = useState<readonly Bill[]>()
  useEffect(() => {
    let gone = false
    // The newest sales are the ones that wait.
    till.parts.journal.lastBills(Math.min(waiting.sales, SHOWN_MAX)).then(
      (read) => !gone && setBills(read.filter(({ where }) => where === 'here')),
      () => till.notify('journal-failed', { tone: 'bad' }),
    )
    return () => {
      gone = true
    }
  }, [till, waiting])
  const problem = hopProblemWords(i18n, hop.problem)
  const more = waiting.sales - (bills?.length ?? 0)
  return (
    <Dialog
      wide
      title={i18n._('panel.only-here', {}, { message: 'Only on this till' })}
      onClose={() => till.store.setState({ dialog: undefined })}
    >
      {waiting.entries === 0 ? (
        <p>
          {i18n._('queue.none', {}, { message: 'Nothing waits: the server has every bill of this till.' })}
        </p>
      ) : (
        <p>
          {i18n._(
            'queue.count',
            {
              count: waiting.sales,
              sum: formatRupees(waiting.soldMinor),
              others: waiting.entries - waiting.sales,
            },
            {
              message:
                '{count, plural, one {# bill} other {# bills}}, {sum}{others, plural, =0 {} one {, and # other entry} other {, and # other entries}} wait. They are kept here and sent by themselves.',
            },
          )}
        </p>
      )}
      {problem !== undefined && (
        <p className="keep" role="status">
          {problem}{' '}
          {i18n._(
            'queue.next',
            { time: ageWords(i18n, hop.nextTryAt - now) },
            { message: 'Next try in {time}.' },
          )}
        </p>
      )}
      <div className="actions">
        <SaveJournal />
        <button type="button" className="primary" onClick={() => till.parts.journal.nudge()}>
          {i18n._('panel.retry', {}, { message: 'Send now' })}
        </button>
      </div>
      <ul className="queue">
        {bills?.map((bill) => (
          <li key={bill.identity}>
            <span className="code number">{bill.body.documents.map(({ number }) => number).join(' ')}</span>
            <span>{localTime(bill.at)}</span>
            <span className="age">
              {i18n._('queue.since', { age: ageWords(i18n, now - bill.at) }, { message: 'for {age}' })}
            </span>
            <b>{formatAmount(totalOf(bill))}</b>
          </li>
        ))}
      </ul>
      {bills !== undefined && more > 0 && (
        <p>
          {i18n._(
            'queue.more',
            { count: more },
            { message: 'and {count, plural, one {# older bill} other {# older bills}}' },
          )}
        </p>
      )}
    </Dialog>
  )
}
