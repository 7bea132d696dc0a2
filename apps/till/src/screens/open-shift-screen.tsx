import { localDate, localTime } from '@nexus/domain'
import type { CashCount } from '@nexus/sync'
import { type FormEvent, useState, useSyncExternalStore } from 'react'
import { CashCountFields } from '../app/cash-count.tsx'
import { problemWords } from '../app/problem-words.ts'
import { useJournal, useNow, useTillApp } from '../app/use-till.ts'
import { dayWords } from '../words/date-words.ts'
import { useWords } from '../words/use-words.ts'
import { NotSafeNote } from './not-safe-note.tsx'
import { PlainScreen } from './plain-screen.tsx'

/** No shift yet: the drawer's float and the clock, which the cashier vouches for (JRN-13). */
export function OpenShiftScreen() {
  const i18n = useWords()
  const { till, updates } = useTillApp()
  const person = useJournal((status) => status.signedIn)
  const updateReady = useSyncExternalStore(updates.subscribe, updates.isReady)
  const minimumApp = useJournal((status) => status.minimumApp)
  const now = useNow(1000)
  // Only where the version is at hand: a till always opens its shift (JRN-16c).
  const asksForUpdate = minimumApp !== null && updateReady
  const [float, setFloat] = useState<CashCount>()
  const [clockRight, setClockRight] = useState(true)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()

  async function open(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (busy) return
    if (asksForUpdate) {
      setFault(i18n._('shift.update-fault', {}, { message: 'Start the new version first.' }))
      return
    }
    setBusy(true)
    try {
      // An empty drawer is a float as well.
      await till.session.openShift(float ?? { totalMinor: 0, pieces: [] }, clockRight)
    } catch (cause) {
      setFault(problemWords(i18n, cause))
      setBusy(false)
    }
  }
  return (
    <PlainScreen
      title={i18n._(
        'shift.open-title',
        { name: person?.name ?? '' },
        { message: 'Open the shift of {name}' },
      )}
    >
      {updateReady && <NotSafeNote />}
      {updateReady && (
        <div className="keep">
          <p>
            {minimumApp === null
              ? i18n._('shift.update', {}, { message: 'A new version of the till is ready.' })
              : i18n._(
                  'shift.update-first',
                  { version: minimumApp },
                  {
                    message:
                      'Headquarters asks for version {version}, and it is on this device. Start it, then open the shift.',
                  },
                )}
          </p>
          <button
            type="button"
            className={minimumApp === null ? '' : 'primary'}
            onClick={() => till.session.startNewVersion(updates)}
          >
            {i18n._('panel.update', {}, { message: 'Start the new version' })}
          </button>
        </div>
      )}
      <form className="stack" onSubmit={(event) => void open(event)}>
        <CashCountFields
          totalLabel={i18n._('shift.float', {}, { message: 'Float in the drawer' })}
          onChange={setFloat}
        />
        <label className="check">
          <input
            type="checkbox"
            className="tick"
            checked={clockRight}
            onChange={(event) => setClockRight(event.currentTarget.checked)}
          />
          <span>
            {i18n._(
              'shift.clock',
              { day: dayWords(i18n.locale, localDate(now)), time: localTime(now) },
              { message: 'It is {day}, {time}: the date and time are right' },
            )}
          </span>
        </label>
        <p role="alert" className="fault">
          {fault}
        </p>
        <div className="pair">
          <button type="button" onClick={() => void till.session.signOut()}>
            {i18n._('menu.sign-out', {}, { message: 'Sign out' })}
          </button>
          <button type="submit" className="primary big" aria-busy={busy}>
            {i18n._('shift.open', {}, { message: 'Open the shift' })} <kbd>⏎</kbd>
          </button>
        </div>
      </form>
    </PlainScreen>
  )
}
