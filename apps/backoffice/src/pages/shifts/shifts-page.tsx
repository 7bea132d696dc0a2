import type { I18n } from '@lingui/core'
import { Badge } from '@mantine/core'
import { listShifts, type ShiftRow } from '@nexus/contract'
import { formatRupees } from '@nexus/domain'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { Page } from '../../app/page.tsx'
import { DataList } from '../../lists/data-list.tsx'
import { DayFilter, FlagFilter, SearchedFilter } from '../../lists/filters.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { useSetSearch } from '../../lists/list-search.ts'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { countText, day, moment, rupees } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'

const route = getRouteApi('/shell/shifts')

/** Shifts with what was counted and what should have been there. */
export function ShiftsPage() {
  const i18n = useWords()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const stores = useStores()
  const query = useQuery({ ...asks(listShifts, { query: search }), placeholderData: keepPreviousData })
  const title = i18n._('nav.shifts', {}, { message: 'Shifts' })
  return (
    <Page title={title}>
      <DataList
        id="shifts"
        label={title}
        search={search}
        set={set}
        query={query}
        columns={shiftColumns(i18n)}
        rowKey={(row) => row.id}
        usualSort="-tradingDay"
        filters={
          <>
            {stores.length !== 1 && (
              <SearchedFilter
                label={i18n._('filter.store', {}, { message: 'Store' })}
                value={search.store}
                onChange={(store) => set({ store })}
                options={storeOptions(stores)}
              />
            )}
            <DayFilter
              label={i18n._('filter.from', {}, { message: 'From' })}
              value={search.from}
              onChange={(from) => set({ from })}
            />
            <DayFilter
              label={i18n._('filter.until', {}, { message: 'Until' })}
              value={search.until}
              onChange={(until) => set({ until })}
            />
            <FlagFilter
              label={i18n._('shifts.open-only', {}, { message: 'Open ones only' })}
              value={search.open}
              onChange={(open) => set({ open })}
            />
          </>
        }
        empty={{
          title: i18n._('shifts.empty', {}, { message: 'No shifts yet' }),
          hint: i18n._(
            'shifts.empty-hint',
            {},
            { message: 'A shift begins when somebody signs on at a till and counts the float.' },
          ),
        }}
      />
    </Page>
  )
}

function shiftColumns(i18n: I18n): readonly ListColumn<ShiftRow>[] {
  return [
    {
      id: 'tradingDay',
      title: i18n._('bill.day', {}, { message: 'Trading day' }),
      cell: (row) => <strong>{day(row.tradingDay)}</strong>,
      sortable: true,
    },
    { id: 'store', title: i18n._('filter.store', {}, { message: 'Store' }), cell: (row) => row.storeName },
    {
      id: 'register',
      title: i18n._('filter.register', {}, { message: 'Register' }),
      cell: (row) => row.registerNumber,
    },
    {
      id: 'cashier',
      title: i18n._('filter.cashier', {}, { message: 'Cashier' }),
      cell: (row) => row.cashier ?? '–',
    },
    {
      id: 'openedAt',
      title: i18n._('shift.opened', {}, { message: 'Opened' }),
      cell: (row) => moment(row.openedAt),
    },
    {
      id: 'closedAt',
      title: i18n._('shift.closed', {}, { message: 'Closed' }),
      cell: (row) =>
        row.closedAt === null ? (
          <Badge variant="outline">{i18n._('shift.open', {}, { message: 'Open' })}</Badge>
        ) : (
          moment(row.closedAt)
        ),
    },
    {
      id: 'bills',
      title: i18n._('nav.bills', {}, { message: 'Bills' }),
      cell: (row) => countText(row.bills),
      numeric: true,
    },
    {
      id: 'soldMinor',
      title: i18n._('today.sold', {}, { message: 'Sold' }),
      cell: (row) => formatRupees(row.soldMinor),
      numeric: true,
    },
    {
      id: 'floatMinor',
      title: i18n._('shift.float', {}, { message: 'Float' }),
      cell: (row) => formatRupees(row.floatMinor),
      numeric: true,
      extra: true,
    },
    {
      id: 'expectedMinor',
      title: i18n._('shift.expected', {}, { message: 'Cash expected' }),
      cell: (row) => rupees(row.expectedMinor),
      numeric: true,
    },
    {
      id: 'countedMinor',
      title: i18n._('shift.counted', {}, { message: 'Cash counted' }),
      cell: (row) => rupees(row.countedMinor),
      numeric: true,
    },
    {
      id: 'difference',
      title: i18n._('shift.difference', {}, { message: 'Difference' }),
      cell: (row) => <Difference minor={row.differenceMinor} i18n={i18n} />,
      sortable: true,
      numeric: true,
    },
  ]
}

function Difference({ minor, i18n }: { minor: number | null; i18n: I18n }) {
  if (minor === null) return '–'
  if (minor === 0) return formatRupees(0)
  const amount = formatRupees(Math.abs(minor))
  return minor < 0 ? (
    <span className="bad">{i18n._('shift.short', { amount }, { message: '{amount} short' })}</span>
  ) : (
    <span className="warn">{i18n._('shift.over', { amount }, { message: '{amount} over' })}</span>
  )
}
