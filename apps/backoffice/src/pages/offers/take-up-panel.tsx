import { Progress, SimpleGrid, Stack, Text } from '@mantine/core'
import { getOfferTakeUp, type OfferTakeUp } from '@nexus/contract'
import { formatRupees } from '@nexus/domain'
import { useQuery } from '@tanstack/react-query'
import { asks } from '../../app/api.ts'
import { DataTable } from '../../app/data-table.tsx'
import { Section } from '../../app/section.tsx'
import { Loading, Trouble } from '../../app/states.tsx'
import { countText, day } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'

/** Days that are listed; the server knows a year. */
const daysShown = 14

/** What a published offer gave so far, and what is left of its limits. */
export function TakeUpPanel({ offerId }: { offerId: number }) {
  const i18n = useWords()
  const takeUp = useQuery({ ...asks(getOfferTakeUp, { params: { offerId } }), refetchInterval: 60_000 })
  return (
    <Section title={i18n._('offer.take-up', {}, { message: 'Take-up' })}>
      {takeUp.isError && <Trouble error={takeUp.error} onRetry={() => void takeUp.refetch()} />}
      {takeUp.data ? <Figures takeUp={takeUp.data} /> : takeUp.isPending && <Loading />}
    </Section>
  )
}

function Figures({ takeUp }: { takeUp: OfferTakeUp }) {
  const i18n = useWords()
  const { bills, givenMinor, budget, total, days, stores } = takeUp
  const head = (first: string) => [
    { title: first },
    { title: i18n._('nav.bills', {}, { message: 'Bills' }), numeric: true },
    { title: i18n._('offer.given', {}, { message: 'Given' }), numeric: true },
  ]
  const figures = (row: { bills: number; givenMinor: number }) => [
    countText(row.bills),
    formatRupees(row.givenMinor),
  ]
  const byDay = i18n._('offer.by-day', {}, { message: 'Day' })
  const byStore = i18n._('filter.store', {}, { message: 'Store' })
  if (bills === 0) {
    return <Text c="dimmed">{i18n._('offer.not-taken', {}, { message: 'No bill has had it so far.' })}</Text>
  }
  return (
    <Stack gap="md">
      <Text>
        {i18n._(
          'offer.taken',
          { bills: countText(bills), given: formatRupees(givenMinor) },
          { message: 'On {bills} bills; it gave {given}.' },
        )}
      </Text>
      {budget && (
        <Share
          label={i18n._('offer.budget', {}, { message: 'Budget' })}
          share={budget.usedMinor / budget.budgetMinor}
          words={i18n._(
            'offer.budget-used',
            { used: formatRupees(budget.usedMinor), budget: formatRupees(budget.budgetMinor) },
            { message: '{used} of {budget}' },
          )}
          excess={budget.excessMinor > 0 ? formatRupees(budget.excessMinor) : undefined}
        />
      )}
      {total && (
        <Share
          label={i18n._('offer.total', {}, { message: 'Times in all' })}
          share={total.used / total.applications}
          words={i18n._(
            'offer.budget-used',
            { used: countText(total.used), budget: countText(total.applications) },
            { message: '{used} of {budget}' },
          )}
          excess={total.excess > 0 ? countText(total.excess) : undefined}
        />
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <DataTable
          label={byDay}
          head={head(byDay)}
          rows={days
            .slice(-daysShown)
            .toReversed()
            .map((row) => ({ key: row.day, cells: [day(row.day), ...figures(row)] }))}
        />
        <DataTable
          label={byStore}
          head={head(byStore)}
          rows={stores.map((row) => ({ key: row.storeId, cells: [row.storeName, ...figures(row)] }))}
        />
      </SimpleGrid>
    </Stack>
  )
}

type ShareProps = { label: string; share: number; words: string; excess: string | undefined }

function Share({ label, share, words, excess }: ShareProps) {
  const i18n = useWords()
  return (
    <Stack gap={4} maw={520}>
      <Text fz="sm" fw={500}>
        {label}: {words}
      </Text>
      <Progress
        value={Math.min(100, share * 100)}
        {...(excess !== undefined && { color: 'red' })}
        aria-label={label}
      />
      {excess !== undefined && (
        <Text fz="sm">
          {i18n._(
            'offer.excess',
            { excess },
            { message: '{excess} beyond it, by tills that did not know of each other.' },
          )}
        </Text>
      )}
    </Stack>
  )
}
