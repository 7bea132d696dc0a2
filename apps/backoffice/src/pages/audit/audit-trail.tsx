import { Accordion, Text } from '@mantine/core'
import { type AuditRow, listAudit } from '@nexus/contract'
import { useQuery } from '@tanstack/react-query'
import { asks } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { Section } from '../../app/section.tsx'
import { useMay } from '../../app/session.ts'
import { moment } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { ChangeTable } from './change-table.tsx'
import { changeSummary } from './change-words.ts'

type Props = { subject: string; subjectId: string }

/** Who changed a thing and when, newest first; nothing for people who may not see that. */
export function AuditTrail(props: Props) {
  const may = useMay()
  return may('audit.read') ? <Trail {...props} /> : null
}

function Trail({ subject, subjectId }: Props) {
  const i18n = useWords()
  const trail = useQuery(asks(listAudit, { query: { subject, subjectId, pageSize: 10 } }))
  const rows = trail.data?.rows ?? []
  return (
    <Section
      title={i18n._('audit.trail', {}, { message: 'Who changed what and when' })}
      actions={
        trail.data &&
        trail.data.total > rows.length && (
          <TextLink to="/audit" search={{ subject, subjectId }} fz="sm">
            {i18n._('audit.all', {}, { message: 'All changes' })}
          </TextLink>
        )
      }
    >
      {rows.length === 0 ? (
        <Text c="dimmed">
          {trail.isPending
            ? i18n._('state.loading', {}, { message: 'Loading' })
            : i18n._('audit.none', {}, { message: 'Nothing was changed yet.' })}
        </Text>
      ) : (
        <Accordion variant="separated" multiple>
          {rows.map((row) => (
            <Accordion.Item key={row.id} value={String(row.id)}>
              <Accordion.Control>
                <Text fz="sm">
                  {moment(row.at)} · <AuthorName row={row} />
                </Text>
                <Text fz="sm" c="dimmed" lineClamp={1}>
                  {changeSummary(i18n, row)}
                </Text>
              </Accordion.Control>
              <Accordion.Panel>
                <ChangeTable row={row} />
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      )}
    </Section>
  )
}

/** Who did it; a program has no name of a person. */
export function AuthorName({ row }: { row: Pick<AuditRow, 'by' | 'how'> }) {
  const i18n = useWords()
  return row.by ?? i18n._('audit.program', { how: row.how }, { message: 'Program ({how})' })
}
