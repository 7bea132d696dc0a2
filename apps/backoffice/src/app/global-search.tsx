import { Button, Combobox, Kbd, Stack, Text, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue, useDisclosure, useHotkeys } from '@mantine/hooks'
import { searchAll } from '@nexus/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useWords } from '../words/use-words.ts'
import { asks } from './api.ts'
import { Dialog } from './dialog.tsx'
import { SearchIcon } from './icons.tsx'
import { hitKindWords, type SearchHit, targetOf } from './search-hits.ts'

/** Finds a bill by number, a product by code or name, a person, a store: Ctrl or ⌘ and K, from everywhere. */
export function GlobalSearch() {
  const i18n = useWords()
  const [opened, { open, close }] = useDisclosure(false)
  useHotkeys([['mod+K', open]], [])
  const title = i18n._('search.title', {}, { message: 'Search everything' })
  return (
    <>
      <Button
        variant="default"
        onClick={open}
        leftSection={<SearchIcon />}
        rightSection={
          <Kbd visibleFrom="md" aria-hidden="true">
            Ctrl K
          </Kbd>
        }
        aria-keyshortcuts="Control+K Meta+K"
        className="search-button"
      >
        <span className="search-button-text">{i18n._('search.button', {}, { message: 'Search' })}</span>
      </Button>
      <Dialog opened={opened} onClose={close} title={title} size="lg">
        <SearchBox onDone={close} />
      </Dialog>
    </>
  )
}

function SearchBox({ onDone }: { onDone: () => void }) {
  const i18n = useWords()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [q] = useDebouncedValue(text.trim(), 200)
  const found = useQuery({
    ...asks(searchAll, { query: { q } }),
    enabled: q !== '',
    placeholderData: keepPreviousData,
  })
  const hits = q === '' ? [] : (found.data?.hits ?? [])
  const combobox = useCombobox({ opened: true })
  const { selectFirstOption } = combobox
  // Enter takes the best hit.
  // biome-ignore lint/correctness/useExhaustiveDependencies: new hits have a new first one
  useEffect(() => {
    selectFirstOption()
  }, [hits, selectFirstOption])

  const go = (value: string) => {
    const hit = hits.find((one) => keyOfHit(one) === value)
    const target = hit && targetOf(hit)
    if (!target) return
    onDone()
    void navigate(target)
  }
  const label = i18n._('search.label', {}, { message: 'Bill number, product, person or store' })
  return (
    <Combobox store={combobox} onOptionSubmit={go} withinPortal={false}>
      <Combobox.EventsTarget>
        <TextInput
          label={label}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
          autoComplete="off"
          leftSection={<SearchIcon />}
        />
      </Combobox.EventsTarget>
      <Stack gap={4} mt="sm" mih="40vh">
        <Text c="dimmed" fz="sm" role="status">
          {statusWords()}
        </Text>
        <Combobox.Options aria-label={i18n._('search.hits', {}, { message: 'Hits' })}>
          {hits.map((hit) => (
            <Combobox.Option key={keyOfHit(hit)} value={keyOfHit(hit)}>
              <Text fw={600}>{hit.title}</Text>
              <Text fz="sm" className="hit-detail">
                {hitKindWords(i18n, hit.kind)} · {hit.detail}
              </Text>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Stack>
    </Combobox>
  )

  function statusWords(): string {
    if (q === '') {
      return i18n._(
        'search.hint',
        {},
        { message: 'Type the last digits of a bill, a barcode, or the beginning of a name.' },
      )
    }
    if (found.isError)
      return i18n._('search.failed', {}, { message: 'The search did not work. Type once more.' })
    if (found.data === undefined) return i18n._('search.running', {}, { message: 'Searching…' })
    if (hits.length === 0) {
      return i18n._('search.nothing', { q }, { message: 'Nothing is called “{q}”. Try fewer letters.' })
    }
    return i18n._(
      'search.found',
      { count: hits.length },
      {
        message: '{count, plural, one {# hit} other {# hits}}. Arrow keys choose, Enter opens.',
      },
    )
  }
}

function keyOfHit(hit: SearchHit): string {
  return `${hit.kind} ${hit.id}`
}
