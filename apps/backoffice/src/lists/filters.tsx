import { Checkbox, NativeSelect, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { formatPlain, isDate, parseAmount } from '@nexus/domain'
import { useEffect, useRef, useState } from 'react'
import { useWords } from '../words/use-words.ts'

type Option = { value: string; label: string }

type ChoiceProps = {
  label: string
  value: string | undefined
  onChange: (value: string | undefined) => void
  options: readonly Option[]
  /** What no choice means; all of them, where nothing is said. */
  none?: string
}

/** One of a few. */
export function ChoiceFilter({ label, value, onChange, options, none }: ChoiceProps) {
  const i18n = useWords()
  return (
    <NativeSelect
      label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
      data={[{ value: '', label: none ?? i18n._('filter.all', {}, { message: 'All' }) }, ...options]}
      className="filter"
    />
  )
}

/** One of many: typing finds it. */
export function SearchedFilter({ label, value, onChange, options, none }: ChoiceProps) {
  const i18n = useWords()
  return (
    <Select
      label={label}
      value={value ?? null}
      onChange={(next) => onChange(next ?? undefined)}
      data={options}
      searchable
      clearable
      limit={100}
      placeholder={none ?? i18n._('filter.all', {}, { message: 'All' })}
      nothingFoundMessage={i18n._('filter.none', {}, { message: 'Nothing found' })}
      className="filter"
    />
  )
}

type DayProps = { label: string; value: string | undefined; onChange: (day: string | undefined) => void }

/** A day of the calendar. */
export function DayFilter({ label, value, onChange }: DayProps) {
  return (
    <TextInput
      type="date"
      label={label}
      value={value ?? ''}
      onChange={(event) => {
        const day = event.currentTarget.value
        // While a year is typed, the browser reports years such as 0002.
        if (day === '' || (isDate(day) && day >= '2000-01-01')) onChange(day || undefined)
      }}
      className="filter"
    />
  )
}

type AmountProps = { label: string; minor: number | undefined; onChange: (minor: number | undefined) => void }

/** An amount in rupees. */
export function AmountFilter({ label, minor, onChange }: AmountProps) {
  const i18n = useWords()
  const [text, setText] = useState(minor === undefined ? '' : formatPlain(minor))
  const read = text.trim() === '' ? undefined : parseAmount(text)
  const fault = read !== undefined && 'fault' in read
  const sent = useRef(minor)
  const report = useDebouncedCallback((typed: number | undefined) => {
    sent.current = typed
    onChange(typed)
  }, 400)
  useEffect(() => {
    if (minor === sent.current) return
    sent.current = minor
    setText(minor === undefined ? '' : formatPlain(minor))
  }, [minor])
  return (
    <TextInput
      label={label}
      value={text}
      inputMode="decimal"
      leftSection="₹"
      error={fault && i18n._('filter.amount-fault', {}, { message: 'Type it like 499.50' })}
      onChange={(event) => {
        const typed = event.currentTarget.value
        setText(typed)
        if (typed.trim() === '' || amountOf(typed) !== undefined) report(amountOf(typed))
      }}
      className="filter filter-amount"
    />
  )
}

function amountOf(text: string): number | undefined {
  const read = parseAmount(text)
  return 'amountMinor' in read ? read.amountMinor : undefined
}

type FlagProps = { label: string; value: boolean | undefined; onChange: (on: true | undefined) => void }

/** Only rows of which something is true. */
export function FlagFilter({ label, value, onChange }: FlagProps) {
  return (
    <Checkbox
      label={label}
      checked={value === true}
      onChange={(event) => onChange(event.currentTarget.checked || undefined)}
      className="filter-flag"
    />
  )
}
