import { localDate } from '@nexus/domain'
import type {
  PaymentAttemptTable,
  PaymentIntentTable,
  PaymentResultTable,
  PaymentStep,
  PaymentTenderTable,
} from './tables.ts'

/** Every row of one attempt, in any order. At least one of them has a row. */
export type AttemptSteps = {
  intents: readonly PaymentIntentTable[]
  results: readonly PaymentResultTable[]
  tenders: readonly PaymentTenderTable[]
}

/**
 * How an attempt stands: a function of the set of its rows, never of the order in which they came. The
 * first final result counts, whoever wrote it; of several sales the first is the one that it settles
 * (JRN-15c, JRN-15d). First is by the writers' time, within one journal by its order.
 */
export function foldAttempt(attempt: Uint8Array, steps: AttemptSteps): PaymentAttemptTable {
  const [intent] = steps.intents.toSorted(inOrder)
  const results = steps.results.toSorted(inOrder)
  const tenders = steps.tenders.toSorted(inOrder)
  const [result] = results
  const [tender] = tenders
  const first = [intent, tender, result].filter((step) => step !== undefined).toSorted(inOrder)[0]
  if (first === undefined) throw new Error('An attempt without any entry was asked for')
  // A server's word is of the server's own journal: the attempt belongs to the register that made it.
  const own = intent ?? tender ?? first
  const sales = new Set(tenders.map(({ identity }) => textOf(identity)))
  const ofFirstSale = tenders.filter(({ identity }) => tender && textOf(identity) === textOf(tender.identity))
  const all: PaymentStep[] = [...steps.intents, ...results, ...tenders]
  return {
    attempt,
    store_no: own.store_no,
    register_no: own.register_no,
    own_epoch: own.own_epoch,
    own_seq: own.own_seq,
    at: first.at,
    day: localDate(first.at),
    touched_at: Math.max(...all.map(({ received_at }) => received_at)),
    intended: intent === undefined ? 0 : 1,
    provider: intent?.provider ?? null,
    kind: intent?.kind ?? tender?.kind ?? null,
    direction: intent?.direction ?? tender?.direction ?? null,
    amount_minor: (intent ?? result ?? first).amount_minor,
    reference: intent?.reference ?? null,
    state: result?.state ?? 'open',
    result_at: result?.at ?? null,
    provider_reference: result?.reference ?? null,
    is_contrary: new Set(results.map(({ state }) => state)).size > 1 ? 1 : 0,
    sales: sales.size,
    sale: tender?.identity ?? null,
    number: tender?.number ?? null,
    settled_minor: ofFirstSale.reduce((sum, { amount_minor }) => sum + amount_minor, 0),
  }
}

function inOrder(a: PaymentStep, b: PaymentStep): number {
  return (
    a.at - b.at ||
    compare(textOf(a.own_epoch), textOf(b.own_epoch)) ||
    a.own_seq - b.own_seq ||
    compare(textOf(a.identity), textOf(b.identity))
  )
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
