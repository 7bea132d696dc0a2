import { Button, Grid, Group, Paper, Stack, Text } from '@mantine/core'
import { type Bill, type BillLink, getBill } from '@nexus/contract'
import { formatRupees } from '@nexus/domain'
import type { BillDocument, Tender } from '@nexus/sync'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { asks } from '../../app/api.ts'
import { PrintIcon } from '../../app/icons.tsx'
import { TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { Loading, Trouble } from '../../app/states.tsx'
import { documentKindName } from '../../phrases/document-words.ts'
import { day, moment } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { BillEntry } from './bill-entry.tsx'
import { BillHistory } from './bill-history.tsx'
import { BillLines } from './bill-lines.tsx'
import { BillMoney } from './bill-money.tsx'
import { BillWhy } from './bill-why.tsx'

const route = getRouteApi('/shell/bills/$identity/$document')

/** One bill: what was sold, what was paid, and the journal entry that proves it. */
export function BillPage() {
  const i18n = useWords()
  const bill = useQuery(asks(getBill, { params: route.useParams() }))
  const trail = <TextLink to="/bills">{i18n._('nav.bills', {}, { message: 'Bills' })}</TextLink>
  if (!bill.data) {
    return (
      <Page title={i18n._('bill.title', {}, { message: 'Bill' })} trail={trail}>
        {bill.isError ? <Trouble error={bill.error} onRetry={() => void bill.refetch()} /> : <Loading />}
      </Page>
    )
  }
  return (
    <Page
      title={bill.data.row.number}
      trail={trail}
      actions={
        <Button variant="default" leftSection={<PrintIcon />} onClick={() => window.print()}>
          {i18n._('action.print', {}, { message: 'Print' })}
        </Button>
      }
    >
      <Content bill={bill.data} />
    </Page>
  )
}

function Content({ bill }: { bill: Bill }) {
  // as: the server took both from an entry that it had checked against the schemas of these types.
  const content = bill.content as BillDocument
  const tenders = bill.tenders as Tender[]
  return (
    <Stack gap="md">
      <Seller bill={bill} content={content} />
      <BillLines bill={bill} content={content} />
      <BillMoney bill={bill} content={content} tenders={tenders} />
      <BillWhy bill={bill} content={content} />
      <Grid className="no-print">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <BillEntry entry={bill.entry} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <BillHistory bill={bill} />
        </Grid.Col>
      </Grid>
    </Stack>
  )
}

function Seller({ bill, content }: { bill: Bill; content: BillDocument }) {
  const i18n = useWords()
  const { row, seller } = bill
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" align="flex-start" gap="lg">
        <Stack gap={2}>
          <Text fw={600}>{seller.tradeName}</Text>
          <Text fz="sm">
            {seller.legalName} · {seller.storeName}
          </Text>
          <Text fz="sm">
            {seller.address}, {seller.city} {seller.pin}, {seller.state}
          </Text>
          <Text fz="sm">{i18n._('bill.gstin', { gstin: seller.gstin }, { message: 'GSTIN {gstin}' })}</Text>
        </Stack>
        <dl className="facts">
          <dt>{i18n._('bill.kind', {}, { message: 'Kind' })}</dt>
          <dd>{documentKindName(i18n, row.kind)}</dd>
          <dt>{i18n._('bill.at', {}, { message: 'Sold' })}</dt>
          <dd>{moment(row.at)}</dd>
          <dt>{i18n._('bill.day', {}, { message: 'Trading day' })}</dt>
          <dd>{day(row.tradingDay)}</dd>
          <dt>{i18n._('bill.register', {}, { message: 'Register' })}</dt>
          <dd>{row.registerNumber}</dd>
          <dt>{i18n._('bill.cashier', {}, { message: 'Cashier' })}</dt>
          <dd>{row.cashier ?? '–'}</dd>
          {content.buyerGstin !== null && (
            <>
              <dt>{i18n._('bill.buyer', {}, { message: 'Buyer’s GSTIN' })}</dt>
              <dd>{content.buyerGstin}</dd>
            </>
          )}
          {content.of !== null && (
            <>
              <dt>{i18n._('bill.of', {}, { message: 'Original bill' })}</dt>
              <dd>{bill.original === null ? content.of.number : <BillTo link={bill.original} />}</dd>
            </>
          )}
          {bill.exchange !== null && (
            <>
              <dt>{i18n._('bill.exchange', {}, { message: 'Exchanged with' })}</dt>
              <dd>
                <BillTo link={bill.exchange} />
              </dd>
            </>
          )}
          {bill.returns.length > 0 && (
            <>
              <dt>{i18n._('bill.returns', {}, { message: 'Came back' })}</dt>
              <dd>
                <ul className="plain">
                  {bill.returns.map((link) => (
                    <li key={`${link.identity} ${link.document}`}>
                      {formatRupees(link.totalMinor)}, {day(link.issueDate)}: <BillTo link={link} />
                    </li>
                  ))}
                </ul>
              </dd>
            </>
          )}
        </dl>
      </Group>
    </Paper>
  )
}

function BillTo({ link: { identity, document, number } }: { link: BillLink }) {
  return (
    <TextLink to="/bills/$identity/$document" params={{ identity, document: document === 1 ? 1 : 0 }}>
      {number}
    </TextLink>
  )
}
