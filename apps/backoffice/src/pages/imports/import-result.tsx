import { Alert, Button, SimpleGrid, Stack, Text } from '@mantine/core'
import { type ImportState, importBadRows, importChanges } from '@nexus/contract'
import { addressOf } from '../../app/api.ts'
import { DataTable } from '../../app/data-table.tsx'
import { DownloadIcon } from '../../app/icons.tsx'
import { ButtonLink } from '../../app/links.tsx'
import { Section } from '../../app/section.tsx'
import { countText } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { ChangeTable } from './change-table.tsx'

/** More would only push the rest of the page away; the file has them all. */
const shownMax = 20

/** What a dry run found, or a run did, with the bad rows to correct. */
export function ImportResult({ state }: { state: ImportState }) {
  const i18n = useWords()
  const isDry = state.state === 'checked'
  const figures = [
    [
      isDry
        ? i18n._('import.would-create', {}, { message: 'Would be created' })
        : i18n._('import.created', {}, { message: 'Created' }),
      state.rowsCreated,
    ],
    [
      isDry
        ? i18n._('import.would-change', {}, { message: 'Would be changed' })
        : i18n._('import.changed', {}, { message: 'Changed' }),
      state.rowsChanged,
    ],
    [i18n._('import.same', {}, { message: 'Already the same' }), state.rowsSame],
    [i18n._('import.bad', {}, { message: 'Bad rows' }), state.rowsBad],
  ] as const
  return (
    <Section
      title={
        isDry
          ? i18n._('import.dry-result', {}, { message: 'What would happen' })
          : i18n._('import.result', {}, { message: 'What happened' })
      }
      actions={
        !isDry && (
          <ButtonLink to="/products" search={{ sort: '-changedAt' }} variant="default">
            {i18n._('import.to-products', {}, { message: 'To the products' })}
          </ButtonLink>
        )
      }
    >
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        {figures.map(([title, count]) => (
          <div key={title}>
            <Text fz="sm" c="dimmed">
              {title}
            </Text>
            <Text className="figure">{countText(count)}</Text>
          </div>
        ))}
      </SimpleGrid>
      {isDry && (
        <Alert variant="outline" color="teal">
          {i18n._(
            'import.dry-hint',
            {},
            {
              message:
                'Nothing is written yet. Let it run below; bad rows are left out and can be corrected later.',
            },
          )}
        </Alert>
      )}
      {!isDry && state.rowsCreated + state.rowsChanged > 0 && (
        <Text c="dimmed">
          {i18n._('import.publish-hint', {}, { message: 'Tills learn it with the next rulebook.' })}
        </Text>
      )}
      {state.changes.length > 0 && <Changes state={state} />}
      {state.rowsBad > 0 && <BadRows state={state} />}
    </Section>
  )
}

function Changes({ state }: { state: ImportState }) {
  const i18n = useWords()
  const shown = state.changes.slice(0, shownMax)
  return (
    <Stack gap="xs">
      <ChangeTable changes={shown} />
      <Text fz="sm" c="dimmed">
        {i18n._(
          'changes.shown',
          { shown: countText(shown.length), count: countText(state.rowsCreated + state.rowsChanged) },
          {
            message:
              '{shown} of {count} changes are shown; the file has them all. To take them back, import that file with its former prices.',
          },
        )}
      </Text>
      <div>
        <Button
          component="a"
          variant="default"
          href={addressOf(importChanges, { params: { importId: state.id } })}
          download
          leftSection={<DownloadIcon />}
        >
          {i18n._('changes.download', {}, { message: 'Download all changes' })}
        </Button>
      </div>
    </Stack>
  )
}

function BadRows({ state }: { state: ImportState }) {
  const i18n = useWords()
  const title = i18n._('import.bad', {}, { message: 'Bad rows' })
  const shown = state.badRows.slice(0, shownMax)
  return (
    <Stack gap="xs">
      <DataTable
        cards
        label={title}
        head={[
          { title: i18n._('bad.line', {}, { message: 'Line' }), numeric: true },
          { title: i18n._('bad.field', {}, { message: 'Field' }) },
          { title: i18n._('bad.value', {}, { message: 'Stands there' }) },
          { title: i18n._('bad.reason', {}, { message: 'What is wrong' }) },
          { title: i18n._('bad.remedy', {}, { message: 'What to do' }) },
        ]}
        rows={shown.map((row, place) => ({
          key: `${row.line} ${place}`,
          cells: [countText(row.line), row.field, row.value || '–', row.reason, row.remedy],
        }))}
      />
      <Text fz="sm" c="dimmed">
        {i18n._(
          'bad.shown',
          { shown: countText(shown.length), count: countText(state.rowsBad) },
          {
            message:
              '{shown} of {count} bad rows are shown; the file has them all, to correct and import again.',
          },
        )}
      </Text>
      <div>
        <Button
          component="a"
          variant="default"
          href={addressOf(importBadRows, { params: { importId: state.id } })}
          download
          leftSection={<DownloadIcon />}
        >
          {i18n._('bad.download', {}, { message: 'Download all bad rows' })}
        </Button>
      </div>
    </Stack>
  )
}
