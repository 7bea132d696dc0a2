import type { I18n } from '@lingui/core'
import { Button, Stack, Text } from '@mantine/core'
import {
  declareHoleLost,
  type HoleReason,
  type HoleRow,
  holeReasons,
  listHoles,
  listIncidents,
  type Store,
} from '@nexus/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, asks } from '../../app/api.ts'
import { useMay } from '../../app/session.ts'
import { tell } from '../../app/tell.ts'
import { DataList } from '../../lists/data-list.tsx'
import { SearchedFilter } from '../../lists/filters.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { useSetSearch } from '../../lists/list-search.ts'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { incidentAdvice } from '../../phrases/incident-advice.ts'
import { useWords } from '../../words/use-words.ts'
import { AttentionPage } from './attention-page.tsx'
import { DecisionDialog } from './decision-dialog.tsx'
import { placeNames } from './places.ts'

const route = getRouteApi('/shell/incidents/holes')

/** Places of journals whose entries no device holds any more. */
export function HolesPage() {
  const i18n = useWords()
  const may = useMay()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const stores = useStores()
  const query = useQuery({ ...asks(listHoles, { query: search }), placeholderData: keepPreviousData })
  const [asked, setAsked] = useState<HoleRow>()
  return (
    <AttentionPage>
      <DataList
        id="holes"
        label={i18n._('desk.holes', {}, { message: 'Holes' })}
        search={search}
        set={set}
        query={query}
        columns={holeColumns(i18n, stores)}
        rowKey={(row) => `${row.epoch} ${row.fromSeq}`}
        filters={
          stores.length !== 1 && (
            <SearchedFilter
              label={i18n._('filter.store', {}, { message: 'Store' })}
              value={search.store}
              onChange={(store) => set({ store })}
              options={storeOptions(stores)}
            />
          )
        }
        empty={{
          title: i18n._('holes.empty', {}, { message: 'No journal has a hole' }),
          hint: i18n._(
            'holes.empty-hint',
            {},
            { message: 'When a till has lost entries before they were sent, their places stand here.' },
          ),
        }}
        detail={(row) => (
          <Stack gap="sm" align="flex-start">
            <Text>{incidentAdvice(i18n, row.lost ? 'hole-lost' : 'hole-declared')}</Text>
            <dl className="facts">
              <div className="fact">
                <dt>{i18n._('entry.epoch', {}, { message: 'Epoch' })}</dt>
                <dd className="hash">{row.epoch}</dd>
              </div>
            </dl>
            {may('journal.decide') && !row.lost && (
              <Button size="sm" variant="default" onClick={() => setAsked(row)}>
                {i18n._('holes.lose', {}, { message: 'Declare them lost' })}
              </Button>
            )}
          </Stack>
        )}
      />
      {asked && (
        <DecisionDialog
          title={i18n._('holes.lose', {}, { message: 'Declare them lost' })}
          text={i18n._(
            'holes.lose-text',
            { from: asked.fromSeq, to: asked.toSeq },
            {
              message:
                'You say that the entries {from} to {to} will never be found. The till may then delete what lies behind them. Should they turn up all the same, they are taken.',
            },
          )}
          reasons={holeReasons.map((value) => ({ value, label: holeReasonName(i18n, value) }))}
          confirm={i18n._('holes.lose', {}, { message: 'Declare them lost' })}
          final
          run={({ reason = 'other', remark }) =>
            ask(declareHoleLost, {
              params: { epoch: asked.epoch },
              body: { fromSeq: asked.fromSeq, toSeq: asked.toSeq, reason, remark },
            })
          }
          changes={[listHoles, listIncidents]}
          onDone={() => tell(i18n, i18n._('decision.done', {}, { message: 'Decided and written down.' }))}
          onClose={() => setAsked(undefined)}
        />
      )}
    </AttentionPage>
  )
}

function holeColumns(i18n: I18n, stores: readonly Store[]): readonly ListColumn<HoleRow>[] {
  return [
    {
      id: 'store',
      title: i18n._('filter.store', {}, { message: 'Store' }),
      cell: (row) => <strong>{placeNames(stores, row).store}</strong>,
    },
    {
      id: 'register',
      title: i18n._('filter.register', {}, { message: 'Register' }),
      cell: (row) => `${placeNames(stores, row).register} · ${row.code}`,
    },
    {
      id: 'places',
      title: i18n._('holes.places', {}, { message: 'Places' }),
      cell: (row) => (row.fromSeq === row.toSeq ? row.fromSeq : `${row.fromSeq}–${row.toSeq}`),
      numeric: true,
    },
    {
      id: 'state',
      title: i18n._('coupons.state', {}, { message: 'State' }),
      cell: (row) =>
        row.lost
          ? i18n._('holes.lost', {}, { message: 'Lost' })
          : i18n._('holes.open', {}, { message: 'May turn up' }),
    },
  ]
}

function holeReasonName(i18n: I18n, reason: HoleReason): string {
  switch (reason) {
    case 'device-destroyed':
      return i18n._('hole.device-destroyed', {}, { message: 'The device is destroyed' })
    case 'device-wiped':
      return i18n._('hole.device-wiped', {}, { message: 'The device was wiped' })
    case 'searched-in-vain':
      return i18n._('hole.searched', {}, { message: 'Searched, nothing found' })
    case 'other':
      return i18n._('reason.other', {}, { message: 'Another reason, see the remark' })
  }
}
