import { Text } from '@mantine/core'
import { listOfferConflicts, type OfferConflict } from '@nexus/contract'
import { useQuery } from '@tanstack/react-query'
import { asks } from '../../app/api.ts'
import { DataTable } from '../../app/data-table.tsx'
import { TextLink } from '../../app/links.tsx'
import { Section } from '../../app/section.tsx'
import { Loading, Trouble } from '../../app/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { effectName, spanWords } from './offer-words.ts'

/** Live and scheduled offers that a stored offer can meet on a bill. @param revision of the offer: a change asks again */
export function ConflictsPanel({ offerId, revision }: { offerId: number; revision: number }) {
  const i18n = useWords()
  const question = asks(listOfferConflicts, { params: { offerId } })
  const answer = useQuery({ ...question, queryKey: [...question.queryKey, revision] })
  const title = i18n._('offer.conflicts', {}, { message: 'Other offers it can meet' })
  return (
    <Section title={title}>
      {answer.isError && <Trouble error={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.isPending && <Loading />}
      {answer.data && !answer.data.isCompared && (
        <Text c="dimmed">
          {i18n._('offer.conflicts-wait', {}, { message: 'Compared as soon as the offer is complete.' })}
        </Text>
      )}
      {answer.data?.isCompared && answer.data.total === 0 && (
        <Text c="dimmed">
          {i18n._(
            'offer.conflicts-none',
            {},
            { message: 'None: no other offer is on at the same time for the same goods and customers.' },
          )}
        </Text>
      )}
      {answer.data && answer.data.total > 0 && (
        <>
          <DataTable
            label={title}
            cards
            head={[
              { title: i18n._('offer.offer', {}, { message: 'Offer' }) },
              { title: i18n._('offer.relation', {}, { message: 'What happens' }) },
              { title: i18n._('offer.in-common', {}, { message: 'In common' }) },
              { title: i18n._('offer.when', {}, { message: 'When' }) },
            ]}
            rows={answer.data.conflicts.map((conflict) => ({
              key: String(conflict.offer.id),
              cells: [
                <span key="offer">
                  <TextLink to="/offers/$offerId" params={{ offerId: conflict.offer.id }}>
                    {conflict.offer.name}
                  </TextLink>
                  <Text span fz="sm" c="dimmed">
                    {' · '}
                    {effectName(i18n, conflict.offer.effect)}
                  </Text>
                </span>,
                relation(conflict),
                common(conflict),
                spanWords(i18n, conflict.offer),
              ],
            }))}
          />
          {answer.data.total > answer.data.conflicts.length && (
            <Text c="dimmed">
              {i18n._(
                'offer.conflicts-more',
                { count: answer.data.total - answer.data.conflicts.length },
                { message: '{count, plural, one {One more} other {# more}}.' },
              )}
            </Text>
          )}
        </>
      )}
    </Section>
  )

  function relation({ relation: kind, on }: OfferConflict): string {
    if (kind === 'adds-up') return i18n._('offer.adds-up', {}, { message: 'Both come off' })
    switch (on) {
      case 'units':
        return i18n._(
          'offer.competes-units',
          {},
          { message: 'On one piece only one of both: what saves the customer more' },
        )
      case 'bill':
        return i18n._('offer.competes-bill', {}, { message: 'On one bill only one of both, by priority' })
      case 'coupon':
        return i18n._('offer.competes-coupon', {}, { message: 'One coupon on a bill' })
    }
  }

  function common({ products, example }: OfferConflict): string {
    if (products === 0 || example === null) return '–'
    if (products === 1) return example
    return i18n._(
      'offer.goods-common',
      { count: products, example },
      { message: '{count} products, e.g. {example}' },
    )
  }
}
