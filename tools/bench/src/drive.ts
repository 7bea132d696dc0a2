import { Agent, request } from 'node:http'
import type { AnchorTill } from './anchor-tills.ts'

export type Driven = { sales: number; elapsedMs: number; latencies: number[] }

/**
 * Sends prepared pushes with `callers` in flight for `seconds`: each caller is one till, and sends its
 * next sale when the last was answered as stored. Throws when an answer is not an acceptance.
 */
export async function drive(
  url: string,
  tills: readonly AnchorTill[],
  from: readonly number[],
  callers: number,
  seconds: number,
): Promise<Driven & { next: number[] }> {
  const agent = new Agent({ keepAlive: true, maxSockets: callers })
  const next = [...from]
  const latencies: number[] = []
  const startedAt = performance.now()
  const until = startedAt + seconds * 1000
  await Promise.all(
    tills.slice(0, callers).map(async (till, index) => {
      while (performance.now() < until) {
        const body = till.pushes[next[index] ?? 0]
        if (!body) throw new Error('the till has no sales left: make more')
        const sentAt = performance.now()
        await send(agent, `${url}/v1/till/push`, till.token, body)
        latencies.push(performance.now() - sentAt)
        next[index] = (next[index] ?? 0) + 1
      }
    }),
  )
  agent.destroy()
  return { sales: latencies.length, elapsedMs: performance.now() - startedAt, latencies, next }
}

/**
 * Sends the first `sales` of every till, all tills at once, unmeasured; answers how far each has got. On the
 * way it does what must change nothing: a sale sent again, and one sent before its forerunner. Throws when
 * the server takes it; the books then differ as well.
 */
export async function warmUp(url: string, tills: readonly AnchorTill[], sales: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: tills.length })
  await Promise.all(
    tills.map(async (till) => {
      const push = async (sale: number) => {
        const body = till.pushes[sale]
        if (!body) throw new Error('the till has no such sale: make more')
        return await send(agent, `${url}/v1/till/push`, till.token, body)
      }
      const [first, again, early] = [await push(0), await push(0), await push(2)]
      if (again !== first) throw new Error(`void: a sale sent again moved the head from ${first} to ${again}`)
      if (early !== first) throw new Error(`void: a sale past a gap moved the head from ${first} to ${early}`)
      for (let sale = 1; sale < sales; sale++) await push(sale)
    }),
  )
  agent.destroy()
  return tills.map(() => sales)
}

/** One push; resolves when the server says that it is stored, with the head's number. */
export async function send(agent: Agent, url: string, token: string, body: Buffer): Promise<number> {
  return await new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        agent,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': body.length,
          authorization: `Bearer ${token}`,
        },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          const head = /"head":\{[^}]*"seq":(\d+)/.exec(text)
          const accepted =
            response.statusCode === 200 &&
            text.includes('"quarantined":[]') &&
            text.includes('"forked":[]') &&
            head
          if (accepted) resolve(Number(head[1]))
          else reject(new Error(`a push was answered ${response.statusCode}: ${text.slice(0, 300)}`))
        })
        response.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
