import { Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { type FormEvent, useState } from 'react'
import { StarIcon } from '../app/icons.tsx'
import { useWords } from '../words/use-words.ts'
import type { ListSearch, SetSearch } from './list-search.ts'

type View = { name: string; search: Record<string, unknown> }

type Props = { listId: string; search: ListSearch; set: SetSearch<ListSearch & Record<string, unknown>> }

/** Filters and sorting under a name, kept on this machine. Others get the address itself. */
export function SavedViews({ listId, search, set }: Props) {
  const i18n = useWords()
  const [opened, setOpened] = useState(false)
  const [name, setName] = useState('')
  const [views, setViews] = useLocalStorage<View[]>({
    key: `nexus-office-views-${listId}`,
    defaultValue: [],
    getInitialValueInEffect: false,
  })
  const save = (event: FormEvent) => {
    event.preventDefault()
    const wanted = name.trim()
    if (wanted === '') return
    const { page: _, ...kept } = search
    setViews([...views.filter((view) => view.name !== wanted), { name: wanted, search: kept }])
    setName('')
  }
  const show = (view: View) => {
    const cleared = Object.fromEntries(Object.keys(search).map((member) => [member, undefined]))
    set({ ...cleared, ...view.search })
    setOpened(false)
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" withArrow trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<StarIcon />} onClick={() => setOpened(!opened)}>
          {i18n._('views.title', {}, { message: 'Saved views' })}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" w={280}>
          {views.length === 0 && (
            <Text fz="sm" c="dimmed">
              {i18n._(
                'views.none',
                {},
                { message: 'None yet. Filter and sort the list, then save it under a name.' },
              )}
            </Text>
          )}
          {views.map((view) => (
            <Group key={view.name} gap={4} wrap="nowrap">
              <Button variant="subtle" flex={1} justify="flex-start" onClick={() => show(view)}>
                {view.name}
              </Button>
              <Button
                variant="subtle"
                size="compact-sm"
                aria-label={i18n._(
                  'views.remove',
                  { name: view.name },
                  { message: 'Remove the view {name}' },
                )}
                onClick={() => setViews(views.filter((one) => one.name !== view.name))}
              >
                {i18n._('action.remove', {}, { message: 'Take out' })}
              </Button>
            </Group>
          ))}
          <form onSubmit={save}>
            <Group gap="xs" align="flex-end" wrap="nowrap">
              <TextInput
                label={i18n._('views.name', {}, { message: 'Name of what you see now' })}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                maxLength={60}
                flex={1}
              />
              <Button type="submit" disabled={name.trim() === ''}>
                {i18n._('action.save', {}, { message: 'Save' })}
              </Button>
            </Group>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
