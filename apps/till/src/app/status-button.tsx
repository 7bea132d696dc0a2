import { useSyncExternalStore } from 'react'
import { useWords } from '../words/use-words.ts'
import { StatusPanel } from './status-panel.tsx'
import { whereaboutsWords } from './status-words.ts'
import { useJournal, useNow, useTillApp } from './use-till.ts'
import { useTroubles } from './use-troubles.ts'

const SIGNS = { good: '●', warn: '▲', bad: '■' } as const

/** Where the bills are, in words; a click shows everything about this till. It never blocks. */
export function StatusButton() {
  const i18n = useWords()
  const { updates } = useTillApp()
  const status = useJournal((all) => all)
  const now = useNow(10_000)
  const troubles = useTroubles()
  const updateReady = useSyncExternalStore(updates.subscribe, updates.isReady)
  const { severity, text } = whereaboutsWords(i18n, status, now)
  const count = troubles.length + Number(updateReady)
  return (
    <>
      <button type="button" className={`quiet status ${severity}`} popoverTarget="status-panel">
        <span aria-hidden="true" className="sign">
          {SIGNS[severity]}
        </span>
        <span className="words">{text}</span>
        {count > 0 && (
          <span className="badge">
            {i18n._('status.notes', { count }, { message: '{count, plural, one {# note} other {# notes}}' })}
          </span>
        )}
      </button>
      <div id="status-panel" popover="auto" className="menu status-panel">
        <StatusPanel />
      </div>
    </>
  )
}
