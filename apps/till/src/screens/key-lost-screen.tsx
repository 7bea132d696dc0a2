import { formatRupees } from '@nexus/domain'
import { SaveJournal } from '../app/save-journal.tsx'
import { useJournal, useTill } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { EnrolForm } from './enrol-form.tsx'
import { PlainScreen } from './plain-screen.tsx'

/**
 * The browser lost the device's key, with the database or without it: headquarters takes nothing more
 * from this till until it is enrolled anew. Its bills are all here, and it may sell meanwhile (JRN-3).
 */
export function KeyLostScreen() {
  const till = useTill()
  const i18n = useWords()
  const waiting = useJournal((status) => status.waiting)
  return (
    <PlainScreen title={i18n._('key-lost.title', {}, { message: 'This till needs a new enrolment code' })}>
      <p>
        {i18n._(
          'key-lost.what',
          {},
          {
            message:
              'The browser cleared a part of this device’s storage, and with it the key by which headquarters knows this till. No bill is lost: every one is still on this device.',
          },
        )}
      </p>
      {waiting.sales > 0 && (
        <p className="keep">
          {i18n._(
            'key-lost.waiting',
            { count: waiting.sales, sum: formatRupees(waiting.soldMinor) },
            {
              message:
                '{count, plural, one {# bill} other {# bills}}, {sum}, will be sent as soon as the code is entered. Do not clear the browser’s data.',
            },
          )}
        </p>
      )}
      <p>
        {i18n._(
          'key-lost.how',
          {},
          {
            message:
              'In the back office, open Stores & tills, choose this very register and make an enrolment code. Scan its QR with this device, or type the code here.',
          },
        )}
      </p>
      <EnrolForm>
        <button type="button" onClick={till.session.sellWithoutKey}>
          {i18n._('key-lost.later', {}, { message: 'Sell on without it for now' })}
        </button>
        <SaveJournal />
      </EnrolForm>
    </PlainScreen>
  )
}
