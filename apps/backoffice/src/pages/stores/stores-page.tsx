import { Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { listStores, type Store } from '@nexus/contract'
import { healthLevels, newestApp, type RegisterHealth, registerHealth, worstLevel } from '@nexus/domain'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { PlusIcon, SearchIcon } from '../../app/icons.tsx'
import { ButtonLink, TileLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { useMay } from '../../app/session.ts'
import { Empty, Loading, Trouble } from '../../app/states.tsx'
import { FlagFilter } from '../../lists/filters.tsx'
import { useSetSearch } from '../../lists/list-search.ts'
import { clock } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { ArchiveLine } from './archive-line.tsx'
import { ailmentWords, levelWords } from './health-words.ts'
import { LevelMark } from './level-mark.tsx'

const route = getRouteApi('/shell/stores')
const refreshMs = 30_000

/** A tile a store, a dot a till; what is red comes first. */
export function StoresPage() {
  const i18n = useWords()
  const may = useMay()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const stores = useQuery({ ...asks(listStores, {}), refetchInterval: refreshMs })
  return (
    <Page
      title={i18n._('nav.stores', {}, { message: 'Stores & tills' })}
      actions={
        may('stores.write') && (
          <ButtonLink to="/stores/new" leftSection={<PlusIcon />}>
            {i18n._('stores.new', {}, { message: 'New store' })}
          </ButtonLink>
        )
      }
    >
      <Group gap="sm" align="flex-end">
        <TextInput
          label={i18n._('stores.search', {}, { message: 'Name, code or city' })}
          type="search"
          value={search.q ?? ''}
          onChange={(event) => set({ q: event.currentTarget.value || undefined }, true)}
          leftSection={<SearchIcon />}
          className="list-search"
        />
        <FlagFilter
          label={i18n._('stores.ill', {}, { message: 'With something to look at' })}
          value={search.ill}
          onChange={(ill) => set({ ill })}
        />
        {stores.data && (
          <Text fz="sm" c="dimmed" pb={8}>
            {i18n._('stores.as-of', { time: clock(stores.dataUpdatedAt) }, { message: 'As of {time}' })}
          </Text>
        )}
      </Group>
      <ArchiveLine />
      {stores.isError && <Trouble error={stores.error} onRetry={() => void stores.refetch()} />}
      {stores.data ? (
        <Tiles stores={stores.data.stores} now={stores.dataUpdatedAt} {...search} />
      ) : (
        stores.isPending && <Loading />
      )}
    </Page>
  )
}

type TilesProps = { stores: readonly Store[]; now: number; q?: string; ill?: boolean }

function Tiles({ stores, now, q = '', ill = false }: TilesProps) {
  const i18n = useWords()
  const may = useMay()
  const newest = newestApp(stores.flatMap((store) => store.registers))
  const shown = stores
    .map((store) => {
      const healths = store.registers.map((register) => registerHealth(register, now, newest))
      return { store, healths, level: worstLevel(healths) }
    })
    .filter(({ store, level }) => isFound(store, q) && (!ill || level === 'bad' || level === 'warn'))
    .toSorted(
      (one, other) =>
        healthLevels.indexOf(one.level) - healthLevels.indexOf(other.level) ||
        one.store.name.localeCompare(other.store.name),
    )
  if (stores.length === 0) {
    return (
      <Empty
        title={i18n._('stores.empty', {}, { message: 'No stores yet' })}
        hint={
          may('stores.write')
            ? i18n._(
                'stores.empty-hint',
                {},
                { message: 'Add the first store; its tills are enrolled from its page.' },
              )
            : i18n._(
                'stores.none-yours',
                {},
                { message: 'An administrator says which stores you see, under Staff.' },
              )
        }
      />
    )
  }
  if (shown.length === 0) {
    return <Empty title={i18n._('stores.nothing', {}, { message: 'No store is like that' })} />
  }
  return (
    <>
      <Text fz="sm" c="dimmed" role="status">
        {i18n._(
          'stores.count',
          { count: shown.length },
          {
            message: '{count, plural, one {# store} other {# stores}}',
          },
        )}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 3, xl: 4 }} spacing="sm">
        {shown.map(({ store, healths, level }) => (
          <TileLink
            key={store.id}
            to="/stores/$storeId"
            params={{ storeId: store.id }}
            className="tile-link store-tile"
            data-level={level}
          >
            <Group justify="space-between" wrap="nowrap" align="flex-start">
              <Stack gap={0} miw={0}>
                <Text fw={600}>{store.name}</Text>
                <Text fz="sm" c="dimmed">
                  {store.code} · {store.city}
                </Text>
              </Stack>
              <Text span fz="sm" className="level-word" data-level={level}>
                {levelWords(i18n, level)}
              </Text>
            </Group>
            <ul className="plain dots">
              {store.registers.map((register, at) => (
                <RegisterLine key={register.id} name={register.name} health={healths[at]} now={now} />
              ))}
              {store.registers.length === 0 && (
                <li>
                  <Text span fz="sm" c="dimmed">
                    {i18n._('stores.no-registers', {}, { message: 'No registers yet' })}
                  </Text>
                </li>
              )}
            </ul>
          </TileLink>
        ))}
      </SimpleGrid>
    </>
  )
}

function RegisterLine({
  name,
  health,
  now,
}: {
  name: string
  health: RegisterHealth | undefined
  now: number
}) {
  const i18n = useWords()
  const first = health?.ailments[0]
  return (
    <li>
      <LevelMark level={health?.level ?? 'off'} />
      <Text span fz="sm">
        {name}
        {first && (
          <>
            {': '}
            <Text span fz="sm" c="dimmed">
              {ailmentWords(i18n, first, now)}
            </Text>
          </>
        )}
      </Text>
    </li>
  )
}

function isFound(store: Store, q: string): boolean {
  const wanted = q.trim().toLowerCase()
  return [store.name, store.code, store.city].some((text) => text.toLowerCase().includes(wanted))
}
