import { Alert, Stack, Text } from '@mantine/core'
import { getImport, listImports, uploadImport } from '@nexus/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ask, asks, keyOf } from '../../app/api.ts'
import { DataTable } from '../../app/data-table.tsx'
import { TextLink } from '../../app/links.tsx'
import { newId } from '../../app/new-id.ts'
import { Page } from '../../app/page.tsx'
import { Section } from '../../app/section.tsx'
import { Loading, Trouble } from '../../app/states.tsx'
import { countText, moment } from '../../phrases/figures.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'
import { FileDrop } from './file-drop.tsx'
import { importStateName } from './import-words.ts'

/** Imports of products, prices and MRPs: a new one, and the ones before. */
export function ImportsPage() {
  const i18n = useWords()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const upload = useMutation({
    mutationFn: async (file: File) => {
      const body = new FormData()
      body.append('file', file)
      return await ask(uploadImport, { params: { importId: newId() }, body })
    },
    onSuccess: async (state) => {
      queries.setQueryData(keyOf(getImport, { params: { importId: state.id } }), state)
      void queries.invalidateQueries({ queryKey: keyOf(listImports) })
      await navigate({ to: '/imports/$importId', params: { importId: state.id } })
    },
  })
  return (
    <Page title={i18n._('nav.imports', {}, { message: 'Import' })}>
      <Stack gap="md">
        <Section title={i18n._('imports.new', {}, { message: 'New import' })}>
          <Text>
            {i18n._(
              'imports.how',
              {},
              {
                message:
                  'Upload a CSV file of products, prices or MRPs as your other systems export it. You say what its columns mean, see what would happen, and only then let it run.',
              },
            )}
          </Text>
          {upload.error && (
            <Alert role="alert" color="red" variant="outline">
              {problemWords(i18n, upload.error)}
            </Alert>
          )}
          <FileDrop busy={upload.isPending} onFile={(file) => upload.mutate(file)} />
        </Section>
        <Earlier />
      </Stack>
    </Page>
  )
}

function Earlier() {
  const i18n = useWords()
  const imports = useQuery({ ...asks(listImports, {}), refetchInterval: 5000 })
  const title = i18n._('imports.earlier', {}, { message: 'Latest imports' })
  return (
    <Section title={title}>
      {imports.isError && <Trouble error={imports.error} onRetry={() => void imports.refetch()} />}
      {imports.isPending && <Loading />}
      {imports.data?.imports.length === 0 && (
        <Text c="dimmed">{i18n._('imports.none', {}, { message: 'None yet.' })}</Text>
      )}
      {imports.data && imports.data.imports.length > 0 && (
        <DataTable
          cards
          label={title}
          head={[
            { title: i18n._('imports.file', {}, { message: 'File' }) },
            { title: i18n._('imports.state', {}, { message: 'State' }) },
            { title: i18n._('imports.begun', {}, { message: 'Uploaded' }) },
            { title: i18n._('audit.by', {}, { message: 'By' }) },
            { title: i18n._('import.created', {}, { message: 'Created' }), numeric: true },
            { title: i18n._('import.changed', {}, { message: 'Changed' }), numeric: true },
            { title: i18n._('import.bad', {}, { message: 'Bad rows' }), numeric: true },
          ]}
          rows={imports.data.imports.map((one) => ({
            key: one.id,
            cells: [
              <TextLink key="file" to="/imports/$importId" params={{ importId: one.id }}>
                {one.fileName}
              </TextLink>,
              importStateName(i18n, one.state),
              moment(one.createdAt),
              one.by ?? '–',
              countText(one.rowsCreated),
              countText(one.rowsChanged),
              countText(one.rowsBad),
            ],
          }))}
        />
      )}
    </Section>
  )
}
