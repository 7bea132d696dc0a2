import { Alert, Button, Stack } from '@mantine/core'
import { type Answer, getCouponSeries, listCouponCodes } from '@nexus/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { asks, keyOf } from '../../app/api.ts'
import { PlusIcon } from '../../app/icons.tsx'
import { TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { useMay } from '../../app/session.ts'
import { Loading, Trouble } from '../../app/states.tsx'
import { countText, moment } from '../../phrases/figures.ts'
import { offerStatusName } from '../../phrases/offer-status-words.ts'
import { useWords } from '../../words/use-words.ts'
import { AuditTrail } from '../audit/audit-trail.tsx'
import { CodeList } from './code-list.tsx'
import { codeForm } from './coupon-words.ts'
import { MakeCodesDialog } from './make-codes-dialog.tsx'
import { SeriesBatches } from './series-batches.tsx'
import { type Voidable, VoidDialog } from './void-dialog.tsx'

const route = getRouteApi('/shell/coupons/$offerId')
const pollMs = 700

type Sheet = Answer<typeof getCouponSeries>

/** A coupon series: its batches, and each code with what became of it. */
export function SeriesPage() {
  const i18n = useWords()
  const may = useMay()
  const { offerId } = route.useParams()
  const [making, setMaking] = useState(false)
  const [toVoid, setToVoid] = useState<Voidable>()
  const sheet = useQuery({
    ...asks(getCouponSeries, { params: { offerId } }),
    refetchInterval: ({ state: { data } }) => (data && isBusy(data) ? pollMs : false),
  })
  const { data } = sheet
  const queries = useQueryClient()
  const made = data?.series.counts.codes
  // The list was asked before these codes were made.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new count is the reason
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: keyOf(listCouponCodes) })
  }, [queries, made])
  const isOver = data?.series.status === 'ended' || data?.series.status === 'stopped'
  const mayChange = may('prices.write')
  return (
    <Page
      title={data?.series.name ?? i18n._('nav.coupons', {}, { message: 'Coupons' })}
      trail={<TextLink to="/coupons">{i18n._('nav.coupons', {}, { message: 'Coupons' })}</TextLink>}
      actions={
        mayChange &&
        data &&
        !isOver && (
          <Button leftSection={<PlusIcon />} onClick={() => setMaking(true)}>
            {i18n._('coupons.make', {}, { message: 'Make codes' })}
          </Button>
        )
      }
    >
      {sheet.isError && <Trouble error={sheet.error} onRetry={() => void sheet.refetch()} />}
      {data ? (
        <Stack gap="md">
          <Facts sheet={data} />
          {isOver && (
            <Alert variant="outline" color="gray">
              {i18n._(
                'coupons.over',
                {},
                { message: 'The offer is over: its codes buy nothing any more. Copy it to make new ones.' },
              )}
            </Alert>
          )}
          <SeriesBatches
            batches={data.batches}
            mayChange={mayChange}
            onVoid={(batch) => setToVoid({ kind: 'batch', ...batch })}
          />
          {mayChange && (
            <CodeList
              offerId={offerId}
              batches={data.batches}
              onVoid={(code) => setToVoid({ kind: 'code', code })}
            />
          )}
          <AuditTrail subject="coupon-series" subjectId={String(offerId)} />
          {making && (
            <MakeCodesDialog offerId={offerId} room={roomOf(data)} onClose={() => setMaking(false)} />
          )}
          {toVoid && <VoidDialog what={toVoid} onClose={() => setToVoid(undefined)} />}
        </Stack>
      ) : (
        sheet.isPending && <Loading />
      )}
    </Page>
  )
}

function isBusy({ batches }: Sheet): boolean {
  return batches.some(({ count, counts, voidAt }) => voidAt === null && counts.codes < count)
}

/** How many more codes nobody could guess. */
function roomOf({ codesMax, batches }: Sheet): number {
  const given = batches.filter(({ isForeign }) => !isForeign).reduce((sum, { count }) => sum + count, 0)
  return Math.max(0, codesMax - given)
}

function Facts({ sheet: { series } }: { sheet: Sheet }) {
  const i18n = useWords()
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      i18n._('offer.offer', {}, { message: 'Offer' }),
      <TextLink key="offer" to="/offers/$offerId" params={{ offerId: series.offerId }}>
        {series.name}
      </TextLink>,
    ],
    [i18n._('coupons.form', {}, { message: 'Codes look like' }), codeForm(series)],
    [i18n._('coupons.status', {}, { message: 'Status' }), offerStatusName(i18n, series.status)],
    [i18n._('filter.from', {}, { message: 'From' }), moment(series.from)],
    [i18n._('filter.until', {}, { message: 'Until' }), moment(series.until)],
    [i18n._('coupons.codes', {}, { message: 'Codes' }), countText(series.counts.codes)],
    [i18n._('coupon.redeemed', {}, { message: 'Redeemed' }), countText(series.counts.redeemed)],
    [i18n._('coupon.void', {}, { message: 'Void' }), countText(series.counts.void)],
  ]
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name} className="fact">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
