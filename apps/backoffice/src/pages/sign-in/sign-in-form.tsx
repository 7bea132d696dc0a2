import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type SessionAnswer, signIn } from '@nexus/contract'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ask } from '../../app/api.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'

type Props = {
  /** Name that is filled in already, e.g. of the person whose session ended. */
  login?: string
  onSignedIn: (session: SessionAnswer) => void
}

/** Name and password. */
export function SignInForm({ login: known = '', onSignedIn }: Props) {
  const i18n = useWords()
  const [login, setLogin] = useState(known)
  const [password, setPassword] = useState('')
  const attempt = useMutation({
    mutationFn: () => ask(signIn, { body: { login: login.trim(), password } }),
    onSuccess: onSignedIn,
    onError: () => setPassword(''),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!attempt.isPending) attempt.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {attempt.error && (
          <Alert role="alert" color="red" variant="outline">
            {problemWords(i18n, attempt.error)}
          </Alert>
        )}
        <TextInput
          label={i18n._('sign-in.login', {}, { message: 'Sign-in name' })}
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={60}
          data-autofocus={known === '' || undefined}
          required
          withAsterisk={false}
        />
        <PasswordInput
          label={i18n._('sign-in.password', {}, { message: 'Password' })}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          maxLength={200}
          data-autofocus={known !== '' || undefined}
          visibilityToggleButtonProps={{
            'aria-label': i18n._('sign-in.show', {}, { message: 'Show the password' }),
            tabIndex: 0,
          }}
          required
          withAsterisk={false}
        />
        <Button type="submit" loading={attempt.isPending} disabled={login.trim() === '' || password === ''}>
          {i18n._('sign-in.submit', {}, { message: 'Sign in' })}
        </Button>
      </Stack>
    </form>
  )
}
