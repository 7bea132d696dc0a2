import { putStaffPin, type StaffRow } from '@nexus/contract'
import { ask } from '../../app/api.ts'
import { useWords } from '../../words/use-words.ts'
import { SecretDialog } from './secret-dialog.tsx'

type Props = { person: StaffRow; onClose: () => void }

/** Sets the PIN by which a person signs in at tills. */
export function PinDialog({ person, onClose }: Props) {
  const i18n = useWords()
  return (
    <SecretDialog
      person={person}
      title={i18n._('pin.title', { name: person.name }, { message: 'PIN of {name}' })}
      label={i18n._('pin.label', {}, { message: 'New PIN' })}
      hint={i18n._(
        'pin.hint',
        {},
        { message: 'Let the person type it. Tills learn it when they next report.' },
      )}
      faultOf={(pin) =>
        /^[0-9]{4,8}$/.test(pin) ? undefined : i18n._('pin.fault', {}, { message: 'Four to eight digits.' })
      }
      numeric
      maxLength={8}
      save={(pin) => ask(putStaffPin, { params: { staffId: person.id }, body: { pin } })}
      done={i18n._('pin.done', { name: person.name }, { message: '{name} has a new PIN.' })}
      onClose={onClose}
    />
  )
}
