import { Stack, Text } from '@mantine/core'
import { listSettlements, type SettlementFile } from '@nexus/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { asks } from '../../app/api.ts'
import { DataTable } from '../../app/data-table.tsx'
import { Section } from '../../app/section.tsx'
import { Loading, Trouble } from '../../app/states.tsx'
import { countText, moment } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { FileDrop } from '../imports/file-drop.tsx'
import { badLineReason, settlementFieldName } from './payment-words.ts'
import { SettlementDialog } from './settlement-dialog.tsx'
import { columnsOf } from './settlement-values.ts'

/** So much of a file holds its first line. */
const HEAD_BYTES = 64 * 1024

/** Brings files of providers, and shows what came of the latest. */
export function SettlementFiles() {
  const i18n = useWords()
  const files = useQuery(asks(listSettlements, {}))
  const [chosen, setChosen] = useState<{ file: File; columns: string[] }>()
  const title = i18n._('settlement.files', {}, { message: 'Settlement files' })
  return (
    <Section title={title}>
      <Stack gap="md">
        <Text>
          {i18n._(
            'settlement.how',
            {},
            {
              message:
                'Every day, bring the CSV file in which the provider says what it settled. It is compared with what tills asked for; nothing changes a bill. The same file twice is harmless.',
            },
          )}
        </Text>
        <FileDrop
          busy={false}
          onFile={async (file) =>
            setChosen({ file, columns: columnsOf(await file.slice(0, HEAD_BYTES).text()) })
          }
        />
        {chosen && <SettlementDialog {...chosen} onClose={() => setChosen(undefined)} />}
        {files.isError && <Trouble error={files.error} onRetry={() => void files.refetch()} />}
        {files.isPending && <Loading />}
        {files.data?.files.length === 0 && (
          <Text c="dimmed">{i18n._('imports.none', {}, { message: 'None yet.' })}</Text>
        )}
        {files.data && files.data.files.length > 0 && (
          <DataTable
            cards
            label={title}
            head={[
              { title: i18n._('imports.file', {}, { message: 'File' }) },
              { title: i18n._('settlement.provider', {}, { message: 'Provider' }) },
              { title: i18n._('settlement.brought', {}, { message: 'Brought' }) },
              { title: i18n._('settlement.payments', {}, { message: 'Payments' }), numeric: true },
              { title: i18n._('settlement.new', {}, { message: 'New ones' }), numeric: true },
              { title: i18n._('import.bad', {}, { message: 'Bad rows' }), numeric: true },
            ]}
            rows={files.data.files.map((file) => ({
              key: file.id,
              cells: [
                file.name,
                file.provider,
                moment(file.importedAt),
                countText(file.rows),
                countText(file.added),
                <BadRows key="bad" file={file} />,
              ],
            }))}
          />
        )}
      </Stack>
    </Section>
  )
}

function BadRows({ file }: { file: SettlementFile }) {
  const i18n = useWords()
  if (file.bad === 0) return countText(0)
  return (
    <details>
      <summary>{countText(file.bad)}</summary>
      <ul>
        {file.badRows.map(({ line, field, reason }) => (
          <li key={`${line} ${field}`}>
            {i18n._(
              'settlement.bad-line',
              { line, field: settlementFieldName(i18n, field), reason: badLineReason(i18n, reason) },
              { message: 'Line {line}, {field}: {reason}' },
            )}
          </li>
        ))}
      </ul>
    </details>
  )
}
