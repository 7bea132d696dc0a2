import { Alert, Text } from '@mantine/core'
import type { RegisterHealthRow } from '@nexus/contract'
import { useWords } from '../../words/use-words.ts'

/** Says that everything lies on one disk, and what to do about it. */
export function SecondCopyNote({ registers }: { registers: readonly RegisterHealthRow[] }) {
  const i18n = useWords()
  if (registers.some(({ durableSeq }) => durableSeq !== null)) return null
  return (
    <Alert
      color="orange"
      variant="outline"
      title={i18n._('health.no-second-title', {}, { message: 'No second copy outside this disk' })}
    >
      <Text fz="sm">
        {i18n._(
          'health.no-second-text',
          {},
          {
            message:
              'What the tills sent lies on this server’s disk alone, so they keep everything themselves. Put an archive on another disk, or make a backup every night and keep it elsewhere.',
          },
        )}
      </Text>
    </Alert>
  )
}
