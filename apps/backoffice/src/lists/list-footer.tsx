import { Group, Pagination, Text } from '@mantine/core'
import { countText } from '../phrases/figures.ts'
import { useWords } from '../words/use-words.ts'
import { pagesOf } from './list-search.ts'

type Props = {
  answer: { page: number; pageSize: number; total: number; totalIsExact: boolean; rows: readonly unknown[] }
  onPage: (page: number) => void
}

/** Which rows of how many, and the way to the others. */
export function ListFooter({ answer, onPage }: Props) {
  const i18n = useWords()
  const pages = pagesOf(answer)
  const first = (answer.page - 1) * answer.pageSize + 1
  const values = {
    from: countText(first),
    to: countText(first + answer.rows.length - 1),
    total: countText(answer.total),
  }
  return (
    <Group justify="space-between" gap="sm" w="100%">
      <Text fz="sm" c="dimmed" role="status">
        {answer.totalIsExact
          ? i18n._('list.range', values, { message: '{from} to {to} of {total}' })
          : i18n._('list.range-more', values, { message: '{from} to {to} of more than {total}' })}
      </Text>
      {pages > 1 && (
        <nav aria-label={i18n._('list.pages', {}, { message: 'Pages' })}>
          <Pagination
            total={pages}
            value={answer.page}
            onChange={onPage}
            siblings={1}
            size="sm"
            getItemProps={(page) => ({
              'aria-label': i18n._('list.page', { page }, { message: 'Page {page}' }),
            })}
            getControlProps={(control) => ({ 'aria-label': controlWords(control) })}
          />
        </nav>
      )}
    </Group>
  )

  function controlWords(control: 'first' | 'previous' | 'next' | 'last'): string {
    if (control === 'previous') return i18n._('list.previous', {}, { message: 'Previous page' })
    if (control === 'next') return i18n._('list.next', {}, { message: 'Next page' })
    if (control === 'first') return i18n._('list.first', {}, { message: 'First page' })
    return i18n._('list.last', {}, { message: 'Last page' })
  }
}
