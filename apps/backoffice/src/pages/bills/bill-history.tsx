import { Alert, Stack, Text } from '@mantine/core'
import type { Bill } from '@nexus/contract'
import { Section } from '../../app/section.tsx'
import { parametersOf } from '../../phrases/coded-words.ts'
import { moment } from '../../phrases/figures.ts'
import { incidentKindName } from '../../phrases/incident-words.ts'
import { useWords } from '../../words/use-words.ts'

/** What happened to a bill afterwards: reprints, and differences that the server found. */
export function BillHistory({ bill }: { bill: Bill }) {
  const i18n = useWords()
  return (
    <Stack gap="md">
      {bill.renumberedTo !== null && (
        <Alert color="orange" variant="outline">
          {i18n._(
            'bill.renumbered',
            { number: bill.row.number, renumbered: bill.renumberedTo },
            {
              message:
                'Another bill bears the number {number} too and keeps it. In returns to the tax office this one counts as {renumbered}.',
            },
          )}
        </Alert>
      )}
      <Section title={i18n._('bill.discrepancies', {}, { message: 'Discrepancies' })}>
        {bill.discrepancies.length === 0 ? (
          <Text c="dimmed">
            {i18n._(
              'bill.no-discrepancies',
              {},
              {
                message: 'None. The server priced the bill again and came to the same.',
              },
            )}
          </Text>
        ) : (
          bill.discrepancies.map((found) => (
            <Alert
              key={`${found.kind} ${JSON.stringify(found.params)}`}
              color="red"
              variant="outline"
              title={incidentKindName(i18n, found.kind)}
            >
              <Text fz="sm">{moment(found.at)}</Text>
              <dl className="facts">
                {parametersOf(found.params).map(({ name, value }) => (
                  <div key={name} className="fact">
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
            </Alert>
          ))
        )}
      </Section>
      <Section title={i18n._('bill.reprints', {}, { message: 'Reprints' })}>
        {bill.reprints.length === 0 ? (
          <Text c="dimmed">
            {i18n._('bill.no-reprints', {}, { message: 'The bill was never printed again.' })}
          </Text>
        ) : (
          <ul className="plain">
            {bill.reprints.map((reprint) => (
              <li key={`${reprint.at} ${reprint.copy}`}>
                {i18n._(
                  'bill.reprint',
                  { at: moment(reprint.at), copy: reprint.copy, by: reprint.by ?? '–' },
                  { message: 'Copy {copy} on {at} by {by}' },
                )}
              </li>
            ))}
          </ul>
        )}
      </Section>
    </Stack>
  )
}
