import { useState } from 'react'
import { problemWords } from '../app/problem-words.ts'
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
  return (
    <PlainScreen title={i18n._('retired.title', {}, { message: 'This device is no till any more' })}>
      <p>
        {i18n._(
          'retired.text',
          {},
          {
            message:
              'A manager handed its register to another device. Its bills are still sent to headquarters: leave it switched on until they are.',
          },
        )}
      </p>
      <button type="button" onClick={till.bills.openList}>
        {i18n._('menu.bills', {}, { message: 'Last bills' })}
      </button>
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
      <button type="button" className="primary" onClick={() => location.reload()}>
        {i18n._('failed.again', {}, { message: 'Try again' })}
      </button>
    </PlainScreen>
  )
}
