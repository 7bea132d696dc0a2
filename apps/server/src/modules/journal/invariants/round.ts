import type { Breach, InvariantRun } from '@nexus/contract'
import type { Database, Db, Tx } from '../../../db/database.ts'
import type { Fact } from '../projector.ts'
import { checkEpoch, type EpochKnown, type StatedBy } from './check-epoch.ts'
import { checkPeriod } from './check-period.ts'
import type { Ledger } from './ledger.ts'
import {
  closedPeriodsOf,
  epochsWithForks,
  epochsWithIncident,
  findOpenPeriod,
  periodsDue,
  putPeriods,
  putWatch,
  type WatchedEpoch,
  watchedEpochs,
  watches,
} from './sql.ts'

/** Runs a write of the round; the caller holds its lease in the same transaction. */
export type Save = (work: (tx: Tx) => Promise<void>) => Promise<void>

/** What another module checks in a round over its own tables. */
export type ModuleCheck = {
  /** Facts of the slots that the round reads, epoch by epoch. */
  see(facts: readonly Fact[]): void
  /** @param save undefined: nothing may be changed */
  finish(db: Db, now: number, save: Save | undefined): Promise<CheckResult>
}
export type CheckResult = { invariant: string; checked: number; breaches: Breach[] }

/** What modules lend to the round; the journal imports none of them. */
export type BookParts = {
  ledgers: readonly Ledger[]
  statedBy: StatedBy
  /** Checks of one round each. */
  moduleChecks: (mode: Mode) => readonly ModuleCheck[]
}

/**
 * `new`: what came since the last round, what is open, and as many closed periods as there is time for.
 * `all`: every slot and every row from the beginning, and nothing is written.
 */
export type Mode = 'new' | 'all'

export type RoundTools = BookParts & { database: Database; now: () => number }

/** Closed periods are looked at again for so long in every round, those checked longest ago first. */
const againMsMax = 60_000
const periodsAtOnce = 50
/** So many breaches are kept in full. */
const breachesMax = 200

/** Invariants that a round checks. */
export const invariants = ['I2', 'I3', 'I4', 'I5', 'I7', 'I8', 'I10'] as const

/** What a finished round found; `notes` are told once and break nothing. */
export type Round = InvariantRun & { notes: Breach[] }

/**
 * One round over the books. Yields after each piece of work, so that a caller can pause; returns what it
 * found. What looks broken is read a second time before it is said, since tills push meanwhile.
 */
export async function* checkBooks(
  tools: RoundTools,
  mode: Mode,
  save: Save | undefined,
): AsyncGenerator<void, Round> {
  const { database, now } = tools
  const db = database.read
  const startedAt = now()
  const tally = new Tally()
  const modules = tools.moduleChecks(mode)
  const known = mode === 'new' ? await watches(db) : new Map<number, never>()
  const epochs = await watchedEpochs(db)
  for (const epoch of epochs) {
    const open = mode === 'new' ? await findOpenPeriod(db, epoch) : undefined
    yield* checkPortions(tools, epoch, { watch: known.get(epoch.epochNo), open }, { tally, modules, save })
    if (mode === 'all') yield* checkClosed(tools, epoch, tally)
  }
  if (mode === 'new')
    yield* checkDue(tools, new Map(epochs.map((epoch) => [epoch.epochNo, epoch])), tally, startedAt, save)
  tally.addCheck(await checkLosses(db, epochs))
  for (const check of modules) {
    tally.addCheck(await check.finish(db, now(), save))
    yield
  }
  return { startedAt, finishedAt: now(), ...tally.result() }
}

/** An epoch up to its head, portion by portion. */
async function* checkPortions(
  tools: RoundTools,
  seen: WatchedEpoch,
  known: EpochKnown,
  { tally, modules, save }: { tally: Tally; modules: readonly ModuleCheck[]; save: Save | undefined },
) {
  const { database, now } = tools
  let from = known
  let epoch = seen
  let isBroken = false
  do {
    let round = await checkEpoch(database.read, tools, epoch, from, now())
    if (round.breaches.length > 0) {
      epoch = (await watchedEpochs(database.read, epoch.epochNo))[0] ?? epoch
      round = await checkEpoch(database.read, tools, epoch, from, now())
    }
    tally.add(round)
    for (const check of modules) check.see(round.facts)
    const { watch, periods } = round.next
    isBroken ||= round.breaches.length > 0
    if (!isBroken) {
      await save?.(async (tx) => {
        await putWatch(tx, epoch, watch, now())
        await putPeriods(tx, periods, now())
      })
    }
    from = { watch, open: periods.at(-1) }
    yield
  } while ((from.watch?.seq ?? 0) < epoch.head.seq)
}

/** Every closed period of an epoch against the fold that was kept of it. */
async function* checkClosed({ database, ledgers }: RoundTools, epoch: WatchedEpoch, tally: Tally) {
  for (const period of await closedPeriodsOf(database.read, epoch)) {
    const { breaches } = await twice(() => checkPeriod(database.read, ledgers, epoch, period))
    tally.add({ entries: 0, breaches, notes: [] })
    tally.periods++
    yield
  }
}

/** Closed periods that were checked longest ago, as many as there is time for. */
async function* checkDue(
  { database, ledgers, now }: RoundTools,
  epochs: ReadonlyMap<number, WatchedEpoch>,
  tally: Tally,
  startedAt: number,
  save: Save | undefined,
) {
  const until = performance.now() + againMsMax
  while (performance.now() < until) {
    const due = await periodsDue(database.read, startedAt, periodsAtOnce)
    if (due.length === 0) return
    for (const period of due) {
      const epoch = epochs.get(period.epochNo)
      if (!epoch) continue
      const { breaches, fold, entries } = await twice(() =>
        checkPeriod(database.read, ledgers, epoch, period),
      )
      tally.add({ entries, breaches, notes: [] })
      tally.periods++
      // A broken one keeps its fold: it is found again in every round until it is mended.
      const kept = breaches.length > 0 ? period : { ...period, fold, foldedAt: now() }
      await save?.((tx) => putPeriods(tx, [kept], now()))
      yield
    }
    if (!save) return
  }
}

async function twice<R extends { breaches: readonly Breach[] }>(check: () => Promise<R>): Promise<R> {
  const first = await check()
  return first.breaches.length > 0 ? await check() : first
}

/** Losses that nobody can repair must have been told (I10). */
async function checkLosses(db: Db, epochs: readonly WatchedEpoch[]): Promise<CheckResult> {
  const breaches: Breach[] = []
  let checked = 0
  const tell = async (kind: string, of: readonly WatchedEpoch[], seqOf: (epoch: WatchedEpoch) => number) => {
    const told = await epochsWithIncident(
      db,
      kind,
      of.map(({ epoch }) => epoch),
    )
    checked += of.length
    for (const one of of.filter(({ epoch }) => !told.has(epoch))) {
      const params = { incident: kind }
      breaches.push({ invariant: 'I10', kind: 'loss-not-told', params, epoch: one.epoch, seq: seqOf(one) })
    }
  }
  const holed = epochs.filter(({ holes }) => holes.length > 0)
  await tell('hole-declared', holed, ({ holes }) => holes[0]?.fromSeq ?? 0)
  // What turned up for a hole waits as a fork too until it links; nobody lost anything then.
  const waiting = await epochsWithForks(db)
  const forked = epochs.filter(({ epoch, holes }) => waiting.has(epoch) && holes.length === 0)
  await tell('fork', forked, ({ head }) => head.seq)
  return { invariant: 'I10', checked, breaches }
}

/** Adds up what a round looked at and found. */
class Tally {
  entries = 0
  periods = 0
  readonly #breaches: Breach[] = []
  readonly #notes: Breach[] = []
  readonly #checked = new Map<string, number>()

  add({
    entries,
    breaches,
    notes,
  }: {
    entries: number
    breaches: readonly Breach[]
    notes: readonly Breach[]
  }) {
    this.entries += entries
    this.#breaches.push(...breaches)
    this.#notes.push(...notes)
  }

  addCheck({ invariant, checked, breaches }: CheckResult): void {
    this.#checked.set(invariant, (this.#checked.get(invariant) ?? 0) + checked)
    this.#breaches.push(...breaches)
  }

  result(): Pick<Round, 'entries' | 'results' | 'breaches' | 'notes'> {
    const looked = (invariant: string) =>
      this.#checked.get(invariant) ?? (invariant === 'I8' ? this.periods : this.entries)
    return {
      entries: this.entries,
      results: invariants.map((invariant) => ({
        invariant,
        checked: looked(invariant),
        broken: this.#breaches.filter((breach) => breach.invariant === invariant).length,
      })),
      breaches: this.#breaches.slice(0, breachesMax),
      notes: this.#notes,
    }
  }
}
