import type { I18n } from '@lingui/core'
import { Button, Text } from '@mantine/core'
import { listPriceLists, type PriceListRow } from '@nexus/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { asks } from '../../app/api.ts'
import { DataTable } from '../../app/data-table.tsx'
import { PlusIcon } from '../../app/icons.tsx'
import { ButtonLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { useMay } from '../../app/session.ts'
import { Empty, Loading, Trouble } from '../../app/states.tsx'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { useWords } from '../../words/use-words.ts'
import { PriceListDialog } from './price-list-dialog.tsx'

/** Price lists: for whom and where each is. Prices come by file, or on the page of a product. */
export function PriceListsPage() {
  const i18n = useWords()
  const may = useMay()
  const stores = useStores()
  const [edited, setEdited] = useState<PriceListRow | 'new'>()
  const lists = useQuery(asks(listPriceLists, {}))
  const mayWrite = may('prices.write')
  const title = i18n._('nav.price-lists', {}, { message: 'Price lists' })
  const rows = lists.data?.priceLists ?? []
  return (
    <Page
      title={title}
      actions={
        mayWrite && (
          <>
            <ButtonLink to="/imports" variant="default">
              {i18n._('price-lists.import', {}, { message: 'Import prices' })}
            </ButtonLink>
            <Button leftSection={<PlusIcon />} onClick={() => setEdited('new')}>
              {i18n._('price-lists.new', {}, { message: 'New price list' })}
            </Button>
          </>
        )
      }
    >
      <Text>
        {i18n._(
          'price-lists.how',
          {},
          {
            message:
              'The most specific list with a price counts: the store’s, then the region’s, then the chain’s. A list for members or staff counts where it is cheaper.',
          },
        )}
      </Text>
      {lists.isError && <Trouble error={lists.error} onRetry={() => void lists.refetch()} />}
      {lists.isPending && <Loading />}
      {lists.data && rows.length === 0 && (
        <Empty
          title={i18n._('price-lists.empty', {}, { message: 'No price lists yet' })}
          hint={i18n._(
            'price-lists.empty-hint',
            {},
            { message: 'The chain’s own list is made with the first import of products, or here.' },
          )}
        />
      )}
      {rows.length > 0 && (
        <DataTable
          cards
          label={title}
          head={[
            { title: i18n._('price-list.id', {}, { message: 'Number' }), numeric: true },
            { title: i18n._('product.name', {}, { message: 'Name' }) },
            { title: i18n._('price-list.where', {}, { message: 'Where' }) },
            { title: i18n._('price-list.whom', {}, { message: 'For whom' }) },
            { title: i18n._('price-list.gst', {}, { message: 'GST' }) },
            ...(mayWrite ? [{ title: i18n._('register.actions', {}, { message: 'Actions' }) }] : []),
          ]}
          rows={rows.map((list) => ({
            key: String(list.id),
            cells: [
              list.id,
              <Text span inherit fw={600} key="name">
                {list.name}
              </Text>,
              placeWords(i18n, list, storeOptions(stores)),
              list.tier ?? i18n._('price-list.everybody', {}, { message: 'Everybody' }),
              list.inclusive
                ? i18n._('price-list.inclusive', {}, { message: 'Prices with GST' })
                : i18n._('price-list.exclusive', {}, { message: 'Prices without GST' }),
              ...(mayWrite
                ? [
                    <Button
                      key="change"
                      size="xs"
                      variant="default"
                      onClick={() => setEdited(list)}
                      aria-label={i18n._(
                        'price-list.rename-name',
                        { name: list.name },
                        { message: 'Rename {name}' },
                      )}
                    >
                      {i18n._('price-list.rename', {}, { message: 'Rename' })}
                    </Button>,
                  ]
                : []),
            ],
          }))}
        />
      )}
      {edited !== undefined && (
        <PriceListDialog
          list={edited === 'new' ? undefined : edited}
          inclusive={rows[0]?.inclusive}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Page>
  )
}

function placeWords(
  i18n: I18n,
  { scope, scopeId }: PriceListRow,
  stores: readonly { value: string; label: string }[],
): string {
  if (scope === 'chain') return i18n._('price-list.chain', {}, { message: 'The whole chain' })
  if (scope === 'region')
    return i18n._('price-list.region-of', { region: scopeId }, { message: 'Region {region}' })
  return stores.find(({ value }) => value === scopeId)?.label ?? scopeId
}
