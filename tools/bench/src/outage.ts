import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { dice } from '@nexus/seed'
import { makeChain } from '../../../tests/support/nexus.ts'
import { type AnchorTill, makeAnchorTills } from './anchor-tills.ts'
import { send, warmUp } from './drive.ts'
import { cpuMsOf, peakMemoryOf } from './process-cpu.ts'
import { type Benchmark, median, percentile } from './report.ts'

const awayTills = 500
const salesAway = 60
const liveTills = 20
/** Live trade of the whole chain: about twice that of 500 tills with 30 sales an hour each. */
const liveSalesASecond = 10
/** The line comes back for all of them within so long. */
const backWithinMs = 10_000
const quietSeconds = 20
const warmUpSales = 20

/**
 * `outage`: 500 tills were without a line for two hours and come back within ten seconds with 60 sales each,
 * while other tills go on selling. The reference is the live trade just before.
 */
export const benchmark: Benchmark = async ({ say }) => {
  const chain = await makeChain()
  try {
    const stores = (awayTills + liveTills) / 5
    say(`making a chain of ${stores} stores with five registers each`)
    await chain.nexus(
      'seed',
      ...['--stores', String(stores), '--registers', '5', '--products', '1000'],
      ...['--staff', String(stores * 2 + 3), '--days', '0'],
    )
    await chain.start()
    say(`making ${awayTills * salesAway} sales`)
    const liveSales = Math.ceil((liveSalesASecond / liveTills) * 600) + warmUpSales
    const tills = await makeAnchorTills(
      chain.url,
      awayTills + liveTills,
      (index) => (index < liveTills ? liveSales : salesAway),
      (index) => index >= liveTills,
    )
    const live = tills.slice(0, liveTills)
    const away = tills.slice(liveTills)
    const next = await warmUp(chain.url, live, warmUpSales)
    const trade = tradeOf(chain.url, live, next)
    say('live trade alone')
    const before = await trade.during(sleep(quietSeconds * 1000))
    say('the others come back')
    const cpuAt = cpuMsOf(chain.pid())
    const drained = drain(chain.url, away)
    const during = await trade.during(drained)
    const { elapsedMs, pushes } = await drained
    const cpuMs = cpuMsOf(chain.pid()) - cpuAt
    const memory = peakMemoryOf(chain.pid())
    trade.stop()
    const sales = awayTills * salesAway
    const [calm, busy] = [percentile(before, 0.99), percentile(during, 0.99)]
    await checkBooks(chain.url, chain.dataDir, sales + trade.sent())
    return {
      figures: [
        {
          what: 'live trade alone',
          values: { 'sales/s': before.length / quietSeconds, 'p50 ms': median(before), 'p99 ms': calm },
        },
        {
          what: 'live trade beside the drain',
          values: { 'sales/s': (during.length * 1000) / elapsedMs, 'p50 ms': median(during), 'p99 ms': busy },
          ratio: { of: 'its p99 alone', value: busy / calm },
        },
        {
          what: `${sales} sales in ${pushes} pushes`,
          values: {
            seconds: elapsedMs / 1000,
            'sales/s': (sales * 1000) / elapsedMs,
            'CPU ms/sale': cpuMs / (sales + during.length),
            'peak MiB': memory,
          },
        },
      ],
      aims: [
        {
          aim: 'drained in 25 s',
          reached: elapsedMs <= 25_000,
          measured: `${(elapsedMs / 1000).toFixed(1)} s`,
        },
        {
          aim: 'live p99 at most 1.2 times',
          reached: busy <= 1.2 * calm,
          measured: `${(busy / calm).toFixed(2)}`,
        },
        {
          aim: 'at most 170 MB with one rulebook',
          reached: memory <= 170,
          measured: `${memory.toFixed(0)} MB`,
        },
      ],
      notes: ['Tills and server share the machine: what the tills cost is in the times.'],
    }
  } finally {
    await chain.dispose()
  }
}

/** Live trade at an even rate, whatever the answers do: a late answer does not slow the customers. */
function tradeOf(url: string, tills: readonly AnchorTill[], next: number[]) {
  const agent = new Agent({ keepAlive: true })
  let latencies: number[] = []
  let isOpen = true
  let failed: unknown
  const everyMs = (1000 * tills.length) / liveSalesASecond
  const selling = tills.map(async (till, index) => {
    let dueAt = performance.now() + (everyMs * index) / tills.length
    while (isOpen) {
      await sleep(Math.max(0, dueAt - performance.now()))
      const body = till.pushes[next[index] ?? 0]
      if (!body) throw new Error('a till has no sales left: make more')
      await send(agent, `${url}/v1/till/push`, till.token, body)
      latencies.push(performance.now() - dueAt)
      next[index] = (next[index] ?? 0) + 1
      dueAt += everyMs
    }
  })
  void Promise.all(selling).catch((error: unknown) => {
    failed = error
  })
  return {
    /** Latencies of the sales that were answered in that time. */
    async during(time: Promise<unknown>): Promise<number[]> {
      latencies = []
      await time
      if (failed) throw failed
      return latencies
    },
    stop() {
      isOpen = false
    },
    sent: () => next.reduce((sum, count) => sum + count, 0),
  }
}

/** Every till sends all it has, one push in flight each. */
async function drain(
  url: string,
  tills: readonly AnchorTill[],
): Promise<{ elapsedMs: number; pushes: number }> {
  const agent = new Agent({ keepAlive: true })
  const chance = dice(1, 2)
  const startedAt = performance.now()
  let pushes = 0
  await Promise.all(
    tills.map(async (till) => {
      await sleep(chance.whole(0, backWithinMs))
      for (const body of till.pushes) {
        await send(agent, `${url}/v1/till/push`, till.token, body)
        pushes++
      }
    }),
  )
  agent.destroy()
  return { elapsedMs: performance.now() - startedAt, pushes }
}

/** A run whose books do not agree is void. */
async function checkBooks(url: string, dataDir: string, sales: number): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite')
  await fetch(`${url}/health/live`)
  const db = new DatabaseSync(`${dataDir}/nexus.db`, { readOnly: true })
  const bills = Number(db.prepare('SELECT COUNT(*) AS bills FROM bill').get()?.bills)
  db.close()
  if (bills !== sales) throw new Error(`void: ${sales} sales were sent, and ${bills} bills are there`)
}
