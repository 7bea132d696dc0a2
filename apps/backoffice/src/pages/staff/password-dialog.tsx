import { putStaffPassword, type StaffRow } from '@nexus/contract'
import { ask } from '../../app/api.ts'
import { useWords } from '../../words/use-words.ts'
import { SecretDialog } from './secret-dialog.tsx'

type Props = { person: StaffRow; onClose: () => void }

/** Sets the password by which a person signs in to the back office. */
export function PasswordDialog({ person, onClose }: Props) {
  const i18n = useWords()
  return (
    <SecretDialog
      person={person}
      title={i18n._('password.title', { name: person.name }, { message: 'Password of {name}' })}
      label={i18n._('password.label', {}, { message: 'New password' })}
      hint={i18n._(
        'password.hint',
        {},
        {
          message:
            'Ten characters or more; three or four plain words are good. It ends the person’s sessions.',
        },
      )}
      faultOf={(password) =>
        password.length >= 10
          ? undefined
          : i18n._('password.fault', {}, { message: 'Ten characters or more.' })
      }
      numeric={false}
      maxLength={200}
      save={(password) => ask(putStaffPassword, { params: { staffId: person.id }, body: { password } })}
      done={i18n._('password.done', { name: person.name }, { message: '{name} has a new password.' })}
      onClose={onClose}
    />
  )
}
