import type { I18n } from '@lingui/core'
import { Button, Group, Stack, Text } from '@mantine/core'
import {
  closeIncidents,
  exportIncidents,
  getToday,
  type IncidentRow as Incident,
  type Input,
  listIncidents,
  type Store,
} from '@nexus/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { addressOf, ask, asks } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { useMay } from '../../app/session.ts'
import { tell } from '../../app/tell.ts'
import { DataList } from '../../lists/data-list.tsx'
import { ChoiceFilter, DayFilter, FlagFilter, SearchedFilter } from '../../lists/filters.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { allPages, type SetSearch, useSetSearch } from '../../lists/list-search.ts'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { parametersOf } from '../../phrases/coded-words.ts'
import { moment } from '../../phrases/figures.ts'
import { incidentAdvice } from '../../phrases/incident-advice.ts'
import { incidentKindName } from '../../phrases/incident-words.ts'
import { useWords } from '../../words/use-words.ts'
import { AttentionPage } from './attention-page.tsx'
import { DecisionDialog } from './decision-dialog.tsx'

const incidentsRoute = getRouteApi('/shell/incidents')
const discrepanciesRoute = getRouteApi('/shell/incidents/discrepancies')
const tellers = ['till', 'server'] as const

/** What tills and the server told. Nothing here changes a bill. */
export function IncidentsPage() {
  const i18n = useWords()
  const search = incidentsRoute.useSearch()
  const set = useSetSearch<typeof search>()
  return (
    <IncidentDesk
      id="incidents"
      label={i18n._('attention.incidents', {}, { message: 'Incidents' })}
      source="incident"
      search={search}
      set={set}
      moreFilters={
        <ChoiceFilter
          label={i18n._('incident.source', {}, { message: 'From' })}
          value={search.source}
          onChange={(source) => set({ source })}
          options={tellers.map((source) => ({ value: source, label: sourceName(i18n, source) }))}
        />
      }
      empty={{
        title: i18n._('incidents.empty', {}, { message: 'Nothing to look at' }),
        hint: i18n._(
          'incidents.empty-hint',
          {},
          { message: 'Incidents that tills report and that the server finds appear here.' },
        ),
      }}
    />
  )
}

/** Figures of entries that are not what price, rules or totals give. */
export function DiscrepanciesPage() {
  const i18n = useWords()
  const search = discrepanciesRoute.useSearch()
  const set = useSetSearch<typeof search>()
  return (
    <IncidentDesk
      id="discrepancies"
      label={i18n._('desk.discrepancies', {}, { message: 'Discrepancies' })}
      source="discrepancy"
      search={search}
      set={set}
      empty={{
        title: i18n._('discrepancies.empty', {}, { message: 'Every figure is explained' }),
        hint: i18n._(
          'discrepancies.empty-hint',
          {},
          {
            message:
              'Where the server comes to another price, tax or total than a bill, the bill stays and stands here.',
          },
        ),
      }}
    />
  )
}

type Search = Input<typeof listIncidents>['query']
type DeskProps = {
  id: string
  label: string
  source: 'incident' | 'discrepancy'
  search: Search
  set: SetSearch<Search>
  moreFilters?: ReactNode
  empty: { title: string; hint: string }
}

function IncidentDesk({ id, label, source, search, set, moreFilters, empty }: DeskProps) {
  const i18n = useWords()
  const may = useMay()
  const stores = useStores()
  const asked = { source, ...search }
  const query = useQuery({ ...asks(listIncidents, { query: asked }), placeholderData: keepPreviousData })
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [closing, setClosing] = useState<readonly string[]>()
  const rows = query.data?.rows ?? []
  const kinds = [
    ...new Set([...(search.kind === undefined ? [] : [search.kind]), ...rows.map(({ kind }) => kind)]),
  ]
  const chosen = rows.filter((row) => selected.has(row.id)).map((row) => row.id)
  const mayClose = may('attention.write') && search.closed !== true
  return (
    <AttentionPage>
      {mayClose && chosen.length > 0 && (
        <Group>
          <Button size="sm" onClick={() => setClosing(chosen)}>
            {i18n._('incidents.close-chosen', { count: chosen.length }, { message: 'Close {count} chosen' })}
          </Button>
        </Group>
      )}
      <DataList
        id={id}
        label={label}
        search={search}
        set={set}
        query={query}
        columns={incidentColumns(i18n, stores)}
        rowKey={(row) => row.id}
        {...(mayClose && {
          selection: {
            selected,
            onSelect: setSelected,
            label: (key: string) =>
              i18n._(
                'incidents.choose',
                { what: incidentKindName(i18n, rows.find((row) => row.id === key)?.kind ?? '') },
                { message: 'Choose: {what}' },
              ),
          },
        })}
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
            {moreFilters}
            <ChoiceFilter
              label={i18n._('incident.kind', {}, { message: 'What' })}
              value={search.kind}
              onChange={(kind) => set({ kind })}
              options={kinds.map((kind) => ({ value: kind, label: incidentKindName(i18n, kind) }))}
            />
            <DayFilter
              label={i18n._('filter.from', {}, { message: 'From' })}
              value={search.from}
              onChange={(from) => set({ from })}
            />
            <DayFilter
              label={i18n._('filter.until', {}, { message: 'Until' })}
              value={search.until}
              onChange={(until) => set({ until })}
            />
            <FlagFilter
              label={i18n._('incidents.closed', {}, { message: 'Closed ones' })}
              value={search.closed}
              onChange={(closed) => set({ closed })}
            />
          </>
        }
        exportAddress={addressOf(exportIncidents, { query: { ...allPages(asked) } })}
        empty={empty}
        detail={(row) => <Detail row={row} {...(mayClose && { onClose: () => setClosing([row.id]) })} />}
      />
      {closing && (
        <DecisionDialog
          title={i18n._('incidents.close', {}, { message: 'Close' })}
          text={i18n._(
            'incidents.close-text',
            {},
            { message: 'Say what came of it. It leaves the open list; no bill and no figure changes.' },
          )}
          remarkRequired
          confirm={i18n._('incidents.close', {}, { message: 'Close' })}
          run={({ remark }) => ask(closeIncidents, { body: { ids: [...closing], remark } })}
          changes={[listIncidents, getToday]}
          onDone={() => {
            setSelected(new Set())
            tell(i18n, i18n._('incidents.closed-done', {}, { message: 'Closed.' }))
          }}
          onClose={() => setClosing(undefined)}
        />
      )}
    </AttentionPage>
  )
}

function incidentColumns(i18n: I18n, stores: readonly Store[]): readonly ListColumn<Incident>[] {
  const registers = new Map(stores.flatMap((store) => store.registers.map((one) => [one.id, { store, one }])))
  return [
    {
      id: 'kind',
      wraps: true,
      title: i18n._('incident.kind', {}, { message: 'What' }),
      cell: (row) => <strong>{incidentKindName(i18n, row.kind)}</strong>,
    },
    { id: 'at', title: i18n._('incident.at', {}, { message: 'When' }), cell: (row) => moment(row.at) },
    {
      id: 'store',
      title: i18n._('filter.store', {}, { message: 'Store' }),
      cell: (row) => stores.find((store) => store.id === row.storeId)?.name ?? '–',
    },
    {
      id: 'register',
      title: i18n._('filter.register', {}, { message: 'Register' }),
      cell: (row) => (row.registerId && registers.get(row.registerId)?.one.name) || '–',
    },
    {
      id: 'source',
      title: i18n._('incident.source', {}, { message: 'From' }),
      cell: (row) => sourceName(i18n, row.source),
    },
  ]
}

function Detail({ row, onClose }: { row: Incident; onClose?: () => void }) {
  const i18n = useWords()
  const { identity, ...params } = row.params
  return (
    <Stack gap="sm" align="flex-start">
      <Text>{incidentAdvice(i18n, row.kind)}</Text>
      <dl className="facts">
        {parametersOf(params).map(({ name, value }) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div className="fact">
          <dt>{i18n._('entry.epoch', {}, { message: 'Epoch' })}</dt>
          <dd className="hash">{row.epoch ?? '–'}</dd>
        </div>
        <div className="fact">
          <dt>{i18n._('entry.seq', {}, { message: 'Place in the epoch' })}</dt>
          <dd>{row.seq ?? '–'}</dd>
        </div>
        {typeof identity === 'string' && (
          <div className="fact">
            <dt>{i18n._('entry.hash', {}, { message: 'Hash' })}</dt>
            <dd className="hash">{identity}</dd>
          </div>
        )}
      </dl>
      {row.closed && (
        <Text fz="sm">
          {i18n._(
            'incidents.closed-by',
            { at: moment(row.closed.at), by: row.closed.by ?? '–', remark: row.closed.remark },
            { message: 'Closed on {at} by {by}: {remark}' },
          )}
        </Text>
      )}
      {row.source === 'discrepancy' && typeof identity === 'string' && (
        <TextLink to="/bills/$identity/$document" params={{ identity, document: 0 }}>
          {i18n._('incident.bill', {}, { message: 'Open the bill' })}
        </TextLink>
      )}
      {onClose && row.closed === null && (
        <Button size="sm" variant="default" onClick={onClose}>
          {i18n._('incidents.close', {}, { message: 'Close' })}
        </Button>
      )}
    </Stack>
  )
}

function sourceName(i18n: I18n, source: Incident['source']): string {
  switch (source) {
    case 'till':
      return i18n._('source.till', {}, { message: 'Told by the till' })
    case 'server':
      return i18n._('source.server', {}, { message: 'Found by the server' })
    case 'quarantine':
      return i18n._('source.quarantine', {}, { message: 'In quarantine' })
    case 'fork':
      return i18n._('source.fork', {}, { message: 'Forked' })
    case 'discrepancy':
      return i18n._('source.discrepancy', {}, { message: 'Discrepancy' })
  }
}
