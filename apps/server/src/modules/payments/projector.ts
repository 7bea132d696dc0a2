import type { Entry } from '@nexus/sync'
import type { Tx } from '../../db/database.ts'
import { uuidBytes } from '../../db/uuid.ts'
import { type Fact, noteIncidents, type Projector } from '../journal/index.ts'
import { foldAttempt } from './fold-attempt.ts'
import { incidentOf } from './payment-incidents.ts'
import { clearAttempts, insertSteps, lockAttempts, replaceAttempts, type StepRows, stepsOf } from './sql.ts'
import type { PaymentAttemptTable } from './tables.ts'

/**
 * Intents, results and the sales that they settle, out of entries of all journals in any order. Whatever an
 * entry says stands; what does not fit together is told to people (JRN-15).
 */
export const paymentProjector: Projector = {
  name: 'payments',
  types: ['payment-intent', 'payment-result', 'payment-resolved', 'sale', 'recovered-bill'],
  async apply(tx, facts) {
    const rows = rowsOf(facts)
    const attempts = attemptsOf(rows)
    if (attempts.length === 0) return
    await lockAttempts(tx, attempts.map(emptyAttempt))
    await insertSteps(tx, rows)
    const steps = await stepsOf(tx, attempts)
    const folded = attempts.map((attempt) => foldAttempt(attempt, steps(attempt)))
    await replaceAttempts(tx, folded)
    await tellPeople(tx, folded)
  },
  clear: clearAttempts,
}

/** What once true stays true, whatever else arrives: told at once and once. */
async function tellPeople(tx: Tx, attempts: readonly PaymentAttemptTable[]): Promise<void> {
  await noteIncidents(
    tx,
    attempts.flatMap((attempt) => [
      ...(attempt.is_contrary === 1 ? [incidentOf('payment-contrary', attempt, attempt.touched_at)] : []),
      ...(attempt.sales > 1 ? [incidentOf('payment-settled-twice', attempt, attempt.touched_at)] : []),
    ]),
  )
}

function rowsOf(facts: readonly Fact[]): StepRows {
  const rows = { intents: [], results: [], tenders: [] } as {
    [K in keyof StepRows]: StepRows[K][number][]
  }
  for (const fact of facts) {
    const { entry } = fact
    if (entry.type === 'payment-intent') rows.intents.push(intentOf(fact, entry))
    else if (entry.type === 'payment-result') {
      rows.results.push(resultOf(fact, entry, entry.body.by))
    } else if (entry.type === 'payment-resolved') {
      rows.results.push(resultOf(fact, entry, 'server'))
    } else if (entry.type === 'sale') {
      rows.tenders.push(...tendersOf(fact, entry.body.tenders, entry.body.documents[0]?.number))
    } else if (entry.type === 'recovered-bill') {
      rows.tenders.push(...tendersOf(fact, entry.body.tenders, entry.body.oldNumber))
    }
  }
  return rows
}

/** Members that every row of an entry has. */
function stepOf({ storeNo, epochNo, seq, registerNo, identity, receivedAt, entry }: Fact, attempt: string) {
  return {
    store_no: storeNo,
    epoch_no: epochNo,
    seq,
    attempt: uuidBytes(attempt),
    identity,
    at: entry.at,
    own_epoch: uuidBytes(entry.epoch),
    own_seq: entry.seq,
    received_at: receivedAt,
    register_no: registerNo,
  }
}

function intentOf(fact: Fact, { cart, body }: Entry<'payment-intent'>): StepRows['intents'][number] {
  return {
    ...stepOf(fact, body.attempt),
    amount_minor: body.amountMinor,
    cart: cart === null ? null : uuidBytes(cart),
    kind: body.kind,
    provider: body.provider,
    direction: body.direction,
    reference: body.reference,
    expires_at: body.expiresAt,
  }
}

function resultOf(
  fact: Fact,
  { body }: Entry<'payment-result'> | Entry<'payment-resolved'>,
  toldBy: string,
): StepRows['results'][number] {
  return {
    ...stepOf(fact, body.attempt),
    amount_minor: body.amountMinor,
    state: body.state,
    told_by: toldBy,
    reference: body.providerReference,
  }
}

function tendersOf(
  fact: Fact,
  tenders: Entry<'sale'>['body']['tenders'],
  number = '',
): StepRows['tenders'][number][] {
  return tenders.flatMap(({ attempt, kind, direction, amountMinor }, n) => {
    if (attempt === null) return []
    return [{ ...stepOf(fact, attempt), amount_minor: amountMinor, n, kind, direction, number }]
  })
}

/** In the order of the key, each once, so that two writers lock in one order. */
function attemptsOf({ intents, results, tenders }: StepRows): Uint8Array[] {
  const all = [...intents, ...results, ...tenders].map(({ attempt }) => Buffer.from(attempt))
  const unique = new Map(all.map((attempt) => [attempt.toString('hex'), attempt]))
  return [...unique.values()].sort(Buffer.compare)
}

/** Holds the attempt's key until its rows are folded. */
function emptyAttempt(attempt: Uint8Array): PaymentAttemptTable {
  return {
    attempt,
    store_no: 0,
    register_no: 0,
    own_epoch: attempt,
    own_seq: 0,
    at: 0,
    day: '',
    touched_at: 0,
    intended: 0,
    provider: null,
    kind: null,
    direction: null,
    amount_minor: 0,
    reference: null,
    state: 'open',
    result_at: null,
    provider_reference: null,
    is_contrary: 0,
    sales: 0,
    sale: null,
    number: null,
    settled_minor: 0,
  }
}
