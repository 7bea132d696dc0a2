import { type FormEvent, useEffect, useRef, useState } from 'react'
import { problemWords } from '../app/problem-words.ts'
import { useTill } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { PlainScreen } from './plain-screen.tsx'

/** First start: the one-time code that headquarters made for this register, typed or in the address (`?code=`). */
export function EnrolScreen() {
  const till = useTill()
  const i18n = useWords()
  const field = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  useEffect(() => field.current?.focus(), [])

  async function enrol(event: FormEvent): Promise<void> {
    event.preventDefault()
    const code = field.current?.value.trim() ?? ''
    if (code === '' || busy) return
    setBusy(true)
    setFault(undefined)
    try {
      await till.parts.journal.enrol(code)
      // Products come while the first person signs in.
      void till.parts.rulebook.sync()
      // A code works once: it has no business in the address and the history.
      history.replaceState(null, '', location.pathname)
    } catch (cause) {
      setFault(problemWords(i18n, cause))
    } finally {
      setBusy(false)
    }
  }
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
      <form onSubmit={(event) => void enrol(event)} className="stack">
        <label>
          <span>{i18n._('enrol.code', {}, { message: 'Enrolment code' })}</span>
          <input
            ref={field}
            className="code"
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            defaultValue={new URLSearchParams(location.search).get('code') ?? ''}
          />
        </label>
        <p role="alert" className="fault">
          {fault}
        </p>
        <button type="submit" className="primary big" aria-busy={busy}>
          {busy
            ? i18n._('enrol.busy', {}, { message: 'Enrolling…' })
            : i18n._('enrol.go', {}, { message: 'Enrol this till' })}
        </button>
      </form>
    </PlainScreen>
  )
}
