import { Button, Group, Text } from '@mantine/core'
import type { StaffRow } from '@nexus/contract'
import { useState } from 'react'
import { Section } from '../../app/section.tsx'
import { useMay } from '../../app/session.ts'
import { moment } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { PasswordDialog } from './password-dialog.tsx'
import { PinDialog } from './pin-dialog.tsx'

/** How a person signs in, at tills and here; both can be set anew, neither can be read. */
export function PersonSecrets({ person }: { person: StaffRow }) {
  const i18n = useWords()
  const may = useMay()
  const [asked, setAsked] = useState<'pin' | 'password'>()
  return (
    <Section title={i18n._('secrets.title', {}, { message: 'Signing in' })}>
      <dl className="facts">
        <dt>{i18n._('secrets.pin', {}, { message: 'PIN for tills' })}</dt>
        <dd>
          {person.hasPin
            ? i18n._('secrets.set', {}, { message: 'Set' })
            : i18n._('secrets.no-pin', {}, { message: 'Not set: cannot sign in at a till' })}
        </dd>
        <dt>{i18n._('sign-in.password', {}, { message: 'Password' })}</dt>
        <dd>
          {person.hasPassword
            ? i18n._('secrets.set', {}, { message: 'Set' })
            : i18n._('secrets.no-password', {}, { message: 'Not set: cannot sign in here' })}
        </dd>
        <dt>{i18n._('staff.last-sign-in', {}, { message: 'Last sign-in' })}</dt>
        <dd>{moment(person.lastSignInAt)}</dd>
      </dl>
      {may('staff.write') ? (
        <Group gap="xs">
          <Button variant="default" onClick={() => setAsked('pin')}>
            {person.hasPin
              ? i18n._('secrets.reset-pin', {}, { message: 'Reset PIN' })
              : i18n._('secrets.make-pin', {}, { message: 'Set PIN' })}
          </Button>
          <Button variant="default" onClick={() => setAsked('password')}>
            {person.hasPassword
              ? i18n._('secrets.reset-password', {}, { message: 'Reset password' })
              : i18n._('secrets.make-password', {}, { message: 'Set password' })}
          </Button>
        </Group>
      ) : (
        <Text c="dimmed">
          {i18n._('secrets.read-only', {}, { message: 'Your role may not reset these.' })}
        </Text>
      )}
      {asked === 'pin' && <PinDialog person={person} onClose={() => setAsked(undefined)} />}
      {asked === 'password' && <PasswordDialog person={person} onClose={() => setAsked(undefined)} />}
    </Section>
  )
}
