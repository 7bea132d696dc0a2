import type { Breach } from '@nexus/contract'
import { Gauge } from 'prom-client'
import type { Context } from '../../../context.ts'
import type { Tx } from '../../../db/database.ts'
import { uuidBytes } from '../../../db/uuid.ts'
import type { Job, Lease } from '../../../jobs/index.ts'
import { incidentId } from '../rows.ts'
import { insertIncidents } from '../sql.ts'
import { type BookParts, checkBooks, invariants, type Round } from './round.ts'
import { findLastRun, insertRun, watchedEpochs } from './sql.ts'

const hourMs = 3_600_000
/** A piece of work at a time, well within the lease. */
const pieceMsMax = 5000

type JobContext = Pick<Context, 'database' | 'clock' | 'log' | 'metrics'>

/**
 * The worker's job that checks the books every hour (I1 to I10 as far as a server can tell). A breach is
 * told three ways: a gauge for alarms, a line of the log, and an incident that people see.
 */
export function invariantJob(context: JobContext, parts: BookParts): Job {
  const { database, clock, log } = context
  const show = openGauges(context)
  const tools = { ...parts, database, now: () => clock.now() }
  let round: ReturnType<typeof checkBooks> | undefined
  return {
    name: 'invariants',
    everyMs: 60_000,
    async run(lease) {
      if (round === undefined) {
        const last = await findLastRun(database.read)
        if (last) show(last)
        if (last && clock.now() - last.startedAt < hourMs) return false
        round = checkBooks(tools, 'new', savingUnder(database, lease))
      }
      const until = performance.now() + pieceMsMax
      try {
        while (performance.now() < until) {
          const step = await round.next()
          if (!step.done) continue
          round = undefined
          await database.write(async (tx) => {
            await lease.hold(tx)
            await keepRound(tx, step.value)
          })
          show(step.value)
          for (const breach of step.value.breaches) log.error({ breach }, 'an invariant is broken')
          return false
        }
      } catch (error) {
        // The next try begins a new round: what was saved stays saved.
        round = undefined
        throw error
      }
      return true
    },
  }
}

function savingUnder(database: Context['database'], lease: Lease) {
  return (work: (tx: Tx) => Promise<void>) =>
    database.write(async (tx) => {
      await lease.hold(tx)
      await work(tx)
    })
}

/** Keeps a round, and tells people what is broken: once for each thing and place. */
async function keepRound(tx: Tx, round: Round): Promise<void> {
  const { notes, ...run } = round
  await insertRun(tx, run)
  const told = [
    ...run.breaches.map((breach) => ({ ...breach, incident: 'invariant-broken' })),
    ...notes.map((note) => ({ ...note, incident: note.kind })),
  ]
  if (told.length === 0) return
  const epochs = new Map((await watchedEpochs(tx)).map((one) => [one.epoch, one.storeNo]))
  const nowhere = '00000000-0000-0000-0000-000000000000'
  await insertIncidents(
    tx,
    told.map(({ incident, invariant, kind, params, epoch, seq }) => ({
      store_no: epochs.get(epoch ?? '') ?? 0,
      id: incidentId(incident, epoch ?? nowhere, seq ?? 0, aboutOf(invariant, kind, params)),
      at: run.finishedAt,
      kind: incident,
      params: JSON.stringify(incident === kind ? params : { invariant, what: kind, ...params }),
      epoch: uuidBytes(epoch ?? nowhere),
      seq: seq ?? 0,
      source: 'server',
    })),
  )
}

/** What a breach is about, without the sums that change from round to round. */
function aboutOf(invariant: string, kind: string, { ledger, figure, number }: Breach['params']): string {
  return [invariant, kind, ledger, figure, number].filter((part) => part != null).join(' ')
}

function openGauges({ metrics }: Pick<Context, 'metrics'>): (run: Omit<Round, 'notes'>) => void {
  const registers = [metrics]
  const broken = new Gauge({
    name: 'nexus_invariant_broken',
    help: 'Places where an invariant of the journal does not hold, as the last round found.',
    labelNames: ['invariant'],
    registers,
  })
  const finished = new Gauge({
    name: 'nexus_invariant_round_timestamp_seconds',
    help: 'When the last round over the books ended.',
    registers,
  })
  const took = new Gauge({
    name: 'nexus_invariant_round_seconds',
    help: 'How long the last round over the books took.',
    registers,
  })
  return ({ results, startedAt, finishedAt }) => {
    for (const invariant of invariants) {
      broken.set({ invariant }, results.find((one) => one.invariant === invariant)?.broken ?? 0)
    }
    finished.set(finishedAt / 1000)
    took.set((finishedAt - startedAt) / 1000)
  }
}
