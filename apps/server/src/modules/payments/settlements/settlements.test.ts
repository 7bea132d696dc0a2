import { randomUUIDv7 } from 'node:crypto'
import { listOpenPayments, listSettlements, Problem, putSettlement } from '@nexus/contract'
import type { BodyOf } from '@nexus/sync'
import { expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import type { StaffCaller } from '../../../http/serve.ts'
import { forEachDialect, openShop } from '../../../testing/index.ts'
import { openShopWithTills } from '../../sales/testing/shop-with-tills.ts'
import { storeId } from '../../stores/testing/world.ts'
import { paymentProjector } from '../index.ts'
import { openPayments } from '../queries.ts'
import { matchLines } from './match-lines.ts'
import { type BroughtFile, putSettlement as put } from './put-settlement.ts'
import { readLines } from './read-lines.ts'

const columns = { reference: 'Merchant Ref', amount: 'Amount', date: 'Date', fee: 'MDR', utr: 'UTR' }
const header = 'Merchant Ref,Amount,MDR,Date,UTR'
const by = '01890000-0000-7000-8000-0000000000ad'

function brought(lines: readonly string[], more: Partial<BroughtFile> = {}): BroughtFile {
  const content = Buffer.from([header, ...lines].join('\r\n'))
  return { id: randomUUIDv7(), provider: 'bank', name: 'day.csv', columns, by, content, ...more }
}

const intent = (n: number, amountMinor = 11_800): BodyOf<'payment-intent'> => ({
  attempt: attemptOf(n),
  kind: 'upi',
  provider: 'bank',
  amountMinor,
  direction: 'in',
  reference: `tr-${n}`,
  expiresAt: null,
  personalHash: null,
})
const paid = (n: number): BodyOf<'payment-result'> => ({
  attempt: attemptOf(n),
  state: 'paid',
  by: 'cashier',
  amountMinor: 11_800,
  providerReference: `UTR${n}`,
  detail: null,
  personalHash: null,
})
const attemptOf = (n: number) => `01890000-0000-7000-8000-0000000000a${n}`
const upi = (n: number): BodyOf<'sale'>['tenders'] => [
  { kind: 'upi', direction: 'in', amountMinor: 11_800, reference: `UTR${n}`, attempt: attemptOf(n) },
]

async function openKinds(
  database: Database,
  now: number,
  caller: Pick<StaffCaller, 'storeIds'> = { storeIds: undefined },
): Promise<string[]> {
  const { rows } = await openPayments(database.read, caller, {}, now)
  return rows.map(({ kind, reference }) => `${kind} ${reference}`).sort()
}

forEachDialect((dialect) => {
  test('[JRN-15f] a settlement file is matched against the intents of all epochs, and changes no entry', async () => {
    const database = await dialect.open()
    const { bench, till, push } = await openShopWithTills(database, { projectors: [paymentProjector] })
    const { context, clock } = bench
    for (const n of [1, 2, 3]) {
      till.append('payment-intent', intent(n))
      if (n !== 3) till.append('payment-result', paid(n))
      if (n !== 3) till.sale({ tenders: upi(n) })
    }
    await push(till)
    // The next device of the register writes the next epoch.
    const next = till.nextEpoch('KOR2B')
    next.open()
    next.append('payment-intent', intent(4))
    next.append('payment-result', paid(4))
    next.sale({ tenders: upi(4) })
    await push(next)
    const entries = await database.read.selectFrom('journal_entry').select(['seq', 'hash']).execute()

    const file = await put(
      context,
      brought([
        'tr-1,118.00,0.50,22/11/2026,R1',
        // By the bank's reference, and of another amount.
        'UTR2,"1,180.00",0,22-11-2026,R2',
        // Nobody said here that it was paid.
        'tr-3,118.00,0,2026-11-22 10:04:05,R3',
        'tr-9,50.00,0,23/11/2026,R9',
      ]),
    )
    expect(file).toMatchObject({ rows: 4, added: 4, bad: 0, provider: 'bank' })
    expect(await openKinds(database, clock.now())).toEqual([
      'amount-differs tr-2',
      'not-settled tr-4',
      'settled-not-paid tr-3',
      'unknown-to-us tr-9',
    ])
    // A store manager sees the store's own; a line that no till asked for is headquarters'.
    expect(await openKinds(database, clock.now(), { storeIds: [storeId] })).toEqual([
      'amount-differs tr-2',
      'not-settled tr-4',
      'settled-not-paid tr-3',
    ])
    expect(await openKinds(database, clock.now(), { storeIds: [randomUUIDv7()] })).toEqual([])
    expect(await database.read.selectFrom('journal_entry').select(['seq', 'hash']).execute()).toEqual(entries)
  })

  test('[JRN-15f] a till that comes back late explains a line that nobody knew', async () => {
    const database = await dialect.open()
    const { bench, till, push } = await openShopWithTills(database, { projectors: [paymentProjector] })
    const { context, clock } = bench
    await put(context, brought(['tr-1,118.00,0,22/11/2026,R1']))
    expect(await openKinds(database, clock.now())).toEqual(['unknown-to-us tr-1'])
    till.append('payment-intent', intent(1))
    till.append('payment-result', paid(1))
    till.sale({ tenders: upi(1) })
    await push(till)
    expect(await matchLines(context)).toBe(1)
    expect(await matchLines(context)).toBe(0)
    expect(await openKinds(database, clock.now())).toEqual([])
  })

  test('[JRN-15f] the same file twice changes nothing; a line that says something else is named', async () => {
    const database = await dialect.open()
    const { bench } = await openShopWithTills(database, { projectors: [paymentProjector] })
    const { context } = bench
    const first = brought(['tr-1,118.00,0,22/11/2026,R1', 'tr-1,-118.00,0,22/11/2026,R1'])
    const linesNow = () =>
      database.read.selectFrom('settlement_line').selectAll().orderBy('direction').execute()
    expect(await put(context, first)).toMatchObject({ added: 2, bad: 0 })
    const lines = await linesNow()
    expect(lines.map(({ direction }) => direction)).toEqual(['in', 'out'])
    expect(await put(context, first)).toMatchObject({ added: 2, bad: 0 })
    expect(await put(context, { ...first, id: randomUUIDv7() })).toMatchObject({ added: 0, bad: 0 })
    const changed = brought(['tr-1,119.00,0,22/11/2026,R1', 'tr-2,10,0,22/11/2026,', 'tr-2,10,0,22/11/2026,'])
    expect(await put(context, changed)).toMatchObject({
      added: 1,
      bad: 1,
      badRows: [{ line: 2, field: 'amount', reason: 'differs' }],
    })
    expect((await linesNow()).filter(({ reference }) => reference === 'tr-1')).toEqual(lines)
  })
})

test('[JRN-15f] each bad line is named with what is wrong, and the others are taken', () => {
  const text = [
    header,
    ',118,0,22/11/2026,R1',
    'tr-1,eleven,0,22/11/2026,R1',
    'tr-2,0,0,22/11/2026,R1',
    'tr-3,118,x,22/11/2026,R1',
    'tr-4,118,0,31/02/2026,R1',
    'tr-5,118,0,,R1',
    `${'t'.repeat(65)},118,0,22/11/2026,R1`,
    '',
    'tr-6;118',
    'tr-7,(118.50),(1.25),1/2/2026,',
  ].join('\n')
  const { lines, bad } = readLines(text, columns)
  expect(bad).toEqual([
    { line: 2, field: 'reference', reason: 'missing' },
    { line: 3, field: 'amount', reason: 'not-an-amount' },
    { line: 4, field: 'amount', reason: 'not-an-amount' },
    { line: 5, field: 'fee', reason: 'not-an-amount' },
    { line: 6, field: 'date', reason: 'not-a-date' },
    { line: 7, field: 'date', reason: 'not-a-date' },
    { line: 8, field: 'reference', reason: 'too-long' },
    { line: 10, field: 'amount', reason: 'not-an-amount' },
  ])
  expect(lines).toEqual([
    {
      line: 11,
      direction: 'out',
      reference: 'tr-7',
      amountMinor: 11_850,
      feeMinor: -125,
      day: '2026-02-01',
      utr: null,
    },
  ])
})

test('a file is brought and looked at over HTTP; what is missing in it is said', async () => {
  await using shop = await openShop()
  const fileId = randomUUIDv7()
  const body = new FormData()
  body.append('file', new Blob([`${header}\ntr-1,118,0,23/11/2026,R1\n`]), 'razor.csv')
  const { fee: _, ...few } = columns
  const query = { provider: 'bank', ...few }
  const file = await shop.call(putSettlement, { params: { fileId }, query, body })
  expect(file).toMatchObject({ id: fileId, name: 'razor.csv', rows: 1, added: 1 })
  expect((await shop.call(listSettlements, {})).files).toEqual([file])
  const { rows } = await shop.call(listOpenPayments, { query: { kind: 'unknown-to-us' } })
  expect(rows).toMatchObject([
    { kind: 'unknown-to-us', reference: 'tr-1', settledMinor: 11_800, file: { name: 'razor.csv', line: 2 } },
  ])
  await expect(shop.call(listOpenPayments, { query: { kind: 'strange' } })).rejects.toMatchObject({
    code: 'request/invalid',
  })
  const wrong = { ...query, amount: 'Sum' }
  const refused = shop.call(putSettlement, { params: { fileId: randomUUIDv7() }, query: wrong, body })
  await expect(refused).rejects.toThrow(Problem)
  await expect(refused).rejects.toThrow('no column "Sum"')
})
