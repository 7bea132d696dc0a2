import { Stack, Text } from '@mantine/core'
import { type Answer, getRegisterHealth } from '@nexus/contract'
import { formatRupees, registerHealth } from '@nexus/domain'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { DataTable } from '../../app/data-table.tsx'
import { TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { Section } from '../../app/section.tsx'
import { Loading, Trouble } from '../../app/states.tsx'
import { agoWords } from '../../phrases/date-words.ts'
import { countText, moment } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { ailmentWords, levelWords } from '../stores/health-words.ts'
import { LevelMark } from '../stores/level-mark.tsx'
import { healthFacts } from './health-facts.ts'
import { SecondCopyNote } from './second-copy-note.tsx'

const route = getRouteApi('/shell/health/$registerId')
const refreshMs = 30_000

/** One till: how it is, where its journals stand, when it was in touch. */
export function TillPage() {
  const i18n = useWords()
  const params = route.useParams()
  const query = useQuery({ ...asks(getRegisterHealth, { params }), refetchInterval: refreshMs })
  const name = query.data ? `${query.data.register.storeName} · ${query.data.register.name}` : ''
  return (
    <Page
      title={name || i18n._('nav.health', {}, { message: 'Health of the tills' })}
      trail={<TextLink to="/health">{i18n._('nav.health', {}, { message: 'Health of the tills' })}</TextLink>}
    >
      {query.isError && <Trouble error={query.error} onRetry={() => void query.refetch()} />}
      {query.data ? <Till data={query.data} now={query.dataUpdatedAt} /> : query.isPending && <Loading />}
    </Page>
  )
}

type Props = { data: Answer<typeof getRegisterHealth>; now: number }

function Till({ data, now }: Props) {
  const i18n = useWords()
  const { register } = data
  const { level, ailments } = registerHealth(healthFacts(register), now, undefined)
  return (
    <>
      <Section title={i18n._('register.state', {}, { message: 'How it is' })}>
        <Text>
          <LevelMark level={level} /> {levelWords(i18n, level)}
        </Text>
        {ailments.length > 0 && (
          <ul>
            {ailments.map((ailment) => (
              <li key={ailment.code}>{ailmentWords(i18n, ailment, now)}</li>
            ))}
          </ul>
        )}
        <Facts register={register} now={now} />
        <TextLink to="/stores/$storeId" params={{ storeId: register.storeId }}>
          {i18n._('health.store', {}, { message: 'Open the store' })}
        </TextLink>
        <TextLink to="/incidents" search={{ store: register.storeId }}>
          {i18n._('health.incidents', {}, { message: 'What people must look at in this store' })}
        </TextLink>
      </Section>
      <SecondCopyNote registers={[register]} />
      <Epochs epochs={data.epochs} />
      <Contacts contacts={data.contacts} now={now} />
    </>
  )
}

function Facts({ register, now }: { register: Props['data']['register']; now: number }) {
  const i18n = useWords()
  const ago = (at: number | null) => (at === null ? '–' : agoWords(i18n.locale, at, now))
  const quota = register.quotaBytes
  const facts: [string, string][] = [
    [i18n._('register.seen', {}, { message: 'Last seen' }), ago(register.lastSeenAt)],
    [i18n._('health.app', {}, { message: 'Release' }), register.app ?? '–'],
    [i18n._('health.series', {}, { message: 'Bill numbers begin with' }), register.seriesCode ?? '–'],
    [i18n._('health.told', {}, { message: 'Last entry that it announced' }), count(register.toldSeq)],
    [i18n._('health.head', {}, { message: 'Entries here' }), countText(register.headSeq)],
    [i18n._('health.arrived', {}, { message: 'Last entry arrived' }), ago(register.headMovedAt)],
    [
      i18n._('health.only-there-title', {}, { message: 'Only on the till' }),
      i18n._(
        'health.waiting',
        {
          entries: register.queuedEntries ?? 0,
          sales: register.queuedSales ?? 0,
          sum: formatRupees(register.queuedMinor ?? 0),
        },
        {
          message:
            '{entries, plural, one {# entry} other {# entries}}, {sales, plural, one {# sale} other {# sales}}, {sum}',
        },
      ),
    ],
    [i18n._('health.oldest', {}, { message: 'Oldest of them' }), ago(register.queuedOldestAt)],
    [
      i18n._('health.quota', {}, { message: 'Storage of its browser' }),
      quota === null
        ? '–'
        : i18n._('health.quota-gb', { gigabytes: (quota / 1e9).toFixed(1) }, { message: '{gigabytes} GB' }),
    ],
    [
      i18n._('health.persisted', {}, { message: 'Kept for sure' }),
      register.persisted === null
        ? '–'
        : register.persisted
          ? i18n._('answer.yes', {}, { message: 'Yes' })
          : i18n._('answer.no', {}, { message: 'No' }),
    ],
  ]
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name} className="fact">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Epochs({ epochs }: { epochs: Props['data']['epochs'] }) {
  const i18n = useWords()
  const title = i18n._('health.epochs', {}, { message: 'Its journals' })
  return (
    <Section title={title}>
      {epochs.length === 0 ? (
        <Text c="dimmed">
          {i18n._('health.no-epochs', {}, { message: 'Nothing has arrived from it yet.' })}
        </Text>
      ) : (
        <DataTable
          label={title}
          head={[
            { title: i18n._('health.series', {}, { message: 'Bill numbers begin with' }) },
            { title: i18n._('entry.epoch', {}, { message: 'Epoch' }) },
            { title: i18n._('health.head', {}, { message: 'Entries here' }), numeric: true },
            { title: i18n._('health.arrived', {}, { message: 'Last entry arrived' }) },
            { title: i18n._('health.durable', {}, { message: 'In a second place' }), numeric: true },
            { title: i18n._('health.quarantined', {}, { message: 'In quarantine' }), numeric: true },
            { title: i18n._('health.forked', {}, { message: 'Forked' }), numeric: true },
            { title: i18n._('health.missing', {}, { message: 'Lost' }), numeric: true },
          ]}
          rows={epochs.map((epoch) => ({
            key: epoch.epoch,
            cells: [
              epoch.seriesCode,
              <span key="id" className="hash">
                {epoch.epoch}
              </span>,
              countText(epoch.headSeq),
              moment(epoch.headMovedAt),
              count(epoch.durableSeq),
              countText(epoch.quarantined),
              countText(epoch.forked),
              countText(epoch.missing),
            ],
          }))}
        />
      )}
    </Section>
  )
}

function Contacts({ contacts, now }: { contacts: Props['data']['contacts']; now: number }) {
  const i18n = useWords()
  const title = i18n._('health.contacts', {}, { message: 'When it was in touch' })
  return (
    <Section title={title}>
      {contacts.length === 0 ? (
        <Text c="dimmed">{i18n._('health.never', {}, { message: 'Has never reported' })}</Text>
      ) : (
        <Stack gap="xs">
          <DataTable
            label={title}
            head={[
              { title: i18n._('filter.from', {}, { message: 'From' }) },
              { title: i18n._('filter.until', {}, { message: 'Until' }) },
              { title: i18n._('health.app', {}, { message: 'Release' }) },
              { title: i18n._('health.most', {}, { message: 'Most that waited' }), numeric: true },
            ]}
            rows={contacts.map((contact) => ({
              key: String(contact.fromAt),
              cells: [
                moment(contact.fromAt),
                now - contact.untilAt < 120_000
                  ? i18n._('health.still', {}, { message: 'now' })
                  : moment(contact.untilAt),
                contact.app,
                i18n._(
                  'health.most-waiting',
                  { entries: contact.entriesMax, sum: formatRupees(contact.minorMax) },
                  { message: '{entries, plural, one {# entry} other {# entries}}, {sum}' },
                ),
              ],
            }))}
          />
        </Stack>
      )}
    </Section>
  )
}

function count(entries: number | null): string {
  return entries === null ? '–' : countText(entries)
}
