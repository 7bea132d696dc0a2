import { formatDateTime, formatRupees } from '@nexus/domain'
import { useState, useSyncExternalStore } from 'react'
import { useWords } from '../words/use-words.ts'
import { ageWords } from './age-words.ts'
import { PrinterChoice } from './printer-choice.tsx'
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
  const [saving, setSaving] = useState(false)
  const { waiting, hop, head } = status
  const sum = formatRupees(waiting.soldMinor)

  function contactNow(): void {
    till.parts.journal.nudge()
    void till.parts.rulebook.sync()
  }
  async function saveJournal(): Promise<void> {
    setSaving(true)
    try {
      const { fileName, content } = await till.parts.journal.exportJournal()
      const link = document.createElement('a')
      link.href = URL.createObjectURL(content)
      link.download = fileName
      link.click()
      URL.revokeObjectURL(link.href)
    } catch {
      till.notify('journal-failed', { tone: 'bad' })
    } finally {
      setSaving(false)
    }
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
        <dt>{i18n._('panel.not-durable', {}, { message: 'Not yet safe at two places of HQ' })}</dt>
        <dd>
          {i18n._(
            'panel.entries',
            { count: status.notDurable },
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
        <button type="button" onClick={() => void saveJournal()} aria-busy={saving}>
          {i18n._('panel.export', {}, { message: 'Save the journal as a file' })}
        </button>
        {updateReady && (
          <button type="button" className="primary" onClick={() => till.session.startNewVersion(updates)}>
            {i18n._('panel.update', {}, { message: 'Start the new version' })}
          </button>
        )}
      </div>
      <PrinterChoice />
    </>
  )
}
