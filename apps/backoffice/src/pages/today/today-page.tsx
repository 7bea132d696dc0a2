import { Grid, Group, Stack, Text } from '@mantine/core'
import { getToday } from '@nexus/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { Page } from '../../app/page.tsx'
import { Section } from '../../app/section.tsx'
import { Loading, Trouble } from '../../app/states.tsx'
import { DayFilter, SearchedFilter } from '../../lists/filters.tsx'
import { useSetSearch } from '../../lists/list-search.ts'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { dayWords } from '../../phrases/date-words.ts'
import { clock } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { Attention } from './attention.tsx'
import { FigureTiles } from './figure-tiles.tsx'
import { HoursChart } from './hours-chart.tsx'
import { StoreRanking } from './store-ranking.tsx'
import { TenderShares } from './tender-shares.tsx'
import type { Scope, Today } from './today.ts'

const route = getRouteApi('/shell/today')
const refreshMs = 30_000

/** The trading day beside the same weekday a week before. */
export function TodayPage() {
  const i18n = useWords()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const stores = useStores()
  const today = useQuery({
    ...asks(getToday, { query: search }),
    placeholderData: keepPreviousData,
    // A day that is over changes seldom.
    refetchInterval: search.day === undefined ? refreshMs : false,
  })
  const title =
    search.day === undefined
      ? i18n._('nav.today', {}, { message: 'Today' })
      : dayWords(i18n.locale, search.day)
  return (
    <Page title={title}>
      <Group gap="sm" align="flex-end">
        {stores.length > 1 && (
          <SearchedFilter
            label={i18n._('filter.store', {}, { message: 'Store' })}
            value={search.store}
            onChange={(store) => set({ store })}
            options={storeOptions(stores)}
          />
        )}
        <DayFilter
          label={i18n._('today.day', {}, { message: 'Trading day' })}
          value={search.day}
          onChange={(day) => set({ day })}
        />
        {today.data && (
          <Text fz="sm" c="dimmed" pb={8}>
            {i18n._(
              'today.as-of',
              { day: dayWords(i18n.locale, today.data.day), time: clock(today.data.asOf) },
              {
                message: '{day}, as of {time}',
              },
            )}
          </Text>
        )}
      </Group>
      {today.isError && <Trouble error={today.error} onRetry={() => void today.refetch()} />}
      {today.data ? <Board today={today.data} store={search.store} /> : today.isPending && <Loading />}
    </Page>
  )
}

function Board({ today, store }: { today: Today; store: string | undefined }) {
  const i18n = useWords()
  const scope: Scope = { ...(store !== undefined && { store }), from: today.day, until: today.day }
  return (
    <Stack gap="md">
      <FigureTiles today={today} scope={scope} />
      <Attention attention={today.attention} store={store} />
      <Section title={i18n._('today.by-hour', {}, { message: 'Takings by hour' })}>
        <HoursChart hours={today.hours} />
      </Section>
      <Grid>
        {store === undefined && today.stores.length > 1 && (
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <StoreRanking stores={today.stores} scope={scope} />
          </Grid.Col>
        )}
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <TenderShares tenders={today.tenders} scope={scope} />
        </Grid.Col>
      </Grid>
    </Stack>
  )
}
