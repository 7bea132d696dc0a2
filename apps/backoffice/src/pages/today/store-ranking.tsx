import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { DataTable } from '../../app/data-table.tsx'
import { TextLink } from '../../app/links.tsx'
import { Section } from '../../app/section.tsx'
import { ShareBar } from '../../app/share-bar.tsx'
import { countText, wholeRupees } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import type { Scope, Today } from './today.ts'

const shownFirst = 10

type Props = { stores: Today['stores']; scope: Scope }

/** Stores by takings, the best first. */
export function StoreRanking({ stores, scope }: Props) {
  const i18n = useWords()
  const [all, { toggle }] = useDisclosure(false)
  const ranked = stores.toSorted((one, other) => other.soldMinor - one.soldMinor)
  const best = ranked[0]?.soldMinor ?? 0
  const title = i18n._('today.stores', {}, { message: 'Stores' })
  return (
    <Section title={title}>
      <DataTable
        label={title}
        head={[
          { title: i18n._('filter.store', {}, { message: 'Store' }) },
          { title: i18n._('today.sold', {}, { message: 'Sold' }), numeric: true },
          { title: i18n._('chart.last-week', {}, { message: 'A week before' }), numeric: true },
          { title: i18n._('today.bills', {}, { message: 'Bills' }), numeric: true },
        ]}
        rows={(all ? ranked : ranked.slice(0, shownFirst)).map((store) => ({
          key: store.storeId,
          cells: [
            <TextLink key="name" to="/bills" search={{ ...scope, store: store.storeId }}>
              {store.name}
            </TextLink>,
            <ShareBar key="sold" of={best} part={store.soldMinor}>
              {wholeRupees(store.soldMinor)}
            </ShareBar>,
            wholeRupees(store.lastWeekMinor),
            countText(store.bills),
          ],
        }))}
      />
      {ranked.length > shownFirst && (
        <Button variant="subtle" onClick={toggle} aria-expanded={all}>
          {all
            ? i18n._('today.fewer-stores', {}, { message: 'Only the first ten' })
            : i18n._('today.all-stores', { count: ranked.length }, { message: 'All {count} stores' })}
        </Button>
      )}
    </Section>
  )
}
