import type { I18n } from '@lingui/core'
import { Button, Stack } from '@mantine/core'
import { type CouponBatch, type CouponCodeRow, exportCouponCodes, listCouponCodes } from '@nexus/contract'
import { localDate } from '@nexus/domain'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { addressOf, asks } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { Section } from '../../app/section.tsx'
import { DataList } from '../../lists/data-list.tsx'
import { ChoiceFilter } from '../../lists/filters.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { allPages, useSetSearch } from '../../lists/list-search.ts'
import { day, moment, rupees } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { couponStates, stateName } from './coupon-words.ts'

const route = getRouteApi('/shell/coupons/$offerId')

type Props = {
  offerId: number
  batches: readonly CouponBatch[]
  onVoid: (code: string) => void
}

/** Each code of a series and what became of it. */
export function CodeList({ offerId, batches, onVoid }: Props) {
  const i18n = useWords()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const codes = useQuery({
    ...asks(listCouponCodes, { query: { ...search, offer: offerId } }),
    placeholderData: keepPreviousData,
  })
  const title = i18n._('coupons.codes', {}, { message: 'Codes' })
  return (
    <Section title={title}>
      <DataList
        id="coupon-codes"
        label={title}
        search={search}
        set={set}
        query={codes}
        columns={codeColumns(i18n, onVoid)}
        rowKey={(row) => row.code}
        searchLabel={i18n._('coupons.code-search', {}, { message: 'Code or a part of it' })}
        filters={
          <>
            <ChoiceFilter
              label={i18n._('coupons.state', {}, { message: 'State' })}
              value={search.state}
              onChange={(state) => set({ state: couponStates.find((one) => one === state) })}
              options={couponStates.map((state) => ({ value: state, label: stateName(i18n, state) }))}
            />
            {batches.length > 1 && (
              <ChoiceFilter
                label={i18n._('coupons.batch', {}, { message: 'Batch' })}
                value={search.batch}
                onChange={(batch) => set({ batch })}
                options={batches.map(({ id, name }) => ({ value: id, label: name }))}
              />
            )}
          </>
        }
        exportAddress={addressOf(exportCouponCodes, { query: { ...allPages(search), offer: offerId } })}
        empty={{
          title: i18n._('coupons.no-codes', {}, { message: 'No codes yet' }),
          hint: i18n._('coupons.no-codes-hint', {}, { message: 'Make some with the button above.' }),
        }}
      />
    </Section>
  )
}

function codeColumns(i18n: I18n, onVoid: (code: string) => void): readonly ListColumn<CouponCodeRow>[] {
  return [
    {
      id: 'code',
      title: i18n._('coupons.code', {}, { message: 'Code' }),
      cell: (row) => <strong>{row.code}</strong>,
    },
    {
      id: 'state',
      title: i18n._('coupons.state', {}, { message: 'State' }),
      cell: (row) => stateName(i18n, row.state),
    },
    {
      id: 'where',
      title: i18n._('coupons.where', {}, { message: 'Where' }),
      cell: (row) => <Where row={row} />,
      wraps: true,
    },
    {
      id: 'amount',
      title: i18n._('coupons.amount', {}, { message: 'Took off' }),
      cell: (row) => rupees(row.redemptions[0]?.amountMinor ?? null),
      numeric: true,
    },
    {
      id: 'batch',
      title: i18n._('coupons.batch', {}, { message: 'Batch' }),
      cell: (row) => row.batchName,
      wraps: true,
    },
    {
      id: 'lastDay',
      title: i18n._('coupons.last-day', {}, { message: 'Last day they count' }),
      cell: (row) => (row.expiresAt === null ? '–' : day(localDate(row.expiresAt - 1))),
      extra: true,
    },
    {
      id: 'actions',
      title: i18n._('coupons.actions', {}, { message: 'Actions' }),
      cell: ({ code, state }) =>
        state === 'free' || state === 'reserved' ? (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => onVoid(code)}
            aria-label={i18n._('coupons.void-code', { code }, { message: 'Make {code} void' })}
          >
            {i18n._('coupons.make-void', {}, { message: 'Make void' })}
          </Button>
        ) : (
          '–'
        ),
    },
  ]
}

/** The bills of a redeemed code, or the register that holds a reserved one. */
function Where({ row }: { row: CouponCodeRow }) {
  const i18n = useWords()
  if (row.reserved !== null) {
    const { storeName: store, registerNumber: register, until } = row.reserved
    return i18n._(
      'coupons.held',
      { store, register, until: moment(until) },
      { message: '{store}, register {register}, until {until}' },
    )
  }
  if (row.redemptions.length === 0) return '–'
  return (
    <Stack gap={2}>
      {row.redemptions.map(({ identity, document, number, storeName, at }) => (
        <span key={identity}>
          <TextLink to="/bills/$identity/$document" params={{ identity, document }}>
            {number}
          </TextLink>
          {` · ${storeName} · ${moment(at)}`}
        </span>
      ))}
    </Stack>
  )
}
