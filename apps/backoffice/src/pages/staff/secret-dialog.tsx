import { Alert, Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { getStaff, listStaff, type StaffRow } from '@nexus/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { keyOf } from '../../app/api.ts'
import { Dialog } from '../../app/dialog.tsx'
import { tell } from '../../app/tell.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'

type Props = {
  person: StaffRow
  title: string
  label: string
  hint: string
  /** What is wrong with the typed secret; undefined when nothing is. */
  faultOf: (secret: string) => string | undefined
  numeric: boolean
  maxLength: number
  save: (secret: string) => Promise<unknown>
  done: string
  onClose: () => void
}

/** Sets a PIN or a password: typed twice, since nobody can read it afterwards. */
export function SecretDialog(props: Props) {
  const i18n = useWords()
  const queries = useQueryClient()
  const [secret, setSecret] = useState('')
  const [again, setAgain] = useState('')
  const [tried, setTried] = useState(false)
  const save = useMutation({
    mutationFn: () => props.save(secret),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: keyOf(getStaff, { params: { staffId: props.person.id } }) })
      void queries.invalidateQueries({ queryKey: keyOf(listStaff) })
      tell(i18n, props.done)
      props.onClose()
    },
  })
  const fault = props.faultOf(secret)
  const differs = again !== secret
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (fault === undefined && !differs) save.mutate()
  }
  const inputMode = props.numeric ? ('numeric' as const) : ('text' as const)
  const toggle = { 'aria-label': i18n._('secrets.show', {}, { message: 'Show what is typed' }), tabIndex: 0 }
  return (
    <Dialog opened onClose={props.onClose} title={props.title}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text c="dimmed">{props.hint}</Text>
          {save.error && (
            <Alert role="alert" color="red" variant="outline">
              {problemWords(i18n, save.error)}
            </Alert>
          )}
          <PasswordInput
            label={props.label}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
            error={tried ? fault : undefined}
            inputMode={inputMode}
            autoComplete="new-password"
            maxLength={props.maxLength}
            visibilityToggleButtonProps={toggle}
            data-autofocus
          />
          <PasswordInput
            label={i18n._('secrets.again', {}, { message: 'Once more' })}
            value={again}
            onChange={(event) => setAgain(event.currentTarget.value)}
            error={
              tried && differs
                ? i18n._('secrets.differs', {}, { message: 'The two are not the same.' })
                : undefined
            }
            inputMode={inputMode}
            autoComplete="new-password"
            maxLength={props.maxLength}
            visibilityToggleButtonProps={toggle}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              {i18n._('action.cancel', {}, { message: 'Cancel' })}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {i18n._('action.save', {}, { message: 'Save' })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
