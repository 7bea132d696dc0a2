import type { I18n } from '@lingui/core'
import { type AuditRow, listAudit } from '@nexus/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { Page } from '../../app/page.tsx'
import { DataList } from '../../lists/data-list.tsx'
import { ChoiceFilter, DayFilter } from '../../lists/filters.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { useSetSearch } from '../../lists/list-search.ts'
import { StaffFilter } from '../../lists/staff-filter.tsx'
import { phraseOf } from '../../phrases/coded-words.ts'
import { moment } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { AuthorName } from './audit-trail.tsx'
import { ChangeTable } from './change-table.tsx'
import { changeSummary } from './change-words.ts'

const route = getRouteApi('/shell/audit')
const subjects = [
  'product',
  'price-list',
  'tax-class',
  'store',
  'register',
  'register-epoch',
  'enrolment-code',
  'offer',
  'coupon-series',
  'staff',
  'company',
] as const

/** Who changed which master data, when, from what to what. */
export function AuditPage() {
  const i18n = useWords()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const query = useQuery({ ...asks(listAudit, { query: search }), placeholderData: keepPreviousData })
  const title = i18n._('nav.audit', {}, { message: 'Audit' })
  return (
    <Page title={title}>
      <DataList
        id="audit"
        label={title}
        search={search}
        set={set}
        query={query}
        columns={auditColumns(i18n)}
        rowKey={(row) => String(row.id)}
        usualSort="-at"
        searchLabel={i18n._('audit.search', {}, { message: 'Name of the thing' })}
        filters={
          <>
            <ChoiceFilter
              label={i18n._('audit.subject', {}, { message: 'Kind of thing' })}
              value={search.subject}
              onChange={(subject) => set({ subject })}
              options={subjects.map((subject) => ({ value: subject, label: subjectName(i18n, subject) }))}
            />
            <StaffFilter
              label={i18n._('audit.by', {}, { message: 'By' })}
              value={search.by}
              onChange={(by) => set({ by })}
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
          </>
        }
        empty={{ title: i18n._('audit.none', {}, { message: 'Nothing was changed yet.' }) }}
        detail={(row) => <ChangeTable row={row} />}
      />
    </Page>
  )
}

function auditColumns(i18n: I18n): readonly ListColumn<AuditRow>[] {
  return [
    {
      id: 'label',
      wraps: true,
      title: i18n._('audit.thing', {}, { message: 'Thing' }),
      cell: (row) => <strong>{row.label}</strong>,
    },
    {
      id: 'subject',
      title: i18n._('audit.subject', {}, { message: 'Kind of thing' }),
      cell: (row) => subjectName(i18n, row.subject),
    },
    {
      id: 'at',
      title: i18n._('incident.at', {}, { message: 'When' }),
      cell: (row) => moment(row.at),
      sortable: true,
    },
    { id: 'by', title: i18n._('audit.by', {}, { message: 'By' }), cell: (row) => <AuthorName row={row} /> },
    {
      id: 'what',
      wraps: true,
      title: i18n._('audit.changes', {}, { message: 'Changes' }),
      cell: (row) => changeSummary(i18n, row),
    },
  ]
}

function subjectName(i18n: I18n, subject: string): string {
  switch (subject) {
    case 'product':
      return i18n._('subject.product', {}, { message: 'Product' })
    case 'price-list':
      return i18n._('subject.price-list', {}, { message: 'Price list' })
    case 'tax-class':
      return i18n._('subject.tax-class', {}, { message: 'Tax class' })
    case 'store':
      return i18n._('subject.store', {}, { message: 'Store' })
    case 'register':
      return i18n._('subject.register', {}, { message: 'Register' })
    case 'register-epoch':
      return i18n._('subject.epoch', {}, { message: 'Enrolment of a till' })
    case 'enrolment-code':
      return i18n._('subject.enrolment-code', {}, { message: 'Enrolment code' })
    case 'offer':
      return i18n._('offer.offer', {}, { message: 'Offer' })
    case 'coupon-series':
      return i18n._('subject.coupon-series', {}, { message: 'Coupon series' })
    case 'staff':
      return i18n._('subject.staff', {}, { message: 'Person' })
    case 'company':
      return i18n._('subject.company', {}, { message: 'Company' })
    default:
      return phraseOf(subject)
  }
}
