import type { I18n } from '@lingui/core'
import { Badge, Text } from '@mantine/core'
import { getOfferTakeUp, listOffers, type OfferRow, OfferStatus } from '@nexus/contract'
import { formatRupees } from '@nexus/domain'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { PlusIcon } from '../../app/icons.tsx'
import { ButtonLink, TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { useMay } from '../../app/session.ts'
import { DataList } from '../../lists/data-list.tsx'
import { ChoiceFilter } from '../../lists/filters.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { useSetSearch } from '../../lists/list-search.ts'
import { countText, moment } from '../../phrases/figures.ts'
import { offerStatusName } from '../../phrases/offer-status-words.ts'
import { useWords } from '../../words/use-words.ts'
import { effectName } from './offer-words.ts'

const route = getRouteApi('/shell/offers')

/** All offers: drafts, those that wait, run, are over or were stopped. */
export function OffersPage() {
  const i18n = useWords()
  const may = useMay()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const query = useQuery({ ...asks(listOffers, { query: search }), placeholderData: keepPreviousData })
  const title = i18n._('nav.offers', {}, { message: 'Offers' })
  const create = may('prices.write') && (
    <ButtonLink to="/offers/new" leftSection={<PlusIcon />}>
      {i18n._('offers.new', {}, { message: 'New offer' })}
    </ButtonLink>
  )
  return (
    <Page title={title} actions={create}>
      <DataList
        id="offers"
        label={title}
        search={search}
        set={set}
        query={query}
        columns={offerColumns(i18n)}
        rowKey={(row) => String(row.id)}
        searchLabel={i18n._('offers.search', {}, { message: 'Name of the offer' })}
        filters={
          <ChoiceFilter
            label={i18n._('offer.status', {}, { message: 'Status' })}
            value={search.status}
            onChange={(status) => set({ status: statuses.find((one) => one === status) })}
            options={statuses.map((status) => ({ value: status, label: offerStatusName(i18n, status) }))}
          />
        }
        empty={{
          title: i18n._('offers.empty', {}, { message: 'No offers yet' }),
          hint: i18n._(
            'offers.empty-hint',
            {},
            {
              message: 'Begin with a draft: try it on a cart and over past bills before any till has it.',
            },
          ),
          action: create,
        }}
      />
    </Page>
  )
}

const statuses = OfferStatus.anyOf.map((literal) => literal.const)

const statusColors = {
  draft: 'gray',
  scheduled: 'blue',
  live: 'teal',
  ended: 'gray',
  stopped: 'orange',
} as const satisfies Record<OfferStatus, string>

function offerColumns(i18n: I18n): readonly ListColumn<OfferRow>[] {
  return [
    {
      id: 'name',
      wraps: true,
      title: i18n._('offer.offer', {}, { message: 'Offer' }),
      cell: (row) => (
        <>
          <TextLink className="row-link" to="/offers/$offerId" params={{ offerId: row.id }}>
            {row.name}
          </TextLink>
          <Text fz="sm" c="dimmed">
            {effectName(i18n, row.effect)}
          </Text>
        </>
      ),
    },
    {
      id: 'status',
      title: i18n._('offer.status', {}, { message: 'Status' }),
      cell: (row) => (
        <Badge color={statusColors[row.status]} variant="outline">
          {offerStatusName(i18n, row.status)}
        </Badge>
      ),
    },
    {
      id: 'from',
      title: i18n._('offer.begins', {}, { message: 'Begins' }),
      cell: (row) =>
        row.from === 0 ? i18n._('price.since-ever', {}, { message: 'Since ever' }) : moment(row.from),
    },
    {
      id: 'until',
      title: i18n._('offer.over', {}, { message: 'Over' }),
      cell: (row) => moment(row.until),
    },
    {
      id: 'stores',
      title: i18n._('staff.stores', {}, { message: 'Stores' }),
      cell: (row) =>
        row.stores === null ? i18n._('filter.all', {}, { message: 'All' }) : countText(row.stores),
      numeric: true,
    },
    {
      id: 'taken',
      title: i18n._('offer.take-up', {}, { message: 'Take-up' }),
      cell: (row) =>
        row.status === 'draft' || row.status === 'scheduled' ? '–' : <Taken offerId={row.id} />,
      numeric: true,
    },
    {
      id: 'priority',
      title: i18n._('offer.priority', {}, { message: 'Priority' }),
      cell: (row) => countText(row.priority),
      numeric: true,
      extra: true,
    },
    {
      id: 'changedAt',
      title: i18n._('product.changed', {}, { message: 'Changed' }),
      cell: (row) => moment(row.changedAt),
      extra: true,
    },
    {
      id: 'changedBy',
      title: i18n._('audit.by', {}, { message: 'By' }),
      cell: (row) => row.changedBy ?? '–',
      extra: true,
    },
  ]
}

function Taken({ offerId }: { offerId: number }) {
  const i18n = useWords()
  const takeUp = useQuery({ ...asks(getOfferTakeUp, { params: { offerId } }), staleTime: 60_000 }).data
  if (!takeUp) return '…'
  return (
    <>
      {formatRupees(takeUp.givenMinor)}
      <Text fz="sm" c="dimmed">
        {i18n._(
          'offer.taken-bills',
          { count: takeUp.bills, shown: countText(takeUp.bills) },
          { message: '{count, plural, one {on one bill} other {on {shown} bills}}' },
        )}
      </Text>
    </>
  )
}
