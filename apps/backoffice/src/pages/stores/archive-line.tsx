import { Alert } from '@mantine/core'
import { readArchiveStatus } from '@nexus/contract'
import { useQuery } from '@tanstack/react-query'
import { asks } from '../../app/api.ts'
import { useWords } from '../../words/use-words.ts'
import { archiveWords } from './archive-words.ts'

const refreshMs = 60_000

/** Says so where what tills sent is not kept in a second place; nothing where all is well. */
export function ArchiveLine() {
  const i18n = useWords()
  const { data, dataUpdatedAt } = useQuery({ ...asks(readArchiveStatus, {}), refetchInterval: refreshMs })
  const words = data && archiveWords(i18n, data, dataUpdatedAt)
  return words ? (
    <Alert role="status" color="orange" variant="outline" title={words.title}>
      {words.advice}
    </Alert>
  ) : null
}
