import type { I18n } from '@lingui/core'
import { listRegisterHealth, type RegisterHealthRow } from '@nexus/contract'
import { formatRupees, healthLevels, newestApp, registerHealth } from '@nexus/domain'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { DataList } from '../../lists/data-list.tsx'
import { ChoiceFilter, SearchedFilter } from '../../lists/filters.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { useSetSearch } from '../../lists/list-search.ts'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { agoWords } from '../../phrases/date-words.ts'
import { countText } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { ailmentWords, levelWords } from '../stores/health-words.ts'
import { LevelMark } from '../stores/level-mark.tsx'
import { BooksLine } from './books-line.tsx'
import { healthFacts } from './health-facts.ts'
import { SecondCopyNote } from './second-copy-note.tsx'

const route = getRouteApi('/shell/health')
const refreshMs = 30_000

/** Every till of the chain, the worst first, and whether the books agree. */
export function HealthPage() {
  const i18n = useWords()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const stores = useStores()
  const query = useQuery({
    ...asks(listRegisterHealth, { query: search }),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  })
  const title = i18n._('nav.health', {}, { message: 'Health of the tills' })
  const rows = query.data?.rows ?? []
  return (
    <Page title={title}>
      <BooksLine />
      {rows.length > 0 && <SecondCopyNote registers={rows} />}
      <DataList
        id="health"
        label={title}
        search={search}
        set={set}
        query={query}
        columns={healthColumns(i18n, rows, query.dataUpdatedAt)}
        rowKey={(row) => row.id}
        usualSort="level"
        searchLabel={i18n._('health.search', {}, { message: 'Store, register or series' })}
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
            <ChoiceFilter
              label={i18n._('register.state', {}, { message: 'How it is' })}
              value={search.level}
              onChange={(level) => set({ level })}
              options={healthLevels.map((level) => ({ value: level, label: levelWords(i18n, level) }))}
            />
          </>
        }
        empty={{
          title: i18n._('health.empty', {}, { message: 'No tills yet' }),
          hint: i18n._(
            'health.empty-hint',
            {},
            { message: 'Add a register on a store’s page, then enrol a device with its code.' },
          ),
        }}
      />
    </Page>
  )
}

function healthColumns(
  i18n: I18n,
  rows: readonly RegisterHealthRow[],
  now: number,
): readonly ListColumn<RegisterHealthRow>[] {
  const newest = newestApp(rows)
  return [
    {
      id: 'level',
      title: i18n._('register.state', {}, { message: 'How it is' }),
      sortable: true,
      wraps: true,
      cell: (row) => {
        const [first] = registerHealth(healthFacts(row), now, newest).ailments
        return (
          <>
            <LevelMark level={row.level} />{' '}
            {first ? ailmentWords(i18n, first, now) : levelWords(i18n, row.level)}
          </>
        )
      },
    },
    { id: 'store', title: i18n._('filter.store', {}, { message: 'Store' }), cell: (row) => row.storeName },
    {
      id: 'register',
      title: i18n._('filter.register', {}, { message: 'Register' }),
      cell: (row) => (
        <TextLink to="/health/$registerId" params={{ registerId: row.id }}>
          {row.name}
        </TextLink>
      ),
    },
    {
      id: 'lastSeenAt',
      title: i18n._('register.seen', {}, { message: 'Last seen' }),
      sortable: true,
      cell: (row) => (row.lastSeenAt === null ? '–' : agoWords(i18n.locale, row.lastSeenAt, now)),
    },
    {
      id: 'queuedMinor',
      title: i18n._('health.only-there-title', {}, { message: 'Only on the till' }),
      sortable: true,
      numeric: true,
      cell: (row) =>
        row.queuedEntries
          ? i18n._(
              'health.waiting',
              {
                entries: row.queuedEntries,
                sales: row.queuedSales ?? 0,
                sum: formatRupees(row.queuedMinor ?? 0),
              },
              {
                message:
                  '{entries, plural, one {# entry} other {# entries}}, {sales, plural, one {# sale} other {# sales}}, {sum}',
              },
            )
          : '–',
    },
    {
      id: 'oldest',
      title: i18n._('health.oldest', {}, { message: 'Oldest of them' }),
      cell: (row) =>
        row.queuedEntries && row.queuedOldestAt !== null
          ? agoWords(i18n.locale, row.queuedOldestAt, now)
          : '–',
    },
    {
      id: 'head',
      title: i18n._('health.head', {}, { message: 'Entries here' }),
      numeric: true,
      cell: (row) => countText(row.headSeq),
    },
    {
      id: 'durable',
      title: i18n._('health.durable', {}, { message: 'In a second place' }),
      numeric: true,
      cell: (row) => (row.durableSeq === null ? '–' : countText(row.durableSeq)),
    },
    {
      id: 'aside',
      title: i18n._('health.aside', {}, { message: 'Set aside' }),
      numeric: true,
      cell: (row) => countText(row.quarantined + row.forked),
    },
    {
      id: 'app',
      title: i18n._('health.app', {}, { message: 'Release' }),
      cell: (row) => row.app ?? '–',
      extra: true,
    },
  ]
}
