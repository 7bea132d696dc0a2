import { useState } from 'react'
import { Dialog } from '../app/dialog.tsx'
import { problemWords } from '../app/problem-words.ts'
import { useTill } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { NotSafeNote } from './not-safe-note.tsx'

/** Signing out leaves the shift open; it says what is not safe yet (JRN-12). */
export function SignOutDialog() {
  const till = useTill()
  const i18n = useWords()
  const [fault, setFault] = useState<string>()
  const close = () => till.store.setState({ dialog: undefined })
  async function signOut(): Promise<void> {
    try {
      await till.session.signOut()
    } catch (cause) {
      setFault(problemWords(i18n, cause))
    }
  }
  return (
    <Dialog title={i18n._('menu.sign-out', {}, { message: 'Sign out' })} onClose={close}>
      <NotSafeNote />
      <p>
        {i18n._(
          'leave.shift-stays',
          {},
          {
            message: 'The shift stays open. To end the day, count and close it instead.',
          },
        )}
      </p>
      <p role="alert" className="fault">
        {fault}
      </p>
      <div className="actions">
        <button type="button" onClick={close}>
          {i18n._('leave.stay', {}, { message: 'Stay' })}
        </button>
        <button type="button" className="primary" onClick={() => void signOut()}>
          {i18n._('menu.sign-out', {}, { message: 'Sign out' })}
        </button>
      </div>
    </Dialog>
  )
}
