import type { I18n } from '@lingui/core'
import { Button, Text } from '@mantine/core'
import { listTaxClasses, type TaxClassRow } from '@nexus/contract'
import { localDate, taxRateAt } from '@nexus/domain'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { asks } from '../../app/api.ts'
import { DataTable } from '../../app/data-table.tsx'
import { PlusIcon } from '../../app/icons.tsx'
import { TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { useMay } from '../../app/session.ts'
import { Empty, Loading, Trouble } from '../../app/states.tsx'
import { taxKindName } from '../../phrases/document-words.ts'
import { countText, day, percent } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { TaxClassDialog } from './tax-class-dialog.tsx'

/** Tax classes with their rates by date. */
export function TaxClassesPage() {
  const i18n = useWords()
  const may = useMay()
  const [edited, setEdited] = useState<TaxClassRow | 'new'>()
  const taxClasses = useQuery(asks(listTaxClasses, {}))
  const mayWrite = may('products.write')
  const title = i18n._('nav.tax-classes', {}, { message: 'Tax classes' })
  const add = mayWrite && (
    <Button leftSection={<PlusIcon />} onClick={() => setEdited('new')}>
      {i18n._('tax-classes.new', {}, { message: 'New tax class' })}
    </Button>
  )
  return (
    <Page title={title} actions={add}>
      {taxClasses.isError && <Trouble error={taxClasses.error} onRetry={() => void taxClasses.refetch()} />}
      {taxClasses.isPending && <Loading />}
      {taxClasses.data?.taxClasses.length === 0 && (
        <Empty
          title={i18n._('tax-classes.empty', {}, { message: 'No tax classes yet' })}
          hint={i18n._(
            'tax-classes.empty-hint',
            {},
            {
              message:
                'A product needs one before it can be sold. Begin with the rates that your goods have today.',
            },
          )}
        />
      )}
      {taxClasses.data && taxClasses.data.taxClasses.length > 0 && (
        <DataTable
          cards
          label={title}
          head={[
            { title: i18n._('tax-class.id', {}, { message: 'Code' }) },
            { title: i18n._('product.name', {}, { message: 'Name' }) },
            { title: i18n._('tax-class.now', {}, { message: 'Rate now' }) },
            { title: i18n._('tax-class.history', {}, { message: 'Rates by date' }) },
            { title: i18n._('nav.products', {}, { message: 'Products' }), numeric: true },
            ...(mayWrite ? [{ title: i18n._('register.actions', {}, { message: 'Actions' }) }] : []),
          ]}
          rows={taxClasses.data.taxClasses.map((taxClass) => ({
            key: taxClass.id,
            cells: [
              <Text span fw={600} key="id">
                {taxClass.id}
              </Text>,
              taxClass.name,
              rateWords(i18n, taxRateAt(taxClass, Date.now())),
              <ul className="plain" key="rates">
                {taxClass.rates.map((rate) => (
                  <li key={rate.from}>
                    {i18n._(
                      'tax-class.rate-from',
                      { rate: rateWords(i18n, rate), day: day(localDate(rate.from)) },
                      { message: '{rate} from {day}' },
                    )}
                  </li>
                ))}
              </ul>,
              <TextLink key="products" to="/products" search={{ taxClass: taxClass.id }}>
                {countText(taxClass.products)}
              </TextLink>,
              ...(mayWrite
                ? [
                    <Button
                      key="change"
                      size="xs"
                      variant="default"
                      onClick={() => setEdited(taxClass)}
                      aria-label={i18n._(
                        'register.edit-name',
                        { name: taxClass.name },
                        { message: 'Change {name}' },
                      )}
                    >
                      {i18n._('action.change', {}, { message: 'Change' })}
                    </Button>,
                  ]
                : []),
            ],
          }))}
        />
      )}
      {edited !== undefined && (
        <TaxClassDialog
          taxClass={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Page>
  )
}

function rateWords(i18n: I18n, rate: { kind: string; rateBp: number } | undefined): string {
  if (rate === undefined) return '–'
  return rate.kind === 'taxable' ? percent(rate.rateBp) : taxKindName(i18n, rate.kind)
}
