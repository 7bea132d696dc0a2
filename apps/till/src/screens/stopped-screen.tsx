import { formatRupees } from '@nexus/domain'
import { useState } from 'react'
import { hopProblemWords } from '../app/hop-words.ts'
import { problemWords } from '../app/problem-words.ts'
import { SaveJournal } from '../app/save-journal.tsx'
import { useJournal, useTill } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { PlainScreen } from './plain-screen.tsx'

/** The journal opens; it takes a moment. */
export function StartingScreen() {
  const i18n = useWords()
  return (
    <PlainScreen title={i18n._('start.title', {}, { message: 'Starting…' })}>
      <p>{i18n._('start.text', {}, { message: 'The bills of this till are being opened and checked.' })}</p>
    </PlainScreen>
  )
}

/** Another window owns the register (JRN-6). */
export function ReadOnlyScreen() {
  const till = useTill()
  const i18n = useWords()
  const [fault, setFault] = useState<string>()
  async function takeOver(): Promise<void> {
    try {
      await till.parts.journal.takeOver()
    } catch (cause) {
      setFault(problemWords(i18n, cause))
    }
  }
  return (
    <PlainScreen
      title={i18n._('read-only.title', {}, { message: 'This register is open in another window' })}
    >
      <p>
        {i18n._(
          'read-only.text',
          {},
          {
            message:
              'Only one window may write bills. Go back to the other one; or, if it is frozen or gone, take the register over here.',
          },
        )}
      </p>
      <p role="alert" className="fault">
        {fault}
      </p>
      <div className="actions">
        <button type="button" onClick={till.bills.openList}>
          {i18n._('menu.bills', {}, { message: 'Last bills' })}
        </button>
        <SaveJournal />
        <button type="button" className="primary" onClick={() => void takeOver()}>
          {i18n._('read-only.take-over', {}, { message: 'Take over here' })}
        </button>
      </div>
    </PlainScreen>
  )
}

/** A manager handed the register to another device (JRN-21). */
export function RetiredScreen() {
  const till = useTill()
  const i18n = useWords()
  const waiting = useJournal((status) => status.waiting)
  const hop = useJournal((status) => status.hop)
  return (
    <PlainScreen title={i18n._('retired.title', {}, { message: 'This device is no till any more' })}>
      <p>
        {i18n._(
          'retired.text',
          {},
          {
            message:
              'A manager handed this register over to another device, which goes on with bills of its own series. Sell there.',
          },
        )}
      </p>
      {waiting.entries > 0 ? (
        <p className="keep">
          {i18n._(
            'retired.waiting',
            { count: waiting.entries, sum: formatRupees(waiting.soldMinor) },
            {
              message:
                '{count, plural, one {# entry} other {# entries}}, {sum} of sales, still to be sent. Leave this device switched on and connected until this is 0.',
            },
          )}{' '}
          {hopProblemWords(i18n, hop.problem)}
        </p>
      ) : (
        <p className="keep">
          {i18n._(
            'retired.done',
            {},
            {
              message:
                '✓ Everything was sent. This device may be switched off, or become a till again: take the old register off it, then enter a new code.',
            },
          )}
        </p>
      )}
      <div className="actions">
        <button type="button" onClick={till.bills.openList}>
          {i18n._('menu.bills', {}, { message: 'Last bills' })}
        </button>
        <SaveJournal />
        <button type="button" onClick={() => till.store.setState({ dialog: { kind: 'remove-register' } })}>
          {i18n._('remove.title', {}, { message: 'Take the register off this device' })}
        </button>
      </div>
    </PlainScreen>
  )
}

/** Neither copy of the journal opens. */
export function FailedScreen() {
  const i18n = useWords()
  const fault = useJournal((status) => status.fault)
  return (
    <PlainScreen title={i18n._('failed.title', {}, { message: 'The bills on this device cannot be opened' })}>
      <p>
        {i18n._(
          'failed.text',
          {},
          {
            message:
              'Do not clear the browser’s data: what is there may be saved. Start the device again; if this stays, call support and name this code.',
          },
        )}
      </p>
      <p className="code">{fault}</p>
      <div className="actions">
        <SaveJournal />
        <button type="button" className="primary" onClick={() => location.reload()}>
          {i18n._('failed.again', {}, { message: 'Try again' })}
        </button>
      </div>
    </PlainScreen>
  )
}
