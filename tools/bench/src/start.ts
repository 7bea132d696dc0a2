import { spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeChain } from '../../../tests/support/nexus.ts'
import { makeAnchorTills } from './anchor-tills.ts'
import { send } from './drive.ts'
import { peakMemoryOf } from './process-cpu.ts'
import { type Benchmark, median } from './report.ts'

/** Starts of each kind; the first of each fills caches and is not counted. */
const starts = 12
const bareServer = `require('node:http').createServer((_, answer) => answer.end('ok')).listen(Number(process.env.PORT), '127.0.0.1')`

/**
 * `start`: from the start of the server's process, migrations done, to its first accepted sale. The
 * reference is a process of the same program that only answers HTTP.
 */
export const benchmark: Benchmark = async ({ rounds, say }) => {
  const chain = await makeChain()
  const count = starts * Math.max(1, Math.round(rounds / 3))
  try {
    await chain.nexus(
      ...['seed', '--stores', '1', '--registers', '1', '--products', '1000', '--staff', '5', '--days', '0'],
    )
    await chain.start()
    const [till] = await makeAnchorTills(chain.url, 1, () => count + 2)
    if (!till) throw new Error('there is no till')
    await chain.stop()
    const own: number[] = []
    const bare: number[] = []
    let memory = 0
    for (let round = 0; round <= count; round++) {
      const bareAt = performance.now()
      const reference = spawn(process.execPath, ['-e', bareServer], { env: chain.env })
      await untilAnswered(chain.url)
      const bareMs = performance.now() - bareAt
      reference.kill('SIGKILL')
      await new Promise((resolve) => reference.once('exit', resolve))

      const startedAt = performance.now()
      // Its own wait for "ready" goes on beside: only the sale counts.
      const ready = chain.start()
      await untilAccepted(chain.url, till.token, till.pushes[round] ?? Buffer.alloc(0))
      const ownMs = performance.now() - startedAt
      await ready
      memory = peakMemoryOf(chain.pid())
      await chain.stop()
      if (round === 0) continue
      own.push(ownMs)
      bare.push(bareMs)
      say(`start ${round}: ${ownMs.toFixed(0)} ms, bare ${bareMs.toFixed(0)} ms`)
    }
    const [first, reference] = [median(own), median(bare)]
    return {
      figures: [
        { what: 'bare process to its first answer', values: { ms: reference } },
        {
          what: 'process start to first accepted sale',
          values: { ms: first, 'peak MiB': memory },
          ratio: { of: 'the bare process', value: first / reference },
        },
      ],
      aims: [
        { aim: 'within 250 ms', reached: first <= 250, measured: `${first.toFixed(0)} ms` },
        { aim: 'within 700 ms (required)', reached: first <= 700, measured: `${first.toFixed(0)} ms` },
      ],
      notes: [],
    }
  } finally {
    await chain.dispose()
  }
}

async function untilAnswered(url: string): Promise<void> {
  for (;;) {
    const answered = await new Promise<boolean>((resolve) => {
      request(url, { agent: new Agent() }, (response) => {
        response.resume()
        response.on('end', () => resolve(true))
      })
        .on('error', () => resolve(false))
        .end()
    })
    if (answered) return
    await sleep(2)
  }
}

async function untilAccepted(url: string, token: string, body: Buffer): Promise<void> {
  const agent = new Agent()
  const giveUpAt = performance.now() + 60_000
  for (;;) {
    try {
      await send(agent, `${url}/v1/till/push`, token, body)
      return
    } catch (error) {
      if (performance.now() > giveUpAt) throw error
      await sleep(2)
    }
  }
}
