import type { I18n } from '@lingui/core'
import { Button, Group, Stack, Text } from '@mantine/core'
import {
  decideQuarantine,
  listIncidents,
  listQuarantine,
  type QuarantineRow,
  type ReleaseReason,
  releaseReasons,
  type Store,
} from '@nexus/contract'
import { formatRupees } from '@nexus/domain'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, asks } from '../../app/api.ts'
import { useMay } from '../../app/session.ts'
import { tell } from '../../app/tell.ts'
import { DataList } from '../../lists/data-list.tsx'
import { ChoiceFilter, FlagFilter, SearchedFilter } from '../../lists/filters.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { useSetSearch } from '../../lists/list-search.ts'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { agoWords } from '../../phrases/date-words.ts'
import { moment } from '../../phrases/figures.ts'
import { incidentAdvice } from '../../phrases/incident-advice.ts'
import { incidentKindName } from '../../phrases/incident-words.ts'
import { useWords } from '../../words/use-words.ts'
import { AttentionPage } from './attention-page.tsx'
import { DecisionDialog } from './decision-dialog.tsx'
import { placeNames } from './places.ts'

const route = getRouteApi('/shell/incidents/quarantine')
const kinds = [
  'unreadable',
  'unknown-type',
  'schema-failed',
  'too-large',
  'wrong-place',
  'wrong-writer',
  'inner-mismatch',
  'stolen',
  'underivable',
] as const

/** Entries that took their slot and wait for a person: they act, once, or never. */
export function QuarantinePage() {
  const i18n = useWords()
  const may = useMay()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const stores = useStores()
  const query = useQuery({ ...asks(listQuarantine, { query: search }), placeholderData: keepPreviousData })
  const [asked, setAsked] = useState<{ row: QuarantineRow; outcome: 'act' | 'drop' }>()
  const mayDecide = may('journal.decide')
  return (
    <AttentionPage>
      <DataList
        id="quarantine"
        label={i18n._('desk.quarantine', {}, { message: 'Quarantine' })}
        search={search}
        set={set}
        query={query}
        columns={quarantineColumns(i18n, stores)}
        rowKey={(row) => row.identity}
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
              label={i18n._('decision.reason', {}, { message: 'Why' })}
              value={search.reason}
              onChange={(reason) => set({ reason })}
              options={kinds.map((kind) => ({ value: kind, label: incidentKindName(i18n, kind) }))}
            />
            <FlagFilter
              label={i18n._('desk.settled', {}, { message: 'Settled ones' })}
              value={search.settled}
              onChange={(settled) => set({ settled })}
            />
          </>
        }
        empty={{
          title: i18n._('quarantine.empty', {}, { message: 'Nothing is in quarantine' }),
          hint: i18n._(
            'quarantine.empty-hint',
            {},
            {
              message:
                'An entry that this server cannot read, or may not trust, waits here with all its bytes.',
            },
          ),
        }}
        detail={(row) => (
          <Stack gap="sm">
            <Text>{incidentAdvice(i18n, row.reason)}</Text>
            <dl className="facts">
              <div className="fact">
                <dt>{i18n._('quarantine.start', {}, { message: 'It begins with' })}</dt>
                <dd className="hash">{row.start}</dd>
              </div>
              <div className="fact">
                <dt>{i18n._('quarantine.bytes', {}, { message: 'Bytes' })}</dt>
                <dd>{row.bytes}</dd>
              </div>
              <div className="fact">
                <dt>{i18n._('entry.epoch', {}, { message: 'Epoch' })}</dt>
                <dd className="hash">{row.epoch}</dd>
              </div>
              <div className="fact">
                <dt>{i18n._('entry.hash', {}, { message: 'Hash' })}</dt>
                <dd className="hash">{row.identity}</dd>
              </div>
            </dl>
            {mayDecide && row.released === null && (
              <Group gap="xs">
                <Button size="sm" disabled={!row.mayAct} onClick={() => setAsked({ row, outcome: 'act' })}>
                  {i18n._('quarantine.act', {}, { message: 'Let it act' })}
                </Button>
                <Button size="sm" variant="default" onClick={() => setAsked({ row, outcome: 'drop' })}>
                  {i18n._('quarantine.drop', {}, { message: 'Never let it act' })}
                </Button>
                {!row.mayAct && (
                  <Text fz="sm" c="dimmed">
                    {i18n._(
                      'quarantine.may-not-act',
                      {},
                      { message: 'This release of the server cannot let it act.' },
                    )}
                  </Text>
                )}
              </Group>
            )}
          </Stack>
        )}
      />
      {asked && (
        <DecisionDialog
          title={
            asked.outcome === 'act'
              ? i18n._('quarantine.act', {}, { message: 'Let it act' })
              : i18n._('quarantine.drop', {}, { message: 'Never let it act' })
          }
          text={
            asked.outcome === 'act'
              ? i18n._(
                  'quarantine.act-text',
                  {},
                  {
                    message:
                      'The entry takes effect once, by its own figures: a sale counts in takings and stock. Your name and reason are kept in the journal.',
                  },
                )
              : i18n._(
                  'quarantine.drop-text',
                  {},
                  {
                    message:
                      'The entry never takes effect, also when it comes again. Its bytes stay. Nothing brings this back; your name and reason are kept in the journal.',
                  },
                )
          }
          reasons={releaseReasons.map((value) => ({ value, label: releaseReasonName(i18n, value) }))}
          confirm={
            asked.outcome === 'act'
              ? i18n._('quarantine.act', {}, { message: 'Let it act' })
              : i18n._('quarantine.drop', {}, { message: 'Never let it act' })
          }
          final={asked.outcome === 'drop'}
          run={({ reason = 'other', remark }) =>
            ask(decideQuarantine, {
              params: { identity: asked.row.identity },
              body: { outcome: asked.outcome, reason, remark },
            })
          }
          changes={[listQuarantine, listIncidents]}
          onDone={() => tell(i18n, i18n._('decision.done', {}, { message: 'Decided and written down.' }))}
          onClose={() => setAsked(undefined)}
        />
      )}
    </AttentionPage>
  )
}

function quarantineColumns(i18n: I18n, stores: readonly Store[]): readonly ListColumn<QuarantineRow>[] {
  return [
    {
      id: 'reason',
      wraps: true,
      title: i18n._('decision.reason', {}, { message: 'Why' }),
      cell: (row) => <strong>{incidentKindName(i18n, row.reason)}</strong>,
    },
    {
      id: 'what',
      title: i18n._('incident.kind', {}, { message: 'What' }),
      cell: (row) =>
        row.bill === null ? (row.type ?? '–') : `${row.bill.number} · ${formatRupees(row.bill.totalMinor)}`,
    },
    {
      id: 'store',
      title: i18n._('filter.store', {}, { message: 'Store' }),
      cell: (row) => placeNames(stores, row).store,
    },
    {
      id: 'register',
      title: i18n._('filter.register', {}, { message: 'Register' }),
      cell: (row) => placeNames(stores, row).register,
    },
    {
      id: 'seq',
      title: i18n._('entry.seq', {}, { message: 'Place in the epoch' }),
      cell: (row) => row.seq,
      numeric: true,
    },
    {
      id: 'age',
      title: i18n._('quarantine.since', {}, { message: 'Waits since' }),
      cell: (row) => `${moment(row.receivedAt)} · ${agoWords(i18n.locale, row.receivedAt, Date.now())}`,
    },
    {
      id: 'state',
      title: i18n._('coupons.state', {}, { message: 'State' }),
      cell: (row) => stateName(i18n, row.released),
    },
  ]
}

function stateName(i18n: I18n, released: QuarantineRow['released']): string {
  if (released === null) return i18n._('desk.waits', {}, { message: 'Waits' })
  return released === 'act'
    ? i18n._('quarantine.acted', {}, { message: 'Acts' })
    : i18n._('quarantine.dropped', {}, { message: 'Dropped' })
}

function releaseReasonName(i18n: I18n, reason: ReleaseReason): string {
  switch (reason) {
    case 'checked':
      return i18n._('release.checked', {}, { message: 'Checked with the store' })
    case 'not-a-sale':
      return i18n._('release.not-a-sale', {}, { message: 'Not an act of the store' })
    case 'twice':
      return i18n._('release.twice', {}, { message: 'Entered in another way already' })
    case 'forged':
      return i18n._('release.forged', {}, { message: 'Forged' })
    case 'other':
      return i18n._('reason.other', {}, { message: 'Another reason, see the remark' })
  }
}
