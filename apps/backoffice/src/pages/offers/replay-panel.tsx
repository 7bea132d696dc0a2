import {
  Alert,
  Badge,
  Button,
  Grid,
  Group,
  MultiSelect,
  Progress,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import {
  cancelReplay,
  getReplay,
  listReplays,
  type OfferSheet,
  type ReplayState,
  type ReplayStatus,
  startReplay,
} from '@nexus/contract'
import { addDays, localDate } from '@nexus/domain'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ask, asks, keyOf } from '../../app/api.ts'
import { Section } from '../../app/section.tsx'
import { useMay } from '../../app/session.ts'
import { Loading, Trouble } from '../../app/states.tsx'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { countText, day, moment } from '../../phrases/figures.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'
import { ReplayFindings } from './replay-findings.tsx'

const pollMs = 700

/** Running a draft over past bills: it goes on without this page and is found here again. */
export function ReplayPanel({ sheet }: { sheet: OfferSheet }) {
  const i18n = useWords()
  const may = useMay()
  const offerId = sheet.row.id
  const replays = useQuery({
    ...asks(listReplays, { params: { offerId } }),
    refetchInterval: ({ state: { data } }) => (data?.replays.some(isOpen) ? pollMs : false),
  })
  const [chosen, setChosen] = useState<string>()
  const all = replays.data?.replays ?? []
  const shown = all.find(({ replayId }) => replayId === chosen) ?? all[0]
  const isDraft = sheet.row.status === 'draft'
  if (!isDraft && all.length === 0 && !replays.isError) return null
  return (
    <Section title={i18n._('replay.title', {}, { message: 'Replay over past bills' })}>
      {isDraft && may('prices.write') && (
        <Start sheet={sheet} isBusy={all.some(isOpen)} onStarted={(replayId) => setChosen(replayId)} />
      )}
      {replays.isError && <Trouble error={replays.error} onRetry={() => void replays.refetch()} />}
      {all.length > 1 && (
        <Group gap="xs" role="group" aria-label={i18n._('replay.earlier', {}, { message: 'Replays' })}>
          {all.map((replay) => (
            <Button
              key={replay.replayId}
              size="xs"
              variant={replay === shown ? 'filled' : 'default'}
              aria-pressed={replay === shown}
              onClick={() => setChosen(replay.replayId)}
            >
              {moment(replay.createdAt)}
            </Button>
          ))}
        </Group>
      )}
      {shown && (
        <Shown key={shown.replayId} replay={shown} isOld={isDraft && shown.revision !== sheet.row.revision} />
      )}
    </Section>
  )
}

function isOpen({ state }: ReplayState): boolean {
  return state === 'waiting' || state === 'running'
}

type StartProps = { sheet: OfferSheet; isBusy: boolean; onStarted: (replayId: string) => void }

function Start({ sheet, isBusy, onStarted }: StartProps) {
  const i18n = useWords()
  const queries = useQueryClient()
  const stores = useStores()
  const [today] = useState(() => localDate(Date.now()))
  const [from, setFrom] = useState(addDays(today, -30))
  const [until, setUntil] = useState(addDays(today, -1))
  const [storeIds, setStoreIds] = useState<string[]>([])
  const params = { offerId: sheet.row.id }
  const start = useMutation({
    mutationFn: () =>
      ask(startReplay, { params, body: { from, until, ...(storeIds.length > 0 && { storeIds }) } }),
    onSuccess: async ({ replayId }) => {
      await queries.invalidateQueries({ queryKey: keyOf(listReplays, { params }) })
      onStarted(replayId)
    },
  })
  const isUnfinished = sheet.faults.length > 0
  const isSpan = from !== '' && until !== '' && from <= until
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text c="dimmed">
          {isUnfinished
            ? i18n._('replay.waits', {}, { message: 'Possible as soon as the saved draft is complete.' })
            : i18n._(
                'replay.hint',
                {},
                {
                  message:
                    'What the saved draft would have done to the bills of these days. Its own dates do not count, its weekdays and hours do.',
                },
              )}
        </Text>
        {start.error && (
          <Alert role="alert" color="red" variant="outline">
            {problemWords(i18n, start.error)}
          </Alert>
        )}
        <Grid align="flex-end">
          <Grid.Col span={{ base: 6, sm: 3, lg: 2 }}>
            <TextInput
              type="date"
              label={i18n._('price.from', {}, { message: 'First day' })}
              value={from}
              onChange={(event) => setFrom(event.currentTarget.value)}
            />
          </Grid.Col>
          <Grid.Col span={{ base: 6, sm: 3, lg: 2 }}>
            <TextInput
              type="date"
              label={i18n._('price.until', {}, { message: 'Last day' })}
              value={until}
              onChange={(event) => setUntil(event.currentTarget.value)}
            />
          </Grid.Col>
          <Grid.Col span={{ base: 12, sm: 6, lg: 4 }}>
            <MultiSelect
              label={i18n._('staff.stores', {}, { message: 'Stores' })}
              placeholder={storeIds.length === 0 ? i18n._('filter.all', {}, { message: 'All' }) : ''}
              data={storeOptions(stores)}
              searchable
              hidePickedOptions
              limit={50}
              value={storeIds}
              onChange={setStoreIds}
            />
          </Grid.Col>
          <Grid.Col span="content">
            <Button type="submit" loading={start.isPending} disabled={isUnfinished || isBusy || !isSpan}>
              {i18n._('replay.start', {}, { message: 'Start the replay' })}
            </Button>
          </Grid.Col>
        </Grid>
      </Stack>
    </form>
  )
}

function Shown({ replay, isOld }: { replay: ReplayState; isOld: boolean }) {
  const i18n = useWords()
  const may = useMay()
  const queries = useQueryClient()
  const params = { offerId: replay.offerId, replayId: replay.replayId }
  const list = keyOf(listReplays, { params: { offerId: replay.offerId } })
  const cancel = useMutation({
    mutationFn: () => ask(cancelReplay, { params }),
    onSuccess: () => queries.invalidateQueries({ queryKey: list }),
  })
  const isDone = replay.state === 'done'
  const report = useQuery({
    ...asks(getReplay, { params }),
    enabled: isDone,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const share = replay.billsTotal === 0 ? 0 : (replay.billsDone / replay.billsTotal) * 100
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Badge variant="outline">{replayStatusName(replay.state)}</Badge>
        <Text fz="sm">
          {day(replay.from)} – {day(replay.until)}
          {' · '}
          {replay.storeIds === null
            ? i18n._('replay.all-stores', {}, { message: 'all stores' })
            : i18n._(
                'stores.count',
                { count: replay.storeIds.length },
                { message: '{count, plural, one {# store} other {# stores}}' },
              )}
        </Text>
        {isOld && (
          <Text fz="sm" c="dimmed">
            {i18n._('replay.old', {}, { message: 'The draft was changed since.' })}
          </Text>
        )}
      </Group>
      {isOpen(replay) && (
        <>
          <Progress
            value={share}
            size="lg"
            striped
            animated
            aria-label={i18n._('replay.progress', {}, { message: 'Progress of the replay' })}
          />
          <Text role="status">
            {replay.state === 'waiting'
              ? i18n._('replay.in-turn', {}, { message: 'Waits for its turn.' })
              : i18n._(
                  'replay.read-of',
                  { done: countText(replay.billsDone), total: countText(replay.billsTotal) },
                  { message: '{done} of {total} bills' },
                )}
          </Text>
          <Text c="dimmed">
            {i18n._(
              'replay.leave',
              {},
              { message: 'You may leave this page; the replay goes on and is found here again.' },
            )}
          </Text>
          {may('prices.write') && (
            <Button
              variant="default"
              w="fit-content"
              loading={cancel.isPending}
              onClick={() => cancel.mutate()}
            >
              {i18n._('replay.cancel', {}, { message: 'Stop the replay' })}
            </Button>
          )}
        </>
      )}
      {replay.state === 'failed' && (
        <Alert role="alert" color="red" variant="outline" title={replayStatusName('failed')}>
          {i18n._(
            'replay.failed-hint',
            {},
            {
              message:
                'Something went wrong on our side. Start it again; if that does not help, tell support when it happened.',
            },
          )}
        </Alert>
      )}
      {isDone && report.isPending && <Loading />}
      {report.isError && <Trouble error={report.error} onRetry={() => void report.refetch()} />}
      {report.data?.result && <ReplayFindings result={report.data.result} />}
    </Stack>
  )

  function replayStatusName(state: ReplayStatus): string {
    switch (state) {
      case 'waiting':
        return i18n._('replay.waiting', {}, { message: 'Waiting' })
      case 'running':
        return i18n._('replay.running', {}, { message: 'Running' })
      case 'done':
        return i18n._('replay.done', {}, { message: 'Done' })
      case 'failed':
        return i18n._('replay.failed', {}, { message: 'Failed' })
      case 'cancelled':
        return i18n._('replay.cancelled', {}, { message: 'Cancelled' })
    }
  }
}
