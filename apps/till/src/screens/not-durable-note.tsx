import { useJournal } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'

/** Before leaving: what headquarters does not hold safely yet (JRN-12). */
export function NotDurableNote() {
  const i18n = useWords()
  const count = useJournal((status) => status.notDurable)
  if (count === 0) return null
  return (
    <p className="keep">
      {i18n._(
        'leave.not-durable',
        { count },
        {
          message:
            '{count, plural, one {# entry of this till is} other {# entries of this till are}} not yet safe at headquarters. They stay on this device and are sent by themselves: do not clear its data.',
        },
      )}
    </p>
  )
}
