import { Alert, Button, Center, Group, Loader, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { problemWords } from '../phrases/problem-words.ts'
import { useWords } from '../words/use-words.ts'

/** While the first answer of a page is on its way. */
export function Loading() {
  const i18n = useWords()
  return (
    <Center mih="40vh" role="status" aria-label={i18n._('state.loading', {}, { message: 'Loading' })}>
      <Loader />
    </Center>
  )
}

type TroubleProps = { error: unknown; onRetry: () => void }

/** What went wrong as a sentence, and a way to try once more. */
export function Trouble({ error, onRetry }: TroubleProps) {
  const i18n = useWords()
  return (
    <Alert
      role="alert"
      color="red"
      variant="outline"
      title={i18n._('state.trouble', {}, { message: 'This did not work' })}
    >
      <Stack align="flex-start" gap="sm">
        <Text>{problemWords(i18n, error)}</Text>
        <Button variant="default" onClick={onRetry}>
          {i18n._('action.retry', {}, { message: 'Try again' })}
        </Button>
      </Stack>
    </Alert>
  )
}

type EmptyProps = {
  title: string
  /** What to do about it. */
  hint?: ReactNode
  action?: ReactNode
}

/** Nothing is here, and what to do. */
export function Empty({ title, hint, action }: EmptyProps) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" ta="center">
      <Text fw={600} fz="lg">
        {title}
      </Text>
      {hint !== undefined && (
        <Text c="dimmed" maw={520}>
          {hint}
        </Text>
      )}
      {action !== undefined && <Group justify="center">{action}</Group>}
    </Stack>
  )
}
