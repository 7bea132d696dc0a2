import { type FormEvent, useEffect, useState } from 'react'
import { problemWords } from '../app/problem-words.ts'
import { focusBox, PIN_BOX } from '../app/use-keyboard.ts'
import { useTill } from '../app/use-till.ts'
import type { TillPerson } from '../device/index.ts'
import { useWords } from '../words/use-words.ts'
import { PinFields } from './pin-fields.tsx'
import { pinFaultWords } from './pin-words.ts'

/** The PIN of one person, by keys or by pad. Tries are counted on this device. */
export function PinForm({ person }: { person: TillPerson }) {
  const till = useTill()
  const i18n = useWords()
  const [pin, setPin] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  useEffect(() => focusBox(PIN_BOX), [])

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const typed = String(new FormData(event.currentTarget).get('pin') ?? '')
    if (typed === '' || busy) return
    setBusy(true)
    try {
      const result = await till.session.signIn(person.id, typed)
      setFault(pinFaultWords(i18n, result))
      if (result.outcome !== 'signed-in') till.parts.playSound('bad')
    } catch (cause) {
      setFault(problemWords(i18n, cause))
    } finally {
      setPin('')
      setBusy(false)
    }
  }
  return (
    <form className="pin" onSubmit={(event) => void submit(event)}>
      <PinFields name={person.name} pin={pin} fault={fault} onChange={setPin} />
      <button type="submit" className="primary big" aria-busy={busy}>
        {i18n._('sign-in.go', {}, { message: 'Sign in' })} <kbd>⏎</kbd>
      </button>
    </form>
  )
}
