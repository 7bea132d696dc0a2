import type { I18n } from '@lingui/core'
import { Stack, Text } from '@mantine/core'
import { listOpenPayments, type OpenPayment, openPaymentKinds } from '@nexus/contract'
import { formatDate, formatRupees } from '@nexus/domain'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { useMay } from '../../app/session.ts'
import { DataList } from '../../lists/data-list.tsx'
import { ChoiceFilter, SearchedFilter } from '../../lists/filters.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { useSetSearch } from '../../lists/list-search.ts'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { moment, rupees } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { paymentKindName, paymentRemedy } from './payment-words.ts'
import { SettlementFiles } from './settlement-files.tsx'

const route = getRouteApi('/shell/payments')

/** Payments through providers that people must look at, and the files that tell what was settled. */
export function PaymentsPage() {
  const i18n = useWords()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const stores = useStores()
  const may = useMay()
  const query = useQuery({ ...asks(listOpenPayments, { query: search }), placeholderData: keepPreviousData })
  const title = i18n._('nav.payments', {}, { message: 'Payments' })
  return (
    <Page title={title}>
      <Stack gap="md">
        <DataList
          id="payments"
          label={title}
          search={search}
          set={set}
          query={query}
          columns={paymentColumns(i18n)}
          rowKey={(row) => row.id}
          filters={
            <>
              {stores.length !== 1 && (
                <SearchedFilter
                  label={i18n._('filter.store', {}, { message: 'Store' })}
                  value={search.store}
                  onChange={(store) => set({ store })}
                  options={storeOptions(stores)}
                />
              )}
              <ChoiceFilter
                label={i18n._('incident.kind', {}, { message: 'What' })}
                value={search.kind}
                onChange={(kind) => set({ kind })}
                options={openPaymentKinds.map((kind) => ({
                  value: kind,
                  label: paymentKindName(i18n, kind),
                }))}
              />
            </>
          }
          empty={{
            title: i18n._('payments.empty', {}, { message: 'No open payments' }),
            hint: i18n._(
              'payments.empty-hint',
              {},
              {
                message:
                  'Payments of which nobody knows what became, and differences from settlement files, appear here.',
              },
            ),
          }}
          detail={(row) => <Detail row={row} />}
        />
        {may('settlements.write') && <SettlementFiles />}
      </Stack>
    </Page>
  )
}

function paymentColumns(i18n: I18n): readonly ListColumn<OpenPayment>[] {
  return [
    {
      id: 'kind',
      wraps: true,
      title: i18n._('incident.kind', {}, { message: 'What' }),
      cell: (row) => <strong>{paymentKindName(i18n, row.kind)}</strong>,
    },
    {
      id: 'at',
      title: i18n._('incident.at', {}, { message: 'When' }),
      cell: (row) => (row.at === null ? formatDate(row.day) : moment(row.at)),
    },
    {
      id: 'store',
      title: i18n._('filter.store', {}, { message: 'Store' }),
      cell: (row) => row.storeName ?? '–',
    },
    {
      id: 'register',
      title: i18n._('filter.register', {}, { message: 'Register' }),
      cell: (row) => row.registerNumber ?? '–',
    },
    {
      id: 'amount',
      title: i18n._('payment.asked', {}, { message: 'Asked for' }),
      cell: (row) => formatRupees(row.amountMinor),
      numeric: true,
    },
    {
      id: 'settled',
      title: i18n._('payment.settled', {}, { message: 'Settled' }),
      cell: (row) => rupees(row.settledMinor),
      numeric: true,
    },
    {
      id: 'provider',
      title: i18n._('settlement.provider', {}, { message: 'Provider' }),
      cell: (row) => row.provider ?? '–',
    },
    {
      id: 'bill',
      title: i18n._('payment.bill', {}, { message: 'Bill' }),
      cell: (row) => row.number ?? '–',
    },
  ]
}

function Detail({ row }: { row: OpenPayment }) {
  const i18n = useWords()
  const facts: [string, string | null][] = [
    [i18n._('settlement.reference', {}, { message: 'Our reference' }), row.reference],
    [i18n._('settlement.utr', {}, { message: 'Bank’s reference (UTR)' }), row.bankReference],
    [
      i18n._('imports.file', {}, { message: 'File' }),
      row.file &&
        i18n._(
          'payment.file-line',
          { name: row.file.name, line: row.file.line },
          { message: '{name}, line {line}' },
        ),
    ],
  ]
  return (
    <>
      <Text>{paymentRemedy(i18n, row.kind)}</Text>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{value ?? '–'}</dd>
          </div>
        ))}
      </dl>
      {row.sale !== null && (
        <TextLink to="/bills/$identity/$document" params={{ identity: row.sale, document: 0 }}>
          {i18n._('incident.bill', {}, { message: 'Open the bill' })}
        </TextLink>
      )}
    </>
  )
}
