import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { problemWords } from '../app/problem-words.ts'
import { useTill } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'

/** Asks for the one-time code of a register, typed or in the address (`?code=`). `children`: other ways on. */
export function EnrolForm({ children }: { children?: ReactNode }) {
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
      {children}
    </form>
  )
}
