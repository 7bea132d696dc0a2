import { Text } from '@mantine/core'
import { DataTable } from '../../app/data-table.tsx'
import { TextLink } from '../../app/links.tsx'
import { Section } from '../../app/section.tsx'
import { ShareBar } from '../../app/share-bar.tsx'
import { countText, wholeRupees } from '../../phrases/figures.ts'
import { tenderName } from '../../phrases/tender-words.ts'
import { useWords } from '../../words/use-words.ts'
import type { Scope, Today } from './today.ts'

type Props = { tenders: Today['tenders']; scope: Scope }

/** How people paid. */
export function TenderShares({ tenders, scope }: Props) {
  const i18n = useWords()
  const ranked = tenders.toSorted((one, other) => other.amountMinor - one.amountMinor)
  const most = ranked[0]?.amountMinor ?? 0
  const title = i18n._('today.tenders', {}, { message: 'Ways of paying' })
  return (
    <Section title={title}>
      {ranked.length === 0 ? (
        <Text c="dimmed">{i18n._('today.no-tenders', {}, { message: 'Nothing was paid yet.' })}</Text>
      ) : (
        <DataTable
          label={title}
          head={[
            { title: i18n._('tender.kind', {}, { message: 'Way of paying' }) },
            { title: i18n._('tender.amount', {}, { message: 'Amount' }), numeric: true },
            { title: i18n._('today.payments', {}, { message: 'Payments' }), numeric: true },
          ]}
          rows={ranked.map((tender) => ({
            key: tender.kind,
            cells: [
              <TextLink key="kind" to="/bills" search={{ ...scope, tender: tender.kind }}>
                {tenderName(i18n, tender.kind)}
              </TextLink>,
              <ShareBar key="amount" of={most} part={tender.amountMinor}>
                {wholeRupees(tender.amountMinor)}
              </ShareBar>,
              countText(tender.count),
            ],
          }))}
        />
      )}
    </Section>
  )
}
