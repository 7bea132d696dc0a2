import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { problemWords } from '../phrases/problem-words.ts'
import { useWords } from '../words/use-words.ts'

type Props = {
  /** The refusal: somebody else saved first. */
  error: unknown
  saving: boolean
  onTakeTheirs: () => void
  onTakeMine: () => void
}

/** Somebody else saved meanwhile: whose draft counts? */
export function ChangedMeanwhile({ error, saving, onTakeTheirs, onTakeMine }: Props) {
  const i18n = useWords()
  return (
    <Alert role="alert" color="orange" variant="outline" title={problemWords(i18n, error)}>
      <Stack gap="sm">
        <Text>
          {i18n._(
            'product.conflict',
            {},
            {
              message:
                'Your draft is still here. What the other person changed stands at the foot of this page.',
            },
          )}
        </Text>
        <Group>
          <Button variant="default" onClick={onTakeTheirs}>
            {i18n._('product.take-theirs', {}, { message: 'Drop my draft, take theirs' })}
          </Button>
          <Button color="orange" loading={saving} onClick={onTakeMine}>
            {i18n._('product.take-mine', {}, { message: 'Save mine over theirs' })}
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}
