import type { I18n } from '@lingui/core'
import { Button, Stack, Text } from '@mantine/core'
import { type ForkRow, listForks, listIncidents, rehomeForks, type Store } from '@nexus/contract'
import { formatRupees } from '@nexus/domain'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, asks } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { useMay } from '../../app/session.ts'
import { tell } from '../../app/tell.ts'
import { DataList } from '../../lists/data-list.tsx'
import { FlagFilter, SearchedFilter } from '../../lists/filters.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { useSetSearch } from '../../lists/list-search.ts'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { countText, moment } from '../../phrases/figures.ts'
import { incidentAdvice } from '../../phrases/incident-advice.ts'
import { useWords } from '../../words/use-words.ts'
import { AttentionPage } from './attention-page.tsx'
import { DecisionDialog } from './decision-dialog.tsx'
import { placeNames } from './places.ts'

const route = getRouteApi('/shell/incidents/forks')

/** Entries on another branch than the accepted one: they wait for their till, or for the recovery journal. */
export function ForksPage() {
  const i18n = useWords()
  const may = useMay()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const stores = useStores()
  const query = useQuery({ ...asks(listForks, { query: search }), placeholderData: keepPreviousData })
  const [asked, setAsked] = useState<ForkRow>()
  return (
    <AttentionPage>
      <DataList
        id="forks"
        label={i18n._('desk.forks', {}, { message: 'Forks' })}
        search={search}
        set={set}
        query={query}
        columns={forkColumns(i18n, stores)}
        rowKey={(row) => row.epoch}
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
            <FlagFilter
              label={i18n._('desk.settled', {}, { message: 'Settled ones' })}
              value={search.settled}
              onChange={(settled) => set({ settled })}
            />
          </>
        }
        empty={{
          title: i18n._('forks.empty', {}, { message: 'No till has gone two ways' }),
          hint: i18n._(
            'forks.empty-hint',
            {},
            {
              message:
                'When a till was copied or set back, what it then sold is kept here until it is written again.',
            },
          ),
        }}
        detail={(row) => (
          <Stack gap="sm" align="flex-start">
            <Text>{incidentAdvice(i18n, 'fork')}</Text>
            {row.rehomedBy !== null && (
              <Text fz="sm" c="dimmed">
                {i18n._(
                  'forks.by-itself',
                  { at: moment(row.rehomedBy) },
                  { message: 'The server writes what then still waits again by itself on {at}.' },
                )}
              </Text>
            )}
            <dl className="facts">
              <div className="fact">
                <dt>{i18n._('entry.epoch', {}, { message: 'Epoch' })}</dt>
                <dd className="hash">{row.epoch}</dd>
              </div>
            </dl>
            {row.storeId !== null && (
              <TextLink to="/stores/$storeId" params={{ storeId: row.storeId }}>
                {i18n._('forks.store', {}, { message: 'Open the store and its registers' })}
              </TextLink>
            )}
            {may('journal.decide') && row.waiting > 0 && (
              <Button size="sm" onClick={() => setAsked(row)}>
                {i18n._('forks.rehome', {}, { message: 'Write them again now' })}
              </Button>
            )}
          </Stack>
        )}
      />
      {asked && (
        <DecisionDialog
          title={i18n._('forks.rehome', {}, { message: 'Write them again now' })}
          text={i18n._(
            'forks.rehome-text',
            { count: asked.waiting },
            {
              message:
                '{count} entries go into the recovery journal of their store and take effect once, also if the till sends them again later. Wait for the till instead while it is only switched off.',
            },
          )}
          confirm={i18n._('forks.rehome', {}, { message: 'Write them again now' })}
          run={({ remark }) => ask(rehomeForks, { params: { epoch: asked.epoch }, body: { remark } })}
          changes={[listForks, listIncidents]}
          onDone={() => tell(i18n, i18n._('decision.done', {}, { message: 'Decided and written down.' }))}
          onClose={() => setAsked(undefined)}
        />
      )}
    </AttentionPage>
  )
}

function forkColumns(i18n: I18n, stores: readonly Store[]): readonly ListColumn<ForkRow>[] {
  return [
    {
      id: 'store',
      title: i18n._('filter.store', {}, { message: 'Store' }),
      cell: (row) => <strong>{placeNames(stores, row).store}</strong>,
    },
    {
      id: 'register',
      title: i18n._('filter.register', {}, { message: 'Register' }),
      cell: (row) => `${placeNames(stores, row).register}${row.code === null ? '' : ` · ${row.code}`}`,
    },
    {
      id: 'from',
      title: i18n._('forks.from', {}, { message: 'From place' }),
      cell: (row) => row.fromSeq,
      numeric: true,
    },
    {
      id: 'entries',
      title: i18n._('forks.entries', {}, { message: 'Entries' }),
      cell: (row) => countText(row.entries),
      numeric: true,
    },
    {
      id: 'sales',
      title: i18n._('forks.sales', {}, { message: 'Sales that wait' }),
      cell: (row) => (row.sales === 0 ? '–' : `${countText(row.sales)} · ${formatRupees(row.soldMinor)}`),
      numeric: true,
    },
    {
      id: 'state',
      title: i18n._('coupons.state', {}, { message: 'State' }),
      cell: ({ waiting, adopted, rehomed }) =>
        i18n._(
          'forks.state',
          { waiting, rehomed, adopted },
          { message: '{waiting} wait, {rehomed} written again, {adopted} taken in place' },
        ),
      wraps: true,
    },
    {
      id: 'since',
      title: i18n._('incident.at', {}, { message: 'When' }),
      cell: (row) => moment(row.receivedAt),
    },
  ]
}
