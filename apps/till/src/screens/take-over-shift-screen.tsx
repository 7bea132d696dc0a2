import { localTime } from '@nexus/domain'
import { useState } from 'react'
import { problemWords } from '../app/problem-words.ts'
import { useJournal, useTill } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { PlainScreen } from './plain-screen.tsx'

/** A colleague's shift is open: its drawer is taken over, or counted and closed. */
export function TakeOverShiftScreen() {
  const till = useTill()
  const i18n = useWords()
  const shift = useJournal((status) => status.shift)
  const people = useJournal((status) => status.people)
  const [fault, setFault] = useState<string>()
  const name = people.find((person) => person.id === shift?.openedBy)?.name ?? '?'
  async function takeOver(): Promise<void> {
    try {
      await till.session.takeOverShift()
    } catch (cause) {
      setFault(problemWords(i18n, cause))
    }
  }
  return (
    <PlainScreen
      title={i18n._(
        'shift.other-title',
        { name, time: shift ? localTime(shift.openedAt) : '' },
        { message: 'The shift of {name} is open since {time}' },
      )}
    >
      <p>
        {i18n._(
          'shift.other-how',
          {},
          {
            message:
              'Take over the drawer as it is, and you answer for its cash together; or count and close that shift first.',
          },
        )}
      </p>
      <p role="alert" className="fault">
        {fault}
      </p>
      <div className="actions">
        <button type="button" onClick={() => void till.session.signOut()}>
          {i18n._('menu.sign-out', {}, { message: 'Sign out' })}
        </button>
        <button type="button" onClick={() => till.store.setState({ dialog: { kind: 'close-shift' } })}>
          {i18n._('menu.close-shift', {}, { message: 'Count and close the shift' })}
        </button>
        <button type="button" className="primary" onClick={() => void takeOver()}>
          {i18n._('shift.take-over', {}, { message: 'Take over the drawer' })}
        </button>
      </div>
    </PlainScreen>
  )
}
