import type { I18n } from '@lingui/core'
import { type IncidentRow as IncidentSchema, listIncidents, type StaticOf, type Store } from '@nexus/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { DataList } from '../../lists/data-list.tsx'
import { ChoiceFilter, SearchedFilter } from '../../lists/filters.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { useSetSearch } from '../../lists/list-search.ts'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { parametersOf } from '../../phrases/coded-words.ts'
import { moment } from '../../phrases/figures.ts'
import { incidentKindName } from '../../phrases/incident-words.ts'
import { useWords } from '../../words/use-words.ts'

type Incident = StaticOf<typeof IncidentSchema>

const route = getRouteApi('/shell/incidents')
const sources = ['till', 'server', 'quarantine', 'fork', 'discrepancy'] as const

/** What people must look at. Nothing here changes a bill. */
export function IncidentsPage() {
  const i18n = useWords()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const stores = useStores()
  const query = useQuery({ ...asks(listIncidents, { query: search }), placeholderData: keepPreviousData })
  const title = i18n._('nav.incidents', {}, { message: 'To look at' })
  return (
    <Page title={title}>
      <DataList
        id="incidents"
        label={title}
        search={search}
        set={set}
        query={query}
        columns={incidentColumns(i18n, stores)}
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
              label={i18n._('incident.source', {}, { message: 'From' })}
              value={search.source}
              onChange={(source) => set({ source })}
              options={sources.map((source) => ({ value: source, label: sourceName(i18n, source) }))}
            />
          </>
        }
        empty={{
          title: i18n._('incidents.empty', {}, { message: 'Nothing to look at' }),
          hint: i18n._(
            'incidents.empty-hint',
            {},
            { message: 'Incidents of tills, entries in quarantine and differences in prices appear here.' },
          ),
        }}
        detail={(row) => <Detail row={row} />}
      />
    </Page>
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

function Detail({ row }: { row: Incident }) {
  const i18n = useWords()
  const { identity, ...params } = row.params
  return (
    <>
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
      {row.source === 'discrepancy' && typeof identity === 'string' && (
        <TextLink to="/bills/$identity/$document" params={{ identity, document: 0 }}>
          {i18n._('incident.bill', {}, { message: 'Open the bill' })}
        </TextLink>
      )}
    </>
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
