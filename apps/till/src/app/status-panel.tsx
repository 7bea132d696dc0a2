import { formatDateTime, formatRupees } from '@nexus/domain'
import { useSyncExternalStore } from 'react'
import { useWords } from '../words/use-words.ts'
import { ageWords } from './age-words.ts'
import { PrinterChoice } from './printer-choice.tsx'
import { SaveJournal } from './save-journal.tsx'
import { whereaboutsWords } from './status-words.ts'
import { useJournal, useNow, useRulebook, useTillApp } from './use-till.ts'
import { useTroubles } from './use-troubles.ts'

/** Everything about this till's bills and health, and what a person can do about it. */
export function StatusPanel() {
  const i18n = useWords()
  const { till, updates } = useTillApp()
  const status = useJournal((all) => all)
  const rulebook = useRulebook((all) => all)
  const now = useNow(1000)
  const troubles = useTroubles()
  const updateReady = useSyncExternalStore(updates.subscribe, updates.isReady)
  const { waiting, hop, head } = status
  const isOwner = status.state === 'ready' && status.signedIn !== null
  const sum = formatRupees(waiting.soldMinor)

  function contactNow(): void {
    till.parts.journal.nudge()
    void till.parts.rulebook.sync()
  }
  function open(kind: 'queue' | 'remove-register'): void {
    document.getElementById('status-panel')?.hidePopover()
    if (kind === 'queue' || till.session.mayLeave()) till.store.setState({ dialog: { kind } })
    else till.notify('cart-open', { tone: 'bad' })
  }

  return (
    <>
      <h2>{whereaboutsWords(i18n, status, now).text}</h2>
      {troubles.length > 0 && (
        <ul className="troubles">
          {troubles.map((trouble) => (
            <li key={trouble.key}>{trouble.text}</li>
          ))}
        </ul>
      )}
      <dl className="facts">
        <dt>{i18n._('panel.only-here', {}, { message: 'Only on this till' })}</dt>
        <dd>
          {i18n._(
            'panel.only-here-count',
            { count: waiting.sales, sum },
            {
              message: '{count, plural, one {# bill} other {# bills}}, {sum}',
            },
          )}
          {waiting.oldestAt !== null && ` · ${ageWords(i18n, now - waiting.oldestAt)}`}
        </dd>
        <dt>
          {status.notSafe.until === 'durable'
            ? i18n._('panel.not-durable', {}, { message: 'Not yet safe at two places of HQ' })
            : i18n._('panel.not-received', {}, { message: 'Not yet at HQ' })}
        </dt>
        <dd>
          {i18n._(
            'panel.entries',
            { count: status.notSafe.entries },
            {
              message: '{count, plural, one {# entry} other {# entries}}',
            },
          )}
        </dd>
        <dt>{i18n._('panel.contact', {}, { message: 'Last contact' })}</dt>
        <dd>{hop.lastContactAt === null ? '–' : ageWords(i18n, now - hop.lastContactAt)}</dd>
        <dt>{i18n._('panel.head', {}, { message: 'Last entry' })}</dt>
        <dd className="code">{head ? `${head.seq} · ${head.shortHash}` : '–'}</dd>
        <dt>{i18n._('panel.series', {}, { message: 'Bill numbers begin with' })}</dt>
        <dd className="code">{status.seriesCode ?? '–'}</dd>
        <dt>{i18n._('panel.rulebook', {}, { message: 'Products and prices' })}</dt>
        <dd>
          {i18n._(
            'panel.rulebook-version',
            { version: rulebook.version ?? 0 },
            { message: 'version {version}' },
          )}
          {rulebook.syncing && ` · ${i18n._('panel.fetching', {}, { message: 'fetching newer ones' })}`}
        </dd>
        <dt>{i18n._('panel.time', {}, { message: 'The till’s time' })}</dt>
        <dd>{formatDateTime(now)}</dd>
      </dl>
      <div className="actions">
        <button type="button" onClick={contactNow}>
          {i18n._('panel.retry', {}, { message: 'Send now' })}
        </button>
        <button type="button" onClick={() => open('queue')}>
          {i18n._('panel.queue', {}, { message: 'Show what waits' })}
        </button>
        <SaveJournal />
        {updateReady && (
          <button type="button" className="primary" onClick={() => till.session.startNewVersion(updates)}>
            {i18n._('panel.update', {}, { message: 'Start the new version' })}
          </button>
        )}
      </div>
      <PrinterChoice />
      {isOwner && (
        <button type="button" className="quiet" onClick={() => open('remove-register')}>
          {i18n._('remove.title', {}, { message: 'Take the register off this device' })}
        </button>
      )}
    </>
  )
}
