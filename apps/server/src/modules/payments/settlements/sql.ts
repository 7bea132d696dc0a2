import type { Db, Tx } from '../../../db/database.ts'
import { insertRows } from '../../../db/rows.ts'
import type { PaymentAttemptTable, SettlementFileTable, SettlementLineTable } from '../tables.ts'

export async function findFile(db: Db, id: string): Promise<SettlementFileTable | undefined> {
  return await db.selectFrom('settlement_file').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Newest first. */
export async function latestFiles(db: Db, limit: number): Promise<SettlementFileTable[]> {
  return await db
    .selectFrom('settlement_file')
    .selectAll()
    .orderBy('imported_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
}

export async function insertFile(tx: Tx, file: SettlementFileTable): Promise<void> {
  await tx.insertInto('settlement_file').values(file).execute()
}

export async function insertLines(tx: Tx, lines: readonly SettlementLineTable[]): Promise<void> {
  await insertRows(tx, 'settlement_line', lines)
}

/** Lines of a provider that bear some references. */
export async function knownLines(
  db: Db,
  provider: string,
  references: readonly string[],
): Promise<SettlementLineTable[]> {
  const found: SettlementLineTable[] = []
  for (let from = 0; from < references.length; from += 500) {
    found.push(
      ...(await db
        .selectFrom('settlement_line')
        .selectAll()
        .where('provider', '=', provider)
        .where('reference', 'in', references.slice(from, from + 500))
        .execute()),
    )
  }
  return found
}

/** Lines without an attempt, of payments since a day, in portions. */
export async function* linesWithoutAttempt(db: Db, sinceDay: string): AsyncGenerator<SettlementLineTable[]> {
  let last: SettlementLineTable | undefined
  do {
    let query = db
      .selectFrom('settlement_line')
      .selectAll()
      .where('attempt', 'is', null)
      .where('day', '>=', sinceDay)
    if (last !== undefined) {
      const { provider, direction, reference } = last
      query = query.where(({ eb, or, and }) =>
        or([
          eb('provider', '>', provider),
          and([eb('provider', '=', provider), eb('direction', '>', direction)]),
          and([
            eb('provider', '=', provider),
            eb('direction', '=', direction),
            eb('reference', '>', reference),
          ]),
        ]),
      )
    }
    const rows = await query
      .orderBy('provider')
      .orderBy('direction')
      .orderBy('reference')
      .limit(500)
      .execute()
    if (rows.length > 0) yield rows
    last = rows.length < 500 ? undefined : rows.at(-1)
  } while (last !== undefined)
}

/** Attempts that one of some references names: ours, or the provider's. */
export async function attemptsBy(db: Db, references: readonly string[]): Promise<PaymentAttemptTable[]> {
  if (references.length === 0) return []
  const by = async (column: 'reference' | 'provider_reference') =>
    await db
      .selectFrom('payment_attempt')
      .selectAll()
      .where(column, 'in', [...references])
      .execute()
  return [...(await by('reference')), ...(await by('provider_reference'))]
}

export async function nameAttempt(
  tx: Tx,
  { provider, direction, reference }: Pick<SettlementLineTable, 'provider' | 'direction' | 'reference'>,
  attempt: Uint8Array,
): Promise<void> {
  await tx
    .updateTable('settlement_line')
    .set({ attempt })
    .where('provider', '=', provider)
    .where('direction', '=', direction)
    .where('reference', '=', reference)
    .execute()
}

/** Lines since a day whose attempt is not paid here, or of another amount; or of which none is known. */
export async function linesThatDiffer(
  db: Db,
  kind: 'amount-differs' | 'settled-not-paid' | 'unknown-to-us',
  {
    sinceDay,
    storeNos,
    limit,
  }: { sinceDay: string; storeNos?: readonly number[] | undefined; limit: number },
) {
  let query = db
    .selectFrom('settlement_line as l')
    .leftJoin('payment_attempt as a', 'a.attempt', 'l.attempt')
    .leftJoin('settlement_file as f', 'f.id', 'l.file')
    .where('l.day', '>=', sinceDay)
  if (kind === 'unknown-to-us') query = query.where('a.attempt', 'is', null)
  else query = query.where('a.attempt', 'is not', null)
  if (kind === 'amount-differs') query = query.whereRef('l.amount_minor', '<>', 'a.amount_minor')
  if (kind === 'settled-not-paid') query = query.where('a.state', '<>', 'paid')
  if (storeNos !== undefined) query = query.where('a.store_no', 'in', [...storeNos])
  return await query
    .select([
      'l.provider',
      'l.direction',
      'l.reference',
      'l.amount_minor as settled_minor',
      'l.day',
      'l.utr',
      'l.line',
      'f.name as file_name',
      'a.attempt',
      'a.store_no',
      'a.register_no',
      'a.at',
      'a.amount_minor',
      'a.reference as own_reference',
      'a.provider_reference',
      'a.number',
      'a.sale',
    ])
    .orderBy('l.day', 'desc')
    .orderBy('l.provider')
    .orderBy('l.reference')
    .limit(limit)
    .execute()
}

/** The last day that each provider's files tell of. */
export async function toldUntil(db: Db): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('settlement_line')
    .select(({ fn }) => ['provider', fn.max('day').as('day')])
    .groupBy('provider')
    .execute()
  return new Map(rows.map(({ provider, day }) => [provider, day]))
}

/** Paid attempts of a provider, since a day and before another one, that no line settles. */
export async function attemptsNotSettled(
  db: Db,
  {
    provider,
    sinceDay,
    beforeDay,
    storeNos,
    limit,
  }: {
    provider: string
    sinceDay: string
    beforeDay: string
    storeNos?: readonly number[] | undefined
    limit: number
  },
): Promise<PaymentAttemptTable[]> {
  let query = db
    .selectFrom('payment_attempt as a')
    .leftJoin('settlement_line as l', 'l.attempt', 'a.attempt')
    .selectAll('a')
    .where('a.provider', '=', provider)
    .where('a.state', '=', 'paid')
    .where('a.day', '>=', sinceDay)
    .where('a.day', '<', beforeDay)
    .where('l.attempt', 'is', null)
  if (storeNos !== undefined) query = query.where('a.store_no', 'in', [...storeNos])
  return await query.orderBy('a.day', 'desc').orderBy('a.attempt').limit(limit).execute()
}
