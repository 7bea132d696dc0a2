import type { I18n } from '@lingui/core'
import { type CouponSeriesRow, listCouponSeries } from '@nexus/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { ButtonLink, TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { useMay } from '../../app/session.ts'
import { DataList } from '../../lists/data-list.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { useSetSearch } from '../../lists/list-search.ts'
import { countText, moment } from '../../phrases/figures.ts'
import { offerStatusName } from '../../phrases/offer-status-words.ts'
import { useWords } from '../../words/use-words.ts'
import { codeForm } from './coupon-words.ts'

const route = getRouteApi('/shell/coupons')

/** Coupon offers whose codes are given out one by one. */
export function CouponsPage() {
  const i18n = useWords()
  const may = useMay()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const query = useQuery({ ...asks(listCouponSeries, { query: search }), placeholderData: keepPreviousData })
  const title = i18n._('nav.coupons', {}, { message: 'Coupons' })
  return (
    <Page title={title}>
      <DataList
        id="coupons"
        label={title}
        search={search}
        set={set}
        query={query}
        columns={seriesColumns(i18n)}
        rowKey={(row) => String(row.offerId)}
        searchLabel={i18n._('coupons.search', {}, { message: 'Name of the offer, or a code' })}
        empty={{
          title: i18n._('coupons.empty', {}, { message: 'No coupon series yet' }),
          hint: i18n._(
            'coupons.empty-hint',
            {},
            {
              message:
                'Make an offer that is a coupon with a code for each customer; then its codes are made here.',
            },
          ),
          action: may('prices.write') && (
            <ButtonLink to="/offers/new">{i18n._('offers.new', {}, { message: 'New offer' })}</ButtonLink>
          ),
        }}
      />
    </Page>
  )
}

function seriesColumns(i18n: I18n): readonly ListColumn<CouponSeriesRow>[] {
  return [
    {
      id: 'name',
      title: i18n._('offer.offer', {}, { message: 'Offer' }),
      cell: (row) => (
        <TextLink className="row-link" to="/coupons/$offerId" params={{ offerId: row.offerId }}>
          {row.name}
        </TextLink>
      ),
      wraps: true,
    },
    {
      id: 'form',
      title: i18n._('coupons.form', {}, { message: 'Codes look like' }),
      cell: (row) => codeForm(row),
    },
    {
      id: 'status',
      title: i18n._('coupons.status', {}, { message: 'Status' }),
      cell: (row) => offerStatusName(i18n, row.status),
    },
    {
      id: 'codes',
      title: i18n._('coupons.codes', {}, { message: 'Codes' }),
      cell: (row) => countText(row.counts.codes),
      numeric: true,
    },
    {
      id: 'redeemed',
      title: i18n._('coupon.redeemed', {}, { message: 'Redeemed' }),
      cell: (row) => countText(row.counts.redeemed),
      numeric: true,
    },
    {
      id: 'void',
      title: i18n._('coupon.void', {}, { message: 'Void' }),
      cell: (row) => countText(row.counts.void),
      numeric: true,
    },
    {
      id: 'from',
      title: i18n._('filter.from', {}, { message: 'From' }),
      cell: (row) => moment(row.from),
      extra: true,
    },
    {
      id: 'until',
      title: i18n._('filter.until', {}, { message: 'Until' }),
      cell: (row) => moment(row.until),
    },
  ]
}
