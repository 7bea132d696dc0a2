import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { getStaff, listStaff } from '@nexus/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { asks } from '../app/api.ts'
import { useMay } from '../app/session.ts'
import { useWords } from '../words/use-words.ts'

type Props = {
  label: string
  value: string | undefined
  onChange: (staffId: string | undefined) => void
  /** Only people of this store. */
  store?: string | undefined
}

/** One person; the server finds them among however many. Nothing for those who may not see people. */
export function StaffFilter(props: Props) {
  const may = useMay()
  return may('staff.read') ? <Choice {...props} /> : null
}

function Choice({ label, value, onChange, store }: Props) {
  const i18n = useWords()
  const [text, setText] = useState('')
  const [q] = useDebouncedValue(text.trim(), 200)
  const chosen = useQuery({
    ...asks(getStaff, { params: { staffId: value ?? '' } }),
    enabled: value !== undefined,
  }).data
  // The chosen one's own name in the box looks for nobody else.
  const wanted = q === chosen?.name ? '' : q
  const found = useQuery({
    ...asks(listStaff, {
      query: { pageSize: 25, sort: 'name', q: wanted, ...(store !== undefined && { store }) },
    }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
  const people = [...(chosen ? [chosen] : []), ...(found.data?.rows ?? []).filter((one) => one.id !== value)]
  return (
    <Select
      label={label}
      value={value ?? null}
      onChange={(next) => onChange(next ?? undefined)}
      data={people.map((person) => ({ value: person.id, label: person.name }))}
      // The server has filtered already.
      filter={({ options }) => options}
      searchable
      onSearchChange={setText}
      clearable
      placeholder={i18n._('filter.all', {}, { message: 'All' })}
      nothingFoundMessage={i18n._('filter.none', {}, { message: 'Nothing found' })}
      className="filter"
    />
  )
}
