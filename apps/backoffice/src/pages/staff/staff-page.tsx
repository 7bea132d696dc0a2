import type { I18n } from '@lingui/core'
import { Badge, Group } from '@mantine/core'
import { listStaff, type StaffRow, type Store } from '@nexus/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { PlusIcon } from '../../app/icons.tsx'
import { ButtonLink, TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { useMay } from '../../app/session.ts'
import { DataList } from '../../lists/data-list.tsx'
import { ChoiceFilter, SearchedFilter } from '../../lists/filters.tsx'
import type { ListColumn } from '../../lists/list-column.ts'
import { useSetSearch } from '../../lists/list-search.ts'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { moment } from '../../phrases/figures.ts'
import { roleName, roles } from '../../phrases/role-words.ts'
import { useWords } from '../../words/use-words.ts'

const route = getRouteApi('/shell/staff')

/** People of the chain. */
export function StaffPage() {
  const i18n = useWords()
  const may = useMay()
  const search = route.useSearch()
  const set = useSetSearch<typeof search>()
  const stores = useStores()
  const query = useQuery({ ...asks(listStaff, { query: search }), placeholderData: keepPreviousData })
  const title = i18n._('nav.staff', {}, { message: 'Staff' })
  return (
    <Page
      title={title}
      actions={
        may('staff.write') && (
          <ButtonLink to="/staff/new" leftSection={<PlusIcon />}>
            {i18n._('staff.new', {}, { message: 'New person' })}
          </ButtonLink>
        )
      }
    >
      <DataList
        id="staff"
        label={title}
        search={search}
        set={set}
        query={query}
        columns={staffColumns(i18n, stores)}
        rowKey={(row) => row.id}
        usualSort="name"
        searchLabel={i18n._('staff.search', {}, { message: 'Name or sign-in name' })}
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
              label={i18n._('staff.role', {}, { message: 'Role' })}
              value={search.role}
              onChange={(role) => set({ role: roles.find((one) => one === role) })}
              options={roles.map((role) => ({ value: role, label: roleName(i18n, role) }))}
            />
            <ChoiceFilter
              label={i18n._('staff.works', {}, { message: 'Works here' })}
              value={search.active === undefined ? undefined : String(search.active)}
              onChange={(active) => set({ active: active === undefined ? undefined : active === 'true' })}
              options={[
                { value: 'true', label: i18n._('value.yes', {}, { message: 'yes' }) },
                { value: 'false', label: i18n._('value.no', {}, { message: 'no' }) },
              ]}
            />
          </>
        }
        empty={{
          title: i18n._('staff.empty', {}, { message: 'Nobody yet' }),
          hint: i18n._(
            'staff.empty-hint',
            {},
            { message: 'Add the people who sell, then give each a PIN for the tills.' },
          ),
        }}
      />
    </Page>
  )
}

function staffColumns(i18n: I18n, stores: readonly Store[]): readonly ListColumn<StaffRow>[] {
  const names = new Map(stores.map((store) => [store.id, store.name]))
  return [
    {
      id: 'name',
      title: i18n._('product.name', {}, { message: 'Name' }),
      cell: (row) => (
        <Group gap={6} wrap="nowrap">
          <TextLink className="row-link" to="/staff/$staffId" params={{ staffId: row.id }}>
            {row.name}
          </TextLink>
          {!row.active && (
            <Badge color="gray" variant="outline">
              {i18n._('staff.left', {}, { message: 'Left' })}
            </Badge>
          )}
        </Group>
      ),
      sortable: true,
    },
    {
      id: 'login',
      title: i18n._('sign-in.login', {}, { message: 'Sign-in name' }),
      cell: (row) => row.login,
      sortable: true,
    },
    {
      id: 'role',
      title: i18n._('staff.role', {}, { message: 'Role' }),
      cell: (row) => roleName(i18n, row.role),
      sortable: true,
    },
    {
      id: 'stores',
      wraps: true,
      title: i18n._('staff.stores', {}, { message: 'Stores' }),
      cell: (row) => storesText(row.storeIds),
    },
    {
      id: 'pin',
      title: i18n._('staff.pin', {}, { message: 'PIN' }),
      cell: (row) => yesOrNo(row.hasPin),
    },
    {
      id: 'password',
      title: i18n._('sign-in.password', {}, { message: 'Password' }),
      cell: (row) => yesOrNo(row.hasPassword),
    },
    {
      id: 'lastSignInAt',
      title: i18n._('staff.last-sign-in', {}, { message: 'Last sign-in' }),
      cell: (row) => moment(row.lastSignInAt),
      sortable: true,
    },
  ]

  function yesOrNo(yes: boolean): string {
    return yes ? i18n._('value.yes', {}, { message: 'yes' }) : i18n._('value.no', {}, { message: 'no' })
  }

  function storesText(storeIds: readonly string[] | null): string {
    if (storeIds === null) return i18n._('staff.all-stores', {}, { message: 'All' })
    const known = storeIds.map((id) => names.get(id) ?? '…')
    if (known.length <= 2) return known.join(', ') || '–'
    return i18n._(
      'staff.many-stores',
      { first: known[0], count: known.length - 1 },
      {
        message: '{first} and {count} more',
      },
    )
  }
}
