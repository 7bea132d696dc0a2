import { useSyncExternalStore } from 'react'
import { printWords } from '../pay/tender-words.ts'
import { dayWords } from '../words/date-words.ts'
import { useWords } from '../words/use-words.ts'
import { ageWords } from './age-words.ts'
import { overdueDay } from './shift-end.ts'
import { useJournal, useNow, useRulebook, useTillApp } from './use-till.ts'

/** A thing that people must know of this till; none of them stops a sale. */
export type Trouble = { key: string; text: string }

/** What is wrong besides bills that wait, in sentences with a way out. */
export function useTroubles(): Trouble[] {
  const i18n = useWords()
  const { printing, updates } = useTillApp()
  const storage = useJournal((status) => status.storage)
  const clock = useJournal((status) => status.clock)
  const newEpoch = useJournal((status) => status.newEpoch)
  const findings = useJournal((status) => status.findings)
  const minimumApp = useJournal((status) => status.minimumApp)
  const shift = useJournal((status) => status.shift)
  const place = useJournal((status) => status.place)
  const now = useNow(60_000)
  const rulebookProblem = useRulebook((state) => state.problem)
  const refused = useSyncExternalStore(updates.subscribe, updates.refusedRelease)
  const updateReady = useSyncExternalStore(updates.subscribe, updates.isReady)
  const paper = useSyncExternalStore(printing.subscribe, printing.lastOutcome)

  const troubles: Trouble[] = []
  const add = (key: string, text: string) => troubles.push({ key, text })
  if (!storage.persisted) {
    add(
      'persist',
      i18n._(
        'trouble.not-persistent',
        {},
        {
          message:
            'The browser may clear this device’s storage when space runs out. Install the till as an app, or let support allow persistent storage.',
        },
      ),
    )
  }
  if (storage.failedCopy !== null) {
    add(
      'copy',
      i18n._(
        'trouble.copy-failed',
        {},
        {
          message:
            'One of the two copies of the bills cannot be written. Selling goes on with the other; call support today.',
        },
      ),
    )
  }
  if (storage.room === 'none') {
    add(
      'room',
      i18n._(
        'trouble.room-none',
        {},
        {
          message:
            'This device has no room for another bill. Free some space now (downloads, pictures, other apps): the till goes on by itself. All bills so far are kept.',
        },
      ),
    )
  } else if (storage.room === 'low') {
    add(
      'room',
      i18n._(
        'trouble.room-low',
        {},
        {
          message:
            'This device has room for less than two days of bills. Free some space today (downloads, pictures, other apps).',
        },
      ),
    )
  }
  if (newEpoch === 'key-lost') {
    add(
      'epoch',
      i18n._(
        'trouble.key-lost',
        {},
        {
          message:
            'The browser cleared the key of this till. Bills are kept here and cannot be sent: sign out and enter a new enrolment code.',
        },
      ),
    )
  } else if (newEpoch !== null) {
    add(
      'epoch',
      i18n._(
        'trouble.new-epoch',
        {},
        {
          message:
            'Headquarters holds another history of this till. It continues under a new bill number series; nothing is lost.',
        },
      ),
    )
  }
  if (findings.length > 0) {
    add(
      'findings',
      i18n._(
        'trouble.findings',
        { count: findings.length },
        {
          message:
            '{count, plural, one {# gap or difference was} other {# gaps or differences were}} found at the start and reported.',
        },
      ),
    )
  }
  if (clock.skewMs !== 0) {
    add(
      'clock',
      i18n._(
        'trouble.clock',
        { age: ageWords(i18n, Math.abs(clock.skewMs)) },
        {
          message: 'The device’s clock is wrong by {age}. Bills carry the right time; set the clock.',
        },
      ),
    )
  }
  const overdue = overdueDay({ shift, place }, now)
  if (overdue !== undefined) {
    add(
      'shift',
      i18n._(
        'trouble.shift-old',
        { day: dayWords(i18n.locale, overdue) },
        { message: 'This shift is still of {day}. Count and close it when you can; selling goes on.' },
      ),
    )
  }
  if (paper?.outcome === 'fault') add('printer', printWords(i18n, paper.fault))
  if (refused !== null) {
    add(
      'refused',
      i18n._(
        'trouble.update-refused',
        { release: refused },
        {
          message:
            'The new version {release} does not start on this device, so the one before goes on. Nothing is lost; headquarters was told.',
        },
      ),
    )
  }
  if (minimumApp !== null && !updateReady) {
    add(
      'app',
      i18n._(
        'trouble.minimum-app',
        { version: minimumApp },
        {
          message:
            'Headquarters asks for version {version} of the till, which is not on this device yet. Selling goes on; leave it connected.',
        },
      ),
    )
  }
  if (rulebookProblem !== null && rulebookProblem !== 'offline' && rulebookProblem !== 'no-room') {
    add(
      'rulebook',
      i18n._(
        'trouble.rulebook',
        { problem: rulebookProblem },
        {
          message:
            'New products and prices could not be fetched ({problem}). Selling goes on with the last ones.',
        },
      ),
    )
  }
  return troubles
}
