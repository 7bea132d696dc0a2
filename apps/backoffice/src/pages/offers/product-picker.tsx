import { MultiSelect, type MultiSelectProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { listProducts } from '@nexus/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { asks } from '../../app/api.ts'
import { useWords } from '../../words/use-words.ts'
import type { Goods } from './use-goods-names.ts'

type Props = Omit<MultiSelectProps, 'data' | 'value' | 'onChange'> & {
  value: string[]
  onChange: (value: string[]) => void
  goods: Goods
}

/** Products by name, SKU or barcode; the server finds them among however many. */
export function ProductPicker({ value, onChange, goods, ...props }: Props) {
  const i18n = useWords()
  const [text, setText] = useState('')
  const [q] = useDebouncedValue(text.trim(), 200)
  const found = useQuery({
    ...asks(listProducts, { query: { pageSize: 25, sort: 'name', active: true, ...(q !== '' && { q }) } }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  }).data?.rows
  const options = (found ?? []).map(({ id, name, sku }) => ({ value: String(id), label: `${name} · ${sku}` }))
  const chosen = value
    .filter((id) => !options.some((option) => option.value === id))
    .map((id) => ({ value: id, label: goods.product(id) }))
  return (
    <MultiSelect
      {...props}
      data={[...chosen, ...options]}
      value={value}
      onChange={(next) => {
        goods.learn(
          (found ?? [])
            .filter(({ id }) => next.includes(String(id)))
            .map(({ id, name }) => ({ value: String(id), label: name })),
        )
        onChange(next)
      }}
      // The server has filtered already.
      filter={({ options: all }) => all}
      searchable
      searchValue={text}
      onSearchChange={setText}
      hidePickedOptions
      nothingFoundMessage={i18n._('filter.none', {}, { message: 'Nothing found' })}
      placeholder={
        value.length === 0 ? i18n._('offer.find-product', {}, { message: 'Name, SKU or barcode' }) : ''
      }
    />
  )
}
