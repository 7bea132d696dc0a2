import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Dialog } from '../app/dialog.tsx'
import { problemWords } from '../app/problem-words.ts'
import { SaveJournal } from '../app/save-journal.tsx'
import { useJournal, useTill } from '../app/use-till.ts'
import type { TillPerson } from '../device/index.ts'
import { useWords } from '../words/use-words.ts'
import { NotSafeNote } from './not-safe-note.tsx'
import { PinFields } from './pin-fields.tsx'
import { pinFaultWords } from './pin-words.ts'
import { roleWords } from './role-words.ts'

/**
 * Takes the register off this device. Needs everything at headquarters, or a manager who says why and a file
 * of the journal (JRN-12b).
 */
export function RemoveRegisterDialog() {
  const till = useTill()
  const i18n = useWords()
  const isSafe = useJournal((status) => status.notSafe.entries === 0)
  const [approved, setApproved] = useState(false)
  const [saved, setSaved] = useState(false)
  const [fault, setFault] = useState<string>()
  const close = () => till.store.setState({ dialog: undefined })

  async function remove(): Promise<void> {
    try {
      await till.session.removeRegister()
      location.reload()
    } catch (cause) {
      setFault(problemWords(i18n, cause))
    }
  }
  return (
    <Dialog
      title={i18n._('remove.title', {}, { message: 'Take the register off this device' })}
      onClose={close}
    >
      <NotSafeNote />
      <p>
        {isSafe
          ? i18n._(
              'remove.safe',
              {},
              {
                message:
                  'Headquarters has every entry of this register. Afterwards this device is no till until a new code is entered.',
              },
            )
          : i18n._(
              'remove.not-safe',
              {},
              {
                message:
                  'Better: leave it switched on and connected until everything is sent. If that cannot be, a manager says why, and the journal is saved as a file that headquarters reads in.',
              },
            )}
      </p>
      {!isSafe && !approved && <RemovalApproval onApproved={() => setApproved(true)} />}
      {!isSafe && approved && (
        <>
          <p>
            {i18n._(
              'remove.save-first',
              {},
              { message: 'Allowed. Now save the journal, and keep the file away from this device.' },
            )}
          </p>
          <SaveJournal onSaved={() => setSaved(true)} />
        </>
      )}
      <p role="alert" className="fault">
        {fault}
      </p>
      <div className="actions">
        <button type="button" onClick={close}>
          {i18n._('remove.keep', {}, { message: 'Keep it' })}
        </button>
        {(isSafe || saved) && (
          <button type="button" className="primary" onClick={() => void remove()}>
            {i18n._('remove.go', {}, { message: 'Take it off now' })}
          </button>
        )}
      </div>
    </Dialog>
  )
}

/** Who allows it, why, and their PIN. */
function RemovalApproval({ onApproved }: { onApproved: () => void }) {
  const till = useTill()
  const i18n = useWords()
  const people = useJournal((status) => status.people)
  const [manager, setManager] = useState<TillPerson>()
  const [pin, setPin] = useState('')
  const [fault, setFault] = useState<string>()
  const reasonField = useRef<HTMLInputElement>(null)
  const managers = people.filter(
    ({ role, hasPin }) => hasPin && (role === 'store-manager' || role === 'administrator'),
  )
  useEffect(() => {
    if (manager !== undefined) reasonField.current?.focus()
  }, [manager])

  async function approve(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const reason = String(data.get('reason') ?? '')
      .trim()
      .toWellFormed()
    const typed = String(data.get('pin') ?? '')
    if (manager === undefined || typed === '') return
    if (reason === '') {
      setFault(i18n._('remove.reason-first', {}, { message: 'Say why it cannot wait.' }))
      return
    }
    try {
      const result = await till.parts.journal.approveRemoval(manager.id, typed, reason)
      setFault(pinFaultWords(i18n, result))
      if (result.outcome === 'signed-in') onApproved()
    } catch (cause) {
      setFault(problemWords(i18n, cause))
    } finally {
      setPin('')
    }
  }
  if (managers.length === 0) {
    return (
      <p className="fault">
        {i18n._('remove.nobody', {}, { message: 'No manager of this store has a PIN on this till.' })}
      </p>
    )
  }
  if (manager === undefined) {
    return (
      <ul className="options">
        {managers.map((person) => (
          <li key={person.id}>
            <button type="button" className="big" onClick={() => setManager(person)}>
              <b>{person.name}</b>
              <small>{roleWords(i18n, person.role)}</small>
            </button>
          </li>
        ))}
      </ul>
    )
  }
  return (
    <form className="pin" onSubmit={(event) => void approve(event)}>
      <label>
        <span>{i18n._('remove.reason', {}, { message: 'Why it cannot wait' })}</span>
        <input ref={reasonField} name="reason" maxLength={60} autoComplete="off" />
      </label>
      <PinFields name={manager.name} pin={pin} fault={fault} onChange={setPin} />
      <button type="submit" className="primary big">
        {i18n._('approval.allow', {}, { message: 'Allow it' })} <kbd>⏎</kbd>
      </button>
    </form>
  )
}
