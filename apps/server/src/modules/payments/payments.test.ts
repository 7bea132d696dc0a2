import { randomUUIDv7 } from 'node:crypto'
import type { BodyOf, Entry, EntryType } from '@nexus/sync'
import { tenInTheMorning } from '@nexus/sync/testing'
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Database } from '../../db/database.ts'
import { uuidBytes } from '../../db/uuid.ts'
import { forEachDialect, testClock } from '../../testing/index.ts'
import { type Fact, projectorsWith, rebuildProjections } from '../journal/index.ts'
import { openJournalBench } from '../journal/testing/open-for-test.ts'
import type { ScriptedTill } from '../journal/testing/scripted-till.ts'
import { foldAttempt } from './fold-attempt.ts'
import { checkPayments, paymentProjector, paymentsAtRestJob } from './index.ts'

const hour = 3_600_000
const attempt = '01890000-0000-7000-8000-0000000000a1'
const epochs = ['a', 'b', 'c', 'd'].map((letter) => `01890000-0000-7000-8000-00000000e00${letter}`)

type Body<T extends EntryType> = Partial<BodyOf<T>>
const intent = (more: Body<'payment-intent'> = {}): BodyOf<'payment-intent'> => ({
  attempt,
  kind: 'upi',
  provider: 'upi-qr',
  amountMinor: 11_800,
  direction: 'in',
  reference: 'tr-1',
  expiresAt: null,
  personalHash: null,
  ...more,
})
const result = (
  state: BodyOf<'payment-result'>['state'],
  more: Body<'payment-result'> = {},
): BodyOf<'payment-result'> => ({
  attempt,
  state,
  by: 'cashier',
  amountMinor: 11_800,
  providerReference: state === 'paid' ? 'UTR77' : null,
  detail: null,
  personalHash: null,
  ...more,
})
const resolved = (state: BodyOf<'payment-resolved'>['state']): BodyOf<'payment-resolved'> => ({
  attempt,
  state,
  amountMinor: 11_800,
  providerReference: null,
  personalHash: null,
})
const upi = (amountMinor = 11_800, of = attempt): BodyOf<'sale'>['tenders'] => [
  { kind: 'upi', direction: 'in', amountMinor, reference: 'UTR77', attempt: of },
]
const sold = (number: string, tenders = upi()) =>
  // as: what the projector reads of a sale
  ({ tenders, documents: [{ number }] }) as unknown as BodyOf<'sale'>

/** Facts of one journal, a minute apart, beginning at a minute. */
function journalOf(
  epochNo: number,
  fromMinute: number,
  entries: readonly [EntryType, object][],
  receivedAt = 9000,
): Fact[] {
  return entries.map(([type, body], index) => ({
    storeNo: epochNo,
    registerNo: epochNo,
    epochNo,
    seq: index + 1,
    identity: Buffer.alloc(32, epochNo * 16 + index),
    // as: what the projector reads of an entry
    entry: {
      type,
      body,
      cart: null,
      epoch: epochs[epochNo],
      seq: index + 1,
      at: tenInTheMorning + (fromMinute + index) * 60_000,
    } as unknown as Entry,
    receivedAt: receivedAt + epochNo,
  }))
}

/** Every way to merge journals that keeps the order within each. */
function* merges(journals: readonly (readonly Fact[])[]): Generator<Fact[]> {
  if (journals.every((journal) => journal.length === 0)) yield []
  for (const [index, [first, ...rest]] of journals.entries()) {
    if (first === undefined) continue
    for (const tail of merges(journals.with(index, rest))) yield [first, ...tail]
  }
}

async function apply(database: Database, facts: readonly Fact[]): Promise<void> {
  for (const fact of facts)
    await database.write(async (tx) => void (await paymentProjector.apply(tx, [fact])))
}

async function dump(database: Database): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {}
  for (const table of ['payment_intent', 'payment_result', 'payment_tender', 'payment_attempt']) {
    const { rows } = await sql<object>`SELECT * FROM ${sql.table(table)}`.execute(database.read)
    tables[table] = rows.map(textOf).sort()
  }
  return tables
}

function textOf(row: object): string {
  return JSON.stringify(row, (_, value) =>
    value?.type === 'Buffer' || value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  )
}

async function attemptRow(database: Database, id = attempt) {
  return await database.read
    .selectFrom('payment_attempt')
    .selectAll()
    .where('attempt', '=', uuidBytes(id))
    .executeTakeFirstOrThrow()
}

async function incidents(database: Database): Promise<string[]> {
  const rows = await database.read.selectFrom('incident').select(['kind']).orderBy('kind').execute()
  return rows.map(({ kind }) => kind)
}

test('[JRN-15c, JRN-15d] how an attempt stands is a function of the set of its rows', () => {
  const step = (n: number) => ({
    store_no: n,
    epoch_no: n,
    seq: n,
    attempt: uuidBytes(attempt),
    identity: Buffer.alloc(32, n),
    at: tenInTheMorning + (n % 3),
    own_epoch: Buffer.alloc(16, n % 2),
    own_seq: n,
    received_at: 9000 + n,
    register_no: n,
    amount_minor: n,
  })
  const results = [1, 2, 3, 4].map((n) => ({
    ...step(n),
    state: n % 2 === 0 ? ('paid' as const) : ('failed' as const),
    told_by: 'server',
    reference: `r${n}`,
  }))
  const tenders = [5, 6, 7].map((n) => ({ ...step(n), n: 0, kind: 'upi', direction: 'in', number: `B${n}` }))
  const expected = foldAttempt(uuidBytes(attempt), { intents: [], results, tenders })
  expect(expected).toMatchObject({
    state: 'failed',
    provider_reference: 'r3',
    is_contrary: 1,
    sales: 3,
    number: 'B6',
  })
  const shuffled = <T>(rows: T[]) => fc.shuffledSubarray(rows, { minLength: rows.length })
  fc.assert(
    fc.property(shuffled(results), shuffled(tenders), (someResults, someTenders) => {
      const steps = { intents: [], results: someResults, tenders: someTenders }
      expect(foldAttempt(uuidBytes(attempt), steps)).toEqual(expected)
    }),
  )
})

forEachDialect((dialect) => {
  test('[JRN-15c, JRN-15d] entries of several journals give the same rows in whatever order they come', async () => {
    const journals = [
      journalOf(1, 0, [
        ['payment-intent', intent()],
        ['payment-result', result('failed')],
        ['sale', sold('KOR1AI26-000007')],
      ]),
      // A clone of the till, or the till in its next epoch, and the server's own journal.
      journalOf(2, 3, [['sale', sold('KOR2AI26-000001', upi(5000))]]),
      journalOf(3, 2, [['payment-resolved', resolved('paid')]]),
    ]
    let expected: Record<string, string[]> | undefined
    const database = await dialect.open()
    for (const facts of merges(journals)) {
      await apply(database, facts)
      const found = await dump(database)
      expected ??= found
      expect(found).toEqual(expected)
      await database.write((tx) => paymentProjector.clear(tx))
    }
    await apply(database, journals.flat())
    expect(await attemptRow(database)).toMatchObject({
      state: 'failed',
      is_contrary: 1,
      sales: 2,
      number: 'KOR1AI26-000007',
      settled_minor: 11_800,
      intended: 1,
      store_no: 1,
    })
    expect(await incidents(database)).toEqual(['payment-contrary', 'payment-settled-twice'])
  })

  test('[JRN-15c] the first final result counts, whoever wrote it, and the same word again is no contradiction', async () => {
    const database = await dialect.open()
    await apply(database, journalOf(3, 9, [['payment-resolved', resolved('paid')]]))
    expect(await attemptRow(database)).toMatchObject({ state: 'paid', intended: 0, is_contrary: 0 })
    // The till was offline; its own word is older.
    await apply(
      database,
      journalOf(1, 0, [
        ['payment-intent', intent()],
        ['payment-result', result('paid')],
      ]),
    )
    expect(await attemptRow(database)).toMatchObject({
      state: 'paid',
      result_at: tenInTheMorning + 60_000,
      provider_reference: 'UTR77',
      is_contrary: 0,
      intended: 1,
      provider: 'upi-qr',
    })
    expect(await incidents(database)).toEqual([])
  })

  test('[JRN-15d] a second sale that names a paid attempt stands, and people are told once', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database, { projectors: [paymentProjector] })
    const till = bench.till()
    till.append('payment-intent', intent())
    till.append('payment-result', result('paid'))
    till.sale({ tenders: upi() })
    till.sale({ tenders: upi() })
    till.sale({ tenders: upi() })
    const answer = await bench.journal.push(bench.callerOf(till), till.push())
    expect(answer).toMatchObject({ head: { seq: 6 }, quarantined: [] })
    expect(await attemptRow(database)).toMatchObject({ sales: 3, number: 'KOR1AI26-000001' })
    expect(await incidents(database)).toEqual(['payment-settled-twice'])
  })

  test('[JRN-5a] a rebuild makes equal rows and tells nobody again', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database, { projectors: [paymentProjector] })
    const [till, other] = [bench.till('KOR1A'), bench.till('MYL1A')]
    for (const one of [till, other]) {
      one.append('payment-intent', intent({ attempt: randomUUIDv7() }))
      one.append('payment-intent', intent())
      one.append('payment-result', result(one === till ? 'paid' : 'expired'))
      one.sale({ tenders: upi() })
    }
    const push = (from: ScriptedTill) => bench.journal.push(bench.callerOf(from), from.push())
    await push(other)
    bench.clock.advance(hour)
    await push(till)
    const [live, told] = [await dump(database), await incidents(database)]
    expect(live.payment_attempt).toHaveLength(3)
    await rebuildProjections(database, projectorsWith([paymentProjector]))
    expect(await dump(database)).toEqual(live)
    expect(await incidents(database)).toEqual(told)
  })

  test('[JRN-15h, I9, F48, F49, F50] what an attempt lacks at rest is a breach until people are told', async () => {
    const database = await dialect.open()
    const clock = testClock()
    const at = clock.now()
    const ids = ['1', '2', '3', '4'].map((n) => `01890000-0000-7000-8000-0000000000b${n}`)
    const [unknown = '', unsold = '', unpaid = '', unintended = ''] = ids
    await apply(
      database,
      journalOf(
        1,
        0,
        [
          ['payment-intent', intent({ attempt: unknown })],
          ['payment-intent', intent({ attempt: unsold })],
          ['payment-result', result('paid', { attempt: unsold })],
          ['payment-intent', intent({ attempt: unpaid })],
          ['payment-result', result('failed', { attempt: unpaid })],
          ['sale', sold('KOR1AI26-000001', upi(100, unpaid))],
          ['payment-result', result('paid', { attempt: unintended })],
          ['sale', sold('KOR1AI26-000002', upi(100, unintended))],
          ['payment-intent', intent()],
          ['payment-result', result('paid')],
          ['sale', sold('KOR1AI26-000003')],
          ['sale', sold('KOR1AI26-000004', [])],
        ],
        at,
      ),
    )
    const job = paymentsAtRestJob({ database, clock })
    const run = async () => await job.run(undefined as never) // as: this job needs no lease
    await run()
    expect(await incidents(database)).toEqual([])
    expect(await checkPayments(database.read, clock.now())).toEqual([])

    clock.advance(4 * hour)
    const breaches = await checkPayments(database.read, clock.now())
    expect(breaches.toSorted((a, b) => (a.attempt < b.attempt ? -1 : 1))).toEqual([
      { kind: 'payment-without-result', attempt: unknown, storeNo: 1 },
      { kind: 'payment-without-sale', attempt: unsold, storeNo: 1 },
      { kind: 'payment-not-paid', attempt: unpaid, storeNo: 1 },
      { kind: 'payment-not-intended', attempt: unintended, storeNo: 1 },
    ])
    await run()
    await run()
    expect(await incidents(database)).toEqual([
      'payment-not-intended',
      'payment-not-paid',
      'payment-without-result',
      'payment-without-sale',
    ])
    expect(await checkPayments(database.read, clock.now())).toEqual([])
  })

  test('[I9, I4] an attempt whose row is not what its entries add up to is a breach', async () => {
    const database = await dialect.open()
    const now = testClock().now()
    await apply(
      database,
      journalOf(
        1,
        0,
        [
          ['payment-intent', intent()],
          ['payment-result', result('paid')],
          ['sale', sold('KOR1AI26-000001')],
        ],
        now,
      ),
    )
    expect(await checkPayments(database.read, now)).toEqual([])
    await database.write((tx) => tx.updateTable('payment_attempt').set({ settled_minor: 1 }).execute())
    expect(await checkPayments(database.read, now)).toEqual([{ kind: 'not-folded', attempt, storeNo: 1 }])
  })

  test('[JRN-15c] two servers that fold one attempt at the same time lose neither entry', async () => {
    const database = await dialect.open()
    const facts = [
      journalOf(1, 0, [['payment-intent', intent()]]),
      journalOf(2, 1, [['sale', sold('KOR2AI26-000001')]]),
      journalOf(3, 2, [['payment-resolved', resolved('paid')]]),
    ]
    await Promise.all(facts.map((own) => apply(database, own)))
    expect(await attemptRow(database)).toMatchObject({ intended: 1, sales: 1, state: 'paid' })
  })
})
