import { overdueDay } from '../app/shift-end.ts'
import { useJournal, useNow, useTill, useTillState } from '../app/use-till.ts'
import { dayWords } from '../words/date-words.ts'
import { useWords } from '../words/use-words.ts'

/** Asks, between customers, for a shift that ran past cut-over to be closed (JRN-13k); it stops nobody. */
export function ShiftEndBanner() {
  const till = useTill()
  const i18n = useWords()
  const shift = useJournal((status) => status.shift)
  const place = useJournal((status) => status.place)
  const isServing = useTillState((state) => (state.draft?.lines.length ?? 0) > 0 || state.pay !== undefined)
  const now = useNow(60_000)
  const day = overdueDay({ shift, place }, now)
  if (day === undefined || isServing) return null
  return (
    <section className="doubt" role="status">
      <p>
        {i18n._(
          'shift.end-old',
          { day: dayWords(i18n.locale, day) },
          { message: 'The shift of {day} is still open. Count and close it when you can; selling goes on.' },
        )}
      </p>
      <button type="button" onClick={till.session.beginClosing}>
        {i18n._('shift.close-now', {}, { message: 'Close shift' })}
      </button>
    </section>
  )
}
