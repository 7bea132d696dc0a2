import { Alert, Button, Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { problemWords } from '../phrases/problem-words.ts'
import { useWords } from '../words/use-words.ts'

type Props = {
  /** Whether there is anything to save. */
  dirty: boolean
  saving: boolean
  error: unknown
  onReset: () => void
  /** In place of the plain sentence, e.g. ways out of a conflict. */
  refusal?: ReactNode
}

/** Foot of a form: what the server refused, and the buttons. Sticks to the lower edge of the window. */
export function SaveBar({ dirty, saving, error, onReset, refusal }: Props) {
  const i18n = useWords()
  return (
    <Stack gap="sm" className="save-bar no-print">
      {refusal}
      {refusal === undefined && error !== null && error !== undefined && (
        <Alert role="alert" color="red" variant="outline">
          {problemWords(i18n, error)}
        </Alert>
      )}
      <Group>
        <Button type="submit" loading={saving} disabled={!dirty}>
          {i18n._('action.save', {}, { message: 'Save' })}
        </Button>
        <Button variant="default" onClick={onReset} disabled={!dirty || saving}>
          {i18n._('action.reset', {}, { message: 'Drop the changes' })}
        </Button>
      </Group>
    </Stack>
  )
}
