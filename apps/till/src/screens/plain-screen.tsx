import type { ReactNode } from 'react'
import { LanguageSwitch } from '../app/language-switch.tsx'
import { NoticeBar } from '../app/notice-bar.tsx'
import { StatusButton } from '../app/status-button.tsx'
import { useJournal } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'

type Props = { title: string; children: ReactNode }

/** A step on the way to selling: one card, and where this till is. */
export function PlainScreen({ title, children }: Props) {
  const i18n = useWords()
  const place = useJournal((status) => status.place)
  return (
    <div className="plain">
      <header className="bar">
        <p className="place">
          <b>{place?.store.name ?? 'Nexus'}</b>
          {place && (
            <span>
              {i18n._('header.register', { number: place.register.number }, { message: 'Register {number}' })}
            </span>
          )}
        </p>
        {place ? <StatusButton /> : <span className="status" />}
        <LanguageSwitch />
      </header>
      <main>
        <div className="card">
          <h1>{title}</h1>
          {children}
        </div>
        <NoticeBar />
      </main>
    </div>
  )
}
