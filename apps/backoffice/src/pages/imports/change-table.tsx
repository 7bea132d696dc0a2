import { Text } from '@mantine/core'
import type { ImportChange } from '@nexus/contract'
import { formatRupees } from '@nexus/domain'
import { DataTable } from '../../app/data-table.tsx'
import { countText, moment } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'

type Props = { changes: readonly ImportChange[] }

/** Changes of prices or MRPs, from what to what; an import has changes of one kind. */
export function ChangeTable({ changes }: Props) {
  const i18n = useWords()
  const prices = changes.filter((change) => change.kind === 'price')
  const mrps = changes.filter((change) => change.kind === 'mrp')
  const title = i18n._('changes.title', {}, { message: 'What changes' })
  const common = [
    { title: i18n._('bad.line', {}, { message: 'Line' }), numeric: true },
    { title: i18n._('product.sku', {}, { message: 'SKU' }) },
    { title: i18n._('product.name', {}, { message: 'Name' }) },
  ]
  if (mrps.length > 0) {
    return (
      <DataTable
        cards
        label={title}
        head={[
          ...common,
          { title: i18n._('batch.number', {}, { message: 'Batch number' }) },
          { title: i18n._('product.mrp', {}, { message: 'MRP' }), numeric: true },
          { title: i18n._('import.revised-mrp', {}, { message: 'Revised MRP' }), numeric: true },
        ]}
        rows={mrps.map((change) => ({
          key: String(change.line),
          cells: [
            countText(change.line),
            change.sku,
            change.name,
            change.isNewBatch
              ? i18n._('changes.new-batch', { batch: change.batchNo || '–' }, { message: '{batch} (new)' })
              : change.batchNo || '–',
            <FromTo key="mrp" before={change.beforeMinor} after={change.afterMinor} />,
            <FromTo key="revised" before={change.revisedBeforeMinor} after={change.revisedAfterMinor} />,
          ],
        }))}
      />
    )
  }
  return (
    <DataTable
      cards
      label={title}
      head={[
        ...common,
        { title: i18n._('import.list', {}, { message: 'Price list' }) },
        { title: i18n._('import.from', {}, { message: 'Holds from' }) },
        { title: i18n._('import.until', {}, { message: 'Holds until' }) },
        { title: i18n._('product.price', {}, { message: 'Price' }), numeric: true },
        { title: i18n._('changes.below-mrp', {}, { message: 'Below MRP' }), numeric: true },
      ]}
      rows={prices.map((change) => ({
        key: String(change.line),
        cells: [
          countText(change.line),
          change.sku,
          change.name,
          change.list,
          change.from === 0 ? '–' : moment(change.from),
          change.until === null ? '–' : moment(change.until),
          <FromTo key="price" before={change.beforeMinor} after={change.afterMinor} />,
          change.mrpMinor === null ? '–' : formatRupees(change.mrpMinor - change.withTaxMinor),
        ],
      }))}
    />
  )
}

/** What was, struck through, and what is; one of them where nothing changes. */
function FromTo({ before, after }: { before: number | null; after: number | null }) {
  if (before === after) return after === null ? '–' : formatRupees(after)
  return (
    <>
      {before !== null && (
        <Text span inherit td="line-through" c="dimmed">
          {formatRupees(before)}
        </Text>
      )}{' '}
      <Text span inherit fw={600}>
        {after === null ? '–' : formatRupees(after)}
      </Text>
    </>
  )
}
