import { Alert, Stack, Text } from '@mantine/core'
import { type Breach, getInvariants } from '@nexus/contract'
import { useQuery } from '@tanstack/react-query'
import { asks } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { Trouble } from '../../app/states.tsx'
import { countText, moment } from '../../phrases/figures.ts'
import { invariantWords } from '../../phrases/invariant-words.ts'
import { useWords } from '../../words/use-words.ts'

const lateAfterMs = 3 * 3_600_000

/** What the hourly check of the books found. */
export function BooksLine() {
  const i18n = useWords()
  const query = useQuery({ ...asks(getInvariants, {}), refetchInterval: 60_000 })
  if (query.isError) return <Trouble error={query.error} onRetry={() => void query.refetch()} />
  if (query.data === undefined) return null
  const { run } = query.data
  if (run === null) {
    return (
      <Text fz="sm" c="dimmed">
        {i18n._('books.never', {}, { message: 'The books are checked within the first hour.' })}
      </Text>
    )
  }
  const at = moment(run.finishedAt)
  if (run.breaches.length > 0) return <BrokenBooks breaches={run.breaches} at={at} />
  const isLate = query.dataUpdatedAt - run.startedAt > lateAfterMs
  return (
    <Text fz="sm" {...(!isLate && { c: 'dimmed' })} role="status">
      {isLate
        ? i18n._(
            'books.late',
            { at },
            {
              message:
                'The books were last checked at {at}; that should be every hour. Is the worker running?',
            },
          )
        : i18n._(
            'books.good',
            { at, entries: countText(run.entries) },
            { message: 'The books agree with the tills. Checked at {at}, {entries} entries read.' },
          )}
    </Text>
  )
}

function BrokenBooks({ breaches, at }: { breaches: readonly Breach[]; at: string }) {
  const i18n = useWords()
  const kinds = [...new Set(breaches.map(({ invariant }) => invariant))].sort()
  return (
    <Alert
      role="alert"
      color="red"
      variant="outline"
      title={i18n._(
        'books.broken',
        { count: breaches.length },
        {
          message: 'The books do not agree at {count, plural, one {# place} other {# places}}',
        },
      )}
    >
      <Stack gap="xs">
        <ul className="plain">
          {kinds.map((kind) => (
            <li key={kind}>{invariantWords(i18n, kind)}</li>
          ))}
        </ul>
        <Text fz="sm">
          {i18n._(
            'books.what-to-do',
            { at },
            {
              message:
                'Found at {at}. Tills sell on and nothing is lost; tell whoever runs the server: the runbook “An invariant is broken” leads through it.',
            },
          )}
        </Text>
        <TextLink to="/incidents" search={{ source: 'server' }}>
          {i18n._('books.places', {}, { message: 'Show the places' })}
        </TextLink>
      </Stack>
    </Alert>
  )
}
