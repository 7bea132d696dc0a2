import type { Db, Tx } from '../../db/database.ts'
import { insertRows, keepRows, replaceRows } from '../../db/rows.ts'
import type { AttemptSteps } from './fold-attempt.ts'
import type {
  PaymentAttemptTable,
  PaymentIntentTable,
  PaymentResultTable,
  PaymentTenderTable,
} from './tables.ts'

/** Rows of a group's entries about attempts. */
export type StepRows = {
  intents: readonly PaymentIntentTable[]
  results: readonly PaymentResultTable[]
  tenders: readonly PaymentTenderTable[]
}

/**
 * Lets one transaction at a time fold an attempt: another one that brings entries of it waits for its end and
 * then reads them too. Give the rows in the order of the key.
 */
export async function lockAttempts(tx: Tx, placeholders: readonly PaymentAttemptTable[]): Promise<void> {
  await keepRows(tx, 'payment_attempt', ['attempt'], placeholders)
}

export async function insertSteps(tx: Tx, { intents, results, tenders }: StepRows): Promise<void> {
  await insertRows(tx, 'payment_intent', intents)
  await insertRows(tx, 'payment_result', results)
  await insertRows(tx, 'payment_tender', tenders)
}

/** Every row of some attempts; the answer gives those of one. */
export async function stepsOf(
  db: Db,
  attempts: readonly Uint8Array[],
): Promise<(attempt: Uint8Array) => AttemptSteps> {
  const rowsOf = async <T extends 'payment_intent' | 'payment_result' | 'payment_tender'>(table: T) => {
    const rows = await db
      .selectFrom(table as 'payment_intent') // as: all three have the column that is asked by
      .selectAll()
      .where('attempt', 'in', [...attempts])
      .execute()
    return Map.groupBy(rows, ({ attempt }) => keyOf(attempt))
  }
  const intents = await rowsOf('payment_intent')
  const results = (await rowsOf('payment_result')) as unknown as Map<string, PaymentResultTable[]> // as: its own rows
  const tenders = (await rowsOf('payment_tender')) as unknown as Map<string, PaymentTenderTable[]> // as: its own rows
  return (attempt) => {
    const key = keyOf(attempt)
    return {
      intents: intents.get(key) ?? [],
      results: results.get(key) ?? [],
      tenders: tenders.get(key) ?? [],
    }
  }
}

function keyOf(attempt: Uint8Array): string {
  return Buffer.from(attempt).toString('hex')
}

export async function replaceAttempts(tx: Tx, rows: readonly PaymentAttemptTable[]): Promise<void> {
  await replaceRows(tx, 'payment_attempt', rows)
}

/** Empties what is derived from entries; settlement files are no entries and stay. */
export async function clearAttempts(tx: Tx): Promise<void> {
  for (const table of ['payment_intent', 'payment_result', 'payment_tender', 'payment_attempt'] as const) {
    await tx.deleteFrom(table).execute()
  }
}

/** Ways in which an attempt does not fit together. */
export const attemptFaults = [
  'contrary',
  'settled-twice',
  'not-intended',
  'no-result',
  'no-sale',
  'not-paid',
] as const
export type AttemptFault = (typeof attemptFaults)[number]

/** Attempts whose last entry arrived in a span, both ends excluded. ms UTC */
export type TouchedIn = { after: number; before: number; storeNos?: readonly number[] | undefined }

const portion = 500

/** Attempts with a fault, the oldest first, in portions. */
export async function* attemptsWith(
  db: Db,
  fault: AttemptFault,
  span: TouchedIn,
): AsyncGenerator<PaymentAttemptTable[]> {
  let last: PaymentAttemptTable | undefined
  do {
    let query = faulty(db, fault, span).selectAll()
    if (last !== undefined) {
      const { touched_at, attempt } = last
      query = query.where(({ eb, or, and }) =>
        or([
          eb('touched_at', '>', touched_at),
          and([eb('touched_at', '=', touched_at), eb('attempt', '>', attempt)]),
        ]),
      )
    }
    const rows = await query.orderBy('touched_at').orderBy('attempt').limit(portion).execute()
    if (rows.length > 0) yield rows
    last = rows.length < portion ? undefined : rows.at(-1)
  } while (last !== undefined)
}

function faulty(db: Db, fault: AttemptFault, { after, before, storeNos }: TouchedIn) {
  let query = db
    .selectFrom('payment_attempt')
    .where('touched_at', '>', after)
    .where('touched_at', '<', before)
  if (storeNos !== undefined) query = query.where('store_no', 'in', [...storeNos])
  switch (fault) {
    case 'contrary':
      return query.where('is_contrary', '=', 1)
    case 'settled-twice':
      return query.where('sales', '>', 1)
    case 'not-intended':
      return query.where('intended', '=', 0)
    case 'no-result':
      return query.where('state', '=', 'open')
    case 'no-sale':
      return query.where('state', '=', 'paid').where('sales', '=', 0)
    default:
      return query.where('state', 'in', ['failed', 'expired']).where('sales', '>', 0)
  }
}

/** Attempts whose last entry arrived behind an instant, in portions. */
export async function* attemptsSince(db: Db, sinceAt: number): AsyncGenerator<PaymentAttemptTable[]> {
  let last: PaymentAttemptTable | undefined
  do {
    let query = db.selectFrom('payment_attempt').selectAll().where('touched_at', '>', sinceAt)
    if (last !== undefined) query = query.where('attempt', '>', last.attempt)
    const rows = await query.orderBy('attempt').limit(portion).execute()
    if (rows.length > 0) yield rows
    last = rows.length < portion ? undefined : rows.at(-1)
  } while (last !== undefined)
}
