import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { type Answer, getRollOut, getRulebook, publishRulebook } from '@nexus/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ask, asks, keyOf } from '../../app/api.ts'
import { DataTable } from '../../app/data-table.tsx'
import { Page } from '../../app/page.tsx'
import { Section } from '../../app/section.tsx'
import { useMay } from '../../app/session.ts'
import { Empty, Loading, Trouble } from '../../app/states.tsx'
import { tell } from '../../app/tell.ts'
import { countText, moment } from '../../phrases/figures.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'

type Rulebook = Answer<typeof getRulebook>

/** What the tills sell by: published versions, and what waits to be published. */
export function RulebookPage() {
  const i18n = useWords()
  const rulebook = useQuery(asks(getRulebook, {}))
  return (
    <Page title={i18n._('nav.rulebook', {}, { message: 'Rulebook' })}>
      {rulebook.isError && <Trouble error={rulebook.error} onRetry={() => void rulebook.refetch()} />}
      {rulebook.data ? (
        <Stack gap="md">
          <Pending rulebook={rulebook.data} />
          {rulebook.data.versions.length > 0 && <RollOut />}
          <Versions versions={rulebook.data.versions} />
        </Stack>
      ) : (
        rulebook.isPending && <Loading />
      )}
    </Page>
  )
}

function Pending({ rulebook }: { rulebook: Rulebook }) {
  const i18n = useWords()
  const may = useMay()
  const queries = useQueryClient()
  const [note, setNote] = useState('')
  const publish = useMutation({
    mutationFn: () => ask(publishRulebook, { body: { note: note.trim() } }),
    onSuccess: async ({ version }) => {
      setNote('')
      await queries.invalidateQueries({ queryKey: keyOf(getRulebook) })
      tell(
        i18n,
        i18n._(
          'rulebook.published',
          { version },
          { message: 'Version {version} is published. Tills fetch it now.' },
        ),
      )
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    publish.mutate()
  }
  const pending = rulebook.pendingChanges
  return (
    <Section title={i18n._('rulebook.pending-title', {}, { message: 'Not published yet' })}>
      <Text>
        {pending === 0
          ? i18n._(
              'rulebook.no-pending',
              {},
              { message: 'Nothing: the tills have everything that was saved.' },
            )
          : i18n._(
              'rulebook.pending',
              { count: pending, shown: countText(pending) },
              {
                message:
                  '{count, plural, one {One product has changed} other {{shown} products have changed}} since the last version. Tills learn it when you publish.',
              },
            )}
      </Text>
      {may('rulebook.publish') ? (
        <form onSubmit={submit}>
          <Stack gap="sm">
            {publish.error && (
              <Alert role="alert" color="red" variant="outline">
                {problemWords(i18n, publish.error)}
              </Alert>
            )}
            <Group align="flex-end" gap="sm">
              <TextInput
                label={i18n._('rulebook.note', {}, { message: 'Note' })}
                description={i18n._(
                  'rulebook.note-hint',
                  {},
                  { message: 'For whoever reads this list later, e.g. Diwali prices.' },
                )}
                value={note}
                onChange={(event) => setNote(event.currentTarget.value)}
                maxLength={200}
                flex="1 1 280px"
                maw={520}
              />
              <Button type="submit" disabled={pending === 0} loading={publish.isPending}>
                {i18n._('rulebook.publish', {}, { message: 'Publish' })}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Text c="dimmed">{i18n._('rulebook.read-only', {}, { message: 'Your role may not publish.' })}</Text>
      )}
    </Section>
  )
}

/** How far the newest version has come; tills ask every minute. */
function RollOut() {
  const i18n = useWords()
  const rollOut = useQuery({ ...asks(getRollOut, {}), refetchInterval: 15_000 })
  const title = i18n._('rulebook.roll-out', {}, { message: 'On the tills' })
  if (rollOut.isError) {
    return (
      <Section title={title}>
        <Trouble error={rollOut.error} onRetry={() => void rollOut.refetch()} />
      </Section>
    )
  }
  if (rollOut.data === undefined) return null
  const { version, tills, holding, behind } = rollOut.data
  const values = { version, holding: countText(holding), tills: countText(tills) }
  return (
    <Section title={title}>
      <Text role="status">
        {tills === 0
          ? i18n._('rulebook.no-tills', {}, { message: 'No till has reported yet.' })
          : holding >= tills
            ? i18n._('rulebook.all-hold', values, { message: 'All {tills} tills hold version {version}.' })
            : i18n._('rulebook.some-hold', values, {
                message:
                  '{holding} of {tills} tills hold version {version}. The others sell by an older one until they are online; what begins later is then there in time.',
              })}
      </Text>
      {behind.length > 0 && (
        <DataTable
          cards
          label={i18n._('rulebook.behind', {}, { message: 'Tills with an older version' })}
          head={[
            { title: i18n._('rulebook.store', {}, { message: 'Store' }) },
            { title: i18n._('rulebook.register', {}, { message: 'Register' }), numeric: true },
            { title: i18n._('rulebook.holds', {}, { message: 'Holds version' }), numeric: true },
            { title: i18n._('rulebook.last-seen', {}, { message: 'Last seen' }) },
          ]}
          rows={behind.map((till) => ({
            key: till.registerId,
            cells: [till.storeName, till.number, till.holds ?? '–', moment(till.lastSeenAt)],
          }))}
        />
      )}
    </Section>
  )
}

function Versions({ versions }: { versions: Rulebook['versions'] }) {
  const i18n = useWords()
  const title = i18n._('rulebook.versions', {}, { message: 'Published versions' })
  return (
    <Section title={title}>
      {versions.length === 0 ? (
        <Empty
          title={i18n._('rulebook.none', {}, { message: 'No version yet' })}
          hint={i18n._(
            'rulebook.none-hint',
            {},
            { message: 'Tills cannot sell before the first one is published.' },
          )}
        />
      ) : (
        <DataTable
          cards
          label={title}
          head={[
            { title: i18n._('rulebook.version', {}, { message: 'Version' }) },
            { title: i18n._('rulebook.published-at', {}, { message: 'Published' }) },
            { title: i18n._('audit.by', {}, { message: 'By' }) },
            { title: i18n._('rulebook.note', {}, { message: 'Note' }) },
            { title: i18n._('nav.products', {}, { message: 'Products' }), numeric: true },
            { title: i18n._('audit.changes', {}, { message: 'Changes' }), numeric: true },
            { title: i18n._('rulebook.checksum', {}, { message: 'Checksum' }) },
          ]}
          rows={versions.map((version) => ({
            key: String(version.version),
            cells: [
              version.version,
              moment(version.publishedAt),
              version.by ?? '–',
              version.note || '–',
              countText(version.products),
              countText(version.changes),
              <span key="checksum" className="hash" title={version.checksum}>
                {version.checksum.slice(0, 12)}…
              </span>,
            ],
          }))}
        />
      )}
    </Section>
  )
}
