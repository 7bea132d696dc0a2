import { useJournal } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'

/** Before leaving, updating or removing: what headquarters does not hold safely yet (JRN-12a). */
export function NotSafeNote() {
  const i18n = useWords()
  const { entries: count, until } = useJournal((status) => status.notSafe)
  if (count === 0) return null
  return (
    <p className="keep">
      {until === 'durable'
        ? i18n._(
            'leave.not-durable',
            { count },
            {
              message:
                '{count, plural, one {# entry of this till is} other {# entries of this till are}} not yet safe at headquarters. They stay on this device and are sent by themselves: do not clear its data.',
            },
          )
        : i18n._(
            'leave.not-received',
            { count },
            {
              message:
                '{count, plural, one {# entry of this till is} other {# entries of this till are}} not yet at headquarters. They stay on this device and are sent by themselves: do not clear its data.',
            },
          )}
    </p>
  )
}
