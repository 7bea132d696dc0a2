import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { type CouponBatch, exportCouponCodes } from '@nexus/contract'
import { localDate } from '@nexus/domain'
import { addressOf } from '../../app/api.ts'
import { DataTable } from '../../app/data-table.tsx'
import { Section } from '../../app/section.tsx'
import { countText, day, moment } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'

type Props = {
  batches: readonly CouponBatch[]
  mayChange: boolean
  onVoid: (batch: { id: string; name: string }) => void
}

/** What was asked for so far, the newest first. */
export function SeriesBatches({ batches, mayChange, onVoid }: Props) {
  const i18n = useWords()
  const title = i18n._('coupons.batches', {}, { message: 'Batches' })
  return (
    <Section title={title}>
      {batches.length === 0 ? (
        <Text c="dimmed">
          {i18n._('coupons.no-batches', {}, { message: 'No codes were made for this series yet.' })}
        </Text>
      ) : (
        <DataTable
          label={title}
          cards
          head={[
            { title: i18n._('coupons.batch-name', {}, { message: 'What they are for' }) },
            { title: i18n._('coupons.codes', {}, { message: 'Codes' }), numeric: true },
            { title: i18n._('coupon.redeemed', {}, { message: 'Redeemed' }), numeric: true },
            { title: i18n._('coupon.void', {}, { message: 'Void' }), numeric: true },
            { title: i18n._('coupons.last-day', {}, { message: 'Last day they count' }) },
            { title: i18n._('coupons.made', {}, { message: 'Made' }) },
            ...(mayChange ? [{ title: i18n._('coupons.actions', {}, { message: 'Actions' }) }] : []),
          ]}
          rows={batches.map((batch) => ({
            key: batch.id,
            cells: [
              <BatchName key="name" batch={batch} />,
              <Made key="codes" batch={batch} />,
              countText(batch.counts.redeemed),
              countText(batch.counts.void),
              // The day before the instant from which they no longer count.
              batch.expiresAt === null ? '–' : day(localDate(batch.expiresAt - 1)),
              `${moment(batch.createdAt)}${batch.createdBy === null ? '' : ` · ${batch.createdBy}`}`,
              ...(mayChange ? [<Actions key="actions" batch={batch} onVoid={onVoid} />] : []),
            ],
          }))}
        />
      )}
    </Section>
  )
}

function BatchName({ batch }: { batch: CouponBatch }) {
  const i18n = useWords()
  return (
    <Stack gap={2}>
      <span>{batch.name}</span>
      {batch.isForeign && (
        <Text fz="sm" c="red">
          {i18n._(
            'coupons.foreign',
            {},
            { message: 'The offer calls its codes otherwise now; tills do not know these.' },
          )}
        </Text>
      )}
    </Stack>
  )
}

/** How many codes there are, and how far their making is. */
function Made({ batch: { name, count, counts, voidAt } }: { batch: CouponBatch }) {
  const i18n = useWords()
  if (voidAt !== null || counts.codes >= count) return countText(counts.codes)
  const label = i18n._('coupons.making', { name }, { message: 'Codes of {name} are being made' })
  return (
    <Stack gap={4}>
      <Progress value={(counts.codes / count) * 100} aria-label={label} striped animated miw={120} />
      <Text role="status" fz="sm">
        {i18n._(
          'coupons.made-of',
          { made: countText(counts.codes), count: countText(count) },
          { message: '{made} of {count}' },
        )}
      </Text>
    </Stack>
  )
}

function Actions({ batch, onVoid }: { batch: CouponBatch; onVoid: Props['onVoid'] }) {
  const i18n = useWords()
  const { id, name } = batch
  return (
    <Group gap="xs" wrap="nowrap" justify="flex-end">
      <Button
        component="a"
        size="compact-sm"
        variant="default"
        href={addressOf(exportCouponCodes, { query: { batch: id } })}
        download
        aria-label={i18n._('coupons.export-name', { name }, { message: 'Codes of {name} as a file' })}
      >
        {i18n._('coupons.export', {}, { message: 'File' })}
      </Button>
      {batch.voidAt === null && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => onVoid({ id, name })}
          aria-label={i18n._('coupons.void-batch', { name }, { message: 'Make the codes of {name} void' })}
        >
          {i18n._('coupons.make-void', {}, { message: 'Make void' })}
        </Button>
      )}
    </Group>
  )
}
