import { Text } from '@mantine/core'
import type { AuditRow } from '@nexus/contract'
import { DataTable } from '../../app/data-table.tsx'
import { useWords } from '../../words/use-words.ts'
import { changesBetween } from './audit-changes.ts'
import { memberName, memberValue } from './change-words.ts'

/** What one edit changed: each member before and after. */
export function ChangeTable({ row }: { row: Pick<AuditRow, 'before' | 'after'> }) {
  const i18n = useWords()
  const changes = changesBetween(row.before, row.after)
  if (changes.length === 0) {
    return <Text c="dimmed">{i18n._('audit.same', {}, { message: 'Saved without a change.' })}</Text>
  }
  return (
    <DataTable
      cards
      label={i18n._('audit.changes', {}, { message: 'Changes' })}
      head={[
        { title: i18n._('audit.member', {}, { message: 'What' }) },
        { title: i18n._('audit.before', {}, { message: 'Before' }) },
        { title: i18n._('audit.after', {}, { message: 'After' }) },
      ]}
      rows={changes.map(({ path, before, after }) => ({
        key: path.join('.'),
        cells: [
          memberName(i18n, path),
          <del key="before" className="before">
            {memberValue(i18n, path, before)}
          </del>,
          <ins key="after" className="after">
            {memberValue(i18n, path, after)}
          </ins>,
        ],
      }))}
    />
  )
}
