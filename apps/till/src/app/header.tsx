import { localTime } from '@nexus/domain'
import { useWords } from '../words/use-words.ts'
import { LanguageSwitch } from './language-switch.tsx'
import { PersonMenu } from './person-menu.tsx'
import { StatusButton } from './status-button.tsx'
import { useJournal, useNow, useTill } from './use-till.ts'

/** Where, who, since when, how the bills stand, what time it is; then language and lock. */
export function Header() {
  const till = useTill()
  const i18n = useWords()
  const place = useJournal((status) => status.place)
  const shift = useJournal((status) => status.shift)
  const now = useNow(60_000)
  return (
    <header className="bar">
      <h1 className="place">
        <b>{place?.store.name}</b>
        <span>
          {i18n._(
            'header.register',
            { number: place?.register.number ?? 0 },
            { message: 'Register {number}' },
          )}
        </span>
      </h1>
      <PersonMenu />
      {shift && (
        <span className="shift">
          {i18n._('header.shift', { time: localTime(shift.openedAt) }, { message: 'Shift since {time}' })}
        </span>
      )}
      <StatusButton />
      <time className="clock" dateTime={new Date(now).toISOString()}>
        {localTime(now)}
      </time>
      <LanguageSwitch />
      <button
        type="button"
        className="quiet square"
        aria-label={i18n._('header.lock', {}, { message: 'Lock the till' })}
        title={i18n._('header.lock', {}, { message: 'Lock the till' })}
        onClick={till.session.lock}
      >
        <LockIcon />
      </button>
    </header>
  )
}

function LockIcon() {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
      <path d="M7 10V7a5 5 0 0 1 10 0v3" fill="none" stroke="currentColor" strokeWidth="2" />
      <rect x="5" y="10" width="14" height="10" rx="2" fill="currentColor" />
    </svg>
  )
}
