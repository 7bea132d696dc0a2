import {
  ActionIcon,
  Alert,
  Group,
  Loader,
  NativeSelect,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import {
  type Answer,
  getProduct,
  type Input,
  listBills,
  listProducts,
  type OfferDefinition,
  previewOffer,
} from '@nexus/contract'
import { startOfDate } from '@nexus/domain'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, asks } from '../../app/api.ts'
import { Section } from '../../app/section.tsx'
import { useMay } from '../../app/session.ts'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'
import { minuteOf } from './offer-values.ts'
import {
  keepSample,
  readSample,
  type SampleCart,
  type SampleLine,
  withBatch,
  withProduct,
  withUnits,
} from './preview-cart.ts'
import { PreviewResult } from './preview-result.tsx'

type Props = {
  /** undefined for an offer that is not stored yet. */
  offerId: number | undefined
  definition: OfferDefinition
  /** Whether anything is missing or wrong: then there is nothing to show yet. */
  isReady: boolean
}
type Of = Input<typeof previewOffer>['body']['of']

/** What the offer in the form would do to a cart or to a past bill, while somebody fills the form in. */
export function PreviewPanel({ offerId, definition, isReady }: Props) {
  const i18n = useWords()
  const may = useMay()
  const [kind, setKind] = useState('cart')
  const [of, setOf] = useState<Of>()
  return (
    <Section title={i18n._('offer.preview', {}, { message: 'Preview' })}>
      <Stack gap="sm">
        {may('bills.read') && (
          <SegmentedControl
            value={kind}
            onChange={(next) => {
              setOf(undefined)
              setKind(next)
            }}
            data={[
              { value: 'cart', label: i18n._('offer.try-cart', {}, { message: 'A cart' }) },
              { value: 'bill', label: i18n._('offer.try-bill', {}, { message: 'A past bill' }) },
            ]}
            aria-label={i18n._('offer.try-on', {}, { message: 'Tried on' })}
          />
        )}
        {kind === 'cart' ? <CartChoice onChange={setOf} /> : <BillChoice onChange={setOf} />}
        {of === undefined ? null : isReady ? (
          <Result offerId={offerId} definition={definition} of={of} />
        ) : (
          <Text c="dimmed">
            {i18n._(
              'offer.preview-waits',
              {},
              { message: 'As soon as the offer is complete, its effect stands here.' },
            )}
          </Text>
        )}
      </Stack>
    </Section>
  )
}

function Result({
  offerId,
  definition,
  of,
}: {
  offerId: number | undefined
  definition: OfferDefinition
  of: Of
}) {
  const i18n = useWords()
  const body = { ...(offerId !== undefined && { offerId }), definition, of }
  // As one text: equal questions are one question, however often the form is drawn.
  const [asked] = useDebouncedValue(JSON.stringify(body), 300)
  const answer = useQuery<Answer<typeof previewOffer>>({
    queryKey: [previewOffer.path, asked],
    queryFn: ({ signal }) => ask(previewOffer, { body: JSON.parse(asked) }, signal),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  })
  if (answer.error) {
    return (
      <Alert color="orange" variant="outline" role="status">
        {problemWords(i18n, answer.error)}
      </Alert>
    )
  }
  if (!answer.data) {
    return <Loader size="sm" aria-label={i18n._('state.loading', {}, { message: 'Loading' })} />
  }
  return <PreviewResult answer={answer.data} isStale={answer.isPlaceholderData} />
}

function CartChoice({ onChange }: { onChange: (of: Of | undefined) => void }) {
  const i18n = useWords()
  const stores = useStores()
  const [cart, setCart] = useState(() => readSample(localStorage))
  const [at, setAt] = useState('')
  const [told, setTold] = useState(false)
  const change = (next: SampleCart, moment = at) => {
    setCart(next)
    keepSample(localStorage, next)
    onChange(ofCart(next, moment))
  }
  // The cart of last time counts from the first look on.
  if (!told) {
    setTold(true)
    onChange(ofCart(cart, at))
  }
  return (
    <Stack gap="sm">
      <ProductSearch onPick={(id, name) => change(withProduct(cart, id, name))} />
      {cart.lines.length === 0 && (
        <Text c="dimmed">
          {i18n._(
            'offer.cart-empty',
            {},
            { message: 'Put a few products into a cart. It stays on this machine for the next offer.' },
          )}
        </Text>
      )}
      {cart.lines.map((line, place) => (
        <CartLine
          // biome-ignore lint/suspicious/noArrayIndexKey: a product may stand twice, and lines keep their order
          key={`${line.productId} ${place}`}
          line={line}
          onUnits={(units) => change(withUnits(cart, place, units))}
          onBatch={(batchId) => change(withBatch(cart, place, batchId))}
        />
      ))}
      {cart.lines.length > 0 && (
        <Group gap="sm" grow align="flex-end">
          <NativeSelect
            label={i18n._('filter.store', {}, { message: 'Store' })}
            data={[
              { value: '', label: i18n._('offer.first-store', {}, { message: 'The offer’s first' }) },
              ...storeOptions(stores),
            ]}
            value={cart.storeId ?? ''}
            onChange={(event) => change({ ...cart, storeId: event.currentTarget.value || null })}
          />
          <TextInput
            type="datetime-local"
            label={i18n._('offer.preview-at', {}, { message: 'Sold at' })}
            description={
              at === '' &&
              i18n._('offer.preview-now', {}, { message: 'Empty: now, or when the offer begins.' })
            }
            value={at}
            onChange={(event) => {
              setAt(event.currentTarget.value)
              change(cart, event.currentTarget.value)
            }}
          />
        </Group>
      )}
    </Stack>
  )
}

function ofCart({ lines, storeId }: SampleCart, at: string): Of | undefined {
  if (lines.length === 0) return undefined
  const [date = '', time = ''] = at.split('T')
  const minute = minuteOf(time.slice(0, 5))
  return {
    lines: lines.map(({ productId, units, batchId }) => ({
      productId,
      quantityMilli: units * 1000,
      ...(batchId !== null && { batchId }),
    })),
    ...(storeId !== null && { storeId }),
    ...(minute !== undefined && { at: startOfDate(date) + minute * 60_000 }),
  }
}

type LineProps = {
  line: SampleLine
  onUnits: (units: number) => void
  onBatch: (batchId: number | null) => void
}

function CartLine({ line, onUnits, onBatch }: LineProps) {
  const i18n = useWords()
  const { name, units } = line
  const batches =
    useQuery({ ...asks(getProduct, { params: { productId: line.productId } }), staleTime: 60_000 }).data
      ?.batches ?? []
  return (
    <Group gap="xs" wrap="wrap" justify="space-between" className="preview-line">
      <Text flex="1 1 140px" className="preview-name">
        {name}
      </Text>
      {batches.length > 1 && (
        <NativeSelect
          size="xs"
          aria-label={i18n._('offer.batch-of', { name }, { message: 'Batch of {name}' })}
          data={[
            { value: '', label: i18n._('offer.any-batch', {}, { message: 'Any batch' }) },
            ...batches.map((batch) => ({
              value: String(batch.id),
              label:
                [batch.batchNo, batch.expiryMonth].filter((text) => text).join(' · ') || String(batch.id),
            })),
          ]}
          value={line.batchId === null ? '' : String(line.batchId)}
          onChange={(event) => onBatch(Number(event.currentTarget.value) || null)}
        />
      )}
      <Group gap={4} wrap="nowrap">
        <ActionIcon
          variant="default"
          size="lg"
          onClick={() => onUnits(units - 1)}
          aria-label={i18n._('offer.one-less', { name }, { message: 'One less of {name}' })}
        >
          −
        </ActionIcon>
        <Text miw={28} ta="center" aria-live="polite">
          {units}
        </Text>
        <ActionIcon
          variant="default"
          size="lg"
          onClick={() => onUnits(Math.min(999, units + 1))}
          aria-label={i18n._('offer.one-more', { name }, { message: 'One more of {name}' })}
        >
          +
        </ActionIcon>
      </Group>
    </Group>
  )
}

function ProductSearch({ onPick }: { onPick: (id: number, name: string) => void }) {
  const i18n = useWords()
  const [text, setText] = useState('')
  const [q] = useDebouncedValue(text.trim(), 200)
  const found = useQuery({
    ...asks(listProducts, { query: { pageSize: 25, sort: 'name', active: true, ...(q !== '' && { q }) } }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  }).data?.rows
  return (
    <Select
      label={i18n._('offer.add-to-cart', {}, { message: 'Add a product' })}
      placeholder={i18n._('offer.find-product', {}, { message: 'Name, SKU or barcode' })}
      data={(found ?? []).map(({ id, name, sku }) => ({ value: String(id), label: `${name} · ${sku}` }))}
      // The server has filtered already.
      filter={({ options }) => options}
      searchable
      searchValue={text}
      onSearchChange={setText}
      value={null}
      onChange={(value) => {
        const product = found?.find(({ id }) => String(id) === value)
        if (product) onPick(product.id, product.name)
        setText('')
      }}
      nothingFoundMessage={i18n._('filter.none', {}, { message: 'Nothing found' })}
    />
  )
}

function BillChoice({ onChange }: { onChange: (of: Of | undefined) => void }) {
  const i18n = useWords()
  const [text, setText] = useState('')
  const [q] = useDebouncedValue(text.trim(), 200)
  const found = useQuery({
    ...asks(listBills, { query: { pageSize: 10, ...(q !== '' && { q }) } }),
    placeholderData: keepPreviousData,
  }).data?.rows
  const sold = (found ?? []).filter(({ kind }) => kind !== 'C' && kind !== 'R')
  const keyOf = (bill: { identity: string; document: number }) => `${bill.identity} ${bill.document}`
  return (
    <Select
      label={i18n._('offer.bill-number', {}, { message: 'Number of the bill' })}
      description={i18n._(
        'offer.bill-hint',
        {},
        { message: 'Priced by its own rulebook, with and without this offer, whatever its dates.' },
      )}
      data={sold.map((bill) => ({ value: keyOf(bill), label: `${bill.number} · ${bill.storeName}` }))}
      // The server has filtered already.
      filter={({ options }) => options}
      searchable
      onSearchChange={setText}
      onChange={(value) => {
        const bill = sold.find((one) => keyOf(one) === value)
        onChange(bill && { bill: { identity: bill.identity, document: bill.document } })
      }}
      nothingFoundMessage={i18n._('filter.none', {}, { message: 'Nothing found' })}
    />
  )
}
