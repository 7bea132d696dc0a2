import { useWords } from '../words/use-words.ts'
import { EnrolForm } from './enrol-form.tsx'
import { PlainScreen } from './plain-screen.tsx'

/** First start: the one-time code that headquarters made for this register. */
export function EnrolScreen() {
  const i18n = useWords()
  return (
    <PlainScreen title={i18n._('enrol.title', {}, { message: 'Make this device a till' })}>
      <p>
        {i18n._(
          'enrol.how',
          {},
          {
            message:
              'In the back office, open Stores & tills, choose the register and make an enrolment code. Scan its QR with this device, or type the code here.',
          },
        )}
      </p>
      <EnrolForm />
    </PlainScreen>
  )
}
