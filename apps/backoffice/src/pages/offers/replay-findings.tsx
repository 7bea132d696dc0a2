import { Alert, Stack, Text } from '@mantine/core'
import type { ReplayDifference, ReplayResult } from '@nexus/contract'
import { formatRupees } from '@nexus/domain'
import { DataTable } from '../../app/data-table.tsx'
import { TextLink } from '../../app/links.tsx'
import { countText, moment, rupees } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'

/** Changed bills that are listed; enough to look into. */
const sampleShown = 20

/** What a replay found: first whether the live rules gave again what was given, then what the draft changes. */
export function ReplayFindings({ result }: { result: ReplayResult }) {
  const i18n = useWords()
  const { reproduced, stores, clashes, sample } = result
  const before = i18n._('replay.before', {}, { message: 'Before' })
  const after = i18n._('replay.after', {}, { message: 'After' })
  const change = i18n._('replay.change', {}, { message: 'Change' })
  const bills = i18n._('nav.bills', {}, { message: 'Bills' })
  const money = [before, after, change].map((title) => ({ title, numeric: true }))
  const clashTitle = i18n._('replay.clashes', {}, { message: 'Taken from live offers' })
  const sampleTitle = i18n._('replay.sample', {}, { message: 'Bills that change most' })
  const storesTitle = i18n._('replay.stores', {}, { message: 'By store' })
  const sumsTitle = i18n._('replay.sums', {}, { message: 'In all' })
  return (
    <Stack gap="md">
      <Reproduced result={result} />
      {reproduced.differences.length > 0 && <Differences differences={reproduced.differences} />}
      <Text fw={600}>
        {i18n._(
          'replay.changed',
          { changed: countText(result.changed), bills: countText(result.bills) },
          { message: '{changed} of {bills} bills would change.' },
        )}{' '}
        {i18n._(
          'replay.draft-gave',
          {
            given: formatRupees(result.draft.givenMinor),
            bills: countText(result.draft.bills),
            times: countText(result.draft.applications),
          },
          { message: 'The draft would give {given} on {bills} bills, {times} times.' },
        )}
      </Text>
      <DataTable
        label={sumsTitle}
        head={[{ title: sumsTitle }, ...money]}
        rows={[
          sums('discount', i18n._('replay.discount', {}, { message: 'Discounts' }), result.discountMinor),
          sums('net', i18n._('replay.net', {}, { message: 'Paid by customers' }), result.netMinor),
          ...(result.marginMinor === null
            ? []
            : [sums('margin', i18n._('replay.margin', {}, { message: 'Margin' }), result.marginMinor)]),
        ]}
      />
      {result.marginMinor === null && (
        <Text fz="sm" c="dimmed">
          {i18n._('replay.no-margin', {}, { message: 'No margin: the catalogue knows no cost of goods.' })}
        </Text>
      )}
      <Text fz="sm" c="dimmed">
        {result.customers === null
          ? i18n._('replay.no-customers', {}, { message: 'No customers: bills do not name any.' })
          : i18n._(
              'replay.customers',
              { count: result.customers, shown: countText(result.customers) },
              { message: '{count, plural, one {One customer} other {{shown} customers}} touched.' },
            )}
      </Text>
      {clashes.length > 0 && (
        <DataTable
          label={clashTitle}
          head={[
            { title: clashTitle },
            { title: bills, numeric: true },
            { title: i18n._('replay.gives-less', {}, { message: 'Gives less' }), numeric: true },
          ]}
          rows={clashes.map((clash) => ({
            key: String(clash.offerId),
            cells: [
              <TextLink key="offer" to="/offers/$offerId" params={{ offerId: clash.offerId }}>
                {clash.name}
              </TextLink>,
              countText(clash.bills),
              formatRupees(clash.lostMinor),
            ],
          }))}
        />
      )}
      {stores.length > 0 && (
        <DataTable
          label={storesTitle}
          head={[
            { title: storesTitle },
            { title: bills, numeric: true },
            { title: i18n._('replay.changed-bills', {}, { message: 'Changed' }), numeric: true },
            { title: i18n._('replay.discount', {}, { message: 'Discounts' }), numeric: true },
            { title: i18n._('replay.net', {}, { message: 'Paid by customers' }), numeric: true },
          ]}
          rows={stores.map((store) => ({
            key: store.storeId,
            cells: [
              store.storeName,
              countText(store.bills),
              countText(store.changed),
              signed(store.discountMinor),
              signed(store.netMinor),
            ],
          }))}
        />
      )}
      {sample.length > 0 && (
        <DataTable
          label={sampleTitle}
          head={[
            { title: sampleTitle },
            { title: i18n._('filter.store', {}, { message: 'Store' }) },
            { title: i18n._('offer.when', {}, { message: 'When' }) },
            { title: before, numeric: true },
            { title: after, numeric: true },
          ]}
          rows={sample.slice(0, sampleShown).map((bill) => ({
            key: `${bill.identity} ${bill.document}`,
            cells: [
              <BillLink key="bill" bill={bill} />,
              bill.storeName,
              moment(bill.at),
              formatRupees(bill.totalMinor.beforeMinor),
              formatRupees(bill.totalMinor.afterMinor),
            ],
          }))}
        />
      )}
    </Stack>
  )
}

function sums(key: string, title: string, { beforeMinor, afterMinor }: Pair) {
  return {
    key,
    cells: [
      title,
      formatRupees(beforeMinor),
      formatRupees(afterMinor),
      formatRupees(afterMinor - beforeMinor),
    ],
  }
}

type Pair = { beforeMinor: number; afterMinor: number }

function signed({ beforeMinor, afterMinor }: Pair): string {
  const change = afterMinor - beforeMinor
  return change > 0 ? `+${formatRupees(change)}` : formatRupees(change)
}

function Reproduced({ result }: { result: ReplayResult }) {
  const i18n = useWords()
  const { bills, differing } = result.reproduced
  const isExact = differing === 0
  return (
    <Alert color={isExact ? 'teal' : 'orange'} variant="outline" role="status">
      {isExact
        ? i18n._(
            'replay.reproduced',
            { bills: countText(bills) },
            { message: 'The live rules first gave every discount of {bills} bills again, to the paisa.' },
          )
        : i18n._(
            'replay.differs',
            { bills: countText(bills), differing: countText(differing) },
            {
              message:
                'The live rules gave the discounts of {bills} bills again, to the paisa; on {differing} they differ.',
            },
          )}
    </Alert>
  )
}

function Differences({ differences }: { differences: readonly ReplayDifference[] }) {
  const i18n = useWords()
  const title = i18n._('replay.differences', {}, { message: 'Differences' })
  return (
    <DataTable
      label={title}
      head={[
        { title },
        { title: i18n._('replay.what', {}, { message: 'What' }) },
        { title: i18n._('offer.given', {}, { message: 'Given' }), numeric: true },
        { title: i18n._('replay.recomputed', {}, { message: 'Worked out again' }), numeric: true },
      ]}
      rows={differences.map((difference) => ({
        key: `${difference.identity} ${difference.document} ${difference.line}`,
        cells: [
          <span key="bill">
            <BillLink bill={difference} />
            {difference.product !== null && ` · ${difference.product}`}
          </span>,
          reasonWords(difference.reason),
          formatRupees(difference.givenMinor),
          rupees(difference.recomputedMinor),
        ],
      }))}
    />
  )

  function reasonWords(reason: ReplayDifference['reason']): string {
    switch (reason) {
      case 'discount':
        return i18n._('replay.other-discount', {}, { message: 'Another discount' })
      case 'offers':
        return i18n._('replay.other-offers', {}, { message: 'The same discount by other offers' })
      case 'rulebook':
        return i18n._('replay.no-rulebook', {}, { message: 'Its rulebook is not kept here' })
      case 'engine':
        return i18n._('replay.no-engine', {}, { message: 'Its engine is not known here' })
      case 'refused':
        return i18n._('replay.refused', {}, { message: 'It would not be sold today' })
    }
  }
}

function BillLink({ bill }: { bill: { identity: string; document: number; number: string } }) {
  return (
    <TextLink to="/bills/$identity/$document" params={{ identity: bill.identity, document: bill.document }}>
      {bill.number}
    </TextLink>
  )
}
