import type { Breach } from '@nexus/contract'
import type { Entry } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import type { Fact } from '../projector.ts'

/** Sums by what they are of; absent is 0. */
export type Figures = Readonly<Record<string, number>>

/** Slots of an epoch, both ends included. */
export type Span = { storeNo: number; epochNo: number; fromSeq: number; toSeq: number }

/**
 * Derived rows of a module that must equal the fold over the journal (I4). `fold` reads entries afresh and
 * shares no code with the projector, so that a mistake in one shows against the other.
 */
export type Ledger = {
  /** As breaches name it, e.g. `bills`. */
  name: string
  types: readonly Entry['type'][]
  /** What one fact adds. */
  fold(fact: Fact): Figures
  /** What the module's rows of these slots add up to. */
  stored(db: Db, span: Span): Promise<Figures>
}

/** Fold of a span, by ledger. */
export type Fold = Readonly<Record<string, Figures>>

/** What facts add up to in every ledger. */
export function foldOf(ledgers: readonly Ledger[], facts: readonly Fact[]): Fold {
  return Object.fromEntries(ledgers.map((ledger) => [ledger.name, foldIn(ledger, facts)]))
}

function foldIn(ledger: Ledger, facts: readonly Fact[]): Figures {
  return facts
    .filter(({ entry }) => ledger.types.includes(entry.type))
    .map((fact) => ledger.fold(fact))
    .reduce(plus, {})
}

function plus(one: Figures, other: Figures): Figures {
  const sum: Record<string, number> = { ...one }
  for (const [figure, value] of Object.entries(other)) sum[figure] = (sum[figure] ?? 0) + value
  return sum
}

/** Two folds together. */
export function joined(one: Fold, other: Fold): Fold {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return Object.fromEntries([...names].map((name) => [name, plus(one[name] ?? {}, other[name] ?? {})]))
}

/** The first figure that differs; undefined: all are equal. */
export function firstDifference(
  one: Figures,
  other: Figures,
): { figure: string; one: number; other: number } | undefined {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  const figure = [...names].sort().find((name) => (one[name] ?? 0) !== (other[name] ?? 0))
  return figure === undefined ? undefined : { figure, one: one[figure] ?? 0, other: other[figure] ?? 0 }
}

export function sameFold(one: Fold, other: Fold): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].every((name) => firstDifference(one[name] ?? {}, other[name] ?? {}) === undefined)
}

/** The first slot of a span whose rows are not what its facts give; sums that cancel out may hide an earlier one. */
export async function findDifference(
  db: Db,
  ledger: Ledger,
  span: Span,
  facts: readonly Fact[],
): Promise<Omit<Breach, 'epoch'> | undefined> {
  const difference = async (within: Span) => {
    const expected = foldIn(
      ledger,
      facts.filter(({ seq }) => seq >= within.fromSeq && seq <= within.toSeq),
    )
    return firstDifference(expected, await ledger.stored(db, within))
  }
  let within = span
  let found = await difference(within)
  if (found === undefined) return undefined
  while (within.fromSeq < within.toSeq) {
    const middle = Math.floor((within.fromSeq + within.toSeq) / 2)
    const left = { ...within, toSeq: middle }
    const right = { ...within, fromSeq: middle + 1 }
    const inLeft = await difference(left)
    found = inLeft ?? (await difference(right)) ?? found
    within = inLeft ? left : right
  }
  const { figure, one, other } = found
  const params = { ledger: ledger.name, figure, expected: one, stored: other }
  return { invariant: 'I4', kind: 'rows-differ', params, seq: within.fromSeq }
}
