import { useRef, useState } from 'react'
import { keepPreferences, readPreferences } from '../device/index.ts'
import { useWords } from '../words/use-words.ts'
import { useJournal, useTill } from './use-till.ts'

/** Everything that is no part of a sale: bills, shift, sound, keys, sign-out. */
export function PersonMenu() {
  const till = useTill()
  const i18n = useWords()
  const person = useJournal((status) => status.signedIn)
  const menu = useRef<HTMLDivElement>(null)
  const [sound, setSound] = useState(() => readPreferences().sound)

  const close = () => menu.current?.hidePopover()
  /** Leaving needs an ended cart; otherwise it says so. */
  function leave(kind: 'close-shift' | 'sign-out'): void {
    close()
    if (till.session.mayLeave()) till.store.setState({ dialog: { kind } })
    else till.notify('cart-open', { tone: 'bad' })
  }
  return (
    <>
      <button type="button" className="quiet person" popoverTarget="person-menu">
        <span className="name">{person?.name}</span>
        <span aria-hidden="true">▾</span>
      </button>
      <div ref={menu} id="person-menu" popover="auto" className="menu">
        <button
          type="button"
          onClick={() => {
            close()
            till.bills.openList()
          }}
        >
          {i18n._('menu.bills', {}, { message: 'Last bills' })}
        </button>
        <button type="button" onClick={() => leave('close-shift')}>
          {i18n._('menu.close-shift', {}, { message: 'Count and close the shift' })}
        </button>
        <button
          type="button"
          aria-pressed={sound}
          onClick={() => setSound(keepPreferences({ sound: !sound }).sound)}
        >
          {sound
            ? i18n._('menu.sound-on', {}, { message: 'Sounds are on' })
            : i18n._('menu.sound-off', {}, { message: 'Sounds are off' })}
        </button>
        <button
          type="button"
          onClick={() => {
            close()
            till.store.setState({ dialog: { kind: 'help' } })
          }}
        >
          {i18n._('menu.keys', {}, { message: 'Keys and help' })} <kbd>F1</kbd>
        </button>
        <button type="button" onClick={() => leave('sign-out')}>
          {i18n._('menu.sign-out', {}, { message: 'Sign out' })}
        </button>
      </div>
    </>
  )
}
