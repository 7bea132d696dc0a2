import { Alert, Progress, Stack, Text } from '@mantine/core'
import { getImport, type ImportState } from '@nexus/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { DataTable } from '../../app/data-table.tsx'
import { TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { Section } from '../../app/section.tsx'
import { Loading, Trouble } from '../../app/states.tsx'
import { countText } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { ImportResult } from './import-result.tsx'
import { importStateName } from './import-words.ts'
import { MappingForm } from './mapping-form.tsx'

const route = getRouteApi('/shell/imports/$importId')
const pollMs = 700

/** One import, from the file to the result. It goes on without this page and is found again in the list. */
export function ImportPage() {
  const i18n = useWords()
  const { importId } = route.useParams()
  const state = useQuery({
    ...asks(getImport, { params: { importId } }),
    refetchInterval: ({ state: { data } }) => (data && isBusy(data) ? pollMs : false),
  })
  return (
    <Page
      title={state.data?.fileName ?? i18n._('nav.imports', {}, { message: 'Import' })}
      trail={<TextLink to="/imports">{i18n._('nav.imports', {}, { message: 'Import' })}</TextLink>}
    >
      {state.data ? (
        <Steps state={state.data} />
      ) : state.isError ? (
        <Trouble error={state.error} onRetry={() => void state.refetch()} />
      ) : (
        <Loading />
      )}
    </Page>
  )
}

function isBusy(state: ImportState): boolean {
  return state.state === 'checking' || state.state === 'running'
}

function Steps({ state }: { state: ImportState }) {
  const i18n = useWords()
  const busy = isBusy(state)
  return (
    <Stack gap="md">
      {busy ? (
        <Running state={state} />
      ) : (
        <>
          {state.state === 'failed' && (
            <Alert role="alert" color="red" variant="outline" title={importStateName(i18n, state.state)}>
              {state.message ??
                i18n._(
                  'import.failed-hint',
                  {},
                  { message: 'The import stopped. Look at the mapping, then check again.' },
                )}
            </Alert>
          )}
          {(state.state === 'checked' || state.state === 'done') && <ImportResult state={state} />}
        </>
      )}
      <Sample state={state} />
      {!busy && state.state !== 'done' && <MappingForm state={state} />}
    </Stack>
  )
}

function Running({ state }: { state: ImportState }) {
  const i18n = useWords()
  const title = importStateName(i18n, state.state)
  const share = state.rowsTotal ? Math.min(100, (state.rowsRead / state.rowsTotal) * 100) : 0
  return (
    <Section title={title}>
      <Progress value={share} size="lg" aria-label={title} striped animated />
      <Text role="status">
        {state.rowsTotal === null
          ? i18n._('import.read', { read: countText(state.rowsRead) }, { message: '{read} rows read' })
          : i18n._(
              'import.read-of',
              { read: countText(state.rowsRead), total: countText(state.rowsTotal) },
              {
                message: '{read} of {total} rows',
              },
            )}
        {' · '}
        {i18n._('import.bad-so-far', { bad: countText(state.rowsBad) }, { message: '{bad} bad' })}
      </Text>
      <Text c="dimmed">
        {i18n._(
          'import.leave',
          {},
          { message: 'You may leave this page; the import goes on and stands in the list.' },
        )}
      </Text>
    </Section>
  )
}

function Sample({ state }: { state: ImportState }) {
  const i18n = useWords()
  const title = i18n._('import.sample', {}, { message: 'First rows of the file' })
  return (
    <Section title={title}>
      <DataTable
        label={title}
        head={state.columns.map((column, place) => ({
          title: column || i18n._('import.unnamed', { n: place + 1 }, { message: 'Column {n}' }),
        }))}
        rows={state.sample.map((row, place) => ({ key: String(place), cells: row }))}
      />
    </Section>
  )
}
