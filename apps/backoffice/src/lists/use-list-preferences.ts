import { useLocalStorage } from '@mantine/hooks'
import type { ListColumn } from './list-column.ts'

type Preferences = {
  /** Columns as somebody chose them; others stand as the list has them. */
  columns: Record<string, boolean>
  dense: boolean
}

/** How somebody likes a list on this machine: its columns and its density. */
export function useListPreferences<Row>(listId: string, columns: readonly ListColumn<Row>[]) {
  const [preferences, setPreferences] = useLocalStorage<Preferences>({
    key: `nexus-office-list-${listId}`,
    defaultValue: { columns: {}, dense: false },
    getInitialValueInEffect: false,
  })
  const visibility = Object.fromEntries(
    columns.map((column) => [column.id, preferences.columns[column.id] ?? column.extra !== true]),
  )
  return {
    visibility,
    dense: preferences.dense,
    show: (columnId: string, shown: boolean) =>
      setPreferences({ ...preferences, columns: { ...preferences.columns, [columnId]: shown } }),
    setDense: (dense: boolean) => setPreferences({ ...preferences, dense }),
  }
}
