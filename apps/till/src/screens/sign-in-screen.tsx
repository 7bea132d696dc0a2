import { useState } from 'react'
import { useJournal, useTillState } from '../app/use-till.ts'
import type { TillPerson } from '../device/index.ts'
import { useWords } from '../words/use-words.ts'
import { PinForm } from './pin-form.tsx'
import { PlainScreen } from './plain-screen.tsx'
import { roleWords } from './role-words.ts'

/** Who sells: a tile a person, then the PIN. Both work without a server. */
export function SignInScreen() {
  const i18n = useWords()
  const people = useJournal((status) => status.people)
  const signedIn = useJournal((status) => status.signedIn)
  const hasCart = useTillState((state) => (state.draft?.lines.length ?? 0) > 0)
  const holder = useTillState((state) => state.holder?.person)
  const opener = useJournal((status) => status.shift?.openedBy)
  const [tapped, setTapped] = useState<string>()
  // Most often it is the one who was here before.
  const chosen = tapped ?? signedIn?.id ?? holder ?? opener ?? onlyOne(people)
  const person = people.find((each) => each.id === chosen)
  return (
    <PlainScreen title={i18n._('sign-in.title', {}, { message: 'Who is at the till?' })}>
      {hasCart && (
        <p className="keep">{i18n._('sign-in.cart-kept', {}, { message: 'The open bill is kept.' })}</p>
      )}
      <div className="sign-in">
        {people.length === 0 ? (
          <p>
            {i18n._(
              'sign-in.nobody',
              {},
              {
                message:
                  'Nobody of this store has a PIN yet. Headquarters sets it under Staff; then try again here.',
              },
            )}
          </p>
        ) : (
          <ul className="people">
            {people.map((each) => (
              <li key={each.id}>
                <button type="button" aria-pressed={each.id === chosen} onClick={() => setTapped(each.id)}>
                  <span aria-hidden="true" className="initials">
                    {initials(each.name)}
                  </span>
                  <span className="name">
                    {each.name}
                    <small>{roleWords(i18n, each.role)}</small>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
        {person && <PinForm key={person.id} person={person} />}
      </div>
    </PlainScreen>
  )
}

function onlyOne(people: readonly TillPerson[]): string | undefined {
  return people.length === 1 ? people[0]?.id : undefined
}

function initials(name: string): string {
  return name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
}
