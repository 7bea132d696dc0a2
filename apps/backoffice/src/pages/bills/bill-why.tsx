import { Accordion, Alert, Group, Stack, Text, Title } from '@mantine/core'
import { type Bill, type BillExplanation, explainBill } from '@nexus/contract'
import { formatQuantity, formatRupees, type PricedLine } from '@nexus/domain'
import type { BillDocument, DocumentLine } from '@nexus/sync'
import { useQuery } from '@tanstack/react-query'
import { asks } from '../../app/api.ts'
import { DataTable } from '../../app/data-table.tsx'
import { Section } from '../../app/section.tsx'
import { Loading, Trouble } from '../../app/states.tsx'
import { byHandReasonName } from '../../phrases/line-reason-words.ts'
import {
  boundWords,
  conditionWords,
  couponWords,
  giftWords,
  harmWords,
  lineTrace,
  type Named,
  namedBy,
  nudgeWords,
  openGiftWords,
  taxWords,
} from '../../phrases/trace-words.ts'
import { useWords } from '../../words/use-words.ts'

type Explained = Extract<BillExplanation, { kind: 'explained' }>

/** Why a bill cost what it did, in words: line by line, then what did not apply (PRC-8d). Asked for with the page. */
export function BillWhy({ bill, content }: { bill: Bill; content: BillDocument }) {
  const i18n = useWords()
  const { identity, document } = bill.row
  const explanation = useQuery(asks(explainBill, { params: { identity, document } }))
  return (
    <div className="no-print">
      <Section title={i18n._('why.title', {}, { message: 'Why this price?' })}>
        {explanation.isError ? (
          <Trouble error={explanation.error} onRetry={() => void explanation.refetch()} />
        ) : explanation.data === undefined ? (
          <Loading />
        ) : explanation.data.kind === 'unexplained' ? (
          <Unexplained reason={explanation.data.reason} />
        ) : (
          <Why explained={explanation.data} content={content} />
        )}
      </Section>
    </div>
  )
}

function Unexplained({ reason }: { reason: Extract<BillExplanation, { kind: 'unexplained' }>['reason'] }) {
  const i18n = useWords()
  switch (reason) {
    case 'not-priced':
      return (
        <Text c="dimmed">
          {i18n._(
            'why.not-priced',
            {},
            {
              message:
                'Nothing is priced on a document that gives back: each line returns what was paid for it. The original bill explains its price.',
            },
          )}
        </Text>
      )
    case 'rulebook-unknown':
      return (
        <Text c="dimmed">
          {i18n._(
            'why.rulebook-unknown',
            {},
            {
              message:
                'The rulebook that the till sold by is not known here. The lines above show what it took off.',
            },
          )}
        </Text>
      )
    case 'engine-unknown':
      return (
        <Text c="dimmed">
          {i18n._(
            'why.engine-unknown',
            {},
            {
              message:
                'The till priced by a newer engine than this server knows. Update the server, then look again.',
            },
          )}
        </Text>
      )
    case 'cannot-be-priced':
      return (
        <Text c="dimmed">
          {i18n._(
            'why.cannot-be-priced',
            {},
            {
              message:
                'By its own rulebook this bill could not have been sold as it stands. The discrepancies say why.',
            },
          )}
        </Text>
      )
  }
}

function Why({ explained, content }: { explained: Explained; content: BillDocument }) {
  const i18n = useWords()
  const { priced, advice } = explained
  const named = namedBy(explained.names)
  const notes = [
    ...(advice?.nudges ?? []).map((nudge) => nudgeWords(i18n, nudge, named)),
    ...(priced.gifts ?? []).map((gift) => openGiftWords(i18n, gift, named)),
    ...(advice === undefined ? [] : [harmWords(i18n, advice, named)]),
    boundWords(i18n, priced),
  ].filter((words) => words !== undefined)
  return (
    <Stack gap="md">
      {explained.differing.length > 0 && (
        <Alert color="red" variant="outline">
          {i18n._(
            'why.differing',
            { lines: explained.differing.length },
            {
              message:
                '{lines, plural, one {# line} other {# lines}} should have cost something else. Below stands what the rulebook gives; the discrepancies say what was sold.',
            },
          )}
        </Alert>
      )}
      <Accordion multiple variant="contained" order={3}>
        {priced.lines.map((line, at) => (
          <Line key={line.uid} line={line} sold={content.lines[at]} explained={explained} named={named} />
        ))}
      </Accordion>
      <Coupons explained={explained} named={named} />
      <Refused explained={explained} named={named} />
      {notes.length > 0 && (
        <div>
          <Title order={3} fz="h5">
            {i18n._('why.more', {}, { message: 'What a little more would have brought' })}
          </Title>
          <ul className="plain">
            {notes.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </div>
      )}
      <Text fz="sm" c="dimmed">
        {i18n._(
          'why.by',
          { engine: explained.engine, version: explained.rulebookVersion },
          {
            message:
              'Worked out again by pricing engine {engine} and rulebook {version}, as on the day of sale.',
          },
        )}
      </Text>
    </Stack>
  )
}

type LineProps = { line: PricedLine; sold: DocumentLine | undefined; explained: Explained; named: Named }

function Line({ line, sold, explained, named }: LineProps) {
  const i18n = useWords()
  const { priced, refusedOnLines } = explained
  const looking = new Set(refusedOnLines.find(({ uid }) => uid === line.uid)?.offerIds)
  const refused = priced.notApplied.filter(({ offerId }) => looking.has(offerId))
  const gift = giftWords(i18n, line.gift, named)
  return (
    <Accordion.Item value={line.uid}>
      <Accordion.Control>
        <Group justify="space-between" wrap="nowrap" gap="sm">
          <span>{sold?.name ?? named.product(line.productId)}</span>
          <Text span miw="max-content">
            {formatQuantity(line.quantityMilli)} · {formatRupees(line.paidMinor)}
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack gap="xs">
          <dl className="sums">
            {lineTrace(i18n, line, priced.inclusive, named).map(({ words, amountMinor }, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows stand in the order of the layers
              <div key={place}>
                <dt>{words}</dt>
                <dd>{formatRupees(amountMinor)}</dd>
              </div>
            ))}
            <div className="sum">
              <dt>{i18n._('line.paid', {}, { message: 'Paid' })}</dt>
              <dd>{formatRupees(line.paidMinor)}</dd>
            </div>
          </dl>
          <ul className="plain">
            {priced.inclusive && (
              <li>
                {i18n._('why.tax-inside', { tax: taxWords(i18n, line) }, { message: 'In this price: {tax}' })}
              </li>
            )}
            {sold?.manual && (
              <li>
                {i18n._(
                  'why.by-hand',
                  { reason: byHandReasonName(i18n, sold.manual.reason) },
                  { message: 'By hand because: {reason}' },
                )}
              </li>
            )}
            {gift !== undefined && <li>{gift}</li>}
            {refused.map(({ offerId, condition }) => (
              <li key={offerId}>
                {i18n._(
                  'why.refused',
                  { offer: named.offer(offerId), reason: conditionWords(i18n, condition, named) },
                  { message: 'Did not apply: {offer}. {reason}' },
                )}
              </li>
            ))}
          </ul>
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  )
}

function Coupons({ explained, named }: { explained: Explained; named: Named }) {
  const i18n = useWords()
  const coupons = explained.priced.coupons ?? []
  if (coupons.length === 0) return null
  const title = i18n._('why.coupons', {}, { message: 'Entered coupons' })
  return (
    <div>
      <Title order={3} fz="h5">
        {title}
      </Title>
      <DataTable
        label={title}
        head={[
          { title: i18n._('why.code', {}, { message: 'Code' }) },
          { title: i18n._('why.offer', {}, { message: 'Offer' }) },
          { title: i18n._('why.outcome', {}, { message: 'What became of it' }) },
        ]}
        rows={coupons.map(({ code, offerId, outcome }, place) => ({
          key: `${place} ${code}`,
          cells: [
            code,
            offerId === undefined ? '–' : named.offer(offerId),
            couponWords(i18n, outcome, named),
          ],
        }))}
      />
    </div>
  )
}

function Refused({ explained, named }: { explained: Explained; named: Named }) {
  const i18n = useWords()
  const { notApplied } = explained.priced
  if (notApplied.length === 0) return null
  const title = i18n._('why.not-applied', {}, { message: 'Offers that did not apply' })
  return (
    <div>
      <Title order={3} fz="h5">
        {title}
      </Title>
      <DataTable
        label={title}
        head={[
          { title: i18n._('why.offer', {}, { message: 'Offer' }) },
          { title: i18n._('why.reason', {}, { message: 'Why not' }) },
        ]}
        rows={notApplied.map(({ offerId, condition }) => ({
          key: String(offerId),
          cells: [named.offer(offerId), conditionWords(i18n, condition, named)],
        }))}
      />
    </div>
  )
}
