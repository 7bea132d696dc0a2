import { buildJobs } from '../../../apps/server/src/build-app.ts'
import { readConfig } from '../../../apps/server/src/config.ts'
import { type Context, openContext } from '../../../apps/server/src/context.ts'
import type { StaffCaller } from '../../../apps/server/src/http/serve.ts'
import { replayReport, startReplay } from '../../../apps/server/src/modules/rulebook/index.ts'
import { countPastBills, type PastSpan, pastBills } from '../../../apps/server/src/modules/sales/index.ts'
import { makeChain } from '../../../tests/support/nexus.ts'
import { type Benchmark, median } from './report.ts'

const smallChain = ['--stores', '20', '--registers', '1', '--products', '20000', '--staff', '60']
const billsPerSecondAim = 2000
const caller: StaffCaller = {
  kind: 'staff',
  staffId: '01890000-0000-7000-8000-0000000000ad',
  name: 'bench',
  permissions: new Set(['prices.write']),
  storeIds: undefined,
}
/** The worker's lease is nobody else's here. */
const lease = { hold: async () => undefined }

/**
 * `replay`: the seeded draft over every bill of a chain by the worker's own job, on SQLite: `--data` names the
 * chain's folder, without it 15,000 bills are seeded. The reference reads and decodes the same bills. Both use one
 * thread and, for reading, a part of another, so that CPU says what a core does.
 */
export const benchmark: Benchmark = async ({ rounds, data, say }) => {
  const chain = data === undefined ? await makeChain() : undefined
  try {
    if (chain) {
      say('seeding 15,000 bills …')
      await chain.nexus('seed', ...smallChain, '--days', '30', '--bills-per-day', '25')
    }
    const context = await openContext(
      readConfig({ DATA_DIR: data ?? chain?.dataDir ?? '', LOG_LEVEL: 'error' }),
    )
    try {
      return await measure(context, rounds, say)
    } finally {
      await context.database.close()
    }
  } finally {
    await chain?.dispose()
  }
}

async function measure(context: Context, rounds: number, say: (line: string) => void) {
  const { read } = context.database
  const { from, until } = await read
    .selectFrom('bill')
    .select(({ fn }) => [fn.min('day').as('from'), fn.max('day').as('until')])
    .executeTakeFirstOrThrow()
  const draft = await read.selectFrom('offer').select('id').where('state', '=', 'draft').executeTakeFirst()
  if (from === null || until === null || draft === undefined)
    throw new Error('void: the chain has bills and a draft')
  const span: PastSpan = { from, until, storeNos: undefined }
  const bills = await countPastBills(read, span)
  const job = buildJobs(context).find(({ name }) => name === 'offer-replay')
  if (job === undefined) throw new Error('void: the worker has no replays')
  const bare: Cost[] = []
  const own: Cost[] = []
  let differing = 0
  let changed = 0
  for (let round = 0; round < rounds; round++) {
    bare.push(await costOf(() => readOnly(context, span)))
    const replayId = await startReplay(context, caller, draft.id, { from, until })
    own.push(
      await costOf(async () => {
        while (await job.run(lease));
      }),
    )
    const { state, result } = await replayReport(read, caller, { offerId: draft.id, replayId })
    if (state !== 'done' || result?.bills !== bills) throw new Error(`void: ${state}, ${result?.bills} bills`)
    differing += result.reproduced.differing
    changed = result.changed
    const perSecond = bills / (own.at(-1)?.cpuSeconds ?? 1)
    say(`round ${round + 1}: ${perSecond.toFixed(0)} bills a second of CPU`)
  }
  const figureOf = (what: string, costs: readonly Cost[]) => ({
    what,
    values: {
      'bills/s': bills / median(costs.map(({ seconds }) => seconds)),
      'bills/CPU s': bills / median(costs.map(({ cpuSeconds }) => cpuSeconds)),
    },
  })
  const ratio = median(own.map(({ cpuSeconds }, round) => cpuSeconds / (bare[round]?.cpuSeconds ?? 1)))
  const replayed = figureOf('replay', own)
  return {
    figures: [
      figureOf('read and decode only', bare),
      { ...replayed, ratio: { of: 'reading and decoding', value: ratio } },
    ],
    aims: [
      {
        aim: `${billsPerSecondAim} bills a second a core`,
        reached: replayed.values['bills/CPU s'] >= billsPerSecondAim,
        measured: replayed.values['bills/CPU s'].toFixed(0),
      },
      {
        aim: 'the live rules give every discount again, to the paisa',
        reached: differing === 0,
        measured: `${differing} of ${rounds * bills} bills differ`,
      },
    ],
    notes: [`${bills} bills of ${from} to ${until}; the draft changes ${changed} of them.`],
  }
}

type Cost = { seconds: number; cpuSeconds: number }

async function costOf(work: () => Promise<void>): Promise<Cost> {
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  await work()
  const { user, system } = process.cpuUsage(cpuBefore)
  return { seconds: (performance.now() - startedAt) / 1000, cpuSeconds: (user + system) / 1e6 }
}

async function readOnly({ database }: Context, span: PastSpan): Promise<void> {
  let lines = 0
  for await (const bills of pastBills(database.read, span)) {
    for (const { document } of bills) lines += document.lines.length
  }
  if (lines === 0) throw new Error('void: no line was read')
}
