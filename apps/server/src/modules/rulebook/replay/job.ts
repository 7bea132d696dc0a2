import { performance } from 'node:perf_hooks'
import { setImmediate as otherWork } from 'node:timers/promises'
import type { Offer } from '@nexus/domain'
import type { Context } from '../../../context.ts'
import type { Db } from '../../../db/database.ts'
import { type Job, type Lease, LeaseLost } from '../../../jobs/index.ts'
import type { PastBill, PastSpan } from '../../sales/index.ts'
import { selectStoreKeys } from '../../stores/index.ts'
import { type RulebookReader, rulebookReader } from '../reader.ts'
import { type ReplayBill, replayerOf } from './replay-bill.ts'
import { changeReplay, nextReplay, type ReplayChange, type ReplayRecord } from './sql.ts'
import { Tally } from './tally.ts'

/** Past sales, as the module that owns bills hands them over. */
export type PastBills = {
  count(db: Db, span: PastSpan): Promise<number>
  read(db: Db, span: PastSpan): AsyncGenerator<PastBill[]>
}

/** One round, well short of the lease. */
const roundMs = 5000
/** After so many bills people see the progress, and a cancelling is noticed: about half a second. */
const beatBills = 1000
/** Pricing at a stretch; then whoever else waits in this process has a turn. */
const stretchMs = 8

/** A replay under way in this process. What it has found so far is lost with the process; it begins again. */
type Run = {
  replay: ReplayRecord
  tally: Tally
  replayBill: ReplayBill
  /** Gifts of the draft, which may stand on no bill. */
  gifts: readonly number[]
  reader: RulebookReader
  bills: AsyncGenerator<PastBill[]>
  names: Map<number, string>
  stores: ReadonlyMap<number, { id: string; name: string }>
}

/**
 * Runs drafts over past bills (PRC-10), one replay at a time, oldest first. It can be cancelled, and one
 * that a worker left is taken up by the next from its beginning.
 */
export function replayJob(context: Pick<Context, 'database' | 'clock' | 'log'>, pastBills: PastBills): Job {
  const { database, clock, log } = context
  let run: Run | undefined

  return {
    name: 'offer-replay',
    everyMs: 1000,
    async run(lease) {
      try {
        run ??= await begin(lease)
        if (run === undefined) return false
        if (await goOn(run, lease)) run = undefined
        return true
      } catch (error) {
        const failed = run
        run = undefined
        if (failed === undefined || error instanceof LeaseLost) throw error
        log.error({ err: error, replay: failed.replay.replayId }, 'a replay failed')
        const message =
          'The replay stopped because something went wrong on our side. Start it again; if that does not help, tell support when it happened.'
        await change(lease, failed, { state: 'failed', message, finishedAt: clock.now() })
        return true
      }
    },
  }

  async function begin(lease: Lease): Promise<Run | undefined> {
    const db = database.read
    const replay = await nextReplay(db)
    if (replay === undefined) return undefined
    const keys = await selectStoreKeys(db)
    const span: PastSpan = {
      from: replay.from,
      until: replay.until,
      storeNos: replay.storeIds?.flatMap((id) => keys.find((store) => store.id === id)?.no ?? []),
    }
    const draft = draftOf(replay)
    const begun: Run = {
      replay,
      tally: new Tally(draft),
      replayBill: replayerOf(draft),
      gifts: draft.effect === 'gift' ? draft.gifts : [],
      reader: rulebookReader(context),
      bills: pastBills.read(db, span),
      names: new Map(),
      stores: new Map(keys.map(({ no, id, name }) => [no, { id, name }])),
    }
    const billsTotal = await pastBills.count(db, span)
    const isWanted = await change(lease, begun, { state: 'running', billsDone: 0, billsTotal })
    return isWanted ? begun : undefined
  }

  /** One round of work; true once the replay is over. */
  async function goOn(one: Run, lease: Lease): Promise<boolean> {
    const startedAt = performance.now()
    let told = one.tally.bills
    for (;;) {
      const { value: bills, done } = await one.bills.next()
      if (done) {
        const result = one.tally.result(one.names, one.stores)
        const billsDone = one.tally.bills
        await change(lease, one, { state: 'done', billsDone, result, finishedAt: clock.now() })
        return true
      }
      await price(one, bills)
      if (one.tally.bills - told < beatBills) continue
      told = one.tally.bills
      if (!(await change(lease, one, { billsDone: one.tally.bills }))) {
        await one.bills.return(undefined)
        return true
      }
      if (performance.now() - startedAt > roundMs) return false
    }
  }

  /** False where the replay was cancelled. */
  async function change(lease: Lease, { replay }: Run, to: ReplayChange): Promise<boolean> {
    return await database.write(async (tx) => {
      await lease.hold(tx)
      return await changeReplay(tx, replay.replayId, to)
    })
  }
}

async function price(
  { tally, replayBill, gifts, reader, names }: Run,
  bills: readonly PastBill[],
): Promise<void> {
  const byVersion = Map.groupBy(bills, ({ entry }) => entry.rulebook?.version)
  const rulebooks = new Map<number | undefined, Awaited<ReturnType<RulebookReader['find']>>>()
  for (const [version, some] of byVersion) {
    if (version === undefined) continue
    const products = new Set(gifts)
    for (const { document } of some) for (const line of document.lines) products.add(line.product)
    const rulebook = await reader.find(version, [...products])
    rulebooks.set(version, rulebook)
    for (const offer of rulebook?.offers ?? []) names.set(offer.id, offer.name)
  }
  let since = performance.now()
  // In the order of time, in which the draft's limits run out.
  for (const { storeNo, identity, index, document, entry } of bills) {
    const past = { document, storeId: entry.store, engine: entry.engine }
    const replayed = replayBill(past, rulebooks.get(entry.rulebook?.version), tally.uses)
    tally.add({ identity, document: index, number: document.number, at: entry.at, storeNo }, replayed)
    if (performance.now() - since < stretchMs) continue
    await otherWork()
    since = performance.now()
  }
}

/** The draft as an offer without a first and a last instant (PRC-10f). */
function draftOf({ offerId, definition }: ReplayRecord): Offer {
  const { from, until, ...rest } = definition
  // as: it had no faults when the replay was asked for, so it has an offer's members.
  return { ...rest, id: offerId, from: 0 } as unknown as Offer
}
